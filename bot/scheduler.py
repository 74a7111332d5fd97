"""The timer: it wakes and asks what is due. What is due is a row, never a job of the timer's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import Clock

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

EVERY_S = 1

Job = Callable[[], object]


class Scheduler:
    """Runs every job at each waking, and pieces of work that were put off until then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: list[Job] = []
        self._put_off: list[tuple[datetime, Job]] = []
        self._lock = threading.Lock()
        self._timer: BackgroundScheduler | None = None

    def each_time(self, job: Job) -> None:
        """Run `job` at each waking. What it raises is logged, and the next one runs."""
        self._jobs.append(job)

    def later(self, delay: timedelta, work: Job) -> None:
        """Run `work` once at the first waking after `delay`. It is gone if the coach stops."""
        with self._lock:
            self._put_off.append((self._clock.now() + delay, work))

    def wake(self) -> None:
        """Run what there is to run now."""
        for job in (*self._due(), *self._jobs):
            try:
                job()
            except Exception:
                log.exception("a job failed")

    def start(self) -> None:
        """Wake now and every second. A waking that takes longer is not overtaken by the next."""
        # 40 ms to import, and the door is open by now.
        from apscheduler.schedulers.background import BackgroundScheduler

        self._timer = BackgroundScheduler(timezone="UTC")
        self._timer.add_job(
            self.wake, "interval", seconds=EVERY_S, max_instances=1, coalesce=True,
            misfire_grace_time=None, next_run_time=datetime.now(UTC),
        )  # fmt: skip
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each late second
        self._timer.start()

    def pause(self) -> None:
        """Wake no more; a waking under way goes on."""
        if self._timer is not None:
            self._timer.pause()

    def stop(self) -> None:
        """Wake no more; returns when a waking under way is over."""
        if self._timer is not None:
            self._timer.shutdown(wait=True)
            self._timer = None

    def _due(self) -> list[Job]:
        now = self._clock.now()
        with self._lock:
            due = [work for at, work in self._put_off if at <= now]
            self._put_off = [(at, work) for at, work in self._put_off if at > now]
        return due
