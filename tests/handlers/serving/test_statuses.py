"""A start that can't be: one sentence that says what to do, and a status for whoever supervises."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import errors
from bot.clock.now import SystemClock
from bot.operations.single_process import only_one
from handlers.serving._health_page import HealthPage
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.paths import ROOT
from tests.support.processes import Process

Ended = subprocess.CompletedProcess[str]
DOORS = pytest.mark.parametrize("door", ["socket", "http"])


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.connect(None)
        yield slack


def ended(done: Ended, status: int, sentence: str) -> None:
    """It ended so, and what it said last is that sentence, whole."""
    assert done.returncode == status, done.stderr
    said = done.stderr.strip().splitlines()
    assert sentence in said[-1] and said[-1].endswith(".")
    assert "Traceback" not in done.stderr and "xoxb" not in done.stderr


def start(slack: FakeSlack, db: Path, door: str, first: str = "", **more: str) -> Ended:
    return Process(slack, db, door, first, more).run_to_the_end()


@DOORS
@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({"PORT": "many"}, errors.SETTINGS_WRONG, "PORT: give a whole number"),
        ({"SLACK_BOT_TOKEN": ""}, errors.SETTINGS_WRONG, "Set SLACK_BOT_TOKEN first."),
        ({"SLACK_BOT_TOKEN": "xoxb-other"}, errors.NOT_ALLOWED, "Slack refuses SLACK_BOT_TOKEN"),
        ({"COACH_DB": "/nowhere/coach.db"}, errors.NO_PLACE, "The folder /nowhere does not exist."),
        ({"COACH_DB": "/proc/coach.db"}, errors.NO_PLACE, "set COACH_DB to another place."),
    ],
)
def test_what_is_set_wrong_is_named(
    slack: FakeSlack, db: Path, door: str, more: dict[str, str], status: int, sentence: str
) -> None:
    ended(start(slack, db, door, **more), status, sentence)


@DOORS
def test_a_folder_is_no_file(slack: FakeSlack, tmp_path: Path, door: str) -> None:
    (tmp_path / "data").mkdir()
    done = start(slack, tmp_path / "data", door)
    ended(done, errors.SETTINGS_WRONG, "is a folder. Set COACH_DB to a file in it")


def test_a_refused_app_token_is_named(slack: FakeSlack, db: Path) -> None:
    done = start(slack, db, "socket", SLACK_APP_TOKEN="xapp-other")
    ended(done, errors.NOT_ALLOWED, "Slack refuses SLACK_APP_TOKEN")


def test_a_port_that_is_taken_may_be_free_later(slack: FakeSlack, db: Path) -> None:
    with HealthPage("0.0.0.0", 0, {}) as taken:
        done = start(slack, db, "http", PORT=str(taken.port))
    ended(done, errors.UNAVAILABLE, f"Port {taken.port} is taken.")


@DOORS
def test_a_second_coach_is_told_to_come_later(slack: FakeSlack, db: Path, door: str) -> None:
    with only_one(db):
        done = start(slack, db, door)
    ended(done, errors.BUSY, "Another coach is already running")


@DOORS
def test_a_file_that_another_program_holds_is_busy(slack: FakeSlack, db: Path, door: str) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = start(slack, db, door)
    ended(done, errors.BUSY, "The database is busy.")


@DOORS
def test_a_disk_without_room_is_told_of_and_keeps_what_it_has(
    slack: FakeSlack, db: Path, door: str
) -> None:
    before = db.read_bytes()
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    done = start(slack, db, door, full)
    ended(done, errors.DISK_TROUBLE, "the disk is full or in trouble")
    assert db.read_bytes() == before


@DOORS
@pytest.mark.parametrize("content", [b"a sales plan, not a database " * 200])
def test_a_file_that_is_none_of_ours_is_left_as_it_is(
    slack: FakeSlack, tmp_path: Path, door: str, content: bytes
) -> None:
    file = tmp_path / "plan.db"
    file.write_bytes(content)
    ended(start(slack, file, door), errors.DATA_WRONG, "put a backup in its place")
    assert file.read_bytes() == content


def test_each_status_is_explained_where_hosting_is() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text()
    explained = {int(number) for number in re.findall(r"^\| (\d\d) \|", page, re.M)}
    assert explained == {value for value in vars(errors).values() if isinstance(value, int)}
