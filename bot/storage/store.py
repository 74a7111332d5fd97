"""The store: every table of the coach, seen through one writer or through a reader of one's own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from bot.calls.table import Calls
from bot.daily_tips.table import DailyTips
from bot.debriefs.replies_table import Replies
from bot.debriefs.table import Debriefs
from bot.huddles.table import Huddles
from bot.inbox.event import Inbox
from bot.library.table import Shelf
from bot.model.budget_table import Writing
from bot.nudges.hours_table import HoursKept
from bot.nudges.table import Nudges
from bot.people.table import People
from bot.questions.table import Questions
from bot.records.table import Records
from bot.storage.database import Database
from bot.storage.engine import Engine, NotSaved
from bot.storage.raw_rows import Rows
from bot.tips.table import Tips

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
