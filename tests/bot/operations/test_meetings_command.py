"""`python -m bot meetings`: a calendar in a file, as whoever runs the coach looks into it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import main

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:ours
BEGIN:VEVENT
UID:a
SUMMARY:Acme demo
DTSTART;TZID=Europe/Berlin:20261124T100000
DTEND;TZID=Europe/Berlin:20261124T104500
RRULE:FREQ=WEEKLY
ATTENDEE;CN=Jo:mailto:jo@acme.example
END:VEVENT
BEGIN:VEVENT
UID:b
SUMMARY:Globex
DTSTART:20261125T150000
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:c
SUMMARY:Broken
DTSTART:soon
END:VEVENT
END:VCALENDAR
"""
GIVEN = ["--zone", "Europe/London", "--now", "2026-11-23T09:00"]


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    (tmp_path / "mine.ics").write_text(CALENDAR)
    return tmp_path / "mine.ics"


def test_the_meetings_of_two_weeks_are_listed_with_what_is_doubtful(
    calendar: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["meetings", str(calendar), *GIVEN]) == 0
    unsure = "(unsure: it is not known which addresses are your company's, 1 invited)"
    assert capsys.readouterr().out.splitlines() == [
        "3 meetings in the next two weeks, 0 with customers, 2 unsure. 1 could not be read.",
        f"Tue 24 Nov 09:00  Acme demo  {unsure}",
        "Wed 25 Nov 15:00  Globex  (no customer: it is cancelled,"
        " zone not told, so taken for yours)",
        f"Tue 01 Dec 09:00  Acme demo  {unsure}",
    ]


def test_with_ones_own_domain_and_accounts_the_customers_are_told(
    calendar: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_OWN_DOMAINS", "@Ours.example")
    assert main(["meetings", str(calendar), *GIVEN, "--known", "ACME"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head.startswith("3 meetings in the next two weeks, 2 with customers. 1 could")
    assert first.endswith("Acme demo  (customer ACME: its title names ACME, 1 invited)")


def test_the_same_as_json(calendar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["meetings", str(calendar), *GIVEN, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [m["key"] for m in found["meetings"]] == ["a@20261124T0900Z", "b", "a@20261201T0900Z"]
    assert [m["customer"]["kind"] for m in found["meetings"]] == ["unsure", "none", "unsure"]


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["nowhere.ics"], "can't be read"),
        (["{}", "--zone", "Nowhere/Special"], "is no time zone"),
        (["{}", "--now", "soon"], "is no moment"),
    ],
)
def test_what_is_wrong_is_a_sentence(
    calendar: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["meetings", *(word.format(calendar) for word in words)]) == 1
    assert sentence in capsys.readouterr().err
