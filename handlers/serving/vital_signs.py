"""Whether the coach is alive and ready, in fixed sentences that hold nobody's words."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooSlow
from threading import Lock

from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.errors import CoachError
from bot.storage.notes import Notes

STILL_S = 60  # a timer that wakes each second and has not for so long does not wake any more
ASKED_AGAIN_S = 5  # the file is written at most so often, however often it is asked for
WRITTEN_S = 2  # Slack waits three seconds for what is written

TIMER = "the timer has not woken for a minute"
DOOR = "there is no link to Slack"
DATABASE = "the database can't be written"
LOCK = "the lock beside the database is gone"
STOPPING = "the coach is stopping"


class VitalSigns:
    """`door` tells for how many seconds Slack has been able to reach us, None if it can't."""

    def __init__(self, coach: Coach, scheduler: Scheduler, holds_lock: Callable[[], bool]) -> None:
        self.coach, self._scheduler, self._holds_lock = coach, scheduler, holds_lock
        self.door: Callable[[], float | None] = _closed
        self.stopping = False
        self._began = time.monotonic()
        self._asking = Lock()
        self._written: tuple[float, bool] | None = (
            None  # when it was tried last, and whether it did
        )

    def is_open_from_now(self) -> None:
        """The door is ours, and open from this moment on."""
        since = time.monotonic()
        self.door = lambda: time.monotonic() - since

    @property
    def waking_s(self) -> float:
        """Seconds since the timer last woke; before the first time, since the start."""
        return time.monotonic() - (self._scheduler.woke or self._began)

    def unwell(self) -> list[str]:
        """What only a new start mends."""
        return [TIMER] if self.waking_s > STILL_S and not self.stopping else []

    def unready(self) -> list[str]:
        """Why nobody should rely on the coach now."""
        signs = {
            STOPPING: self.stopping,
            DOOR: self.door() is None,
            DATABASE: not self._writes(),
            LOCK: not self._holds_lock(),
        }
        return [sentence for sentence, shown in signs.items() if shown] + self.unwell()

    def _writes(self) -> bool:
        with self._asking:
            tried = self._written
            if tried is None or time.monotonic() - tried[0] > ASKED_AGAIN_S:
                tried = self._written = (time.monotonic(), self._write())
            return tried[1]

    def _write(self) -> bool:
        """A full disk shows only where something is written."""
        now = self.coach.now()
        try:
            self.coach.store.later(lambda db: Notes(db).put("looked", now)).result(WRITTEN_S)
        except (CoachError, TooSlow):
            return False
        return True


def _closed() -> None:
    """Nobody has opened it yet."""
