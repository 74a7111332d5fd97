"""Nobody is spoken to unasked outside their hours, and nothing waits longer than it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.working_hours import Hours, allowed, next_allowed, public_holidays
from bot.errors import CoachError

BERLIN = Hours("Europe/Berlin")
QUARTER = timedelta(minutes=15)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def moved(text: str, hours: Hours) -> str:
    """When something that is due then is said, as local words."""
    return (
        next_allowed(berlin(text), hours).astimezone(ZoneInfo(hours.zone)).strftime("%a %d %H:%M")
    )


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-25T15:00", "Wed 25 15:00"),
        ("2026-11-25T08:00", "Wed 25 08:00"),
        ("2026-11-25T06:30", "Wed 25 08:00"),
        ("2026-11-25T18:59", "Wed 25 18:59"),
        ("2026-11-25T19:00", "Thu 26 08:00"),
        ("2026-11-27T20:10", "Mon 30 08:00"),
        ("2026-11-28T12:00", "Mon 30 08:00"),
        ("2027-03-26T19:30", "Mon 29 08:00"),
    ],
)
def test_what_falls_outside_working_hours_moves_to_the_next_working_morning(
    due: str, said: str
) -> None:
    assert moved(due, BERLIN) == said


@pytest.mark.parametrize(
    ("due", "hours", "said"),
    [
        ("2026-11-25T12:30", replace(BERLIN, quiet=(time(12), time(13))), "Wed 25 13:00"),
        ("2026-11-25T07:00", replace(BERLIN, quiet=(time(21), time(9))), "Wed 25 09:00"),
        ("2026-11-25T18:30", replace(BERLIN, quiet=(time(18), time(9, 30))), "Thu 26 09:30"),
        ("2026-11-27T18:30", replace(BERLIN, quiet=(time(18), time(8))), "Mon 30 08:00"),
        ("2026-11-25T12:30", replace(BERLIN, quiet=(time(12), time(12))), "Wed 25 12:30"),
        ("2026-11-25T12:30", replace(BERLIN, working_days=frozenset({6})), "Sun 29 08:00"),
        ("2026-11-25T12:30", replace(BERLIN, away_until=date(2026, 11, 27)), "Mon 30 08:00"),
        ("2026-11-25T12:30", replace(BERLIN, away_until=date(2026, 11, 24)), "Wed 25 12:30"),
        ("2026-11-25T12:30", replace(BERLIN, away_until=date(2027, 8, 1)), "Mon 02 08:00"),
        ("2026-12-24T20:00", replace(BERLIN, holidays="DE"), "Mon 28 08:00"),
        ("2027-03-25T20:00", replace(BERLIN, holidays="de"), "Tue 30 08:00"),
        ("2027-01-06T10:00", replace(BERLIN, holidays="DE"), "Wed 06 10:00"),
        ("2027-01-06T10:00", replace(BERLIN, holidays="DE-BY"), "Thu 07 08:00"),
        ("2026-11-26T10:00", BERLIN, "Thu 26 10:00"),
        ("2026-11-26T16:00", Hours("America/New_York", holidays="US"), "Fri 27 08:00"),
        ("2026-11-25T23:30", replace(BERLIN, start=time(22), end=time(6)), "Wed 25 23:30"),
        ("2026-11-28T03:00", replace(BERLIN, start=time(22), end=time(6)), "Sat 28 03:00"),
        ("2026-11-28T07:00", replace(BERLIN, start=time(22), end=time(6)), "Mon 30 22:00"),
        ("2026-11-25T23:30", replace(BERLIN, start=time(0), end=time(0)), "Wed 25 23:30"),
    ],
)
def test_quiet_hours_absences_and_holidays_are_kept(due: str, hours: Hours, said: str) -> None:
    assert moved(due, hours) == said


def test_hours_that_leave_nothing_open_still_come_to_an_end() -> None:
    never = replace(BERLIN, quiet=(time(7), time(20)))
    assert moved("2026-11-25T12:30", never) == "Thu 26 08:00"
    assert not allowed(berlin("2026-11-26T08:00"), never)
    assert moved("2026-11-25T12:30", replace(BERLIN, working_days=frozenset())) == "Wed 25 12:30"


def test_a_country_that_is_not_known_is_answered_with_what_to_type() -> None:
    for country in ("XX", "Atlantis", "DE-ZZ"):
        with pytest.raises(CoachError, match="Type the country's two letters"):
            public_holidays(country, 2026)


def test_a_holiday_kept_on_the_last_day_of_a_year_is_known_in_that_year() -> None:
    assert date(2027, 12, 31) in public_holidays("US", 2027)  # 1 January 2028 is a Saturday


# Laws, for any settings in any order, across clock changes

ZONES = [
    *("Europe/Berlin", "America/New_York", "America/Nuuk", "Africa/Casablanca", "Asia/Kolkata"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "America/Havana", "UTC"),
]
quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
some_hours = st.builds(
    Hours,
    zone=st.sampled_from(ZONES),
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    start=quarters,
    end=quarters,
    quiet=st.none() | st.tuples(quarters, quarters),
    holidays=st.sampled_from([None, None, "DE", "US", "JP"]),
    away_until=st.none() | st.dates(date(2026, 11, 1), date(2027, 12, 1)),
)
moments = st.integers(0, 96 * 365).map(lambda n: datetime(2026, 11, 1, tzinfo=UTC) + n * QUARTER)


def minutes(start: time, end: time) -> set[int]:
    """The quarters of a day between two local times, past midnight if need be."""
    first, last = (at.hour * 4 + at.minute // 15 for at in (start, end))
    return {n % 96 for n in range(first, last if first < last else last + 96)}


def something_is_open(hours: Hours) -> bool:
    quiet = minutes(*hours.quiet) if hours.quiet and hours.quiet[0] != hours.quiet[1] else set()
    return bool(minutes(hours.start, hours.end) - quiet)


@given(moments, some_hours)
def test_the_next_allowed_moment_is_allowed_not_early_and_stays(m: datetime, hours: Hours) -> None:
    moved = next_allowed(m, hours)
    assert moved >= m
    assert next_allowed(moved, hours) == moved
    assert allowed(moved, hours) or not something_is_open(hours)
    assert moved == m or not allowed(m, hours)


@given(moments, some_hours)
def test_nothing_waits_past_a_moment_that_was_allowed(m: datetime, hours: Hours) -> None:
    moved = next_allowed(m, hours)
    if allowed(moved, hours):
        steps = min((moved - m) // QUARTER, 96 * 3)
        assert not any(allowed(moved - n * QUARTER, hours) for n in range(1, steps + 1))


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), some_hours)
def test_what_is_due_later_is_never_said_earlier(m: datetime, gap: timedelta, hours: Hours) -> None:
    assert next_allowed(m, hours) <= next_allowed(m + gap, hours)
