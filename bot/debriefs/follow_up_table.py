"""The outbox's rows about a call that was held: the questions how it went, and the reminders."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calls.call import Call
from bot.debriefs.follow_up import (
    ASKED_FOR,
    ASKS_AGAIN,
    DEBRIEF,
    IN_WORDS,
    MOVED,
    NEXT_STEP,
    key_of,
)
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text


class FollowUps:
    """What is planned about a call, and how that changes with it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._outbox = Outbox(db)

    def plan_debrief(self, call: Call, after: timedelta) -> None:
        """Ask the owner how the call went, `after` its end."""
        self._outbox.plan(_debrief(call, 1, call.ends + after))

    def replan(self, call: Call, after: timedelta) -> None:
        """The call has another time: what was not said yet is said after that one."""
        self.drop(call, MOVED)
        self.plan_debrief(call, after)

    def ask_again(self, call: Call, nth: int, due_at: datetime, asked: bool) -> None:
        """The `nth` question about a call. One that waits already is moved to `due_at`."""
        plan, last = _debrief(call, nth, due_at), call.ends + ASKED_FOR
        last = max(last, due_at + timedelta(days=1)) if asked else last
        self._outbox.replan(plan._replace(asked=asked, not_after=last))

    def plan_next_step(self, rep: Rep, call_id: int, due_at: datetime, not_after: datetime) -> None:
        """Remind of the next step of a call; an earlier plan for the same call is replaced."""
        self.drop_next_step(rep, call_id, "the next step changed")
        key = f"{rep.workspace_id}:{rep.user_id}:next_step:{call_id}:{due_at:%Y%m%d}"
        self._outbox.plan(
            Plan(key, NEXT_STEP, Recipient(*rep), due_at, not_after, rep.user_id, call_id)
        )

    def drop(self, call: Call, why: str) -> None:
        """Ask no more about the call; one under way is not said again."""
        self._outbox.drop(call.owner.workspace_id, why, DEBRIEF, call_id=call.id)

    def reopen(self, call: Call, due_at: datetime) -> None:
        """What was taken for an answer was none: ask again, at `due_at` at the earliest."""
        about = [call.owner.workspace_id, DEBRIEF, call.id]
        self._db.execute(
            "UPDATE outbox SET dropped = 0, why = '',"
            " state = CASE state WHEN 'skipped' THEN 'pending' ELSE state END,"
            " due_at = CASE WHEN due_at < ? THEN ? ELSE due_at END"
            " WHERE workspace_id = ? AND kind = ? AND call_id = ? AND why = 'answered'"
            " AND state IN ('skipped', 'sending')",
            [to_text(due_at), to_text(due_at), *about],
        )
        self._db.execute(
            "UPDATE outbox SET outcome = NULL"
            " WHERE workspace_id = ? AND kind = ? AND call_id = ? AND outcome = ?",
            [*about, IN_WORDS],
        )

    def drop_next_step(self, rep: Rep, call_id: int, why: str) -> None:
        about = {"call_id": call_id, "user_id": rep.user_id}
        self._outbox.drop(rep.workspace_id, why, NEXT_STEP, **about)

    def next_steps(self, rep: Rep) -> list[int]:
        """The calls of whose next step the rep is still to be reminded."""
        rows = self._db.query(
            "SELECT call_id FROM outbox WHERE state = 'pending' AND workspace_id = ?"
            " AND recipient = ? AND kind = ? AND call_id IS NOT NULL",
            [*rep, NEXT_STEP],
        )
        return [row["call_id"] for row in rows]

    def ask_no_more(self, call: Call, outcome: str) -> None:
        """A question that was put off will not be asked: its message says why."""
        for message in self.of_call(call):
            if (message.outcome or "").startswith(ASKS_AGAIN):
                self._outbox.set_outcome(message, outcome)

    def of_call(self, call: Call) -> list[OutboxMessage]:
        """Every one about the call, in the order in which they were planned."""
        return self._outbox.of_call(call.owner.workspace_id, call.id, DEBRIEF, NEXT_STEP)


def _debrief(call: Call, nth: int, due_at: datetime) -> Plan:
    owner = call.owner
    return Plan(
        key_of(call, nth), DEBRIEF, Recipient(*owner), due_at, call.ends + ASKED_FOR,
        owner.user_id, call.id, nth=nth,
    )  # fmt: skip
