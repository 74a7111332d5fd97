"""The outbox table: what is to be said once; planned, claimed, said, looked up, given up.

Its SQL is what SQLite and PostgreSQL both take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.outbox.message import Doubt, Lane, OutboxMessage, Plan, Recipient
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import maybe, to_text
from bot.storage.notes import Notes
from bot.storage.nouns import noun

_DOUBT = ("doubt_since", "doubt_before", "doubt_at")
_OPEN = "state IN ('pending', 'sending')"
_UNLESS_DROPPED = "state = CASE dropped WHEN 1 THEN 'skipped' ELSE 'pending' END"
_WHY_UNLESS_DROPPED = "why = CASE dropped WHEN 1 THEN why ELSE ? END"
STUCK = 500  # rows of what could not be said that are looked at
_STUCK = "(state IN ('unknown', 'dead') OR (state IN ('pending', 'sending') AND why != ''))"
DUE = 50  # rows of a recipient that are looked at for the next message


class Stuck(NamedTuple):
    """A message that waits for something to pass (pending), that could not be said (dead) or
    perhaps was (unknown, or sending while that can't be looked up). `due_at` is when it was due."""

    title: str
    recipient: Recipient
    state: str
    why: str
    due_at: datetime


class Outbox:
    """Rows of the state machine. A row is tried by whoever claimed it, and by nobody else."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # Planning ------------------------------------------------------------------------------

    def plan(self, plan: Plan, though_refused: bool = False) -> OutboxMessage:
        """Keep it under its key; the row as it is then. One that was skipped is wanted again, and
        with `though_refused` one that Slack did not take; any other stays as it is."""
        closed = "'skipped', 'dead'" if though_refused else "'skipped'"
        about, last = plan.recipient, plan.not_after
        row: dict[str, object] = {
            "key": plan.key,
            "kind": plan.kind,
            "thread": plan.thread,
            "user": plan.user_id,
        }
        row |= {"w": about.workspace_id, "recipient": about.id, "call": plan.call_id}
        row |= {"about": plan.about, "nth": plan.nth, "asked": int(plan.asked)}
        row |= {"due": to_text(plan.due_at), "last": to_text(last) if last else None}
        self._db.execute(
            "INSERT INTO outbox (workspace_id, key, kind, recipient, thread, user_id, call_id,"
            " about, nth, asked, wanted_at, due_at, not_after, mark)"
            " VALUES (:w, :key, :kind, :recipient, :thread, :user, :call, :about, :nth, :asked,"
            " :due, :due, :last, :mark)"
            " ON CONFLICT (key) DO UPDATE SET state = 'pending', why = '', dropped = 0,"
            " wanted_at = excluded.wanted_at, due_at = excluded.due_at,"
            " not_after = excluded.not_after, recipient = excluded.recipient,"
            " thread = excluded.thread, about = excluded.about, user_id = excluded.user_id"
            f" WHERE outbox.state IN ({closed})",
            row | {"mark": Notes(self._db).mark(plan.key)},
        )
        return self._all("key = ?", [plan.key])[0]

    def replan(self, plan: Plan) -> None:
        """Like `plan`; one that waits already is moved to the new moment."""
        last = to_text(plan.not_after) if plan.not_after else None
        due = to_text(plan.due_at)
        self.plan(plan)
        self._db.execute(
            "UPDATE outbox SET wanted_at = ?, due_at = ?, asked = ?, not_after = ?"
            " WHERE key = ? AND state = 'pending'",
            [due, due, int(plan.asked), last, plan.key],
        )

    def change(self, key: str) -> bool:
        """What it is about was changed: whoever drew it from before can't claim it any more. False
        if it may have been said already."""
        found = self.by_key(key)
        if found is None or found.state != "pending":
            return False
        due = to_text(found.due_at - timedelta(milliseconds=1))
        self._db.execute("UPDATE outbox SET due_at = ? WHERE id = ?", [due, found.id])
        return True

    def drop(self, workspace_id: str, why: str, kind: str, **about: object) -> None:
        """Say no more of that kind about that (`call_id=…`); one under way is not said again."""
        where = "".join(f" AND {column} = ?" for column in about)
        self._db.execute(
            "UPDATE outbox SET dropped = 1, why = ?,"
            " state = CASE state WHEN 'pending' THEN 'skipped' ELSE state END"
            f" WHERE workspace_id = ? AND kind = ? AND {_OPEN}{where}",
            [why, workspace_id, kind, *about.values()],
        )

    def forget(self, key: str) -> None:
        """As if it had never been planned."""
        self._db.execute("DELETE FROM outbox WHERE key = ?", [key])

    def forget_unsaid(self, recipient: Recipient, kind: str, before: datetime) -> None:
        """What of that kind was not said, and is too late by then, as if never planned."""
        self._db.execute(
            "DELETE FROM outbox WHERE workspace_id = ? AND recipient = ? AND kind = ?"
            " AND state IN ('pending', 'skipped') AND not_after < ?",
            [*recipient, kind, to_text(before)],
        )

    def said_to(self, recipient: Recipient, kind: str) -> list[OutboxMessage]:
        """What of that kind was said, or may have been."""
        return self._all(
            "workspace_id = ? AND recipient = ? AND kind = ?"
            " AND state IN ('sent', 'sending', 'unknown')",
            [*recipient, kind],
        )

    def recheck(self, rep: Rep) -> None:
        """The rep's hours or zone changed: what was put off is looked at again."""
        self._db.execute(
            "UPDATE outbox SET due_at = wanted_at WHERE state = 'pending'"
            " AND workspace_id = ? AND recipient = ?",
            [*rep],
        )

    def recheck_all(self) -> None:
        """What was put off until some moment of the clock is looked at again now."""
        self._db.execute(
            "UPDATE outbox SET due_at = wanted_at WHERE state = 'pending' AND due_at > wanted_at"
        )

    # Saying --------------------------------------------------------------------------------

    def due(self, now: datetime, each: int, ever: bool) -> list[tuple[Lane, str]]:
        """What is due, with its kind: up to `each` rows of each workspace, oldest first; of what
        can be too late, or of what can't `ever` be."""
        rows = self._db.query(
            "WITH RECURSIVE w (id) AS ("
            " SELECT min(workspace_id) FROM outbox WHERE state = 'pending' UNION ALL"
            " SELECT (SELECT min(workspace_id) FROM outbox"
            "  WHERE state = 'pending' AND workspace_id > w.id) FROM w WHERE w.id IS NOT NULL)"
            " SELECT o.workspace_id, o.recipient, o.key, o.kind FROM w JOIN outbox o ON o.id IN ("
            "  SELECT id FROM outbox WHERE state = 'pending' AND workspace_id = w.id"
            f"  AND due_at <= ? AND not_after IS {'' if ever else 'NOT '}NULL"
            "  ORDER BY due_at LIMIT ?) ORDER BY o.due_at, o.id",
            [to_text(now), each],
        )
        return [
            (Lane(Recipient(r["workspace_id"], r["recipient"]), r["key"]), r["kind"]) for r in rows
        ]

    def due_at(self, recipient: Recipient, now: datetime) -> list[OutboxMessage]:
        """What is due at one recipient: what can be too late first, then the oldest."""
        return self._all(
            "state = 'pending' AND workspace_id = ? AND recipient = ? AND due_at <= ?"
            f" ORDER BY CASE WHEN not_after IS NULL THEN 1 ELSE 0 END, due_at, id LIMIT {DUE}",
            [*recipient, to_text(now)],
        )

    def claim(
        self, messages: Iterable[OutboxMessage], channel_id: str, thread: str, now: datetime
    ) -> list[OutboxMessage]:
        """Take them: nobody else will say them until it is decided. One that was planned anew
        since it was read is left."""
        taken = [
            row
            for message in messages
            for row in self._db.query(
                "UPDATE outbox SET state = 'sending', attempt_at = ?, attempts = attempts + 1,"
                " said_channel_id = ?, thread = ? WHERE id = ? AND state = 'pending'"
                " AND due_at = ? RETURNING *",
                [to_text(now), channel_id, thread, message.id, to_text(message.due_at)],
            )
        ]
        return [_message(row) for row in taken]

    def look_up(self, messages: Iterable[OutboxMessage], since: datetime) -> None:
        """These may have been said after a backup was made: look up from then on before saying."""
        self._each("attempt_at = ?", messages, "state = 'sending'", [to_text(since)])

    def put_off(self, messages: Iterable[OutboxMessage], until: datetime, why: str = "") -> None:
        """Not now: try again at `until`; what was dropped meanwhile is skipped. `why` Slack did not
        take it, if it was that."""
        change = f"{_UNLESS_DROPPED}, due_at = ?, {_WHY_UNLESS_DROPPED}"
        self._each(change, messages, _OPEN, [to_text(until), why])

    def note(self, messages: Iterable[OutboxMessage], why: str) -> None:
        """Why it can't be found out whether these were said."""
        self._each(_WHY_UNLESS_DROPPED, messages, "state = 'sending'", [why])

    def not_said(self, messages: Iterable[OutboxMessage], now: datetime) -> None:
        """It was looked up and is not there: it is due again as it was."""
        change = f"{_UNLESS_DROPPED}, looked_up_at = ?, {_WHY_UNLESS_DROPPED}"
        self._each(change, messages, "state = 'sending'", [to_text(now), ""])

    def close(self, messages: Iterable[OutboxMessage], state: str, why: str) -> None:
        """Say it no more. `state`: "skipped", "dead" or "unknown"."""
        self._each("state = ?, why = ?", messages, _OPEN, [state, why])

    def said(
        self, messages: Iterable[OutboxMessage], channel_id: str, ts: str, now: datetime
    ) -> list[OutboxMessage]:
        """It stands there; returns those, as they are now, that it was news of."""
        kept = filter(None, (self.by_id(message.id) for message in messages))
        fresh = [message for message in kept if message.state == "sending"]
        self._each(
            "state = 'sent', why = '', said_channel_id = ?, said_ts = ?, said_at = ?", fresh,
            "state = 'sending'", [channel_id, ts, to_text(now)],
        )  # fmt: skip
        return [told for message in fresh if (told := self.by_id(message.id))]

    def set_about(self, message: OutboxMessage, about: str) -> None:
        self._db.execute("UPDATE outbox SET about = ? WHERE id = ?", [about, message.id])

    def set_call(self, beginning: str, call_id: int) -> None:
        """The messages whose keys are that and what stands behind a colon are about that call."""
        self._db.execute(
            "UPDATE outbox SET call_id = ? WHERE key > ? AND key < ?",
            [call_id, f"{beginning}:", f"{beginning};"],
        )

    def set_outcome(self, message: OutboxMessage, outcome: str) -> None:
        """What became of it, as its message says from now on."""
        self._db.execute("UPDATE outbox SET outcome = ? WHERE id = ?", [outcome, message.id])

    def _each(
        self, change: str, messages: Iterable[OutboxMessage], when: str, values: Sequence[object]
    ) -> None:
        for message in messages:
            self._db.execute(
                f"UPDATE outbox SET {change} WHERE id = ? AND {when}", [*values, message.id]
            )

    # Looking ------------------------------------------------------------------------------

    def under_way(self) -> list[OutboxMessage]:
        """Claimed and not decided since: those that were claimed first."""
        return self._all("state = 'sending' ORDER BY attempt_at, id LIMIT 500", [])

    def get(self, workspace_id: str, message_id: int) -> OutboxMessage | None:
        """A message of this workspace."""
        found = self.by_id(message_id)
        return found if found and found.recipient.workspace_id == workspace_id else None

    def by_id(self, message_id: int) -> OutboxMessage | None:
        return next(iter(self._all("id = ?", [message_id])), None)

    def by_key(self, key: str) -> OutboxMessage | None:
        return next(iter(self._all("key = ?", [key])), None)

    def of_message(self, workspace_id: str, channel_id: str, ts: str) -> list[OutboxMessage]:
        """All that one message in Slack holds, in its order."""
        about = "workspace_id = ? AND said_channel_id = ? AND said_ts = ? ORDER BY wanted_at, id"
        return self._all(about, [workspace_id, channel_id, ts])

    def of_call(self, workspace_id: str, call_id: int, *kinds: str) -> list[OutboxMessage]:
        """Every message of these kinds about a call, in the order in which they were planned."""
        about = f"workspace_id = ? AND call_id = ? AND {_among('kind', kinds)} ORDER BY id"
        return self._all(about, [workspace_id, call_id, *kinds])

    def conversation(self, recipient: Recipient) -> str | None:
        """The rep's DM with the coach, as it was last spoken in."""
        found = self._all(
            "workspace_id = ? AND recipient = ? AND said_at IS NOT NULL"
            " ORDER BY said_at DESC LIMIT 1",
            [*recipient],
        )
        return found[0].said[0] if found and found[0].said else None

    def messages_since(
        self, rep: Rep, since: datetime, kinds: Sequence[str], but: Iterable[OutboxMessage]
    ) -> int:
        """How many messages of these kinds the rep got, or may have got, unasked since `since`,
        without those that are about to be said."""
        rows = self._db.query(
            "SELECT id, coalesce(said_ts, attempt_at) AS told FROM outbox"
            " WHERE workspace_id = ? AND recipient = ? AND coalesce(said_at, attempt_at) >= ?"
            " AND state IN ('sent', 'sending', 'unknown') AND asked = 0"
            f" AND {_among('kind', kinds)}",
            [*rep, to_text(since), *kinds],
        )
        left = {message.id for message in but}
        return len({row["told"] for row in rows if row["id"] not in left})

    def waiting(self, recipient: Recipient, kinds: Sequence[str]) -> tuple[int, datetime | None]:
        """How many wait to be said to the recipient, and when the next one is due."""
        row = next(
            self._db.query(
                "SELECT count(*) AS n, min(due_at) AS next FROM outbox WHERE workspace_id = ?"
                f" AND recipient = ? AND state = 'pending' AND {_among('kind', kinds)}",
                [*recipient, *kinds],
            )
        )
        return row["n"], maybe(row["next"])

    def all_waiting(self, workspace_id: str) -> list[OutboxMessage]:
        """All of a workspace that is not claimed."""
        return self._all("workspace_id = ? AND state = 'pending'", [workspace_id])

    def stuck(
        self,
        workspace_id: str,
        titles: Mapping[str, str],
        recipients: Sequence[str] | None,
        since: datetime,
    ) -> list[Stuck]:
        """What could not be said since `since`, or can't be said or looked up yet, of the kinds
        that have a title, newest first: to anybody for None."""
        whose = "" if recipients is None else f" AND {_among('recipient', recipients)}"
        found = self._all(
            f"workspace_id = ? AND {_STUCK} AND wanted_at >= ?"
            f" AND {_among('kind', [*titles])}{whose} ORDER BY wanted_at DESC LIMIT {STUCK}",
            [workspace_id, to_text(since), *titles, *(recipients or ())],
        )
        return [Stuck(titles[m.kind], m.recipient, m.state, m.why, m.wanted_at) for m in found]

    # An old copy --------------------------------------------------------------------------

    def set_doubt(self, doubt: Doubt) -> None:
        """The file may be an old copy. It counts as one no more."""
        for name, moment in zip(_DOUBT, doubt, strict=True):
            Notes(self._db).put(name, moment)
        Notes(self._db).is_no_copy()

    def doubt(self) -> Doubt | None:
        """What `set_doubt` noted last."""
        since, before, at = (Notes(self._db).get(name) for name in _DOUBT)
        return Doubt(since, before, at) if since and before and at else None

    def _all(self, where: str, values: Sequence[object]) -> list[OutboxMessage]:
        rows = self._db.query(f"SELECT * FROM outbox WHERE {where}", list(values))
        return [_message(row) for row in rows]


def _among(column: str, values: Sequence[object]) -> str:
    return f"{column} IN ({', '.join('?' for _ in values)})"


def _message(row: dict[str, Any]) -> OutboxMessage:
    said = (row["said_channel_id"], row["said_ts"]) if row["said_channel_id"] else None
    recipient = (row["workspace_id"], row["recipient"])
    return noun(OutboxMessage, row, recipient=recipient, said=said)
