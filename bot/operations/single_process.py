"""One coach to a database: a second process is told so, and stops."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import NO_FOLDER, CoachError


class AlreadyRunning(CoachError):
    """Another coach works with this database."""


class NoPlace(CoachError):
    """The folder of the database can't be written."""


@contextmanager
def only_one(db: Path) -> Iterator[None]:
    """Hold the lock beside `db`. It is let go when the process ends, however it ends."""
    with _opened(Path(f"{db}.lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"Another coach is already running with {db}. Stop it first, or set COACH_DB to"
                " another file."
            ) from error
        yield


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
