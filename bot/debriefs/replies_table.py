"""The replies table: every answer that a rep gave. No word in it ever changes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from bot.debriefs.reply import Reply
from bot.inbox.table import Inbox
from bot.people.rep import Rep
from bot.storage.database import Database, insert
from bot.storage.moments import from_text, to_text
from bot.storage.nouns import noun, values_of

_COLUMNS = [field.name for field in fields(Reply) if field.name not in ("id", "rep")]


class Asking(NamedTuple):
    """A nudge that was said and may be answered by a message. `outcome` is None until a button."""

    nudge_id: int
    call_id: int
    kind: str
    said_ts: str
    outcome: str | None
    said_at: datetime


class Replies:
    """Replies by rep, call and message."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, reply: Reply) -> int:
        """Keep a reply; `reply.id` is ignored and the new id returned."""
        who = {"workspace_id": reply.rep.workspace_id, "user_id": reply.rep.user_id}
        return insert(self._db, "replies", who | values_of(reply, _COLUMNS))

    def of_call(self, rep: Rep, call_id: int) -> list[Reply]:
        """What this rep said about a call, in the order it was said, replaced ones included."""
        return self._many("workspace_id = ? AND user_id = ? AND call_id = ?", [*rep, call_id])

    def of_rep(self, rep: Rep) -> list[Reply]:
        """All that this rep ever said, oldest first, replaced and removed ones included."""
        return self._many("workspace_id = ? AND user_id = ?", [*rep])

    def of_message(self, rep: Rep, channel_id: str, ts: str) -> list[Reply]:
        """The versions of one typed message, oldest first; [] if it answered nothing."""
        return self._many(
            "workspace_id = ? AND user_id = ? AND channel_id = ? AND message_ts = ?",
            [*rep, channel_id, ts],
            "coalesce(event_ts, message_ts), id",
        )

    def put_version(self, reply: Reply) -> bool:
        """Keep a version of a typed message, in whichever order they come: the newest by Slack's
        moments stands, and of a deleted message none. False for one that says nothing new, and
        for a deleted one.
        """
        assert reply.channel_id and reply.message_ts and reply.event_ts
        where = (reply.rep, reply.channel_id, reply.message_ts)
        versions = self.of_message(*where)
        moments = [version.event_ts or version.message_ts or "" for version in versions]
        before = [v for v, at in zip(versions, moments, strict=True) if at < reply.event_ts]
        if reply.event_ts in moments or (before and before[-1].said == reply.said):
            return False
        removed = reply.removed or Inbox(self._db).was_deleted(*where)
        self.put(replace(reply, removed=removed))
        for older, newer in pairwise(self.of_message(*where)):
            self._db.execute("UPDATE replies SET replaces = ? WHERE id = ?", [older.id, newer.id])
        return not removed

    def remove(self, rep: Rep, channel_id: str, ts: str, now: datetime) -> None:
        """Somebody deleted the message, which may be still to come; `rep` may be nobody."""
        where = [rep.workspace_id, channel_id, ts]
        self._db.execute(
            "UPDATE replies SET removed = 1"
            " WHERE workspace_id = ? AND channel_id = ? AND message_ts = ?",
            where,
        )
        self._db.execute(
            "INSERT INTO deleted_messages (workspace_id, channel_id, message_ts, user_id,"
            " deleted_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [*where, rep.user_id or None, to_text(now)],
        )

    def take_out(self, rep: Rep, channel_id: str, ts: str) -> None:
        """The message was no answer; its words stay until they are forgotten."""
        self._db.execute(
            "UPDATE replies SET removed = 1 WHERE workspace_id = ? AND user_id = ?"
            " AND channel_id = ? AND message_ts = ?",
            [*rep, channel_id, ts],
        )

    def stand_again(self, rep: Rep, channel_id: str, ts: str) -> None:
        """The message was an answer after all, unless it was deleted."""
        if not Inbox(self._db).was_deleted(rep, channel_id, ts):
            self._db.execute(
                "UPDATE replies SET removed = 0 WHERE workspace_id = ? AND user_id = ?"
                " AND channel_id = ? AND message_ts = ?",
                [*rep, channel_id, ts],
            )

    def asking(self, rep: Rep, channel_id: str, since: datetime) -> list[Asking]:
        """Nudges said in the rep's DM since then that asked something, newest first."""
        rows = self._db.query(
            "SELECT id, call_id, kind, said_ts, outcome, said_at FROM outbox"
            " WHERE workspace_id = ? AND user_id = ? AND said_channel_id = ? AND said_at >= ?"
            " AND state = 'sent' AND said_ts IS NOT NULL AND call_id IS NOT NULL"
            " AND kind IN ('debrief', 'next_step')"
            " ORDER BY said_at DESC, id DESC",
            [*rep, channel_id, to_text(since)],
        )
        return [_asking(row) for row in rows]

    def perhaps_asking(self, rep: Rep, channel_id: str, before: datetime) -> bool:
        """Whether something may have been said in the rep's DM before then of which that is not
        known yet."""
        rows = self._db.query(
            "SELECT 1 FROM outbox WHERE workspace_id = ? AND user_id = ? AND said_channel_id = ?"
            " AND kind IN ('debrief', 'next_step') AND state = 'sending' AND attempt_at <= ?",
            [*rep, channel_id, to_text(before)],
        )
        return next(rows, None) is not None

    def _many(self, where: str, values: list[object], order: str = "id") -> list[Reply]:
        rows = self._db.query(f"SELECT * FROM replies WHERE {where} ORDER BY {order}", values)
        return [noun(Reply, row, rep=(row["workspace_id"], row["user_id"])) for row in rows]


def _asking(row: dict[str, Any]) -> Asking:
    told = (row["id"], row["call_id"], row["kind"], row["said_ts"], row["outcome"])
    return Asking(*told, from_text(row["said_at"]))
