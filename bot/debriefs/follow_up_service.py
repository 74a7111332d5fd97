"""When a rep is reminded of a next step: on its day, at nine, in the zone where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.clock.local_time import local_day, local_instant
from bot.debriefs import debrief as debriefs
from bot.debriefs.debrief import Debrief
from bot.people.rep import Rep
from bot.storage.store import Tables

REMINDED_AT = time(9)
OF_USE = timedelta(days=3)  # a reminder that is later is none


def remind(t: Tables, debrief: Debrief, zone: str, now: datetime) -> None:
    """Plan the reminder of what the debrief says now, in place of an earlier one."""
    day = debriefs.due_day(debrief, local_day(now, zone))
    if day is None:
        t.nudges.drop_next_step(debrief.rep, debrief.call_id, "there is no day any more")
    else:
        due = local_instant(day, REMINDED_AT, zone)
        t.nudges.plan_next_step(debrief.rep, debrief.call_id, due, due + OF_USE, now)


def follow(t: Tables, rep: Rep, zone: str, now: datetime) -> None:
    """The rep is in another zone now: reminders that wait come at its nine o'clock."""
    for call_id in t.nudges.next_steps(rep):
        if debrief := t.debriefs.get(rep, call_id):
            remind(t, debrief, zone, now)
