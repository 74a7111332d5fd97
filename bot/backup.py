"""`python -m bot backup FILE`: a checked copy, there wholly or not at all, made while we work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from bot.storage.backup import NotCopied, copy, is_copy


def back_up(db: Path, target: Path, now: datetime) -> int:
    """Copy the database to `target`; returns its size in bytes. Raises `NotCopied`.

    An earlier backup of the same name is replaced once the new one is whole; nothing else is.
    """
    _look_first(db, target)
    with _beside(target) as partial:
        copy(db, partial, now)
        _to_disk(partial)
        os.replace(partial, target)
        _to_disk(target.resolve().parent)
    return target.stat().st_size


def _look_first(db: Path, target: Path) -> None:
    if not db.is_file():
        raise NotCopied(f"There is no database at {db}. Set COACH_DB to where it is.")
    if target.is_dir():
        raise NotCopied(f"{target} is a folder. Name a file in it.")
    if not target.parent.is_dir():
        raise NotCopied(f"The folder {target.parent} does not exist. Make it first.")
    if target.exists() and target.samefile(db):
        raise NotCopied(f"{target} is the database itself. Name another file.")
    if target.exists() and not is_copy(target):
        raise NotCopied(f"{target} is no backup of the coach, so it stays. Name another file.")


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
