"""A copy of the database while the coach works with it, and the mark by which a copy is known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from bot.errors import CoachError
from bot.storage.database import Database, sqlite3
from bot.storage.notes import Notes

BUSY_S = 60  # nobody waits on Slack here


class NotCopied(CoachError):
    """No copy was made; the sentence says why."""


def back_up(db: Path, target: Path, now: datetime) -> int:
    """Copy the database to `target`; returns its size in bytes. Raises `NotCopied`.

    Nothing is written over, not even an earlier backup.
    """
    _look_first(db, target)
    with _beside(target) as partial:
        _copy(db, partial, now)
        _to_disk(partial)
        os.replace(partial, target)
        _to_disk(target.resolve().parent)
    return target.stat().st_size


def _look_first(db: Path, target: Path) -> None:
    if not db.is_file():
        raise NotCopied(f"There is no database at {db}. Set COACH_DB to where it is.")
    if not target.parent.is_dir():
        raise NotCopied(f"The folder {target.parent} does not exist. Make it first.")
    if target.exists():
        raise NotCopied(f"{target} is there already, so it stays. Name another file, or a folder.")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file in the same folder, for its owner's eyes alone; gone if it was not renamed."""
    try:
        handle, name = mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise NotCopied(f"{target.parent} can't be written: {error.strerror}.") from error
    try:
        yield Path(name)
    except OSError as error:
        raise NotCopied(f"{target} can't be written: {error.strerror}.") from error
    finally:
        for left in (name, f"{name}-journal"):
            Path(left).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(source: Path, target: Path, now: datetime) -> None:
    """Write the database at `source`, as it is now, to the empty file `target`, and check it.

    The coach may be running: this connection only reads, so it never writes back the log. Raises
    `NotCopied`.
    """
    try:
        with closing(sqlite3.connect(_read_only(source), uri=True, timeout=BUSY_S)) as db:
            db.execute("VACUUM INTO ?", [str(target)])
        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            Notes(Database(copied)).mark_copy(now)
            verdict = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise NotCopied(f"No backup was made: {_why(error, source)}") from error
    if verdict != "ok":
        raise NotCopied(f"No backup was made: the copy of {source} is damaged ({verdict}).")


def is_copy(path: Path) -> bool:
    """Whether the file is a copy with which no coach has worked since."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as conn:
            return Notes(Database(conn)).is_copy()
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
