"""The table of offers: one row for each file that was dropped, and for what a feed brought."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot.imports.offer import Dropped, Found, Offer, State
from bot.library.post import Post
from bot.people.rep import Rep
from bot.storage.database import Database, insert
from bot.storage.moments import from_text, to_text

_COLUMNS = (
    "id, workspace_id, user_id, name, file_id, feed_id, state, found, sentence, thread_ts,"
    " channel_id, ts, made_at"
)
_UNDECIDED = "('received', 'found', 'refused', 'asked')"


class Offers:
    """Offers by id. The posts that came are kept packed, and only as long as nobody decided.

    Of the file nothing else is kept: no drafts, no comments, nothing that was left out.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def receive(self, rep: Rep, file: Dropped, now: datetime) -> bool:
        """Keep that a file was dropped; False if that is known."""
        done = self._db.execute(
            "INSERT INTO offers (workspace_id, user_id, name, file_id, message_ts, thread_ts,"
            " state, made_at, due_at) VALUES (?, ?, ?, ?, ?, ?, 'received', ?, ?)"
            " ON CONFLICT DO NOTHING",
            [*rep, *file, to_text(now), to_text(now)],
        )
        return done.rowcount == 1

    def of_feed(
        self, rep: Rep, name: str, feed_id: int, content: bytes, found: Found, now: datetime
    ) -> Offer:
        """Keep what a feed brought, in place of what it brought before."""
        self._db.execute(
            "UPDATE offers SET state = 'gone', content = NULL"
            f" WHERE feed_id = ? AND state IN {_UNDECIDED}",
            [feed_id],
        )
        return self._insert(
            rep, name, now, "found", feed_id=feed_id, content=content, found=found.to_text()
        )

    def news(self, rep: Rep, name: str, sentence: str, now: datetime) -> Offer:
        """Keep a sentence about a feed that is to be said, where there is nothing to decide."""
        return self._insert(rep, name, now, "refused", sentence=sentence)

    def _insert(self, rep: Rep, name: str, now: datetime, state: State, **more: Any) -> Offer:
        at = to_text(now)
        row = {"workspace_id": rep.workspace_id, "user_id": rep.user_id, "name": name}
        row |= {"state": state, "made_at": at, "due_at": at}
        id = insert(self._db, "offers", row | more)
        rows = self._db.query(f"SELECT {_COLUMNS} FROM offers WHERE id = ?", [id])
        return _offer(next(rows))

    def get(self, workspace_id: str, id: int) -> Offer | None:
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM offers WHERE workspace_id = ? AND id = ?", [workspace_id, id]
        )
        return next(map(_offer, rows), None)

    def due(self, states: Sequence[State], now: datetime) -> Offer | None:
        """The oldest offer in one of these states."""
        marks = ", ".join("?" for _ in states)
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM offers WHERE state IN ({marks}) AND due_at <= ?"
            " ORDER BY due_at, id LIMIT 1",
            [*states, to_text(now)],
        )
        return next(map(_offer, rows), None)

    def posts(self, id: int) -> list[Post] | None:
        """The posts of an offer; None if they are no longer kept."""
        row = next(self._db.query("SELECT content FROM offers WHERE id = ?", [id]), None)
        return unpacked(row["content"]) if row and row["content"] else None

    def set_content(self, id: int, content: bytes, found: Found) -> None:
        """Keep what is in a file. It comes packed: that takes long, and others wait to write."""
        self._db.execute(
            "UPDATE offers SET state = 'found', content = ?, found = ?"
            " WHERE id = ? AND state = 'received'",
            [content, found.to_text(), id],
        )

    def move(self, id: int, before: Sequence[State], after: State) -> bool:
        """Into another state, from one of these; False if it was in none of them."""
        marks = ", ".join("?" for _ in before)
        done = self._db.execute(
            f"UPDATE offers SET state = ? WHERE id = ? AND state IN ({marks})",
            [after, id, *before],
        )
        return done.rowcount == 1

    def begin(self, id: int, until: datetime) -> bool:
        """Note that it is being looked at; False if somebody began before, and did not end."""
        done = self._db.execute(
            "UPDATE offers SET due_at = ? WHERE id = ? AND state = 'received' AND due_at = made_at",
            [to_text(until), id],
        )
        return done.rowcount == 1

    def refuse(self, id: int, sentence: str) -> None:
        self._db.execute(
            "UPDATE offers SET state = 'refused', sentence = ?, content = NULL"
            " WHERE id = ? AND state IN ('received', 'accepted')",
            [sentence, id],
        )

    def set_message(self, id: int, channel_id: str, ts: str) -> None:
        self._db.execute(
            "UPDATE offers SET channel_id = ?, ts = ? WHERE id = ?", [channel_id, ts, id]
        )

    def put_off(self, id: int, until: datetime) -> None:
        self._db.execute("UPDATE offers SET due_at = ? WHERE id = ?", [to_text(until), id])

    def drop_content(self, id: int) -> None:
        self._db.execute("UPDATE offers SET content = NULL WHERE id = ?", [id])

    def waiting_bytes(self, workspace_id: str) -> int:
        """How much of a workspace's waits for a decision, packed."""
        rows = self._db.query(
            "SELECT coalesce(sum(length(content)), 0) AS n FROM offers WHERE workspace_id = ?",
            [workspace_id],
        )
        return int(next(rows)["n"])

    def drop_old(self, before: datetime, long_before: datetime) -> None:
        """Forget what nobody decided about since `before`, and rows since `long_before`."""
        self._db.execute(
            f"UPDATE offers SET state = 'gone', content = NULL"
            f" WHERE made_at < ? AND state IN {_UNDECIDED}",
            [to_text(before)],
        )
        self._db.execute(
            "DELETE FROM offers WHERE made_at < ? AND state NOT IN ('accepted', 'imported')",
            [to_text(long_before)],
        )


def packed(posts: Iterable[Post]) -> bytes:
    """Posts as they are kept: packed quickly rather than tightly."""
    rows = [
        asdict(post) | {"published": post.published and post.published.isoformat()}
        for post in posts
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"), 1)


def unpacked(content: bytes) -> list[Post]:
    """The posts that `packed` was given."""
    rows: list[dict[str, Any]] = json.loads(zlib.decompress(content))
    return [
        Post(**row | {"published": row["published"] and date.fromisoformat(row["published"])})
        for row in rows
    ]


def _offer(row: dict[str, Any]) -> Offer:
    return Offer(
        row["id"],
        Rep(row["workspace_id"], row["user_id"]),
        row["name"],
        row["file_id"],
        row["feed_id"],
        row["state"],
        Found.from_text(row["found"]),
        row["sentence"],
        row["thread_ts"],
        row["channel_id"],
        row["ts"],
        from_text(row["made_at"]),
    )
