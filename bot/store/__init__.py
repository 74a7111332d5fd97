"""The store: every table of the coach, seen through one writer or through a reader of one's own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from bot.store.calls import Calls
from bot.store.daily import DailyTips
from bot.store.debriefs import Debriefs
from bot.store.engine import Engine, NotSaved
from bot.store.hours import HoursKept
from bot.store.huddles import Huddles
from bot.store.inbox import Inbox
from bot.store.library import Shelf
from bot.store.nudges import Nudges
from bot.store.people import People
from bot.store.questions import Questions
from bot.store.records import Records
from bot.store.replies import Replies
from bot.store.rows import Rows
from bot.store.sql import Database
from bot.store.tips import Tips
from bot.store.writing import Writing

__all__ = ["NotSaved", "Store", "Tables"]

T = TypeVar("T")


class Tables:
    """All tables through one connection. They speak our nouns: no row leaves them as a row."""

    def __init__(self, db: Database) -> None:
        self.library = Shelf(db)
        self.people = People(db)
        self.tips = Tips(db)
        self.inbox = Inbox(db)
        self.calls = Calls(db)
        self.huddles = Huddles(db)
        self.nudges = Nudges(db)
        self.hours = HoursKept(db)
        self.daily = DailyTips(db)
        self.debriefs = Debriefs(db)
        self.replies = Replies(db)
        self.questions = Questions(db)
        self.records = Records(db)
        self.writing = Writing(db)
        self.rows = Rows(db)


class Store:
    """One file. `read` from any thread; what is passed to `write` happens wholly or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = Engine(path)

    @property
    def read(self) -> Tables:
        return Tables(self._engine.reader())

    def write(self, work: Callable[[Tables], T]) -> T:
        """Do `work` in one transaction; returns when it is on disk. Raises `NotSaved`."""
        return self._engine.write(lambda db: work(Tables(db)))

    def later(self, work: Callable[[Tables], T]) -> Future[T]:
        """Queue `work`, in order with all other writing, without waiting for the disk."""
        return self._engine.later(lambda db: work(Tables(db)))

    def along(self, work: Callable[[Tables], object]) -> None:
        """Have `work` done in the same commit as whatever is written next, just before it."""
        self._engine.along(lambda db: work(Tables(db)))

    def settle(self) -> None:
        """Write what only goes along, when nothing else was written."""
        self._engine.settle()

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok", or what is wrong."""
        return self._engine.check()

    def compact(self) -> None:
        """Rewrite the file without the bytes of what was deleted. Raises `NotSaved`."""
        self._engine.compact()

    def close(self) -> None:
        self._engine.close()
