"""The coach as an admin runs it, for tests that stop it, kill it or take its disk away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.coach import ROOT
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.hours_table import HoursKept
from bot.outbox.manners import RepHours
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually

T = TypeVar("T")
ALWAYS = RepHours(working_days=frozenset(range(7)), start=time(0), end=time(0))


class Process:
    """`python -m bot http` or `socket`, ready for Slack when `start` returns."""

    def __init__(
        self,
        slack: FakeSlack,
        db: Path,
        door: str = "http",
        first: str = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        """`more` are settings beyond those of `environment`."""
        self.slack, self.db, self.door, self._more = slack, db, door, more or {}
        self._first = first  # Python to run before the coach, in its process
        self._running: subprocess.Popen[bytes] | None = None
        self._port = free_port()

    @property
    def pid(self) -> int:
        assert self._running
        return self._running.pid

    def start(self) -> None:
        with open(f"{self.db}.log", "a") as log:
            self._running = subprocess.Popen(
                [*self._words(), self.door], cwd=ROOT, env=self.environment(),
                stdout=log, stderr=log,
            )  # fmt: skip
        if self.door == "http":
            self.slack.connect(f"http://127.0.0.1:{self._port}{SLACK_PATH}")
        eventually(self._open)

    def run_to_the_end(self) -> subprocess.CompletedProcess[str]:
        """A start that is to be refused; what it said."""
        return subprocess.run(
            [*self._words(), self.door], cwd=ROOT, env=self.environment(),
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def _words(self) -> list[str]:
        begins = f"{self._first}\nimport sys\nfrom bot.__main__ import main\n"
        return [sys.executable, "-c", f"{begins}sys.exit(main(sys.argv[1:]))"]

    def ask_to_stop(self) -> None:
        """Ask it, as a host does, and wait until it takes in no more."""
        assert self._running
        self._running.send_signal(signal.SIGTERM)
        eventually(lambda: not self._open())

    def stop(self) -> int:
        """Ask it to stop; its exit code. Hosts kill after ten seconds."""
        assert self._running
        self._running.send_signal(signal.SIGTERM)
        return self._running.wait(10)

    def _open(self) -> bool:
        if self.door == "http":
            return listens(self._port)
        return self.slack.sockets.listening("xapp-T1")

    def kill(self) -> None:
        if self._running:
            self._running.kill()
            self._running.wait()

    def environment(self) -> dict[str, str]:
        ours = ("SLACK_", "COACH_", "OPENAI")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return kept | {
            "SLACK_BOT_TOKEN": "xoxb-T1",
            "SLACK_APP_TOKEN": "xapp-T1",
            "SLACK_SIGNING_SECRET": "secret",
            "SLACK_API_URL": self.slack.api_url,
            "COACH_DB": str(self.db),
            "COACH_EMBED_MODEL": "none",  # loaded where it is tested
            "PORT": str(self._port),
            **self._more,
        }


def plan(db: Path, people: list[str], account: str = "Acme") -> list[Call]:
    """A call of each of them that ended half an hour ago, and its nudge, in the file itself."""
    now = datetime.now(UTC)
    ends = now - timedelta(minutes=30)

    def work(db: Database) -> list[Call]:
        calls = []
        for person in people:
            rep = Rep("T1", person)
            People(db).greet(rep, now)
            HoursKept(db).put(rep, ALWAYS)
            call = Calls(db).add(rep, account, ends - timedelta(hours=1), ends, "", "", None, now)
            FollowUps(db).plan_debrief(call, timedelta(minutes=10))
            calls.append(call)
        return calls

    return with_store(db, lambda store: store.write(work))


def with_store(db: Path, use: Callable[[Store], T]) -> T:
    store = Store(db)
    try:
        return use(store)
    finally:
        store.close()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return int(held.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
