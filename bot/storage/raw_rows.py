"""Every table as it stands, for whoever wants to see what is kept."""

from __future__ import annotations

from bot.storage.database import Database

CELL = 400  # characters of a value that are shown


class Rows:
    """The only shelf that gives out rows as rows: nobody but a reader works with them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def tables(self) -> list[str]:
        """Ours: not SQLite's own, nor the insides of a search index."""
        listed = self._db.query(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite%' ORDER BY name"
        )
        return [str(row["name"]) for row in listed]

    def count(self, table: str) -> int:
        return int(self._db.value(f"SELECT count(*) FROM [{self._known(table)}]"))

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
