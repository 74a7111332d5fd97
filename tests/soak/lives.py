"""A coach that can be killed a thousand times: a process that forks one anew when it is told to.

It forks after the imports, so that a life begins in a tenth of a second. What runs in the child is
the coach as it is, with three constants of its driver: it wakes every 20 ms instead of every
second, a request to Slack is given up after one second and can't land after another, and its
library has five posts, which are read in no time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
from bot.coach import ROOT, Coach
from bot.settings import Settings
from handlers.app import Bot
from handlers.outbox.delivery import Limits
from handlers.serving.http_server import WebServer
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.processes import free_port

PAUSE_S = 0.02
SETTLES = Limits(timeout_s=1, late_s=1)


def live() -> None:
    """Be a coach, with a door for Slack, until the end."""
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    settings = Settings.from_env(os.environ)
    coach = Coach(settings, SystemClock(), cards=few(settings.db.parent / "posts"))
    bot = Bot(coach, Scheduler(coach.clock), SETTLES)
    web = SlackRequestHandler(bot.app, path=SLACK_PATH)
    WebServer(web, "127.0.0.1", settings.port, threads=20).start()
    pause = threading.Event()
    while True:
        bot.scheduler.wake()
        pause.wait(PAUSE_S)


def few(folder: Path) -> Path:
    """The folder, with a few cards of the library in it."""
    if not folder.exists():
        folder.mkdir()
        for card in sorted((ROOT / "posts").glob("*.md"))[:5]:
            shutil.copy(card, folder)
    return folder


def main() -> None:
    """For each line of standard input: start a coach, say its process id, wait until it dies."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            live()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


class Lives:
    """One coach at a time, each as mortal as the last."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._child: int | None = None
        self.ended = 0

    def begin(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        self._child = int(self._line())

    def end(self) -> None:
        """Kill it, as a power cut would."""
        if self._child is not None:
            os.kill(self._child, signal.SIGKILL)
            self._child = None
            assert self._line() == "dead"
            self.ended += 1

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def lives(db: Path, slack: FakeSlack) -> Iterator[Lives]:
    """Coaches on `db`, whom `slack` reaches at one address."""
    port = free_port()
    slack.connect(f"http://127.0.0.1:{port}{SLACK_PATH}")
    env = {**os.environ, "COACH_DB": str(db), "SLACK_API_URL": slack.api_url, "PORT": str(port)}
    env |= {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
    env |= {"COACH_EMBED_MODEL": "none"}
    with open(f"{db}.log", "w") as log, subprocess.Popen(
        [sys.executable, "-m", "tests.soak.lives"], cwd=ROOT, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
    ) as process:  # fmt: skip
        coaches = Lives(process)
        try:
            yield coaches
        finally:
            coaches.end()
            assert process.stdin
            process.stdin.close()


def until(check: Callable[[], bool], seconds: float) -> bool:
    """Whether `check` came true in time."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if check():
            return True
        pause.wait(0.1)
    return check()


if __name__ == "__main__":
    main()
