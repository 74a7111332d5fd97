"""The one shape of the database: made in an empty file, found in a ready one, else refused."""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.errors import DATA_WRONG, CoachError

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    from bot.storage.database import sqlite3

VERSION = 1  # raised by whatever changes the tables after a release
OURS = 0x436F6163  # SQLite's `application_id` of our files: "Coac"
FILES = ("schema.sql", "search_index.sql")

_EARLIER = (
    "{path} is of an earlier version of the coach, or of another program, and stays as it is: set"
    " COACH_DB to a new file, or start the version that made it."
)
_NEWER = (
    "{path} is of a newer version of the coach and stays as it is: update the coach, or set"
    " COACH_DB to a new file."
)


class OtherVersion(CoachError):
    """The file is of another version, or of another program; it was left as it is."""

    status = DATA_WRONG


def look_first(path: Path) -> None:
    """Raise `OtherVersion` if the file can't be ours, without writing a byte of it or beside it.

    Opening it as usual would: it turns the log on, and puts a log there back. Whether the file can
    be opened at all is found out then.
    """
    if not path.is_file():
        return
    logged = Path(f"{path}-wal").exists()  # then the file alone is not the whole
    how = "mode=ro" if logged else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)) as conn:
            _standing(conn, path)
    except sqlite3.Error:
        return


def make(conn: sqlite3.Connection, path: Path) -> None:
    """See to it that the tables are there. Safe when several processes start at once."""
    if _standing(conn, path) == "ready":
        return
    conn.execute("BEGIN IMMEDIATE")
    try:
        if _standing(conn, path) == "empty":
            _fill(conn)
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise


def statements(name: str) -> list[str]:
    """The statements of one of `FILES`."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [each for each in text.split(";\n") if each.strip()]


def _standing(conn: sqlite3.Connection, path: Path) -> Literal["ready", "empty"]:
    (whose,) = conn.execute("PRAGMA application_id").fetchone()
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    if (whose, version) == (OURS, VERSION):
        return "ready"
    if not conn.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        return "empty"
    newer = whose == OURS and version > VERSION
    raise OtherVersion((_NEWER if newer else _EARLIER).format(path=path))


def _fill(conn: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # late: 70 ms, and most starts have no use for it

    db = Database(conn, execute_plugins=False)
    for name in FILES:
        for statement in statements(name):  # `executescript` would commit the open transaction
            db.execute(statement)
    db.table("notes").insert({"name": "secret", "value": secrets.token_hex(16)})
    db.execute(f"PRAGMA application_id = {OURS}")
    db.execute(f"PRAGMA user_version = {VERSION}")
