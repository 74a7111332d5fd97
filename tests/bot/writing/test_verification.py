"""Verification: what a model says stands on a quote that is there, or it is not said."""

from __future__ import annotations

import json
import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.post import load_cards
from bot.text.sentences import sentences
from bot.writing.statement import statements_of
from bot.writing.verification import Statement, Verdict, find_quote, verify
from tests.eval.verifier import TRUE, Case, read_cases, verdicts
from tests.support.archives import CARDS

POST = (
    "Buyers feel bad about saying no, and will grant reasonable requests. Nobody should overrule"
    " support staff.\n\nAt the end of a 60-day cycle the author counts 20 to 40 technical hours."
    " Trials cost $3.5 a day – don’t forget it."
)
BODIES = {slug: card.body for slug, card in load_cards(CARDS)[0].items()}


def why(text: str, quote: str, post: str = "p") -> str:
    return verify([Statement(text, post, quote)], {"p": POST})[0].why


@pytest.mark.parametrize(
    "quote",
    [
        "Buyers feel bad about saying no, and will grant reasonable requests.",
        "BUYERS  feel bad about\nsaying no — and will grant reasonable requests",
        "“Trials cost $3.5 a day - don't forget it.”",
        "ｂｕｙｅｒｓ feel bad about saying\u00a0no",
        "Buy\u00aders feel bad about saying\u200b no",
    ],
)
def test_typography_may_change(quote: str) -> None:
    assert find_quote(POST, quote)


@pytest.mark.parametrize(
    "quote",
    [
        "Buyers feel good about saying no, and will grant reasonable requests.",
        "Buyers feel bad about saying no and grant reasonable requests.",
        "Buyers feel bad … will grant reasonable requests.",
        "Buyers feel bad about saying nо, and will grant",  # a Cyrillic o
        "uyers feel bad about saying no",
        "Trials cost $35 a day, don't forget it",
        "",
    ],
)
def test_no_word_may_change(quote: str) -> None:
    assert find_quote(POST, quote) is None


@pytest.mark.parametrize(
    ("text", "quote", "code"),
    [
        ("Buyers grant reasonable requests.", "grant reasonable requests", "quote_length"),
        ("Buyers grant reasonable requests.", f"{POST} {POST} {POST}", "quote_length"),
        (
            "After 60 days, 50 technical hours are gone.",
            "At the end of a 60-day cycle the author counts 20 to 40 technical hours.",
            "facts",
        ),
        (
            "Buyers at Acme grant reasonable requests.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "facts",
        ),
        (
            "Trials cost $5.3 a day.",
            "Trials cost $3.5 a day – don’t forget it.",
            "facts",
        ),
        (
            "Everybody counts 20 to 40 technical hours at the end of a 60-day cycle.",
            "At the end of a 60-day cycle the author counts 20 to 40 technical hours.",
            "stronger",
        ),
        (
            "Buyers won't grant reasonable requests.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "reversed",
        ),
        (
            "Overrule support staff, you should.",
            "should overrule support staff. At the end",
            "reversed",
        ),
        (
            "Buyers grant reasonable discounts and references.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "added",
        ),
        (
            "Buyers grant reasonable requests, see <https://x.example|here>.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "form",
        ),
        (
            "Buyers grant reasonable requests at x.example today.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "form",
        ),
        (
            "@channel Buyers grant reasonable requests.",
            "Buyers feel bad about saying no, and will grant reasonable requests.",
            "form",
        ),
    ],
)
def test_a_statement_that_says_more_falls(text: str, quote: str, code: str) -> None:
    assert why(text, quote) == code


TURNED = [
    ("Hours spent there save minutes.", "Minutes spent there save hours.", "exchanged"),
    ("A guest should act before asking.", "As a guest one should ask before acting.", "exchanged"),
    (
        "The less a seller speaks, the less likely the customer finds the problem.",
        "The less a customer speaks, the less likely it is that a seller finds the problem.",
        "exchanged",
    ),
    (
        "Aim for acceptable terms for you and good terms for them.",
        "The aim is good terms for you, acceptable terms for them.",
        "exchanged",
    ),
    ("Market within your capacity.", "One should market beyond one's capacity.", "exchanged"),
    ("Go for the long shot.", "Go for the long shot only when time runs out.", "stronger"),
    ("A deal that you chase will stop.", "A deal that you chase may well stop.", "stronger"),
    ("Every deal is lost in silence.", "A deal is lost in silence.", "stronger"),
    ("Advice hurts because the expert means well.", "Advice hurts although the expert means well.",
     "stronger"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quote", "code"), TURNED)
def test_who_does_what_and_how_surely_stays_as_it_is(text: str, quote: str, code: str) -> None:
    [verdict] = verify([Statement(text, "p", quote)], {"p": quote})
    assert (verdict.why, verdict.doubtful) == (code, True)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Check references closely for fit.",
            "The author wants references checked closely for fit.",
        ),
        ("Match effort to the odds.", "Effort should match the odds, the author says."),
        ("Gather the team at nine.", "The team should gather at nine."),
        ("Decide early on a budget.", "The author wants an early decision on a budget."),
    ],
)
def test_a_description_may_become_advice(text: str, quote: str) -> None:
    assert verify([Statement(text, "p", quote)], {"p": quote})[0].why == ""


def test_a_sentence_says_no_more_than_itself() -> None:
    for slug, body in BODIES.items():
        told = [s.text for s in sentences(body) if len(s.text.split()) >= 10]
        fallen = [v for v in verify([Statement(t, slug, t) for t in told], {slug: body}) if v.why]
        assert [v for v in fallen if v.why != "made_up"] == []
        assert len(fallen) <= 1


def test_a_quote_of_another_post_falls() -> None:
    quote = "Buyers feel bad about saying no, and will grant reasonable requests."
    assert why("Buyers grant reasonable requests.", quote, "q") == "no_post"
    assert why("Buyers grant reasonable requests.", quote) == ""


def test_the_whole_sentence_is_shown_not_the_part_that_suits() -> None:
    [verdict] = verify(
        [Statement("Buyers grant reasonable requests.", "p", "and will grant reasonable requests")],
        {"p": POST},
    )
    assert POST[verdict.start : verdict.end].startswith("Buyers feel bad")


def test_a_sentence_longer_than_can_be_shown_carries_no_quote() -> None:
    """Else the part that is shown need not have the quote, and a judge reads all of it."""
    told = "Trials cost a lot of time"
    for more, code in ((20, ""), (100, "quote_length")):
        passage = f"{'It rained, and ' * more}{told}."
        assert verify([Statement(told, "p", told)], {"p": passage})[0].why == code


@given(st.sampled_from(sorted(BODIES)), st.integers(0, 400), st.integers(5, 40))
def test_any_run_of_a_text_stands_in_it(slug: str, start: int, length: int) -> None:
    words = BODIES[slug].split()
    start = min(start, max(0, len(words) - length))
    assert find_quote(BODIES[slug], " ".join(words[start : start + length]))


@given(st.text(), st.text(), st.text())
def test_any_text_is_safe_to_verify(text: str, quote: str, passage: str) -> None:
    verify([Statement(text, "p", quote)], {"p": passage})


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_an_answer_of_any_shape_is_safe_to_read(value: object) -> None:
    statements_of({"statements": value})


def test_of_a_thousand_lies_none_gets_through() -> None:
    chosen = random.Random(8)
    true = [case for case in read_cases() if case.kind in TRUE]
    lies = [_lie(chosen, chosen.choice(true).statement) for _ in range(1_200)]
    assert [v.statement for v in verify(lies, BODIES) if not v.why] == []


def _lie(chosen: random.Random, true: Statement) -> Statement:
    """A true statement with one thing made up: its quote, its post or its number."""
    words = true.quote.split()
    at = chosen.randrange(len(words))
    kind = chosen.choice(("changed", "dropped", "added", "invented", "other post", "number"))
    if kind == "changed":
        words[at] = chosen.choice(
            [w for w in ["never", "always", "seven", "discount"] if w != words[at]]
        )
    elif kind == "dropped" and 0 < at < len(words) - 1:
        del words[at]
    elif kind in ("added", "dropped"):
        words.insert(max(1, at), "certainly")
    elif kind == "invented":
        chosen.shuffle(words)
        words += ["truly"]
    elif kind == "other post":
        other = chosen.choice([slug for slug in BODIES if slug != true.post])
        return Statement(true.text, other, true.quote)
    else:
        made_up = f"{true.text} That is {chosen.randint(101, 999)} of them."
        return Statement(made_up, true.post, true.quote)
    return Statement(true.text, true.post, " ".join(words))


# The figures that the issue asks for ---------------------------------------------------------


@cache
def judged() -> list[tuple[Case, Verdict]]:
    return verdicts(read_cases())


def share(kinds: tuple[str, ...]) -> float:
    passed = [not verdict.why for case, verdict in judged() if case.kind in kinds]
    assert len(passed) >= 100
    return sum(passed) / len(passed)


def test_no_invented_and_no_altered_quote_and_no_wrong_post_passes() -> None:
    for kind in ("invented quote", "altered quote", "wrong post"):
        assert share((kind,)) == 0


def test_hardly_any_unsupported_statement_passes() -> None:
    kinds = ("not in the post", "contradiction", "wrong post", "invented quote", "altered quote")
    assert share(kinds) <= 0.02
    assert share(("not in the post",)) <= 0.02
    assert share(("contradiction",)) <= 0.025


def test_what_is_made_up_does_not_even_reach_a_judge() -> None:
    kinds = ("invented quote", "altered quote")
    assert not any(v.doubtful for case, v in judged() if case.kind in kinds)


def test_statements_in_the_words_of_their_quotes_pass() -> None:
    close = ("as the prompt asks", "close paraphrase")
    assert share(close) >= 0.65
    reached = [not v.why or v.doubtful for case, v in judged() if case.kind in close]
    assert sum(reached) / len(reached) >= 0.9


def test_every_quote_that_should_stand_does() -> None:
    for case in read_cases():
        if case.kind in (*TRUE, "not in the post", "contradiction"):
            assert find_quote(BODIES[case.statement.post], case.statement.quote), case


def test_a_model_is_read_whatever_it_adds_to_the_form() -> None:
    row = {"statement": " **Ask**\nnow ", "post": "[p]", "quote": "q", "more": 1}
    answer = json.loads(json.dumps({"statements": [row, 1, {"statement": "x"}], "thoughts": "…"}))
    assert statements_of(answer) == [Statement("Ask now", "p", "q")]
