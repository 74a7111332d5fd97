"""What somebody types after `/debrief`: which call it is about, and how it went."""

from __future__ import annotations

import pytest

from bot.coach import read_files
from bot.debriefs.command import read_debrief

FORMS = read_files().forms
OPEN = ["Initech", "Globex Media", "Globex Energy", "Bank Now"]  # newest first


@pytest.mark.parametrize(
    ("typed", "account", "reached", "said", "words"),
    [
        ("", "Initech", "", "", ""),
        ("initech", "Initech", "", "", ""),
        ("init", "Initech", "", "", ""),
        ("intech", "Initech", "", "", ""),
        ("globex m", "Globex Media", "", "", ""),
        ('"Bank Now" yes', "Bank Now", "Yes", "", ""),
        ("bank now partly", "Bank Now", "Partly", "", ""),
        ("initech no they want a pilot", "Initech", "No", "they want a pilot", ""),
        ("initech went well", "Initech", "", "went well", ""),
        ("call with initech", "Initech", "", "", ""),
        ("initech call 15:00", "Initech", "", "", ""),
        ("initech lost to a rival", "Initech", "", "lost to a rival", "lost to a rival"),
        ("initech lost", "Initech", "", "", "lost"),
        ("lost", "Initech", "", "", "lost"),
        ("Big Corp churned", "Big Corp", "", "", "churned"),
        ("umbrella", "Umbrella", "", "", ""),
    ],
)
def test_the_form_opens_for_the_call_that_was_meant_filled_with_the_words(
    typed: str, account: str, reached: str, said: str, words: str
) -> None:
    wanted = read_debrief(typed, OPEN, ["Umbrella"], FORMS)
    assert wanted.result == "form"
    assert (wanted.account, wanted.reached, wanted.said) == (account, reached, said)
    assert wanted.words == words


@pytest.mark.parametrize(
    ("typed", "choices", "why"),
    [
        ("globex", ("Globex Media", "Globex Energy"), "Which call do you mean by “globex”?"),
        ("globex yes", ("Globex Media", "Globex Energy"), "Which call do you mean by “globex”?"),
        ("stark", tuple(OPEN), "No call of yours without a debrief is with “stark”."),
        ("initech yesterday", ("Initech",), "Which call with Initech do you mean"),
        ("initech no show", ("Initech",), "Did the call with Initech take place?"),
        ("initech was cancelled", ("Initech",), "Did the call with Initech take place?"),
        ("initech moved to friday", ("Initech",), "Did the call with Initech take place?"),
    ],
)
def test_what_is_not_clear_is_asked_with_the_calls_to_choose_from(
    typed: str, choices: tuple[str, ...], why: str
) -> None:
    wanted = read_debrief(typed, OPEN, OPEN, FORMS)
    assert (wanted.result, wanted.choices) == ("ask", choices)
    assert why in wanted.why


@pytest.mark.parametrize("typed", ["help", "?", "list"])
def test_help_and_list_are_no_accounts(typed: str) -> None:
    assert read_debrief(typed, OPEN, OPEN, FORMS).result == "usage"
    assert read_debrief(f'"{typed}"', [], [], FORMS) == ("form", typed, "", "", "", (), "", False)


def test_without_open_calls_a_new_account_opens_the_form() -> None:
    assert read_debrief("Lost Boys Ltd", [], [], FORMS)[:2] == ("form", "Lost Boys Ltd")
