"""A meeting as a calendar has it, and what one reading of a calendar brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import CoachError


class NotACalendar(CoachError):
    """What came is no calendar, or only a part of one: whatever was known before still holds."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who was invited. `address` is lower case; `answer` as in RFC 5545's PARTSTAT."""

    address: str
    name: str = ""
    answer: str = "needs-action"

    @property
    def declined(self) -> bool:
        return self.answer == "declined"


@dataclass(frozen=True)
class Meeting:
    """One occurrence. `key` stays the same when it is moved; `series` is the event's UID.

    `starts` and `ends` are in UTC. Of an event of whole days they are the midnights of `zone`, the
    second one after the last day. `zone_unsure`: the file did not say in which zone the time is, so
    the rep's was taken. `busy`: it takes the rep's time. `away`: the rep is not at work then.
    """

    key: str
    series: str
    title: str
    starts: datetime
    ends: datetime
    attendees: tuple[Attendee, ...] = ()
    all_day: bool = False
    busy: bool = True
    away: bool = False
    cancelled: bool = False
    zone_unsure: bool = False


@dataclass(frozen=True)
class Reading:
    """The meetings of a window by their start, and how many events could not be read."""

    meetings: tuple[Meeting, ...] = ()
    unread: int = 0
