"""One connection, and plain statements through it.

What sqlite-utils does for the author of a script costs a coach too much: around each query it sets
a savepoint and lets it go again, for each inserted row it looks the table up, and its import takes
70 ms of a start. So it makes the tables (`bot/storage/_schema.py`), and this works with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    try:  # a newer SQLite than Python's, where somebody installed one: sqlite-utils takes it too
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

Value = str | int | float | bytes | None
Values = Sequence[Any] | Mapping[str, Any]


class Database:
    """A connection without transactions of Python's making; rows come as dictionaries."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        conn.row_factory = sqlite3.Row
        self.conn = conn

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        return self.conn.execute(sql, values)

    def query(self, sql: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """All rows, read at once: half a result would hold the file, even after it is closed."""
        return map(dict, self.conn.execute(sql, values).fetchall())

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
