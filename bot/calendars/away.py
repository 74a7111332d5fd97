"""When somebody who is away is back: by their Slack status, and by their calendar."""

from __future__ import annotations

from datetime import datetime

from bot.calendars.meetings_table import Meetings
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database


def back_at(db: Database, rep: Rep, now: datetime) -> datetime | None:
    """The moment (UTC) at which what now keeps the rep away is over; None for one who is there."""
    ends = [meeting.ends for meeting in Meetings(db).away(rep, now)]
    status = People(db).away_until(rep)
    return max([*ends, *([status] if status and status > now else [])], default=None)
