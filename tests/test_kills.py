"""Killed at any moment, with a Slack that fails as well: nothing is lost, nothing said twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.nudges import RepHours
from bot.reps import Rep
from bot.store import Store, Tables
from handlers.trial.slack import FakeSlack

ROOT = Path(__file__).parents[1]
ALWAYS = RepHours(working_days=frozenset(range(7)), start=time(0), end=time(0))
FAULTS = ("slow", "slow", "reset_after_accept", "reset", "500", "late", "slow")


def test_twenty_kills_lose_no_nudge_and_say_none_twice(tmp_path: Path) -> None:
    torture(tmp_path, kills=20, reps=40, seed=1)


def torture(tmp_path: Path, kills: int, reps: int, seed: int) -> None:
    """Plan one nudge for each rep, kill the coach again and again, let the last one finish."""
    chance = random.Random(seed)
    db = tmp_path / "coach.db"
    people = [f"U{n:03}" for n in range(reps)]
    with FakeSlack(SystemClock()) as slack:
        for person in people:
            slack.add_user(person, f"rep {person}", tz="UTC")
        _plan(db, people, over=timedelta(seconds=0.35 * kills), chance=chance)
        with _lives(db, slack) as lives:
            for _ in range(kills):
                for fault in chance.sample(FAULTS, 1):
                    slack.fail("chat.postMessage", fault, seconds=chance.uniform(0.02, 0.4))
                lives.begin()
                _pause(chance.uniform(0.05, 0.6))
                lives.end()
            lives.begin()
            _until_quiet(db, timedelta(seconds=60 + kills))
        heard = Counter({person: len(slack.messages(slack.dm(person))) for person in people})
    assert {person: n for person, n in heard.items() if n != 1} == {}, "0 lost, 0 twice"


def _plan(db: Path, people: list[str], over: timedelta, chance: random.Random) -> None:
    store = Store(db)
    now = datetime.now(UTC)

    def work(t: Tables) -> None:
        for person in people:
            rep = Rep("T1", person)
            t.hours.put(rep, ALWAYS)
            due = now + chance.random() * over
            ends = due - timedelta(minutes=10)
            call = t.calls.add(rep, "Acme", ends - timedelta(minutes=30), ends, "", "", None, now)
            t.nudges.plan_debrief(call, timedelta(minutes=10), now)

    store.write(work)
    store.close()


def _until_quiet(db: Path, patience: timedelta) -> None:
    """Wait until nothing is due or under way any more."""
    store = Store(db)
    try:
        for _ in range(int(patience / timedelta(seconds=0.1))):
            t, now = store.read, datetime.now(UTC)
            if not t.nudges.places_due(now, 1) and not t.nudges.under_way(now):
                return
            _pause(0.1)
        raise AssertionError("some nudges were never decided")
    finally:
        store.close()


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


class _Lives:
    """One coach at a time, each as mortal as the last."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._child: int | None = None

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

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def _lives(db: Path, slack: FakeSlack) -> Iterator[_Lives]:
    env = {**os.environ, "COACH_DB": str(db), "SLACK_API_URL": slack.api_url}
    env |= {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.killable"], cwd=ROOT, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        lives = _Lives(process)
        try:
            yield lives
        finally:
            lives.end()
            assert process.stdin
            process.stdin.close()
