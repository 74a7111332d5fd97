"""Both ways into Slack, as an admin starts them: a process, its signals, and a first `/tip`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock.now import SystemClock
from bot.coach import ROOT
from bot.errors import BUSY, UNAVAILABLE
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import ARCHIVES, eventually, needs_archives

DOORS = ("socket", "http")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="America/New_York")
        slack.add_channel("C1", "deals", members=["U1"])
        yield slack


def environment(slack: FakeSlack, tmp_path: Path, port: int = 0) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "COACH_", "OPENAI"))}
    return kept | {
        "SLACK_BOT_TOKEN": "xoxb-T1",
        "SLACK_APP_TOKEN": "xapp-T1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": slack.api_url,
        "COACH_DB": str(tmp_path / "coach.db"),
        "PORT": str(port),
    }


@pytest.fixture
def start(slack: FakeSlack, tmp_path: Path) -> Iterator[Start]:
    """Start `python -m bot socket` or `http`, and wait until Slack can reach it."""
    running: list[subprocess.Popen[str]] = []

    def start(door: str) -> subprocess.Popen[str]:
        port = _free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", door], cwd=ROOT, env=environment(slack, tmp_path, port),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        if door == "http":
            slack.connect(f"http://127.0.0.1:{port}{SLACK_PATH}")
            eventually(lambda: _listens(port))
        else:
            eventually(lambda: slack.sockets.listening("xapp-T1"))
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return int(held.getsockname()[1])


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("door", DOORS)
def test_the_first_tip_comes_and_a_signal_stops_the_coach(
    door: str, slack: FakeSlack, start: Start
) -> None:
    process = start(door)
    delivery = slack.command("U1", "C1", "/tip", "angry client complains")
    assert delivery.error is None
    eventually(lambda: "Our note on" in slack.ephemerals("U1")[-1].plain)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("door", DOORS)
def test_an_event_and_its_repetition_are_taken_once(
    door: str, slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    start(door)
    delivery = slack.say("U1", slack.dm("U1"), "hello")
    assert delivery.error is None
    assert slack.replay(delivery).error is None
    answers = eventually(lambda: slack.said_to("U1"))
    slack.command("U1", "C1", "/coach", "help")
    eventually(lambda: slack.ephemerals("U1"))
    assert answers


@pytest.mark.usefixtures("db")
def test_a_second_coach_on_the_same_file_says_so_and_stops(
    slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    start("http")
    second = subprocess.run(
        [sys.executable, "-m", "bot", "http"], cwd=ROOT, env=environment(slack, tmp_path),
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert second.returncode == BUSY
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_that_is_taken_is_a_sentence(slack: FakeSlack, tmp_path: Path) -> None:
    with closing(socket.create_server(("0.0.0.0", 0))) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "bot", "http"], cwd=ROOT,
            env=environment(slack, tmp_path) | {"PORT": str(port)},
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    assert done.returncode == UNAVAILABLE
    assert f"Port {port} is taken. Set PORT to a free one." in done.stderr
    assert "Traceback" not in done.stderr
    assert "token` will be unused" not in done.stderr


@needs_archives
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("door", DOORS)
def test_with_the_archives_imported_the_answer_quotes_them(
    door: str, slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", "import", str(ARCHIVES)], cwd=ROOT, check=True,
        env=environment(slack, tmp_path), capture_output=True, timeout=60,
    )  # fmt: skip
    start(door)
    slack.command("U1", "C1", "/tip", "angry client complains")
    quoted = eventually(
        lambda: next(
            line for line in slack.ephemerals("U1")[-1].plain.splitlines() if line[:1] == ">"
        )
    )
    everything = " ".join(" ".join(p.read_text().split()) for p in ARCHIVES.glob("*.txt"))
    assert quoted.strip("> ") in everything
