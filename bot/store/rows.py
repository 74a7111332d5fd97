"""Every table as it stands, for whoever wants to see what is kept."""

from __future__ import annotations

from sqlite_utils import Database

CELL = 400  # characters of a value that are shown
# Of SQLite itself, of the migrations, and of the search index.
_INNER = ("sqlite_", "_sqlite", "documents", "asks", "ask_terms", "synonyms")


class Rows:
    """The only shelf that gives out rows as rows: nobody but a reader works with them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def tables(self) -> list[str]:
        return [name for name in self._db.table_names() if not name.startswith(_INNER)]

    def count(self, table: str) -> int:
        return int(self._db.table(self._known(table)).count)

    def newest(self, table: str, limit: int) -> list[dict[str, str | int | float | None]]:
        """The newest rows first, long values clipped."""
        rows = self._db.query(
            f"SELECT * FROM [{self._known(table)}] ORDER BY rowid DESC LIMIT ?", [limit]
        )
        return [{column: _short(value) for column, value in row.items()} for row in rows]

    def _known(self, table: str) -> str:
        if table not in self.tables():
            raise ValueError("there is no such table")
        return table


def _short(value: object) -> str | int | float | None:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, str):
        return value if len(value) <= CELL else value[: CELL - 1] + "…"
    return value if isinstance(value, int | float) else None
