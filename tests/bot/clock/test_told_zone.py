"""A zone as Slack tells it: never a name that a clock can't be read by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.local_time import NOT_KNOWN, say_time
from bot.clock.told_zone import days_it_may_be, doubt_of, say_zone, zone_told

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()),
    st.sampled_from(["Asia/Kolkata ", "Asia/Calcutta", "../UTC", "/etc/passwd", "America", "\0"]),
)  # fmt: skip


@given(anything, anything)
def test_whatever_slack_sends_is_a_zone_with_an_hour(name: object, offset: object) -> None:
    zone = zone_told(name, offset)
    assert NOON.astimezone(ZoneInfo(zone)) == NOON
    assert say_time(NOON, zone, NOON) and say_zone(zone)
    assert zone_told(zone) == zone or zone == NOT_KNOWN


@given(st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})), st.integers())
def test_a_name_that_the_zone_files_have_is_itself(name: str, offset: int) -> None:
    assert zone_told(name, offset) == zone_told(f" {name.lower()}\n") == name


@given(st.integers(-12, 14), st.sampled_from([None, "", "Mars/Olympus"]))
def test_hours_from_utc_are_the_right_way_round(hours: int, name: str | None) -> None:
    zone = zone_told(name, hours * 3600)
    assert NOON.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)
    assert doubt_of(zone) == "offset"
    assert say_zone(zone) == (f"UTC{hours:+d}" if hours else "UTC")


@pytest.mark.parametrize("offset", [None, True, 19_800, 3600.0, "3600", 15 * 3600, -13 * 3600])
def test_what_is_no_whole_hour_on_earth_is_not_known(offset: object) -> None:
    assert doubt_of(zone_told(None, offset)) == "unknown"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whoever_is_somewhere_has_a_date_that_is_possible(now: datetime) -> None:
    first, last = days_it_may_be(now, NOT_KNOWN)
    for zone in ("Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin", "Etc/GMT+12"):
        day = now.astimezone(ZoneInfo(zone)).date()
        assert first <= day <= last
        assert days_it_may_be(now, zone) == (day, day)
