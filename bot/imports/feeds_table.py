"""The table of feeds that are followed: when each is due, and what was seen of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.fetching.fetcher import Validators
from bot.imports.feed import Feed
from bot.people.rep import Rep
from bot.people.workspaces import HERE
from bot.storage.database import Database
from bot.storage.moments import from_text, maybe, to_text

MOST_UNWANTED = 1_000  # posts that were left are remembered of one feed; the latest


class Feeds:
    """Feeds by id; one row for an address and a workspace."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def follow(self, rep: Rep, url: str, now: datetime) -> bool:
        """Keep an address, to be looked at now; False if it is followed already."""
        done = self._db.execute(
            "INSERT INTO feeds (workspace_id, user_id, url, followed_at, next_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [*rep, url, to_text(now), to_text(now)],
        )
        return done.rowcount == 1

    def end(self, workspace_id: str, id: int) -> bool:
        done = self._db.execute(
            "DELETE FROM feeds WHERE workspace_id = ? AND id = ?", [workspace_id, id]
        )
        return done.rowcount == 1

    def get(self, id: int) -> Feed | None:
        return next(map(_feed, self._db.query("SELECT * FROM feeds WHERE id = ?", [id])), None)

    def of(self, workspace_id: str) -> list[Feed]:
        """All that a workspace follows, in the order in which they began to."""
        rows = self._db.query(
            "SELECT * FROM feeds WHERE workspace_id = ? ORDER BY followed_at, id", [workspace_id]
        )
        return list(map(_feed, rows))

    def due(self, now: datetime) -> Feed | None:
        """The feed that waits longest to be looked at."""
        rows = self._db.query(
            f"SELECT * FROM feeds WHERE next_at <= ? AND {HERE} ORDER BY next_at, id LIMIT 1",
            [to_text(now)],
        )
        return next(map(_feed, rows), None)

    def put_off(self, id: int, until: datetime) -> None:
        self._db.execute("UPDATE feeds SET next_at = ? WHERE id = ?", [to_text(until), id])

    def look_again(self, id: int, now: datetime) -> None:
        """Have it looked at now, as if it had changed."""
        self._db.execute(
            "UPDATE feeds SET next_at = ?, etag = '', last_modified = '' WHERE id = ?",
            [to_text(now), id],
        )

    def looked(self, id: int, seen: Validators, title: str, now: datetime, until: datetime) -> None:
        """It was looked at, and nothing is wrong. A `title` of "" leaves the one it has."""
        self._db.execute(
            "UPDATE feeds SET etag = ?, last_modified = ?, title = coalesce(nullif(?, ''), title),"
            " looked_at = ?, next_at = ?, failing = '' WHERE id = ?",
            [*seen, title, to_text(now), to_text(until), id],
        )

    def move(self, id: int, url: str) -> bool:
        """To the address that its page names; False if that is followed already."""
        done = self._db.execute("UPDATE OR IGNORE feeds SET url = ? WHERE id = ?", [url, id])
        return done.rowcount == 1

    def failed(self, id: int, sentence: str, until: datetime) -> None:
        self._db.execute(
            "UPDATE feeds SET failing = ?, next_at = ? WHERE id = ?",
            [sentence, to_text(until), id],
        )

    def leave(self, id: int, keys: Iterable[str]) -> None:
        """Posts that are not wanted: they are not offered again."""
        if feed := self.get(id):
            row = next(self._db.query("SELECT unwanted FROM feeds WHERE id = ?", [feed.id]))
            every = list(dict.fromkeys([*json.loads(row["unwanted"]), *keys]))
            self._db.execute(
                "UPDATE feeds SET unwanted = ? WHERE id = ?",
                [json.dumps(every[-MOST_UNWANTED:]), id],
            )


def _feed(row: dict[str, Any]) -> Feed:
    return Feed(
        row["id"],
        Rep(row["workspace_id"], row["user_id"]),
        row["url"],
        row["title"],
        Validators(row["etag"], row["last_modified"]),
        frozenset(json.loads(row["unwanted"])),
        row["failing"],
        from_text(row["followed_at"]),
        from_text(row["next_at"]),
        maybe(row["looked_at"]),
    )
