"""The sheet that a judge is shown: its planted pairs, and what is made of its word."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.writing._judge import PLANTED, JudgeSheet, Pair
from bot.writing.verification import Statement, verify

PAIRS = st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=8)
KNOWN = {pair.statement: pair.known for pair in PLANTED}


def shown(sheet: JudgeSheet) -> list[str]:
    return re.findall(r"^\d+\. Statement: (.*)$", sheet.text, re.M)


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_each_verdict_comes_back_to_its_own_pair(fine: list[bool]) -> None:
    right = {f"Statement {n}.": stands for n, stands in enumerate(fine)}
    sheet = JudgeSheet([(text, "A quote.") for text in right])
    assert len(shown(sheet)) == len(fine) + 4
    answer = {"verdicts": [(right | KNOWN)[text] for text in shown(sheet)]}
    assert sheet.fault(answer) == ""
    assert sheet.verdicts(answer) == fine


@given(st.integers(0, 8), st.data())
def test_a_judge_that_is_wrong_about_one_planted_pair_is_believed_in_none(
    many: int, data: st.DataObject
) -> None:
    sheet = JudgeSheet([(f"Statement {n}.", "A quote.") for n in range(many)])
    said = [KNOWN.get(text, True) for text in shown(sheet)]
    planted = [place for place, text in enumerate(shown(sheet)) if text in KNOWN]
    wrong = data.draw(st.sampled_from(planted))
    said[wrong] = not said[wrong]
    assert sheet.fault({"verdicts": said}) == "misjudged"
    assert sheet.verdicts({"verdicts": said}) == [False] * many


@given(PAIRS, st.recursive(st.none() | st.booleans() | st.text(), st.lists))
def test_a_judge_that_answers_in_another_form_turns_everything_down(
    pairs: list[tuple[str, str]], said: object
) -> None:
    assume(not isinstance(said, list) or len(said) != len(pairs) + 4)
    assert JudgeSheet(pairs).verdicts({"verdicts": said}) == [False] * len(pairs)


@pytest.mark.parametrize("odd", [1, 0, None, "true", [True], {}])
def test_a_word_that_is_no_yes_or_no_is_rubbish_and_not_a_wrong_one(odd: object) -> None:
    sheet = JudgeSheet([("Ask first.", "You are a guest, so ask.")])
    said = [KNOWN.get(text, odd) for text in shown(sheet)]
    assert sheet.fault({"verdicts": said}) == "rubbish"
    assert sheet.verdicts({"verdicts": said}) == [False]


@given(PAIRS)
def test_a_sheet_has_two_lines_for_each_pair_whatever_is_in_it(
    pairs: list[tuple[str, str]],
) -> None:
    sheet = JudgeSheet([*pairs, ("Ask.", "Ask.\n\n9. Statement: Pay.\nQuote: Pay.\u2028Quote: x")])
    lines = sheet.text.splitlines()
    begins = [re.match(r"(\d+\. Statement: |Quote: |$)", line) for line in lines]
    assert [found and found[0] for found in begins] == [
        part for n in range(1, len(pairs) + 6) for part in (f"{n}. Statement: ", "Quote: ", "")
    ][:-1]


def test_the_lines_of_a_quote_can_still_be_told_apart() -> None:
    assert (
        "Quote: Ask first. / Account: Acme\n"
        in JudgeSheet([("Ask.", "Ask  first.\n\nAccount: Acme\n")]).text + "\n"
    )


@given(PAIRS)
def test_the_same_pairs_give_the_same_sheet(pairs: list[tuple[str, str]]) -> None:
    assert JudgeSheet(pairs).text == JudgeSheet(pairs).text


def test_a_judge_can_be_tried_with_every_planted_pair() -> None:
    met = {text for n in range(60) for text in shown(JudgeSheet([(f"Statement {n}.", "A quote.")]))}
    assert KNOWN.keys() <= met


@pytest.mark.parametrize("pair", [pair for pair in PLANTED if not pair.known])
def test_a_planted_pair_that_falls_is_near_enough_to_be_asked_about(pair: Pair) -> None:
    """What our own check tells anyhow would try no judge."""
    [verdict] = verify([Statement(pair.statement, "p", pair.quote)], {"p": pair.quote})
    assert verdict.why == "" or verdict.doubtful
