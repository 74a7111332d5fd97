"""The store: one writer, and a reader for each thread; tables are made from what it hands out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from bot.storage._engine import Engine
from bot.storage.database import Database, NotSaved

__all__ = ["NotSaved", "Store"]

T = TypeVar("T")


class Store:
    """One file. `read` from any thread; what is passed to `write` happens wholly or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = Engine(path)

    @property
    def read(self) -> Database:
        """This thread's reading connection, for a table: `Calls(store.read)`."""
        return self._engine.reader()

    def write(self, work: Callable[[Database], T]) -> T:
        """Do `work` in one transaction; returns when it is on disk. Raises `NotSaved`."""
        return self._engine.write(work)

    def later(self, work: Callable[[Database], T]) -> Future[T]:
        """Queue `work`, in order with all other writing, without waiting for the disk."""
        return self._engine.later(work)

    def ride_along(self, work: Callable[[Database], object]) -> None:
        """Have `work` done in the same commit as whatever is written next, just before it."""
        self._engine.ride_along(work)

    def flush(self) -> None:
        """Write what only rides along, when nothing else was written."""
        self._engine.flush()

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok", or what is wrong."""
        return self._engine.check()

    def erase_leftovers(self) -> None:
        """Leave no byte of what was deleted on the disk. Raises `NotSaved` if that can't be yet."""
        self._engine.erase_leftovers()

    def close(self) -> None:
        self._engine.close()
