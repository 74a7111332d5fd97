"""`/tip` where no lesson is sure to fit: three to choose from, or a word that there is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from handlers.app import Bot
from handlers.tips.drawing import CLOSEST
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows

NEAR = "my contact moved to another department"  # what the library touches, and does not answer
CHOSEN = "SELECT chosen, tip_id IS NOT NULL FROM choices"


def ask(slack: FakeSlack, words: str, user: str = "U1") -> Message:
    before = len(slack.ephemerals(user))
    assert slack.command(user, "C1", "/tip", words).status == 200
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1]


def offered(message: Message) -> Sequence[dict[str, str]]:
    """The buttons, one beside each lesson."""
    return [block["accessory"] for block in message.blocks if "accessory" in block]


def open_one(slack: FakeSlack, message: Message, n: int, user: str = "U1") -> None:
    block = [block for block in message.blocks if "accessory" in block][n]
    it = block["accessory"]
    done = slack.click(user, message, it["action_id"], it["value"], block["block_id"])
    assert (done.status, done.error) == (200, None)


def test_where_none_is_sure_three_lessons_of_three_posts_are_offered(
    slack: FakeSlack, bot: Bot
) -> None:
    answer = ask(slack, NEAR)
    assert CLOSEST in answer.plain
    assert len(offered(answer)) == 3
    assert len({button["accessibility_label"] for button in offered(answer)}) == 3
    assert "“" not in answer.text, "the quote comes with the tip"
    assert rows(bot, CHOSEN) == [(None, 0)]
    assert rows(bot, "SELECT count(*) FROM tips_said") == [(0,)]
    assert rows(bot, "SELECT count(*) FROM gaps") == [(0,)]


def test_a_button_opens_the_tip_with_its_quote_in_their_place(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, NEAR)
    lesson = offered(answer)[1]["accessibility_label"].removeprefix("Open: ").rstrip("…")
    open_one(slack, answer, 1)
    eventually(lambda: CLOSEST not in slack.ephemerals("U1")[-1].plain)
    [opened] = slack.ephemerals("U1")
    assert lesson in opened.plain
    assert "Our note on" in opened.plain
    assert f"You asked: _{NEAR}_" in opened.plain
    assert rows(bot, CHOSEN) == [(1, 1)]


def test_what_is_asked_twice_is_one_choice_until_one_is_opened(slack: FakeSlack, bot: Bot) -> None:
    open_one(slack, [ask(slack, NEAR), ask(slack, NEAR)][-1], 0)
    eventually(lambda: rows(bot, CHOSEN) == [(0, 1)])
    ask(slack, NEAR)
    assert rows(bot, CHOSEN) == [(0, 1), (None, 0)]


def test_another_goes_on_with_the_other_posts(slack: FakeSlack, bot: Bot) -> None:
    open_one(slack, ask(slack, NEAR), 0)
    eventually(lambda: CLOSEST not in slack.ephemerals("U1")[-1].plain)
    first = slack.ephemerals("U1")[-1]
    block_id, action_id, value = slack.button(first, "Another")
    slack.click("U1", first, action_id, value, block_id)
    eventually(lambda: slack.ephemerals("U1")[-1].text != first.text)


def test_who_asks_to_be_forgotten_leaves_no_choice_behind(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, NEAR)
    slack.command("U1", "C1", "/coach", "forget me")
    message = eventually(lambda: [m for m in slack.ephemerals("U1") if "orget" in m.plain])[-1]
    form = slack.button(message, next(b for b in ("Forget me", "Forget") if b in message.plain))
    slack.click("U1", message, form[1], form[2], form[0])
    eventually(lambda: rows(bot, CHOSEN) == [])


@pytest.mark.parametrize("words", ["help", "?", "list"])
def test_help_says_how_to_ask_and_is_no_gap(slack: FakeSlack, bot: Bot, words: str) -> None:
    assert "/tip the customer wants to cancel" in ask(slack, words).plain
    assert rows(bot, "SELECT * FROM gaps") == []


@pytest.mark.parametrize("words", ["hi", "ok thanks", "...", "how are you"])
def test_what_asks_nothing_is_no_gap(slack: FakeSlack, bot: Bot, words: str) -> None:
    assert "what happened with a customer" in ask(slack, words).plain
    assert rows(bot, "SELECT count(*) FROM gaps") == [(0,)]


@pytest.mark.parametrize(
    "words",
    [
        "der Kunde will nicht mehr mit uns reden und ich weiß nicht warum",
        "el cliente no quiere pagar por la instalación",
        "клиент перестал отвечать",
        "お客様が返事をくれません",
    ],
)
def test_who_asks_in_another_language_is_told_that_the_library_is_english(
    slack: FakeSlack, bot: Bot, words: str
) -> None:
    assert "The library is in English" in ask(slack, words).plain
    assert rows(bot, "SELECT count(*) FROM gaps") == [(0,)]


def test_a_question_stands_above_its_answer(slack: FakeSlack, bot: Bot) -> None:
    plain = ask(slack, "the buyer wants a <bigger> discount").plain
    assert plain.index("You asked: _the buyer wants") < plain.index("Our note on")
