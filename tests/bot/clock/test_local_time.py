"""Local times: one moment for each date, whatever the clocks do, and the ways people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.local_time import (
    clock_change,
    local_day,
    local_instant,
    read_clock_time,
    read_day,
    read_days,
    read_zone,
    say_time,
)

BERLIN, NEW_YORK, NUUK = "Europe/Berlin", "America/New_York", "America/Nuuk"
MONDAY = date(2026, 11, 23)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def local(day: date, at: time, zone: str) -> str:
    moment = local_instant(day, at, zone)
    return moment.astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


# One rule for local times


@pytest.mark.parametrize(
    ("day", "at", "zone", "there"),
    [
        (date(2026, 11, 24), time(9), BERLIN, "24 09:00"),
        (date(2027, 3, 28), time(2), BERLIN, "28 03:00"),
        (date(2027, 3, 28), time(2, 30), BERLIN, "28 03:00"),
        (date(2027, 3, 28), time(2, 30, 15), BERLIN, "28 03:00"),
        (date(2027, 3, 28), time(3), BERLIN, "28 03:00"),
        (date(2027, 3, 14), time(2, 59), NEW_YORK, "14 03:00"),
        (date(2027, 3, 27), time(23, 30), NUUK, "28 00:00"),
        (date(2027, 4, 4), time(2, 15), "Australia/Lord_Howe", "04 02:15"),
        (date(2027, 10, 3), time(2, 15), "Australia/Lord_Howe", "03 02:30"),
    ],
)
def test_a_skipped_time_moves_to_the_next_valid_minute(
    day: date, at: time, zone: str, there: str
) -> None:
    assert local(day, at, zone) == there


def test_a_repeated_time_counts_once_the_first_time() -> None:
    twice = local_instant(date(2026, 10, 25), time(2, 30), BERLIN)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert twice == local_instant(date(2026, 10, 25), time(2, 30, fold=1), BERLIN)


def test_a_clock_change_is_known_before_it_surprises_anybody() -> None:
    assert clock_change(date(2027, 3, 28), time(2, 30), BERLIN) == "skipped"
    assert clock_change(date(2026, 10, 25), time(2, 30), BERLIN) == "repeated"
    assert clock_change(date(2026, 10, 25), time(3), BERLIN) is None


# Each date in every zone, at 48 times, across two years: tests/soak/test_quick.py.


@given(
    st.dates(date(2026, 1, 1), date(2036, 12, 31)),
    st.times(),
    st.sampled_from(ZONES),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_a_later_local_time_is_never_an_earlier_moment(
    day: date, at: time, zone: str, later: timedelta
) -> None:
    other = datetime.combine(day, at) + later
    first, second = local_instant(day, at, zone), local_instant(other.date(), other.time(), zone)
    assert first <= second
    assert local_day(first, zone) == day or clock_change(day, at, zone) == "skipped"


# How people write zones, times and days


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", BERLIN),
        ("europe/berlin", BERLIN),
        (" EUROPE / Berlin ", BERLIN),
        ("Berlin", BERLIN),
        ("new york", NEW_YORK),
        ("New_York", NEW_YORK),
        ("america/new york", NEW_YORK),
        ("Zürich", "Europe/Zurich"),
        ("são paulo", "America/Sao_Paulo"),
        ("port-au-prince", "America/Port-au-Prince"),
        ("america/argentina/buenos aires", "America/Argentina/Buenos_Aires"),
        ("Istanbul", "Europe/Istanbul"),
        ("utc", "UTC"),
        ("GMT", "GMT"),
        ("us/eastern", "US/Eastern"),
        ("Singapore", "Singapore"),
        *((vague, None) for vague in ("EST", "PST", "samoa", "west", "eastern", "GMT+1")),
        *((odd, None) for odd in ("", "berlin wall", "factory", "../etc/passwd", "\0")),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(text: str, zone: str | None) -> None:
    assert read_zone(text) == zone


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Etc/GMT+1", "Etc/GMT-1", "America/Port-au-Prince"]
)
def test_a_zone_written_in_full_is_always_itself(zone: str) -> None:
    assert read_zone(zone) == zone


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("15:00", time(15)),
        ("15.00", time(15)),
        ("09:00", time(9)),
        ("9:30", time(9, 30)),
        ("at 9:30", time(9, 30)),
        ("0:05", time(0, 5)),
        ("3pm", time(15)),
        ("3 PM", time(15)),
        ("3:30 pm", time(15, 30)),
        ("3.30pm", time(15, 30)),
        ("11 a.m.", time(11)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("Noon", time(12)),
        *((odd, None) for odd in ("9", "15", "1500", "24:00", "9:5", "15:60", "13pm", "0pm")),
        *((odd, None) for odd in ("", "3p", "pm", "15:00 pm", "midnight", "3.5", "1:000")),
    ],
)
def test_a_time_of_day_is_read_when_it_can_mean_one_thing(text: str, at: time | None) -> None:
    assert read_clock_time(text) == at


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", MONDAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("mon", MONDAY),
        ("next monday", date(2026, 11, 30)),
        ("next fri", date(2026, 11, 27)),
        ("Fri", date(2026, 11, 27)),
        ("on friday", date(2026, 11, 27)),
        ("this thurs", date(2026, 11, 26)),
        ("sunday", date(2026, 11, 29)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2025-12-01", date(2025, 12, 1)),
        ("1 Dec", date(2026, 12, 1)),
        ("Dec 1", date(2026, 12, 1)),
        ("1st of December", date(2026, 12, 1)),
        ("December 1st, 2027", date(2027, 12, 1)),
        ("23 nov", MONDAY),
        ("22 nov", date(2027, 11, 22)),
        ("3. Sept", date(2027, 9, 3)),
        ("in 3 days", date(2026, 11, 26)),
        ("in a week", date(2026, 11, 30)),
        ("in 2 weeks", date(2026, 12, 7)),
        *((odd, None) for odd in ("", "day", "next", "next today", "31 feb", "29 feb", "1/12")),
        *((odd, None) for odd in ("2026-13-01", "5", "may", "in days", "in 9999 days", "0 dec")),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_day(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekdays", {0, 1, 2, 3, 4}),
        ("Every weekday", {0, 1, 2, 3, 4}),
        ("every day", {0, 1, 2, 3, 4, 5, 6}),
        ("daily", {0, 1, 2, 3, 4, 5, 6}),
        ("mon,wed", {0, 2}),
        ("mon wed fri", {0, 2, 4}),
        ("Mon, Wed and Fri", {0, 2, 4}),
        ("mondays & fridays", {0, 4}),
        ("every tuesday", {1}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Mon – Thu", {0, 1, 2, 3}),
        ("mon to wed, sat", {0, 1, 2, 5}),
        ("sat-mon", {5, 6, 0}),
        ("weekends", {5, 6}),
        *((odd, None) for odd in ("", "mo", "mon-", "mon-wed-fri", "mon, someday", ",", "-")),
    ],
)
def test_days_of_the_week_are_read_as_people_write_them(text: str, days: set[int] | None) -> None:
    assert read_days(text) == (None if days is None else frozenset(days))


@given(st.text(max_size=40))
def test_no_text_whatever_upsets_a_reader(text: str) -> None:
    read_zone(text), read_clock_time(text), read_day(text, MONDAY), read_days(text)


# How times are said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "today 15:00"),
        (datetime(2026, 11, 23, 23, 5, tzinfo=UTC), "tomorrow 0:05"),
        (datetime(2026, 11, 24, 8, 30, tzinfo=UTC), "tomorrow 9:30"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), "Fri 27 Nov 10:00"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "Fri 20 Nov 10:00"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=UTC), "Mon 4 Jan 2027 10:00"),
    ],
)
def test_a_time_is_said_from_where_the_reader_is(moment: datetime, said: str) -> None:
    assert say_time(moment, BERLIN, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == said
