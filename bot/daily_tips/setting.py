"""A daily tip: at which local time, on which days, and the moment of each date."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock.local_time import (
    DAYS,
    EVERY_DAY,
    WEEKDAYS,
    local_day,
    local_instant,
    read_clock_time,
    read_days,
    read_zone,
    say_clock,
)
from bot.clock.working_hours import public_holidays
from bot.errors import CoachError
from bot.outbox.message import Recipient

DAILY_TIP = "daily_tip"  # the kind of message
TIP_LATE = timedelta(hours=2)  # a daily tip that is later than this is skipped
JITTER_S = 90  # tips of many channels at nine do not all leave in the same second
_HOLIDAYS = re.compile(
    r"(?:\b(?:no|not on|without|except) )?(?:\bpublic )?\bholidays?\b"
    r"(?:(?: in)? ([a-z]{2}(?:-[a-z0-9]{1,3})?)\b)?",
    re.I,
)


@dataclass(frozen=True)
class Daily:
    """The setting of one conversation. `days` counts from Monday, 0; `set_at` is UTC.

    `holidays` is the country whose public holidays have no tip, as in `Hours`; None for none.
    """

    place: Recipient
    at: time
    days: frozenset[int]
    zone: str
    set_by: str
    set_at: datetime
    holidays: str | None = None


@dataclass(frozen=True)
class DailyRequest:
    """What was typed after `daily`; `zone` and `holidays` are None where none were."""

    at: time
    days: frozenset[int]
    zone: str | None
    holidays: str | None = None


class NotADaily(CoachError):
    """Words after `daily` that name no time, or something that is neither days nor a zone."""


def read_wish(words: str) -> DailyRequest:
    """`09:00 [weekdays|every day|mon,wed] [Europe/Berlin] [holidays DE]`. Raises `NotADaily`."""
    words, country = _without_holidays(words)
    parts = re.sub(r"\s*,\s*", ",", words.strip()).split()
    at, rest = _time(parts)
    if at is None:
        raise NotADaily("I found no time in that.")
    for split in range(len(rest), -1, -1):
        days, zone = " ".join(rest[:split]), " ".join(rest[split:])
        found, named = read_days(days) if days else WEEKDAYS, read_zone(zone) if zone else None
        if found and (named or not zone):
            return DailyRequest(at, found, named, country)
    raise NotADaily(f"I don't know “{' '.join(rest)[:60]}” as days or as a zone.")


def _without_holidays(words: str) -> tuple[str, str | None]:
    """The words but for `holidays DE`, and its country, if any."""
    words = " ".join(words.split())
    found = _HOLIDAYS.search(words)
    if found and not found[1]:
        raise NotADaily("Say whose public holidays, by the country's two letters: `holidays DE`.")
    return _HOLIDAYS.sub(" ", words), found[1].upper() if found else None


def _time(parts: list[str]) -> tuple[time | None, list[str]]:
    """The time at the start, which may be two words ("9 am"), and what follows it."""
    for count in (2, 1):
        text = " ".join(parts[:count])
        if len(parts) >= count and (at := read_clock_time(text)) is not None:
            return at, parts[count:]
    return None, parts


def key_of(place: Recipient, day: date) -> str:
    """One tip for each intended local date, whatever the clocks do."""
    return f"{place.workspace_id}:{place.id}:daily_tip:{day.isoformat()}"


def instant(daily: Daily, day: date) -> datetime:
    """When the tip of this local date leaves, in UTC: at its time or up to `JITTER_S` later."""
    return local_instant(day, daily.at, daily.zone) + _jitter(daily.place)


def meant(daily: Daily, due: datetime) -> datetime:
    """The moment that people are told: the channel's own time, without the few seconds."""
    return due - _jitter(daily.place)


def next_date(daily: Daily, now: datetime, after: date | None, late: timedelta) -> date:
    """The next local date for a tip: not before `after`, nor one that is too late already.

    Raises `CoachError` for a country that is not known.
    """
    first = local_day(now - late, daily.zone)
    day = max(first, after + timedelta(days=1)) if after else first
    while not _has_tip(daily, day) or instant(daily, day) + late < now:
        day += timedelta(days=1)
    return day


def _has_tip(daily: Daily, day: date) -> bool:
    if day.weekday() not in daily.days:
        return False
    return not daily.holidays or day not in public_holidays(daily.holidays, day.year)


def say_days(days: frozenset[int]) -> str:
    """ "every day", "on weekdays", "on Mon, Wed"."""
    if days == EVERY_DAY:
        return "every day"
    return "on weekdays" if days == WEEKDAYS else "on " + ", ".join(DAYS[d] for d in sorted(days))


def say(daily: Daily) -> str:
    """ "on weekdays at 9:00 (Europe/Berlin)", ", not on public holidays (DE)"."""
    but = f", not on public holidays ({daily.holidays})" if daily.holidays else ""
    return f"{say_days(daily.days)} at {say_clock(daily.at)} ({daily.zone.replace('_', ' ')}){but}"


def _jitter(place: Recipient) -> timedelta:
    digest = hashlib.sha256(":".join(place).encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:4], "big") % (JITTER_S + 1))
