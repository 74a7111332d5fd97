"""What is left out of a calendar before it is parsed is what nobody would have seen."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.calendars._ics import read
from bot.calendars._near import near
from tests.support.calendars import ics

SINCE = datetime(2026, 3, 16, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=14)
WIDE = timedelta(days=400)
ZONES = ("Z", ";TZID=Pacific/Kiritimati", ";TZID=Pacific/Pago_Pago", ";TZID=Europe/Berlin")
MORE = ("", "RRULE:FREQ=DAILY;COUNT=30", "RDATE:20260320T090000Z", "STATUS:CANCELLED")


@st.composite
def events(draw: st.DrawFn) -> str:
    starts = SINCE + timedelta(hours=draw(st.integers(-24 * 60, 24 * 60)))
    zone, whole_day = draw(st.sampled_from(ZONES)), draw(st.booleans())
    at = f";VALUE=DATE:{starts:%Y%m%d}" if whole_day else _at(starts, zone)
    days = [f"DURATION:P{draw(st.integers(1, 40))}D"] if whole_day else []
    lines = [
        "BEGIN:VEVENT", f"UID:{draw(st.sampled_from('abcdefgh'))}", "SUMMARY:Acme",
        f"DTSTART{at}", *days, draw(st.sampled_from(MORE)), "DESCRIPTION:BEGIN:VEVENT it says",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT",
    ]  # fmt: skip
    return "\n".join(filter(None, lines)) + "\n"


def _at(starts: datetime, zone: str) -> str:
    return f":{starts:%Y%m%dT%H%M%S}Z" if zone == "Z" else f"{zone}:{starts:%Y%m%dT%H%M%S}"


def _are_apart(parts: list[str]) -> bool:
    """Two of one UID that begin at once are one meeting, and nobody can tell which of them: of one
    UID there are single events here, days apart, or one that repeats."""
    days = defaultdict[str, list[int]](list)
    repeats = set()
    for part in parts:
        (uid,) = re.findall(r"^UID:(.*)$", part, re.M)
        (day,) = re.findall(r"^DTSTART.*:(\d{8})", part, re.M)
        days[uid].append(datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).toordinal())
        repeats |= {uid} if re.search(r"^(RRULE|RDATE)", part, re.M) else set()
    return all(
        uid not in repeats and all(b - a > 2 for a, b in pairwise(sorted(each)))
        for uid, each in days.items()
        if len(each) > 1
    )


@given(st.lists(events(), max_size=8).filter(_are_apart))
def test_a_window_holds_what_all_of_the_calendar_has_in_it(parts: list[str]) -> None:
    data = ics(*parts)
    wide = read(data, SINCE - WIDE, UNTIL + WIDE, "Europe/London")
    found = read(data, SINCE, UNTIL, "Europe/London")
    inside = [
        each
        for each in wide.meetings
        if each.starts < UNTIL and (each.ends >= SINCE if each.all_day else each.starts >= SINCE)
    ]
    assert list(found.meetings) == inside
    assert found.unread == wide.unread


def test_of_a_long_calendar_little_is_left() -> None:
    text = ics().decode().replace("\r\n", "\n").removesuffix("END:VCALENDAR\n")
    days = [SINCE + timedelta(days=n) for n in range(-300, 300)]
    for n, day in enumerate(days):
        text += f"BEGIN:VEVENT\nUID:{n}\nDTSTART:{day:%Y%m%d}T090000Z\nEND:VEVENT\n"
    assert near(text, SINCE, UNTIL).count("BEGIN:VEVENT") == 19  # and two days on either side
