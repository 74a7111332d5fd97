"""The replies table: every answer that a rep gave. Nothing in it changes but `removed`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from bot.replies import Reply
from bot.reps import Rep
from bot.store.sql import insert
from bot.store.times import from_text, to_text


class Asking(NamedTuple):
    """A nudge that was said and may be answered by a message. `outcome` is None until a button."""

    nudge_id: int
    call_id: int
    kind: str
    said_ts: str
    outcome: str | None


class Replies:
    """Replies by rep, call and message."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, reply: Reply) -> int:
        """Keep a reply; `reply.id` is ignored and the new id returned."""
        row: dict[str, Any] = {
            "workspace_id": reply.rep.workspace_id,
            "user_id": reply.rep.user_id,
            "call_id": reply.call_id,
            "nudge_id": reply.nudge_id,
            "question": reply.question,
            "asked": reply.asked,
            "said": reply.said,
            "via": reply.via,
            "channel_id": reply.channel_id,
            "message_ts": reply.message_ts,
            "replaces": reply.replaces,
            "removed": int(reply.removed),
            "said_at": to_text(reply.said_at),
        }
        return insert(self._db, "replies", row)

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
        )

    def remove(self, rep: Rep, channel_id: str, ts: str) -> None:
        """Its author deleted the message."""
        self._db.execute(
            "UPDATE replies SET removed = 1"
            " WHERE workspace_id = ? AND user_id = ? AND channel_id = ? AND message_ts = ?",
            [*rep, channel_id, ts],
        )

    def asking(self, rep: Rep, channel_id: str, since: datetime) -> list[Asking]:
        """Nudges said in the rep's DM since then that asked something, newest first."""
        rows = self._db.query(
            "SELECT id, call_id, kind, said_ts, outcome FROM nudges"
            " WHERE workspace_id = ? AND user_id = ? AND said_channel_id = ? AND said_at >= ?"
            " AND state = 'sent' AND said_ts IS NOT NULL AND call_id IS NOT NULL"
            " AND kind IN ('debrief', 'next_step')"
            " ORDER BY said_at DESC, id DESC",
            [*rep, channel_id, to_text(since)],
        )
        return [Asking(r["id"], r["call_id"], r["kind"], r["said_ts"], r["outcome"]) for r in rows]

    def _many(self, where: str, values: list[object]) -> list[Reply]:
        rows = self._db.query(f"SELECT * FROM replies WHERE {where} ORDER BY id", values)
        return [_reply(row) for row in rows]


def _reply(row: dict[str, Any]) -> Reply:
    return Reply(
        id=row["id"],
        rep=Rep(row["workspace_id"], row["user_id"]),
        call_id=row["call_id"],
        nudge_id=row["nudge_id"],
        question=row["question"],
        asked=row["asked"],
        said=row["said"],
        via=row["via"],
        said_at=from_text(row["said_at"]),
        channel_id=row["channel_id"],
        message_ts=row["message_ts"],
        replaces=row["replaces"],
        removed=bool(row["removed"]),
    )
