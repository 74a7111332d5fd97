"""Notes of the file about itself: when a coach worked with it, whether it is a copy, its secret."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.storage.database import Database
from bot.storage.moments import maybe, to_text


class Notes:
    """Moments by name, and the secret that makes marks opaque."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def awake(self, now: datetime) -> None:
        """Note that the coach was up at `now`."""
        self.put("awake", now)

    def last_awake(self) -> datetime | None:
        return self.get("awake")

    def mark_copy(self, now: datetime) -> None:
        """This file is a copy made at `now`; whoever starts with it has to know."""
        self.put("copied", now)

    def is_copy(self) -> bool:
        return self.get("copied") is not None

    def is_no_copy(self) -> None:
        """From now on a coach works with it."""
        self._db.execute("DELETE FROM notes WHERE name = 'copied'")

    def mark(self, key: str) -> str:
        """Opaque, and the same for the same key: a database restored from a backup knows it."""
        return hashlib.sha256(f"{self.text('secret')} {key}".encode()).hexdigest()[:32]

    def put(self, name: str, moment: datetime) -> None:
        self.put_text(name, to_text(moment))

    def put_text(self, name: str, text: str) -> None:
        self._db.execute(
            "INSERT INTO notes (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, text],
        )

    def get(self, name: str) -> datetime | None:
        return maybe(self.text(name))

    def text(self, name: str) -> str | None:
        """What was put there; None before that."""
        rows = self._db.query("SELECT value FROM notes WHERE name = ?", [name])
        return next((row["value"] for row in rows), None)
