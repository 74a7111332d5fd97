"""A daily tip: at which local time, on which days, and the moment of each date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock.local_time import (
    DAYS,
    EVERY_DAY,
    WEEKDAYS,
    local_day,
    local_instant,
    say_clock,
)
from bot.clock.told_zone import say_zone
from bot.clock.working_hours import public_holidays
from bot.outbox.message import Recipient

DAILY_TIP = "daily_tip"  # the kind of message
TIP_LATE = timedelta(hours=2)  # a daily tip that is later than this is skipped
JITTER_S = 90  # tips of many channels at nine do not all leave in the same second


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
    return f"{say_days(daily.days)} at {say_clock(daily.at)} ({say_zone(daily.zone)}){but}"


def _jitter(place: Recipient) -> timedelta:
    digest = hashlib.sha256(":".join(place).encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:4], "big") % (JITTER_S + 1))
