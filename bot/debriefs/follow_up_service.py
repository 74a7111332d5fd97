"""What comes after a call: its question and the reminder of a next step, and what reps answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day, local_instant, say_hour, say_time
from bot.clock.now import Clock
from bot.clock.working_hours import next_allowed
from bot.debriefs import debrief as debriefs
from bot.debriefs.debrief import Debrief
from bot.debriefs.follow_up import (
    A_CALL,
    ASKED_FOR,
    ASKS_AGAIN,
    DEBRIEF,
    DEBRIEFED,
    IN_WORDS,
    NEXT_STEP,
    SKIPPED,
    FollowUpLine,
    day_said,
    step_due,
)
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import MESSAGE, Reply, current
from bot.debriefs.table import Debriefs
from bot.errors import CoachError
from bot.outbox.hours_table import HoursKept
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip, next_morning
from bot.outbox.message import OutboxMessage, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store

SNOOZE = timedelta(hours=1)
REMINDED_AT = time(9)  # where the rep is
OF_USE = timedelta(days=3)  # a reminder that is later is none


class NudgeGone(CoachError):
    """A button on a nudge that is not this rep's, or that is no longer kept."""


class DebriefQuestion(Kind):
    """How did the call go?"""

    polite = True
    title = "the question how a call went"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        call = _call(db, message)
        if call is None or call.state in ("moved", "cancelled"):
            return Skip("the call did not take place" if call else "the call is gone")
        return Skip("it was debriefed") if Debriefs(db).get(message.rep, call.id) else None

    def said(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        """A first question that finds no answer is asked once more, unless the rep has chosen a
        time for that already."""
        call = _call(db, message)
        if message.nth >= A_CALL or message.dropped or call is None:
            return
        if not any(n.asked and n.state == "pending" for n in FollowUps(db).of_call(call)):
            hours = HoursKept(db).of(message.rep).in_zone(People(db).zone(message.rep))
            again = next_morning(now, hours)
            FollowUps(db).ask_again(call, message.nth + 1, again, asked=False)


class NextStep(Kind):
    """The next step of a call is due today."""

    polite = True
    title = "a reminder"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        return None if _step(db, message) else Skip("the next step changed")


class FollowUpService:
    """Questions and reminders, to whom they were put."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    # What a message shows -----------------------------------------------------------------

    def lines(self, messages: Sequence[OutboxMessage]) -> list[FollowUpLine]:
        """What one message holds as it is to be drawn; calls that are gone are left out."""
        db, now = self._store.read, self._clock.now()
        return [line for message in messages if (line := _line(db, message, now))]

    def message_of(self, nudge: OutboxMessage) -> list[FollowUpLine]:
        """All lines of the message that holds this nudge."""
        channel_id, ts = nudge.said or ("", None)
        if ts is None:
            return []
        where = nudge.recipient.workspace_id
        return self.lines(Outbox(self._store.read).of_message(where, channel_id, ts))

    # What a rep does ----------------------------------------------------------------------

    def snooze(self, rep: Rep, nudge_id: int) -> OutboxMessage:
        """Ask again in an hour, because the rep wants it; returns the nudge as it was."""
        nudge, call = self.mine(rep, nudge_id)
        db, now = self._store.read, self._clock.now()
        zone, again = People(db).zone(rep), now + SNOOZE
        asks = next_allowed(again, HoursKept(db).of(rep).in_zone(zone))

        def work(db: Database) -> None:
            planned = FollowUps(db).of_call(call)
            sent = [n.nth for n in planned if n.state not in ("pending", "skipped")]
            FollowUps(db).ask_again(call, max(sent, default=0) + 1, again, asked=True)
            Outbox(db).set_outcome(nudge, f"{ASKS_AGAIN} {say_time(asks, zone, now)}.")

        self._store.write(work)
        return nudge

    def skip(self, rep: Rep, nudge_id: int) -> OutboxMessage:
        """Ask no more about this call."""
        nudge, call = self.mine(rep, nudge_id)

        def work(db: Database) -> None:
            FollowUps(db).drop(call, "skipped")
            Outbox(db).set_outcome(nudge, SKIPPED)

        self._store.write(work)
        return nudge

    def answer_step(self, rep: Rep, nudge_id: int, done: bool) -> OutboxMessage:
        """Keep whether the next step was done."""
        nudge, call = self.mine(rep, nudge_id)
        now, said = self._clock.now(), "done" if done else "not yet"
        asked = _step(self._store.read, nudge) or "the next step"
        reply = Reply(0, rep, call.id, nudge.id, "step_done", asked, said, "button", now)

        def work(db: Database) -> None:
            if nudge.outcome != f"Kept: {said}.":
                Replies(db).put(reply)
            Outbox(db).set_outcome(nudge, f"Kept: {said}.")

        self._store.write(work)
        return nudge

    def nudge(self, rep: Rep, nudge_id: int) -> OutboxMessage:
        """The rep's own nudge. Raises `NudgeGone`."""
        found = Outbox(self._store.read).get(rep.workspace_id, nudge_id)
        if found is None or found.user_id != rep.user_id:
            raise NudgeGone("I can't find that question any more.")
        return found

    def mine(self, rep: Rep, nudge_id: int) -> tuple[OutboxMessage, Call]:
        """The rep's own nudge and the call that it is about. Raises `NudgeGone`."""
        nudge = self.nudge(rep, nudge_id)
        if (call := _call(self._store.read, nudge)) is None:
            raise NudgeGone("That call is no longer kept.")
        return nudge, call

    def still_open(self, rep: Rep) -> list[OutboxMessage]:
        """One nudge of each message that still asks the rep something, newest first: what stands
        there tells whether nudges are on."""
        db, since = self._store.read, self._clock.now() - ASKED_FOR
        where = Outbox(db).conversation(Recipient(*rep))
        asked = Replies(db).asking(rep, where, since) if where else []
        one_each = {each.said_ts: each for each in asked if not each.outcome}
        found = (Outbox(db).get(rep.workspace_id, each.nudge_id) for each in one_each.values())
        return [nudge for nudge in found if nudge]

    def answered(self, rep: Rep, call: Call, in_words: bool) -> list[OutboxMessage]:
        """The questions to this rep whose messages show something else since the debrief was kept,
        or since they answered `in_words`."""
        asked = FollowUps(self._store.read).of_call(call)
        said = [n for n in asked if n.kind == DEBRIEF and n.recipient == Recipient(*rep) and n.said]
        return [n for n in said if n.outcome == IN_WORDS] if in_words else said


def remind(db: Database, debrief: Debrief, zone: str, now: datetime) -> None:
    """Plan the reminder of what the debrief says now, in place of an earlier one."""
    day = debriefs.due_day(debrief, local_day(now, zone))
    if day is None:
        FollowUps(db).drop_next_step(debrief.rep, debrief.call_id, "there is no day any more")
    else:
        due = local_instant(day, REMINDED_AT, zone)
        FollowUps(db).plan_next_step(debrief.rep, debrief.call_id, due, due + OF_USE)


def moved(db: Database, rep: Rep, zone: str, now: datetime) -> None:
    """The rep is in another zone now: what was put off is looked at again, and reminders that wait
    come at its nine o'clock."""
    Outbox(db).recheck(rep)
    for call_id in FollowUps(db).next_steps(rep):
        if debrief := Debriefs(db).get(rep, call_id):
            remind(db, debrief, zone, now)


def _line(db: Database, nudge: OutboxMessage, now: datetime) -> FollowUpLine | None:
    if (call := _call(db, nudge)) is None:
        return None
    step = _step(db, nudge) if nudge.kind == NEXT_STEP else ""
    when = day_said(nudge.wanted_at if step else call.starts, People(db).zone(nudge.rep), now)
    standing = current(Replies(db).of_call(nudge.rep, call.id))
    kept = [r for r in standing if r.nudge_id == nudge.id]
    told = IN_WORDS if kept and kept[-1].question == MESSAGE else ""
    debriefed = nudge.kind == DEBRIEF and bool(Debriefs(db).get(nudge.rep, call.id))
    outcome = nudge.outcome or told or (f"Kept: {kept[-1].said.lower()}." if kept else "")
    outcome = outcome or (DEBRIEFED if debriefed else "")
    on = HoursKept(db).of(nudge.rep).nudges_on
    at = say_hour(call.starts, People(db).zone(nudge.rep))
    return FollowUpLine(nudge, call, when, step, outcome, on, debriefed, at)


def _step(db: Database, nudge: OutboxMessage) -> str:
    debrief = Debriefs(db).get(nudge.rep, nudge.call_id) if nudge.call_id else None
    return step_due(debrief, local_day(nudge.wanted_at, People(db).zone(nudge.rep)))


def _call(db: Database, nudge: OutboxMessage) -> Call | None:
    return Calls(db).get(nudge.recipient.workspace_id, nudge.call_id) if nudge.call_id else None
