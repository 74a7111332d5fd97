"""What each on a call hears shortly before it: their part, and what is still open.

Looked for at each waking, under a key with the call's start: what moves is told at its new time,
and whoever joins late is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.calendars.away import back_at
from bot.calendars.offered import offered
from bot.calendars.table import Calendars
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.huddles.announcement import key_of as key_of_invitation
from bot.huddles.huddle import Huddle
from bot.huddles.table import Huddles
from bot.outbox.hours_table import HoursKept
from bot.outbox.kind import Kind
from bot.outbox.manners import MOST_BEFORE, Skip
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.store import Store

BEFORE_CALL = "before_call"
FRESH = timedelta(minutes=10)  # who had to do with the card within this knows how it stands


class BeforeCall(Kind):
    """A call begins soon. `about` is the start that it was planned for."""

    counts = True
    title = "the reminder before a call"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        rep, huddle = message.rep, Huddles(db).get(message.rep.workspace_id, message.call_id or 0)
        if huddle is None or huddle.call.state != "planned":
            return Skip("the call is off")
        if to_text(huddle.call.starts) != message.about:
            return Skip("the call has moved")
        if rep.user_id not in {person.user_id for person in huddle.people}:
            return Skip("they do not come along any more")
        wishes = HoursKept(db).of(rep)
        if not (wishes.nudges_on and wishes.before_minutes):
            return Skip("not wished for")
        if back_at(db, rep, now):
            return Skip("the rep is away")
        if offered(db, rep, huddle.call.id) or _knows(db, rep, huddle, now):
            return Skip("they know")
        return None


def _knows(db: Database, rep: Rep, huddle: Huddle, now: datetime) -> bool:
    """Whether they started, worked on or were invited to the card a moment ago."""
    since, call = now - FRESH, huddle.call
    if any(item.by_id == rep.user_id and item.at and item.at > since for item in huddle.items):
        return True
    if rep == call.owner and Huddles(db).started_at(call) > since:
        return True
    told = Outbox(db).by_key(key_of_invitation(call, rep.user_id))
    return bool(told and told.attempt_at and told.attempt_at > since)


class BeforeCallService:
    """Plans what is due."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def plan_due(self) -> None:
        """Cheap to call at each waking. Raises `NotSaved`."""
        db, now = self._store.read, self._clock.now()
        calls = Calls(db).soon(now, now + timedelta(minutes=MOST_BEFORE))
        if plans := [plan for call in calls for plan in due(db, call, now)]:
            self._store.write(lambda db: [Outbox(db).plan(plan) for plan in plans])


def due(db: Database, call: Call, now: datetime) -> Iterator[Plan]:
    """What is to be said before this call by now, and is not planned yet."""
    workspace_id, starts = call.owner.workspace_id, to_text(call.starts)
    huddle = Huddles(db).get(workspace_id, call.id)
    planned = {row.key for row in Outbox(db).of_call(workspace_id, call.id, BEFORE_CALL)}
    for person in huddle.people if huddle else ():
        rep = Rep(workspace_id, person.user_id)
        key = f"{workspace_id}:before:{call.id}:{starts}:{person.user_id}"
        moment = call.starts - timedelta(minutes=HoursKept(db).of(rep).before_minutes)
        if key not in planned and moment <= now < call.starts:
            calendar = Calendars(db).of(rep)
            each = calendar is not None and calendar.wishes.each
            yield Plan(
                key, BEFORE_CALL, Recipient(*rep), moment, call.starts, person.user_id, call.id,
                starts, asked=each,
            )  # fmt: skip
