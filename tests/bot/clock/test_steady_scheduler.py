"""Whatever a host does to its clock, the coach goes on waking."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import ROOT

# The process's own wall clock is set, as a host does it: `time.time` and `datetime.now` alike.
JUMPS = """
import time, datetime as module, threading
from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
off, real = 0.0, module.datetime

class Jumping(real):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + module.timedelta(seconds=off)

module.datetime = Jumping
scheduler, woken = Scheduler(SystemClock()), threading.Semaphore(0)
scheduler.each_time(woken.release)
scheduler.start()
for _ in range(2):
    assert woken.acquire(timeout=20)
off = {off}
for _ in range(3):
    assert woken.acquire(timeout=20), "it sleeps until the moment that it knew before"
scheduler.stop()
"""


@pytest.mark.parametrize("minutes", [-600, -10, -1, 1, 10, 60 * 24 * 365 * 56])
def test_a_clock_that_is_set_stops_nothing_timed(minutes: int) -> None:
    program = JUMPS.replace("{off}", str(minutes * 60))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("minutes", [-30, 30])
def test_what_was_put_off_is_done_after_its_delay_whatever_the_wall_clock_says(
    minutes: int,
) -> None:
    clock, done = HandClock(datetime(2026, 11, 23, 9, tzinfo=UTC)), []
    scheduler = Scheduler(clock, moment_s=20)
    scheduler.later(timedelta(seconds=5), lambda: done.append(1))
    clock.correct(minutes=minutes)
    scheduler.wake()
    assert not done
    clock.forward(seconds=6)
    scheduler.wake()
    assert done
    scheduler.stop()
