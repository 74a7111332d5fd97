"""What a model may not say after a debrief: what the rep did not note, and what no post says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.debriefs.feedback import OwnWords, recalled
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.feedback import (
    ADVICE,
    COSTS,
    PLAN,
    PLANNING,
    RECORD,
    SAID,
    advice,
    at_ten,
    model,
    own,
    saved,
    settings,
    written,
)
from tests.support.model_server import ModelServer, altered, answers

__all__ = ["at_ten", "model", "settings"]  # fixtures


LIES = {
    "an invented quote": own("achieved", "You noted that they signed.", "they signed the order"),
    "an altered quote": own(
        "achieved", "You noted that they agreed to a trial.", "they agreed to a trial in June"
    ),
    "another answer": own("forgot", "You forgot to ask to send the offer.", "send the offer"),
    "what was wanted as what was reached": own(
        "achieved", "You noted that budget confirmed.", "budget confirmed"
    ),
    "a made-up number": own("goal", "The goal was 40 budget confirmed.", "budget confirmed"),
    "a made-up name": own("goal", "The goal was budget confirmed by Ann.", "budget confirmed"),
    "a reversed meaning": own(
        "achieved",
        "You noted that they agreed to no trial in January.",
        "they agreed to a trial in January",
    ),
    "somebody else's step": own("next_step", "The next step is they send the offer.", "offer"),
    "a piece of an answer": own("goal", "The goal was budget confirmed.", "budget"),
    "advice on the rep's words": own(
        "forgot", "Ask my planned questions next time.", "ask my planned questions"
    ),
    "advice behind an opening": own(
        "forgot",
        "You forgot to ask my planned questions, so you should ask.",
        "ask my planned questions",
    ),
    "another tense": own(
        "next_step", "The next step is that you'll send the offer.", "send the offer"
    ),
    "a post in the record": own(PLANNING, "The remedy is a written plan, kept at hand.", PLAN),
    "a post under an answer": own("goal", "The goal was a written plan, kept at hand.", PLAN),
}


OWN = OwnWords(
    {"goal": "budget confirmed"} | {id: text for id, text in SAID.items() if id != "reached"},
    "partly",
    "us",
    (),
)


@pytest.mark.parametrize("lie", LIES)
def test_a_record_that_is_not_the_reps_falls(lie: str) -> None:
    kept = [own_ for own_ in RECORD if own_["answer"] != LIES[lie]["answer"]]
    stands = recalled({"record": [LIES[lie], *kept]}, OWN)
    assert [each.text for each in stands] == [each["statement"] for each in kept]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("You noted that you showed the demo to Ann.", "I showed the demo to Ann"),
        ("You noted that you're waiting for Ann.", "we're waiting for Ann"),
        (
            "You noted that they did not confirm the budget.",
            "They did not confirm the budget.",
        ),
        ("You noted $40k for the trial.", "$40k for the trial"),
    ],
)
def test_a_record_in_the_reps_words_stands(text: str, typed: str) -> None:
    words, row = OwnWords({"surprised": typed}, "no", "us", ()), own("surprised", text, typed)
    assert [each.text for each in recalled({"record": [row]}, words)] == [text]


def test_of_many_altered_records_none_stands() -> None:
    chosen = random.Random(8)
    for _ in range(300):
        row = dict(chosen.choice(RECORD))
        part = chosen.choice(("statement", "quote", "answer"))
        others = [id for id in (*OWN.typed, PLANNING, "") if id != row["answer"]]
        row[part] = chosen.choice(others) if part == "answer" else altered(row[part], chosen)
        assert recalled({"record": [row]}, OWN) == [], row


@given(st.text(), st.text(), st.sampled_from(["You noted ", "The goal was ", ""]), st.text())
def test_any_text_is_safe_to_compare(text: str, typed: str, opening: str, quote: str) -> None:
    for answer in ("goal", "surprised"):
        words = OwnWords({answer: typed}, "no", "us", ())
        recalled({"record": [own(answer, opening + text, quote)]}, words)


def test_no_lie_about_the_rep_is_said(slack: FakeSlack, bot: Bot, model: ModelServer) -> None:
    lies = [row for row in LIES.values() if row["answer"] != "achieved"][:7]
    model.replies = lambda body: answers(record=[*lies, RECORD[1]], advice=ADVICE)
    saved(slack, bot)
    shown = written(slack).plain
    assert [row for row in lies if row["statement"] in shown] == []
    assert RECORD[1]["statement"] in shown


FALSE_ADVICE = {
    "an invented quote": advice("A plan wins a deal.", "A written plan wins a deal."),
    "an altered quote": advice("A forgotten point costs two.", COSTS.replace("another", "two")),
    "another post": advice("A forgotten point costs a call.", COSTS, "2011-03-11-first-and-ten"),
    "the rep's words as a post": advice(
        "They agreed to a trial in January.", "they agreed to a trial in January", "achieved"
    ),
    "the rep's words under a post": advice(
        "They agreed to a trial in January.", "they agreed to a trial in January"
    ),
    "a made-up number": advice("A forgotten point costs 3 more calls.", COSTS),
    "a reversed meaning": advice("A forgotten point costs no other call.", COSTS),
    "the account's name": advice("A forgotten point costs Acme another call.", COSTS),
}


def test_advice_that_no_post_supports_falls(slack: FakeSlack, bot: Bot, model: ModelServer) -> None:
    lies = list(FALSE_ADVICE.values())
    for n, some in enumerate((lies[:4], lies[4:])):
        model.replies = lambda body, some=some: answers(record=RECORD, advice=[*some, ADVICE[1]])
        saved(slack, bot, f"Account {n}")
        shown = written(slack).plain
        assert [row for row in some if row["statement"] in shown] == []
        assert ADVICE[1]["statement"] in shown
