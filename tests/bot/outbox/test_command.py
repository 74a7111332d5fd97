"""What somebody types after `/coach nudges`, `hours` or `away`."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.outbox.command import read_hours
from bot.outbox.manners import RepHours

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("off until friday", date(2026, 11, 26)),
        ("off until monday", date(2026, 11, 29)),
        ("off through friday", date(2026, 11, 27)),
        ("off today", date(2026, 11, 23)),
        ("off this week", date(2026, 11, 29)),
        ("off for 2 weeks", date(2026, 12, 6)),
        ("until 1 dec", date(2026, 11, 30)),
        ("off until further notice", None),
        ("off now please", None),
    ],
)
def test_a_time_that_ends_fills_the_form_and_turns_nothing_off(
    typed: str, last: date | None
) -> None:
    wish = read_hours(typed, RepHours(), MONDAY)
    assert wish.result == "form" and wish.hours.nudges_on
    assert wish.hours.away_until == last
    assert "yet" in wish.why


@pytest.mark.parametrize(
    "typed", ["weekdays 9-17", "on weekdays 9-17", "9 to 5 mon-fri", "mon-fri 9:00-17:00"]
)
def test_days_and_hours_fill_the_form_in_any_order(typed: str) -> None:
    wish = read_hours(typed, RepHours(), MONDAY)
    assert wish.result == "form" and wish.why
    assert (wish.hours.start, wish.hours.end) == (time(9), time(17))
    assert wish.hours.working_days == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("typed", "result"),
    [("on", "on"), ("Off.", "off"), ("", "form"), ("?", "usage"), ("help", "usage")],
)
def test_on_off_and_help(typed: str, result: str) -> None:
    assert read_hours(typed, RepHours(), MONDAY).result == result


def test_what_is_not_understood_is_named() -> None:
    wish = read_hours("blurb", RepHours(), MONDAY)
    assert (wish.result, wish.why) == ("usage", "I don't know “blurb”.")
