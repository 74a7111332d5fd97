"""Which status means that somebody is away, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.people.away import away_until

BACK = datetime(2026, 12, 7, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("", ":palm_tree:"), ("Vacationing", ":palm_tree:"), ("Out sick", ""),
        ("OOO until Monday", ":mountain:"), ("On holiday in Rome", ":flag-it:"), ("PTO", ""),
        ("", ":face_with_thermometer:"),
        ("out of the office", ""), ("Parental leave", ":baby:"), ("Im Urlaub", ""),
        ("krank, bin Montag wieder da", ""), ("en congé", ""), ("I'm sick", ""), ("I’m sick", ""),
    ],
)  # fmt: skip
def test_away(words: str, sign: str) -> None:
    assert away_until(words, sign, BACK) == BACK
    assert away_until(words, sign, None) is None, "nobody knows until when"


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("", ""), ("In a meeting", ":spiral_calendar_pad:"), ("Commuting", ":bus:"),
        ("Working remotely", ":house_with_garden:"), ("Focus time", ":no_bell:"),
        ("Call me a taxi", ""), ("leave me a note", ""), ("sick of slides", ""),
        ("Selling holidaying gear", ""), ("Tooomorrow", ""),
    ],
)  # fmt: skip
def test_at_work(words: str, sign: str) -> None:
    assert away_until(words, sign, BACK) is None
