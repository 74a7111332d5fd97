"""Workspaces that the coach was taken out of: since when, and what of theirs is being deleted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from bot.clock.now import Clock
from bot.storage.database import Database
from bot.storage.moments import maybe, to_text
from bot.storage.store import Store

# As a condition on a table that names workspaces.
HERE = "workspace_id NOT IN (SELECT workspace_id FROM gone_workspaces WHERE gone_at IS NOT NULL)"

# What is done in the same transaction when a workspace is there again: (db, workspace id, now).
Returned = Callable[[Database, str, datetime], object]


class Gone(NamedTuple):
    """A workspace without the coach since `gone_at` (UTC); None if it is there again, and what was
    begun is only finished. `erasing` names the tables that rows are still to be deleted of, each
    with its last row at the moment in which that began; None if it did not begin."""

    workspace_id: str
    gone_at: datetime | None
    erasing: Mapping[str, int] | None


class Workspaces:
    """The table of those workspaces."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Gone]:
        rows = self._db.query("SELECT * FROM gone_workspaces ORDER BY workspace_id")
        return [
            Gone(
                row["workspace_id"],
                maybe(row["gone_at"]),
                json.loads(row["erasing"]) if row["erasing"] else None,
            )
            for row in rows
        ]

    def put(self, workspace_id: str, now: datetime) -> None:
        """It is gone, since the first time that this was heard."""
        self._db.execute(
            "INSERT INTO gone_workspaces (workspace_id, gone_at) VALUES (?, ?)"
            " ON CONFLICT (workspace_id) DO UPDATE SET"
            " gone_at = coalesce(gone_workspaces.gone_at, excluded.gone_at)",
            [workspace_id, to_text(now)],
        )

    def is_here(self, workspace_id: str) -> None:
        """It is there again. What was begun to be deleted is deleted to the end."""
        self._db.execute(
            "DELETE FROM gone_workspaces WHERE workspace_id = ? AND erasing IS NULL", [workspace_id]
        )
        self._db.execute(
            "UPDATE gone_workspaces SET gone_at = NULL WHERE workspace_id = ?", [workspace_id]
        )

    def set_erasing(self, workspace_id: str, left: Mapping[str, int]) -> None:
        """Of these tables rows are still to be deleted, up to those."""
        self._db.execute(
            "INSERT INTO gone_workspaces (workspace_id, erasing) VALUES (?, ?)"
            " ON CONFLICT (workspace_id) DO UPDATE SET erasing = excluded.erasing",
            [workspace_id, json.dumps(left)],
        )

    def erased(self, workspace_id: str) -> None:
        """Nothing names it any more."""
        self._db.execute("DELETE FROM gone_workspaces WHERE workspace_id = ?", [workspace_id])


class WorkspaceService:
    """Which workspaces are gone. Read once from the file, for each message and command asks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        known = Workspaces(store.read).all()
        self._gone = {each.workspace_id: each.gone_at for each in known if each.gone_at}
        self._on_return: list[Returned] = []

    def on_return(self, do: Returned) -> None:
        """Have `do` done when a workspace is there again."""
        self._on_return.append(do)

    @property
    def gone(self) -> Collection[str]:
        """Where nothing can be said, nor looked up."""
        return self._gone.keys()

    def went(self, workspace_id: str) -> None:
        """The coach was taken out of it: what waits there waits from here on."""
        now = self._clock.now()
        self._store.write(lambda db: Workspaces(db).put(workspace_id, now))
        with self._lock:
            self._gone = {workspace_id: now, **self._gone}

    def is_here(self, workspace_id: str, at: datetime | None = None) -> None:
        """Slack knows the coach there, or somebody there asked it something `at` that moment."""
        gone_at, now = self._gone.get(workspace_id), self._clock.now()
        if gone_at is None or (at and at <= gone_at):
            return

        def work(db: Database) -> None:
            Workspaces(db).is_here(workspace_id)
            for do in self._on_return:
                do(db, workspace_id, now)

        self._store.write(work)
        with self._lock:
            self._gone = {w: at for w, at in self._gone.items() if w != workspace_id}
