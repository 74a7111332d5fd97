"""`/livez`, `/readyz` and `/metrics`: what they tell of a coach at work, without any name."""

from __future__ import annotations

import re
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock.now import SystemClock
from handlers.app import Bot
from handlers.serving import vital_signs
from handlers.serving._health_page import HealthPage, verdict
from handlers.serving.vital_signs import VitalSigns
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.processes import Process, free_port, listens, plan

DOORS = pytest.mark.parametrize("door", ["socket", "http"])
LABELS = {"state", "command", "code", "file", "version", "le"}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        slack.connect(None)
        yield slack


class Watched(Process):
    """A coach with a page beside it."""

    def __init__(self, slack: FakeSlack, db: Path, door: str) -> None:
        self.page = free_port()
        super().__init__(slack, db, door, more={"COACH_HEALTH_PORT": str(self.page)})

    def ask(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.page}{path}", timeout=10
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


@pytest.fixture
def watched(slack: FakeSlack, db: Path) -> Iterator[Callable[[str], Watched]]:
    started: list[Watched] = []

    def start(door: str) -> Watched:
        started.append(coach := Watched(slack, db, door))
        coach.start()
        return coach

    yield start
    for coach in started:
        coach.kill()


def figures(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if line[:1] not in ("#", ""))
    return {name: float(value) for name, _, value in lines}


@DOORS
def test_a_coach_at_work_is_alive_and_ready_and_counts(
    watched: Callable[[str], Watched], slack: FakeSlack, db: Path, door: str
) -> None:
    plan(db, ["U1"], "Zzquillon")
    coach = watched(door)
    assert coach.ask("/livez") == (200, "ok\n")
    eventually(lambda: coach.ask("/readyz") == (200, "ok\n"))
    slack.command("U1", "C1", "/tip", "the customer wants to cancel")
    slack.command("U1", "C1", "/huddle", "“Zzquillon Ltd” negotiation 10:00")
    eventually(lambda: figures(coach.ask("/metrics")[1])['coach_messages{state="sent"}'] >= 1)
    status, text = coach.ask("/metrics")
    told = figures(text)
    assert status == 200
    assert told["coach_link_up"] == 1 and told["coach_link_age_seconds"] > 0
    assert told['coach_ack_seconds_count{command="tip"}'] == 1
    assert told['coach_ack_seconds_count{command="huddle"}'] == 1
    assert told['coach_file_bytes{file="database"}'] == db.stat().st_size
    assert told["coach_messages_due"] == told["coach_oldest_due_seconds"] == 0
    assert told["coach_model_tokens_today"] == 0
    assert {*re.findall(r'(\w+)="', text)} <= LABELS
    assert not re.search(r"zzquillon|\bU1\b|\bC1\b|\bT1\b|sam|deals|xoxb", text, re.I)
    assert coach.ask("/nowhere")[0] == 404
    assert coach.stop() == 0
    assert not listens(coach.page)


def test_a_coach_without_a_link_is_alive_and_not_ready(
    watched: Callable[[str], Watched], slack: FakeSlack
) -> None:
    coach = watched("socket")
    eventually(lambda: coach.ask("/readyz")[0] == 200)
    slack.fail("apps.connections.open", "internal_error", times=10_000)
    slack.disconnect()
    eventually(lambda: coach.ask("/readyz") == (503, f"{vital_signs.DOOR}\n"))
    assert coach.ask("/livez") == (200, "ok\n")
    assert figures(coach.ask("/metrics")[1])["coach_link_up"] == 0


@DOORS
def test_a_file_that_somebody_holds_and_a_lock_that_is_gone_make_it_unready(
    watched: Callable[[str], Watched], db: Path, door: str
) -> None:
    coach = watched(door)
    eventually(lambda: coach.ask("/readyz")[0] == 200)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        eventually(lambda: coach.ask("/readyz") == (503, f"{vital_signs.DATABASE}\n"))
        other.execute("ROLLBACK")
    eventually(lambda: coach.ask("/readyz")[0] == 200)
    Path(f"{db}.lock").unlink()
    assert coach.ask("/readyz") == (503, f"{vital_signs.LOCK}\n")


def test_without_a_port_there_is_no_page_and_its_package_is_not_imported(
    slack: FakeSlack, db: Path
) -> None:
    spy = "import atexit, sys; atexit.register(lambda: print('prometheus_client' in sys.modules))"
    coach = Process(slack, db, "http", first=spy)
    coach.start()
    assert coach.stop() == 0
    assert Path(f"{db}.log").read_text().endswith("False\n")


@DOORS
def test_a_port_that_is_taken_is_named_with_its_setting(
    slack: FakeSlack, db: Path, door: str
) -> None:
    with HealthPage("127.0.0.1", 0, {}) as taken:
        coach = Process(slack, db, door, more={"COACH_HEALTH_PORT": str(taken.port)})
        said = coach.run_to_the_end()
    assert said.returncode != 0
    assert f"Port {taken.port} is taken. Set COACH_HEALTH_PORT to a free one." in said.stderr
    assert "Traceback" not in said.stderr


def test_a_timer_that_stands_still_asks_for_a_new_start(bot: Bot) -> None:
    signs = VitalSigns(bot.coach, bot.scheduler, lambda: True)
    bot.scheduler.wake()
    assert signs.unwell() == []
    assert bot.scheduler.woke
    bot.scheduler.woke -= vital_signs.STILL_S + 1
    assert signs.unwell() == [vital_signs.TIMER]
    signs.is_open_from_now()
    assert signs.unready() == [vital_signs.TIMER]
    signs.stopping = True
    assert signs.unwell() == [] and signs.unready() == [vital_signs.STOPPING]


def test_a_slow_visitor_holds_up_nobody_else() -> None:
    with HealthPage("127.0.0.1", 0, {"/livez": lambda: verdict([])}) as page:
        slow = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(20)]
        for each in slow:
            each.sendall(b"GET /livez")
        with urllib.request.urlopen(f"http://127.0.0.1:{page.port}/livez", timeout=10) as answer:
            assert answer.read() == b"ok\n"
        for each in slow:
            each.close()
