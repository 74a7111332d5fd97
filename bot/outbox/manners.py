"""When it is polite to speak to a rep unasked: their hours, their calls, not too often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.clock.local_time import local_day, local_instant
from bot.clock.working_hours import Hours, next_allowed
from bot.outbox.message import OutboxMessage

A_DAY = 3  # messages that a rep gets unasked on one local day
ENOUGH = "enough for one day"
MOST_BEFORE = 60  # minutes before a call at which one can wish to be reminded of it
SOON = timedelta(minutes=15)  # a call that starts within this is not disturbed


@dataclass(frozen=True)
class RepHours:
    """When a rep wants to be spoken to; the zone comes from Slack. Times are the rep's own."""

    nudges_on: bool = True
    working_days: frozenset[int] = frozenset(range(5))
    start: time = time(8)
    end: time = time(19)
    quiet: tuple[time, time] | None = None
    holidays: str | None = None
    away_until: date | None = None
    before_minutes: int = 10  # before a call; 0 for not at all

    def in_zone(self, zone: str) -> Hours:
        return Hours(
            zone, self.working_days, self.start, self.end, self.quiet, self.holidays,
            self.away_until,
        )  # fmt: skip


class Skip(NamedTuple):
    """It is not wanted any more; `why` is for `/coach status` and the record."""

    why: str


class Wait(NamedTuple):
    """Not now, but at `until`."""

    until: datetime
    why: str


class Manners(NamedTuple):
    """What has to be known before a rep is spoken to. `calls` are the rep's own around now."""

    wishes: RepHours
    zone: str
    calls: Sequence[Call]
    said_today: int
    after: timedelta  # between a call's end and its question
    away_until: datetime | None = None  # by the rep's status or calendar


def manners(messages: Iterable[OutboxMessage], about: Manners, now: datetime) -> Skip | Wait | None:
    """Whether a rep may be spoken to now: None for yes, else when, or that it is not wished."""
    if not about.wishes.nudges_on:
        return Skip("nudges are off")
    hours = about.wishes.in_zone(about.zone)
    if (open_at := next_allowed(now, hours)) > now:
        return Wait(open_at, "outside of working hours")
    if about.away_until and about.away_until > now:
        return Wait(next_allowed(about.away_until, hours), "away")
    if busy := [c for c in about.calls if c.starts - SOON <= now < c.ends]:
        return Wait(max(c.ends for c in busy) + about.after, "another call")
    if about.said_today >= A_DAY and not any(message.asked for message in messages):
        return Wait(next_morning(now, hours), ENOUGH)
    return None


def next_morning(now: datetime, hours: Hours) -> datetime:
    """The start of the next working day after today, as it is where the rep is."""
    tomorrow = local_day(now, hours.zone) + timedelta(days=1)
    return next_allowed(local_instant(tomorrow, time(0), hours.zone), hours)
