"""One connection, and plain statements through it.

What sqlite-utils does for the author of a script costs a coach too much: around each query it sets
a savepoint and lets it go again, for each inserted row it looks the table up, and its import takes
70 ms of a start. So it makes the tables (`bot/storage/_schema.py`), and this works with them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from bot.errors import DISK_TROUBLE, CoachError

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    try:  # a newer SQLite than Python's, where somebody installed one: sqlite-utils takes it too
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

Value = str | int | float | bytes | None
Values = Sequence[Any] | Mapping[str, Any]


class NotSaved(CoachError):
    """The file could not be written: busy, full, read-only or broken. Nothing was saved."""

    def __init__(self, sentence: str, status: int = DISK_TROUBLE) -> None:
        super().__init__(sentence)
        self.status = status


STOPPING = "The coach is stopping. Nothing was saved; try again in a minute."


class Database:
    """A connection without transactions of Python's making; rows come as dictionaries.

    One thread works with it, and another may close it: whoever reads is read to the end first, for
    a connection that is closed under a running statement takes the process with it.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        conn.row_factory = sqlite3.Row
        self.conn = conn
        self._in_use = threading.Lock()
        self._closed = False

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """For what changes rows, or the connection; what is read comes from the three below."""
        return self.conn.execute(sql, values)

    def query(self, sql: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """All rows, read at once: half a result would hold the file, even after it is closed.

        Raises `NotSaved` once the connection is closed.
        """
        return map(dict, self.rows(sql, values))

    def rows(self, sql: str, values: Values = ()) -> list[sqlite3.Row]:
        """The same, as SQLite's own rows: by position, or by the column's name."""
        with self._in_use:
            if self._closed:
                raise NotSaved(STOPPING)
            return self.conn.execute(sql, values).fetchall()

    def one(self, sql: str, values: Values = ()) -> sqlite3.Row | None:
        """The first row, if there is any."""
        return next(iter(self.rows(sql, values)), None)

    def value(self, sql: str, values: Values = ()) -> Any:
        """What stands first in the first row; there must be one."""
        return self.rows(sql, values)[0][0]

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All of it or nothing, inside the open transaction."""
        self.conn.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.conn.in_transaction:  # else the trouble has undone all of it
                self.conn.execute("ROLLBACK TO part")
                self.conn.execute("RELEASE part")
            raise
        self.conn.execute("RELEASE part")

    def close(self) -> None:
        """May be called from any thread; waits for the statement that is being read."""
        with self._in_use:
            self._closed = True
            self.conn.close()


def insert(db: Database, table: str, row: Mapping[str, Value], or_replace: bool = False) -> int:
    """Insert one row and return its rowid. Names come from our code, values from anywhere."""
    verb = "INSERT OR REPLACE" if or_replace else "INSERT"
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    done = db.execute(f"{verb} INTO {table} ({columns}) VALUES ({marks})", [*row.values()])
    return cast(int, done.lastrowid)


def update(db: Database, table: str, id: int, changes: Mapping[str, Value], by: str = "id") -> None:
    """Change one row by its id."""
    to = ", ".join(f"{column} = ?" for column in changes)
    db.execute(f"UPDATE {table} SET {to} WHERE {by} = ?", [*changes.values(), id])
