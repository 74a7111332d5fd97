"""The timer: it wakes and asks what is due. What is due is a row, never a job of the timer's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from bot.clock.now import Clock

if TYPE_CHECKING:
    from bot.clock._steady_scheduler import SteadyScheduler

log = logging.getLogger(__name__)

MOMENT_S = 0.5  # that a job has to itself: what one brings, the next one sees
THREADS = 16  # more than there are jobs, so that none waits for another

Job = Callable[[], object]


class Scheduler:
    """Runs every job at each waking, and pieces of work that were put off until then.

    Jobs begin in their order, each on a thread of its own, and may wait for Slack: one that is
    still at work after `moment_s` seconds holds up no other, and does not begin again before it is
    over.
    """

    def __init__(self, clock: Clock, moment_s: float = MOMENT_S) -> None:
        self._clock = clock
        self._moment_s = moment_s
        self.woke: float | None = None  # when it last woke, on the monotonic clock
        self._jobs: list[Job] = [self._run_put_off]
        self._at_work: dict[int, Future[None]] = {}
        self._put_off: list[tuple[timedelta, Job]] = []
        self._lock = Lock()
        self._threads = _threads()
        self._timer: SteadyScheduler | None = None

    def each_time(self, job: Job) -> None:
        """Run `job` at each waking. What it raises is logged, and it runs at the next one."""
        self._jobs.append(job)

    def later(self, delay: timedelta, work: Job) -> None:
        """Run `work` once at the first waking after `delay`. It is gone if the coach stops."""
        with self._lock:
            self._put_off.append((self._clock.elapsed() + delay, work))

    def wake(self) -> None:
        """Begin what there is to do now. It is done when this returns, unless it takes long."""
        self.woke = time.monotonic()
        for n, job in enumerate(self._jobs):
            if n not in self._at_work or self._at_work[n].done():
                self._at_work[n] = self._threads.submit(_run, job)
                wait([self._at_work[n]], self._moment_s)

    def start(self) -> None:
        """Wake now and every second. A waking that takes longer is not overtaken by the next."""
        # 40 ms to import, and the door is open by now.
        from bot.clock._steady_scheduler import EachTime, SteadyScheduler

        self._timer = SteadyScheduler(timezone="UTC")
        self._timer.add_job(
            self.wake, EachTime(), max_instances=1, coalesce=True, misfire_grace_time=None
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each late second
        self._timer.start()

    def pause(self) -> None:
        """Wake no more; what is at work goes on."""
        if self._timer is not None:
            self._timer.pause()

    def stop(self) -> None:
        """Wake no more; returns when all that is at work is over. It can be started again."""
        if self._timer is not None:
            self._timer.shutdown(wait=True)
            self._timer = None
        self._threads.shutdown(wait=True)
        self._threads = _threads()

    def _run_put_off(self) -> None:
        for work in self._due():
            _run(work)

    def _due(self) -> list[Job]:
        now = self._clock.elapsed()
        with self._lock:
            due = [work for at, work in self._put_off if at <= now]
            self._put_off = [(at, work) for at, work in self._put_off if at > now]
        return due


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="job")


def _run(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("a job failed")
