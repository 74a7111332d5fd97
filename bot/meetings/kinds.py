"""What is said around a meeting, and whether it is still wanted."""

from __future__ import annotations

import json
from datetime import datetime

from bot.calendars.away import back_at
from bot.calendars.kept import KeptMeeting
from bot.calendars.table import Calendars
from bot.calls.table import Calls
from bot.clock.local_time import local_day
from bot.meetings.binding import bind, taken
from bot.meetings.offer import meeting_of
from bot.outbox.hours_table import HoursKept
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database


class MeetingOffer(Kind):
    """A meeting begins soon; the rep may start its huddle."""

    counts = True
    title = "the offer before a meeting"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        bind(db, message.rep, now)
        if (meeting := meeting_of(db, message)) is None:
            return Skip("it is not in the calendar any more")
        if why := why_not(db, meeting) or taken(db, meeting):
            return Skip(why)
        return Skip("the rep is away") if _is_away(db, message.rep, now) else None


class MeetingOff(Kind):
    """A meeting that was offered, or has a huddle, is off."""

    title = "that a meeting is off"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        return Skip("it is there again") if meeting_of(db, message) else None


class MeetingMoved(Kind):
    """A meeting that was offered, and has no huddle yet, has another time."""

    title = "that a meeting moved"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        return None if meeting_of(db, message) else Skip("it has moved again")


class MeetingShared(Kind):
    """Somebody else may have the same meeting; its owner is asked. `about` is who."""

    at_once = True
    title = "who else has a meeting"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        call = Calls(db).get(message.recipient.workspace_id, message.call_id or 0)
        stands = call is not None and call.state == "planned" and call.ends > now
        (who,) = json.loads(message.about)
        return None if stands and who else Skip("the call is over")


def why_not(db: Database, meeting: KeptMeeting) -> str:
    """Why a meeting is not to be offered; "" if it is."""
    calendar = Calendars(db).of(meeting.rep)
    if calendar is None or meeting.verdict == "none" or meeting.all_day or not meeting.busy:
        return "it is no customer's meeting"
    if calendar.wishes.which == "known" and not meeting.account:
        return "its account is not known"
    return "it has a huddle" if has_call(db, meeting) else ""


def has_call(db: Database, meeting: KeptMeeting) -> bool:
    """Whether it became a call; one that the rep has cancelled is none once it has another time."""
    if meeting.call_id is None:
        return False
    call = Calls(db).get(meeting.rep.workspace_id, meeting.call_id)
    return call is not None and (call.state != "cancelled" or call.starts == meeting.starts)


def _is_away(db: Database, rep: Rep, now: datetime) -> bool:
    """By what the rep told the coach, by their calendar, or by their status."""
    if back_at(db, rep, now):
        return True
    away = HoursKept(db).of(rep).away_until
    return away is not None and local_day(now, People(db).zone(rep)) <= away
