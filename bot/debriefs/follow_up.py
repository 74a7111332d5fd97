"""The question after a call and the reminder of a next step: which, when, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calls.call import Call
from bot.clock.local_time import local_day, say_day
from bot.debriefs.debrief import Debrief
from bot.outbox.message import OutboxMessage

DEBRIEF, NEXT_STEP = "debrief", "next_step"  # the kinds of message

A_CALL = 2  # questions about one call, then silence; each snooze asks for one more
ASKED_FOR = timedelta(days=5)  # a call is asked about this long after it ended: a long weekend
MOVED = "the call moved"

# What came of it, said in its message.
SKIPPED = "Skipped. I won't ask about this call again."
ASKS_AGAIN = "I'll ask again"
IN_WORDS = "Kept: what you wrote."
DEBRIEFED = "Kept: your debrief."
NO_SHOW = "Kept: they did not show up. I won't ask how it went."
IT_MOVED = "Kept: it moved."
NEW_TIME = "Kept: it moved. Type `/huddle` once it has a new time, and I ask after that."

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class FollowUpLine:
    """One question or reminder as its message shows it. `when` says on which other day the call
    was, "" for today; `step` is the next step that is due; `outcome` is what came of it, "" if
    nothing; `debriefed` says that the rep's debrief of the call is kept;
    `at` is the call's time where the rep is, "15:00"."""

    nudge: OutboxMessage
    call: Call
    when: str
    step: str
    outcome: str
    nudges_on: bool = True
    debriefed: bool = False
    at: str = ""


def day_said(moment: datetime, zone: str, now: datetime) -> str:
    """A past day: "" for today, "yesterday", "on Friday", "on Fri 13 Nov"."""
    day, today = local_day(moment, zone), local_day(now, zone)
    ago = (today - day).days
    if ago <= 1:
        return "yesterday" if ago == 1 else ""
    return f"on {_WEEKDAYS[day.weekday()]}" if ago < 7 else f"on {say_day(day, today)}"


def step_due(debrief: Debrief | None, day: date) -> str:
    """The step that a debrief names for this day; "" if it names none any more."""
    if debrief is None:
        return ""
    steps = [(debrief.by_when, debrief.next_step), (debrief.their_by_when, debrief.their_step)]
    return "; ".join(step for by, step in steps if by == day and step)


def key_of(call: Call, nth: int) -> str:
    """A call with another end is another thing to ask about."""
    return f"{call.owner.workspace_id}:debrief:{call.id}:{call.ends:%Y%m%dT%H%MZ}:{nth}"
