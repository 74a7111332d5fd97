"""Acks while Slack asks for new links, beside the same load while it does not."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

from bot.clock.now import SystemClock
from handlers.trial.small_slack.courier import Delivery
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.soak import Verdict
from tests.support.processes import Process

PEOPLE = [f"U{n}" for n in range(1, 9)]
TURN_S = 10  # of each kind, one after the other, so that the machine's moods meet both
OLD_S = 10  # as long as Slack leaves an old link open
PAUSE_S = 0.02  # between two commands of one person


def renewed(tmp_path: Path, renewals: int, turn_s: float = TURN_S) -> Verdict:
    """So many renewals under load: none lost, and p99 of the acks at most twice as long."""
    with FakeSlack(SystemClock()) as slack:
        for person in PEOPLE:
            slack.add_user(person, person, tz="UTC")
        slack.add_channel("C1", "deals", members=PEOPLE)
        slack.connect(None)
        coach = Process(slack, tmp_path / "coach.db", "socket")
        coach.start()
        try:
            calm, moved, done = _compare(slack, renewals, turn_s)
        finally:
            status = coach.stop()
    lost = [each for each in (*calm, *moved) if each.error]
    usual, worst = _p99(calm), _p99(moved)
    return Verdict(
        "a new link costs nobody an answer",
        {
            "renewals": done,
            "commands": f"{len(calm)} + {len(moved)}",
            "p99 without, ms": f"{usual:.0f}",
            "p99 with, ms": f"{worst:.0f}",
        },
        {"lost": len(lost), "p99 over twice": int(worst > 2 * usual), "status": status},
    )


def _compare(
    slack: FakeSlack, renewals: int, turn_s: float
) -> tuple[list[Delivery], list[Delivery], int]:
    _turn(slack, 1)  # what is read at the first use is read
    before = slack.sockets.opened
    calm: list[Delivery] = []
    moved: list[Delivery] = []
    while (done := slack.sockets.opened - before) < renewals:
        calm += _turn(slack, turn_s)
        over = threading.Event()
        asks = threading.Thread(target=_ask, args=(slack, over, renewals - done))
        asks.start()
        moved += _turn(slack, turn_s)
        over.set()
        asks.join()
    return calm, moved, done


def _ask(slack: FakeSlack, over: threading.Event, most: int) -> None:
    """Ask for a new link, now with a warning and now without, each time the last one is there."""
    for n in range(most):
        opened = slack.sockets.opened
        slack.disconnect("warning" if n % 2 else "refresh_requested", OLD_S)
        eventually(lambda: slack.sockets.opened > opened)  # noqa: B023
        if over.wait(0.2):
            return


def _turn(slack: FakeSlack, seconds: float) -> list[Delivery]:
    ends = time.monotonic() + seconds

    def work(person: str) -> list[Delivery]:
        said = []
        while time.monotonic() < ends:
            said.append(slack.command(person, "C1", "/coach", "help"))
            time.sleep(PAUSE_S)
        return said

    with ThreadPoolExecutor(len(PEOPLE)) as crowd:
        return [each for said in crowd.map(work, PEOPLE) for each in said]


def _p99(said: list[Delivery]) -> float:
    return quantiles([each.ms for each in said], n=100)[98]
