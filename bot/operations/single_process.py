"""One coach to a database: a second process is told so, and stops."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from bot.errors import BUSY, NO_FOLDER, NO_PLACE, CoachError


class AlreadyRunning(CoachError):
    """Another coach works with this database."""

    status = BUSY


class NoPlace(CoachError):
    """The folder of the database can't be written."""

    status = NO_PLACE


@contextmanager
def only_one(db: Path) -> Iterator[Callable[[], bool]]:
    """Hold the lock beside `db`. It is let go when the process ends, however it ends.

    What it gives tells whether the lock is still the one that another process would meet."""
    with _opened(path := Path(f"{db}.lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"Another coach is already running with {db}. Stop it first, or set COACH_DB to"
                " another file."
            ) from error
        yield partial(_is_there, lock, path)


def _is_there(lock: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except OSError:  # somebody deleted it
        return False


def _opened(path: Path) -> TextIO:
    try:
        return open(path, "w")
    except FileNotFoundError as error:
        raise NoPlace(NO_FOLDER.format(folder=path.parent)) from error
    except OSError as error:
        raise NoPlace(
            f"{path.parent} can't be written ({error.strerror}). Give the coach's user the right"
            " to, or set COACH_DB to another place."
        ) from error
