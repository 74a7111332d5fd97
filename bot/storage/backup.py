"""A copy of the database while the coach works with it, and the mark by which a copy is known."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.errors import CoachError
from bot.nudges.table import Nudges
from bot.storage.database import Database, sqlite3

BUSY_S = 60  # nobody waits on Slack here


class NotCopied(CoachError):
    """No copy was made; the sentence says why."""


def copy(source: Path, target: Path, now: datetime) -> None:
    """Write the database at `source`, as it is now, to the empty file `target`, and check it.

    The coach may be running: this connection only reads, so it never writes back the log. Raises
    `NotCopied`.
    """
    try:
        with closing(sqlite3.connect(_read_only(source), uri=True, timeout=BUSY_S)) as db:
            db.execute("VACUUM INTO ?", [str(target)])
        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            Nudges(Database(copied)).mark_copy(now)
            verdict = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise NotCopied(f"No backup was made: {_why(error, source)}") from error
    if verdict != "ok":
        raise NotCopied(f"No backup was made: the copy of {source} is damaged ({verdict}).")


def is_copy(path: Path) -> bool:
    """Whether the file is a copy with which no coach has worked since."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as conn:
            return Nudges(Database(conn)).is_copy()
    except sqlite3.Error:
        return False


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _why(error: Exception, source: Path) -> str:
    said = str(error)
    if "full" in said:
        return "the disk is full."
    if "locked" in said or "busy" in said:
        return f"{source} is busy. Try again in a minute."
    if "malformed" in said or "not a database" in said:
        return f"{source} is no sound database. Run `python -m bot doctor`."
    if "no such table" in said:
        return f"{source} is no database of the coach."
    return f"SQLite says “{said}”."
