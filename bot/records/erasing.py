"""Deleting all that is a workspace's: some time after the coach was taken out of it, or at once.

As `forgetting.py` does it: begun in one transaction, and done a few rows at a time, even after a
kill. What comes after it began stays: the workspace may have the coach back by then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.audit.table import Audit
from bot.clock.now import Clock
from bot.errors import CoachError
from bot.people.workspaces import Gone, Workspaces
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)

AT_A_TIME = 100  # rows: see `forgetting.py`
_OWN = "gone_workspaces"  # goes when all of it is done

# The accounts of a workspace of which nothing may be deleted now.
Held = Callable[[str], Sequence[str]]


class OnHold(CoachError):
    """A workspace can't be erased while one of its accounts is on hold."""


class EraseService:
    """Deletes what is a workspace's, once it is gone for `after`."""

    def __init__(
        self, store: Store, clock: Clock, after: timedelta, held: Held = lambda _: ()
    ) -> None:
        self._store, self._clock, self._after, self._held = store, clock, after, held
        self._one_at_a_time = threading.Lock()

    def workspaces(self) -> list[str]:
        """All that any row names, but for the audit log."""
        db = self._store.read
        named = {row[0] for table in _tables(db) for row in _named(db, table) if table != "audit"}
        return sorted(named - {""})

    def counts(self, workspace_id: str) -> Mapping[str, int]:
        """How many rows of each table are the workspace's; those of which there are none left
        out."""
        db = self._store.read
        found = {
            table: db.value(
                f"SELECT count(*) FROM [{table}] WHERE workspace_id = ?", [workspace_id]
            )
            for table in _tables(db)
        }
        return {table: count for table, count in found.items() if count}

    def begin(self, workspace_id: str) -> None:
        """From here on it will be done. Raises `OnHold` and `NotSaved`."""
        if accounts := self._held(workspace_id):
            raise OnHold(
                f"On hold in {workspace_id}: {', '.join(accounts)}. A manager ends a hold with"
                " `/coach hold ACCOUNT off`. Nothing was deleted."
            )
        now = self._clock.now()
        rows = sum(self.counts(workspace_id).values())
        self._store.write(lambda db: _begin(db, workspace_id, rows, now))

    def finish(self, wait: bool = True) -> bool:
        """Delete the rows of each workspace that is gone for long enough, or is to be erased, and
        then each byte of them on the disk. Cheap to call often.

        What can't be done now is done at a later call. False if rows are still to be deleted.
        """
        if not self._one_at_a_time.acquire(blocking=wait):
            return False
        try:
            self._begin_due()
            begun = [g for g in Workspaces(self._store.read).all() if g.erasing is not None]
            for gone in begun:
                self._delete(gone)
            if begun:
                self._store.erase_leftovers()
            for gone in begun:
                self._store.write(partial(_end, workspace_id=gone.workspace_id))
        except NotSaved:
            log.warning("a workspace could not be erased yet")
            return False
        finally:
            self._one_at_a_time.release()
        return True

    def _begin_due(self) -> None:
        before = self._clock.now() - self._after
        for gone in Workspaces(self._store.read).all():
            due = gone.erasing is None and gone.gone_at is not None and gone.gone_at <= before
            if due and not self._held(gone.workspace_id):
                self.begin(gone.workspace_id)

    def _delete(self, gone: Gone) -> None:
        """Table by table, those first whose rows refer to others. The last rows of a table and the
        word that it is done are one transaction."""
        left = dict(gone.erasing or {})
        for table in [*left]:
            rows = _rows(self._store.read, table, gone.workspace_id, left.pop(table))
            while len(rows) > AT_A_TIME:
                self._store.write(partial(_delete_rows, table=table, rows=rows[:AT_A_TIME]))
                rows = rows[AT_A_TIME:]
            self._store.write(
                partial(_done, table=table, rows=rows, of=gone.workspace_id, left=dict(left))
            )


def _begin(db: Database, workspace_id: str, rows: int, now: datetime) -> None:
    """What waits is not said any more; the one line that tells of it is written after the others
    were counted, and stays."""
    db.execute(
        "DELETE FROM outbox WHERE workspace_id = ? AND state IN ('pending', 'sending', 'unknown')",
        [workspace_id],
    )
    last = {
        table: db.value(f"SELECT coalesce(max(rowid), 0) FROM [{table}]") for table in _tables(db)
    }
    Workspaces(db).set_erasing(workspace_id, last)
    Audit(db).put(None, "erase", now, f"rows={rows}", place=workspace_id)


def _done(db: Database, table: str, rows: Sequence[int], of: str, left: Mapping[str, int]) -> None:
    _delete_rows(db, table, rows)
    Workspaces(db).set_erasing(of, left)


def _delete_rows(db: Database, table: str, rows: Sequence[int]) -> None:
    db.execute(f"DELETE FROM [{table}] WHERE rowid IN ({', '.join(map(str, rows))})")


def _end(db: Database, workspace_id: str) -> None:
    Workspaces(db).erased(workspace_id)


def _rows(db: Database, table: str, workspace_id: str, last: int) -> list[int]:
    found = db.rows(
        f"SELECT rowid FROM [{table}] WHERE workspace_id = ? AND rowid <= ? ORDER BY 1",
        [workspace_id, last],
    )
    return [row[0] for row in found]


def _named(db: Database, table: str) -> list[tuple[str]]:
    return [tuple(r) for r in db.rows(f"SELECT DISTINCT workspace_id FROM [{table}]")]


def _tables(db: Database) -> list[str]:
    """Every table that names a workspace, found in the file; those that refer to another first, so
    that no deletion drags thousands of rows of another table with it."""
    found = [row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    named = [name for name in sorted(found) if name != _OWN and _names_a_workspace(db, name)]
    ordered: list[str] = []
    while named:
        pointed = {to for name in named for to in _refers_to(db, name) if to != name}
        free = [name for name in named if name not in pointed] or named
        ordered += free
        named = [name for name in named if name not in free]
    return ordered


def _names_a_workspace(db: Database, table: str) -> bool:
    columns = db.rows("SELECT name FROM pragma_table_info(?)", [table])
    return any(column[0] == "workspace_id" for column in columns)


def _refers_to(db: Database, table: str) -> set[str]:
    return {row[0] for row in db.rows('SELECT "table" FROM pragma_foreign_key_list(?)', [table])}
