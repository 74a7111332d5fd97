"""APScheduler, woken each second by the monotonic clock, wherever the wall clock jumps.

By itself it waits for a moment of the wall clock: set back by ten minutes, it runs nothing for ten
minutes; set forward, it counts every run that it missed, one by one, before it makes one of them
(3.11.3: a host that starts in 1970 and is then corrected keeps it busy for half an hour).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

EVERY_S = 1


class EachTime(BaseTrigger):  # type: ignore[misc]
    """Due now, and again `EVERY_S` after each run; what was missed is not made up for."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now + timedelta(seconds=EVERY_S) if previous else now


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]
    """Looks at its jobs every second, and never waits for a moment that was moved away."""

    def _process_jobs(self) -> float | None:
        soon = datetime.now(self.timezone) + timedelta(seconds=EVERY_S)
        for job in self.get_jobs():
            if job.next_run_time and job.next_run_time > soon:
                job.modify(next_run_time=soon - timedelta(seconds=EVERY_S))
        wait_s: float | None = super()._process_jobs()
        return None if wait_s is None else min(wait_s, EVERY_S)
