"""A signal at a random moment of start, renewal, reconnect and work: status 0, and no traceback."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.clock.now import SystemClock
from bot.coach import ROOT
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.soak import Verdict
from tests.support.processes import Process

ENDS_S = 10  # most hosts kill after that
SIGNS = (signal.SIGTERM, signal.SIGINT)
CAUGHT = sum(1 << (sign - 1) for sign in SIGNS)  # as /proc/PID/status writes them


def stopped(tmp_path: Path, stops: int) -> Verdict:
    """So many starts, each stopped at a random moment."""
    dice = random.Random(15)
    wrong: list[str] = []
    moments: Counter[str] = Counter()
    for n in range(stops):
        moment = dice.choice(list(MOMENTS))
        moments[moment] += 1
        trouble = _one(tmp_path, MOMENTS[moment], dice)
        if trouble:
            wrong.append(f"{n} ({moment}): {trouble}")
    for each in wrong:
        print(each, flush=True)
    return Verdict("a signal at any moment", {"stops": stops, **moments}, {"wrong": len(wrong)})


def _one(
    tmp_path: Path, moment: Callable[[FakeSlack, random.Random], None], dice: random.Random
) -> str:
    """Start the coach, bring about the moment, stop it; what was wrong, or ""."""
    with FakeSlack(SystemClock()) as slack:
        slack.courier.patience = 3
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        slack.connect(None)
        coach = Process(slack, tmp_path / "coach.db", "socket")
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "socket"], cwd=ROOT, env=coach.environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            eventually(lambda: _hears(running.pid))
            moment(slack, dice)
            running.send_signal(dice.choice(SIGNS))
            _, said = running.communicate(timeout=ENDS_S)
        except subprocess.TimeoutExpired:
            running.kill()
            return f"not over after {ENDS_S} s: {running.communicate()[1][-300:]}"
        finally:
            slack.faults.release()
            running.kill()
        if running.returncode or "Traceback" in said:
            return f"status {running.returncode}: {said[-600:]}"
    return ""


def _hears(pid: int) -> bool:
    """Whether Python has begun to hear signals: before that, the kernel ends the process."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return int(line.split()[1], 16) & CAUGHT == CAUGHT
    return False


def _start(slack: FakeSlack, dice: random.Random) -> None:
    time.sleep(dice.uniform(0, 2))


def _first_link(slack: FakeSlack, dice: random.Random) -> None:
    """While the first link is asked for, refused for a while, or not greeted."""
    slack.sockets.greets = dice.random() < 0.5
    slack.fail("apps.connections.open", dice.choice(["429", "500", "hang", "reset"]), seconds=30,
               retry_after=30)  # fmt: skip
    eventually(lambda: any(each.name == "auth.test" for each in slack.log))
    time.sleep(dice.uniform(0, 0.5))


def _renewal(slack: FakeSlack, dice: random.Random) -> None:
    eventually(lambda: slack.sockets.listening("xapp-T1"))
    slack.disconnect(dice.choice(["warning", "refresh_requested"]), dice.choice([0, 10]))
    time.sleep(dice.uniform(0, 0.2))


def _reconnect(slack: FakeSlack, dice: random.Random) -> None:
    """The link is gone, and Slack is slow, down or asks to wait."""
    eventually(lambda: slack.sockets.listening("xapp-T1"))
    slack.fail("apps.connections.open", dice.choice(["hang", "500", "429", "slow"]), 3, seconds=30,
               retry_after=30)  # fmt: skip
    slack.sockets.greets = dice.random() < 0.5
    slack.disconnect()
    time.sleep(dice.uniform(0, 1))


def _work(slack: FakeSlack, dice: random.Random) -> None:
    eventually(lambda: slack.sockets.listening("xapp-T1"))

    def type_away() -> None:
        with suppress(Exception):  # it stops under these hands
            for words in ("/tip angry client", "/coach status", "/huddle Acme 3pm"):
                name, _, text = words.partition(" ")
                slack.command("U1", "C1", name, text)

    threading.Thread(target=type_away, daemon=True).start()
    time.sleep(dice.uniform(0, 0.5))


MOMENTS: dict[str, Callable[[FakeSlack, random.Random], None]] = {
    "start": _start,
    "first link": _first_link,
    "renewal": _renewal,
    "reconnect": _reconnect,
    "work": _work,
}
