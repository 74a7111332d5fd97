"""A coach that can be killed quickly: a process that starts one anew for each line it reads.

It forks after the imports, so that a new coach is up in a tenth of a second. What runs in the
child is the coach as it is: the database, the timer's work, the threads that post.
"""

from __future__ import annotations

import os
import sys
import threading

from bot.clock import SystemClock
from bot.coach import Coach
from bot.coach.house import House
from bot.scheduler import Scheduler
from bot.settings import Settings
from handlers import Bot
from handlers.delivery import Limits

PAUSE_S = 0.02  # instead of a second, so that a short life holds many wakings


def live() -> None:
    """Be a coach until the end."""
    house = House.open(Settings.from_env(os.environ), SystemClock())
    bot = Bot(Coach(house), Scheduler(house.clock), Limits(timeout_s=1, late_s=1))
    pause = threading.Event()
    while True:
        bot.scheduler.wake()
        pause.wait(PAUSE_S)


def main() -> None:
    """For each line of standard input: start a coach, say its process id, wait until it dies."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            live()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main()
