"""When a rep is reminded of a next step: on its day, at nine, in the zone where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.clock.local_time import local_day, local_instant, read_zone
from bot.debriefs import debrief as debriefs
from bot.debriefs.debrief import Debrief
from bot.debriefs.table import Debriefs
from bot.nudges.table import Nudges
from bot.people.rep import Rep
from bot.storage.database import Database

REMINDED_AT = time(9)
OF_USE = timedelta(days=3)  # a reminder that is later is none


def remind(db: Database, debrief: Debrief, zone: str, now: datetime) -> None:
    """Plan the reminder of what the debrief says now, in place of an earlier one."""
    day = debriefs.due_day(debrief, local_day(now, zone))
    if day is None:
        Nudges(db).drop_next_step(debrief.rep, debrief.call_id, "there is no day any more")
    else:
        due = local_instant(day, REMINDED_AT, zone)
        Nudges(db).plan_next_step(debrief.rep, debrief.call_id, due, due + OF_USE, now)


def moved(db: Database, rep: Rep, zone: str, now: datetime) -> None:
    """The rep is in another zone now: what was put off is looked at again, and reminders that wait
    come at its nine o'clock."""
    Nudges(db).recheck(rep)
    zone = read_zone(zone) or "UTC"
    for call_id in Nudges(db).next_steps(rep):
        if debrief := Debriefs(db).get(rep, call_id):
            remind(db, debrief, zone, now)
