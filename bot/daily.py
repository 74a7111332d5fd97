"""A daily tip: at which local time, on which days, and the moment of each date."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.errors import CoachError
from bot.nudges import Place
from bot.times import (
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

JITTER_S = 90  # tips of many channels at nine do not all leave in the same second
USAGE = "Type a time, and days and a zone if you like: `09:00 weekdays Europe/Berlin`."


@dataclass(frozen=True)
class Daily:
    """The setting of one conversation. `days` counts from Monday, 0; `set_at` is UTC."""

    place: Place
    at: time
    days: frozenset[int]
    zone: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class Wish:
    """What was typed after `daily`; `zone` is None where none was."""

    at: time
    days: frozenset[int]
    zone: str | None


class NotADaily(CoachError):
    """Words after `daily` that name no time, or something that is neither days nor a zone."""


def read_wish(words: str) -> Wish:
    """`09:00 [weekdays|every day|mon,wed] [Europe/Berlin]`, in this order. Raises `NotADaily`."""
    parts = re.sub(r"\s*,\s*", ",", words.strip()).split()
    at, rest = _time(parts)
    if at is None:
        raise NotADaily(f"I found no time in that. {USAGE}")
    for split in range(len(rest), -1, -1):
        days, zone = " ".join(rest[:split]), " ".join(rest[split:])
        found, named = read_days(days) if days else WEEKDAYS, read_zone(zone) if zone else None
        if found and (named or not zone):
            return Wish(at, found, named)
    raise NotADaily(f"I don't know “{' '.join(rest)[:60]}” as days or as a zone. {USAGE}")


def _time(parts: list[str]) -> tuple[time | None, list[str]]:
    """The time at the start, which may be two words ("9 am"), and what follows it."""
    for count in (2, 1):
        text = " ".join(parts[:count])
        if len(parts) >= count and (at := read_clock_time(text)) is not None:
            return at, parts[count:]
    return None, parts


def key_of(place: Place, day: date) -> str:
    """One tip for each intended local date, whatever the clocks do."""
    return f"{place.workspace_id}:{place.id}:daily_tip:{day.isoformat()}"


def instant(daily: Daily, day: date) -> datetime:
    """When the tip of this local date leaves, in UTC: at its time or up to `JITTER_S` later."""
    return local_instant(day, daily.at, daily.zone) + _jitter(daily.place)


def meant(daily: Daily, due: datetime) -> datetime:
    """The moment that people are told: the channel's own time, without the few seconds."""
    return due - _jitter(daily.place)


def next_date(daily: Daily, now: datetime, after: date | None, late: timedelta) -> date:
    """The next local date for a tip: not before `after`, nor one that is too late already."""
    first = local_day(now - late, daily.zone)
    day = max(first, after + timedelta(days=1)) if after else first
    while day.weekday() not in daily.days or instant(daily, day) + late < now:
        day += timedelta(days=1)
    return day


def say_days(days: frozenset[int]) -> str:
    """ "every day", "on weekdays", "on Mon, Wed"."""
    if days == EVERY_DAY:
        return "every day"
    return "on weekdays" if days == WEEKDAYS else "on " + ", ".join(DAYS[d] for d in sorted(days))


def say(daily: Daily) -> str:
    """ "on weekdays at 9:00 (Europe/Berlin)"."""
    return f"{say_days(daily.days)} at {say_clock(daily.at)} ({daily.zone.replace('_', ' ')})"


def _jitter(place: Place) -> timedelta:
    digest = hashlib.sha256(":".join(place).encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:4], "big") % (JITTER_S + 1))
