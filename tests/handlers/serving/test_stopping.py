"""A signal: what is under way is finished within ten seconds, and nothing new begins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock.now import SystemClock
from bot.coach import ROOT
from bot.outbox.table import Outbox
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.processes import Process, plan, with_store

both_doors = pytest.mark.parametrize("coach", ["socket", "http"], indirect=True)
PEOPLE = [f"U{n}" for n in range(1, 13)]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(SystemClock()) as slack:
        for person in PEOPLE:
            slack.add_user(person, f"rep {person}", tz="UTC")
        slack.add_channel("C1", "deals", members=PEOPLE)
        yield slack


@pytest.fixture
def coach(request: pytest.FixtureRequest, slack: FakeSlack, db: Path) -> Iterator[Process]:
    process = Process(slack, db, getattr(request, "param", "http"))
    yield process
    process.kill()


def under_way(slack: FakeSlack, method: str) -> None:
    """Wait until Slack has begun to answer the call that it answers slowly."""
    eventually(lambda: not slack.faults.waiting(method))


def said(slack: FakeSlack) -> dict[str, int]:
    return {person: len(slack.messages(slack.dm(person))) for person in PEOPLE}


def state(db: Path) -> list[str]:
    def read(store):  # type: ignore[no-untyped-def]
        found = [Outbox(store.read).by_id(n) for n in range(1, 200)]
        return sorted(nudge.state for nudge in found if nudge and nudge.nth == 1)

    return with_store(db, read)


@both_doors
def test_an_answer_that_slack_takes_slowly_still_arrives(
    slack: FakeSlack, coach: Process, db: Path
) -> None:
    plan(db, ["U1"])
    coach.start()
    eventually(lambda: said(slack)["U1"])
    slack.fail("response_url", "slow", seconds=8)
    assert slack.command("U1", "C1", "/tip", "angry client complains").error is None
    under_way(slack, "response_url")
    coach.ask_to_stop()
    slack.release()
    assert coach.stop() == 0
    assert len([m for m in slack.ephemerals("U1") if "Our note on" in m.plain]) == 1


def test_a_nudge_under_way_is_finished_and_the_others_wait_for_the_next_start(
    slack: FakeSlack, coach: Process, db: Path
) -> None:
    plan(db, PEOPLE)
    slack.fail("chat.postMessage", "slow", times=4, seconds=8)
    coach.start()
    under_way(slack, "chat.postMessage")
    coach.ask_to_stop()
    slack.release()
    assert coach.stop() == 0
    begun = sum(said(slack).values())
    assert 0 < begun < len(PEOPLE)
    assert state(db) == ["pending"] * (len(PEOPLE) - begun) + ["sent"] * begun
    coach.start()
    eventually(lambda: all(said(slack).values()))
    assert coach.stop() == 0
    assert set(said(slack).values()) == {1}


def test_a_signal_that_another_thread_is_given_ends_the_wait_too() -> None:
    waits = (
        "import signal, threading; from handlers.serving.stopping import listen_for_the_end;"
        " until_told = listen_for_the_end();"
        " give = lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM);"
        " threading.Timer(0.2, give).start(); until_told()"
    )
    subprocess.run([sys.executable, "-c", waits], cwd=ROOT, check=True, timeout=30)


@pytest.mark.soak
def test_a_slack_that_hangs_does_not_hold_the_coach(
    slack: FakeSlack, coach: Process, db: Path
) -> None:
    plan(db, ["U1"])
    slack.fail("chat.postMessage", "hang", seconds=30)
    coach.start()
    under_way(slack, "chat.postMessage")
    assert coach.stop() == 0
    assert state(db) == ["sending"], "it is looked up at the next start"
