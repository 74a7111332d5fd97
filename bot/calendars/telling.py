"""A rep is told of their calendar: what was found in it, and that it does not come any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calendars.calendar import Calendar
from bot.calendars.table import Calendars
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text

FOUND, FAILING = "calendar_found", "calendar_failing"
IN_TIME = timedelta(days=1)


class CalendarKind(Kind):
    """What is told of the calendar that was connected at the moment that `about` holds."""

    at_once = True
    title = "what is in a calendar"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        calendar = Calendars(db).of(Rep(*message.recipient))
        if calendar is None or to_text(calendar.set_at) != message.about:
            return Skip("that calendar is not connected any more")
        if message.kind == FAILING and not calendar.failing:
            return Skip("it comes again")
        return None


def plan_found(db: Database, calendar: Calendar, now: datetime) -> None:
    """After the first look."""
    _plan(db, calendar, FOUND, to_text(calendar.set_at), now)


def plan_failing(db: Database, calendar: Calendar, now: datetime) -> None:
    """Once for each time that it ceases to come."""
    since = calendar.failing_since or now
    _plan(db, calendar, FAILING, to_text(since), now)


def _plan(db: Database, calendar: Calendar, kind: str, which: str, now: datetime) -> None:
    rep = calendar.rep
    key = f"{rep.workspace_id}:{kind}:{rep.user_id}:{which}"
    about = to_text(calendar.set_at)
    Outbox(db).plan(Plan(key, kind, Recipient(*rep), now, now + IN_TIME, rep.user_id, about=about))
