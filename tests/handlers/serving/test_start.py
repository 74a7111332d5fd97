"""What a start and `doctor` notice: tokens, the link, the database; and what they don't blame."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock.now import SystemClock
from bot.coach import ROOT
from bot.errors import DATA_WRONG, NOT_ALLOWED
from bot.operations.health import who_may_read
from bot.people.rep import Rep
from bot.people.table import People
from bot.people.workspaces import Workspaces
from bot.storage._schema import VERSION
from bot.storage.store import Store
from bot.version import version
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.processes import Process

Run = Callable[..., "subprocess.CompletedProcess[str]"]
both_doors = pytest.mark.parametrize("door", ["socket", "http"])


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        slack.connect(None)
        yield slack


@pytest.fixture
def run(slack: FakeSlack, db: Path) -> Run:
    """Run a command to its end, on a database that was started before."""

    def run(word: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", word], cwd=ROOT, capture_output=True, text=True,
            timeout=60, env=Process(slack, db).environment() | env,
        )  # fmt: skip

    return run


@both_doors
def test_a_wrong_bot_token_is_noticed_at_start(run: Run, door: str) -> None:
    done = run(door, SLACK_BOT_TOKEN="xoxb-other")
    assert done.returncode == NOT_ALLOWED
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again" in done.stderr
    assert "Traceback" not in done.stderr and "xoxb" not in done.stderr


def test_a_coach_that_was_taken_out_long_ago_can_t_start_and_leaves_nothing(
    run: Run, db: Path
) -> None:
    with closing(Store(db)) as store:
        store.write(lambda db: Workspaces(db).put("T1", datetime(2026, 1, 1, tzinfo=UTC)))
        store.write(lambda db: People(db).greet(Rep("T1", "U1"), datetime.now(UTC)))
    done = run("socket", SLACK_BOT_TOKEN="xoxb-other")
    assert done.returncode == NOT_ALLOWED and "Slack refuses SLACK_BOT_TOKEN" in done.stderr
    with closing(Store(db)) as store:
        assert not store.read.rows("SELECT 1 FROM reps")
        assert len(store.read.rows("SELECT 1 FROM audit WHERE what = 'erase'")) == 1


def test_a_wrong_app_token_is_noticed_at_start(run: Run) -> None:
    done = run("socket", SLACK_APP_TOKEN="xapp-other")
    assert done.returncode == NOT_ALLOWED
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth). Copy it again" in done.stderr
    assert "Traceback" not in done.stderr and "xapp-other" not in done.stderr


@pytest.mark.parametrize("fault", ["500", "internal_error", "reset", "429"])
def test_a_slack_that_is_down_at_start_is_waited_for_and_no_token_is_blamed(
    slack: FakeSlack, db: Path, fault: str
) -> None:
    slack.fail("auth.test", fault)
    slack.fail("apps.connections.open", fault, 2)
    coach = Process(slack, db, "socket")
    coach.start()
    try:
        assert slack.command("U1", "C1", "/coach", "help").error is None
        assert coach.stop() == 0
    finally:
        coach.kill()
    said = Path(f"{db}.log").read_text()
    assert "refuses" not in said and "Traceback" not in said
    assert "the coach is in Slack" in said


def test_the_coach_is_in_slack_is_said_when_it_is(slack: FakeSlack, db: Path) -> None:
    slack.sockets.greets = False
    coach = Process(slack, db, "socket")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "socket"], cwd=ROOT, env=coach.environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        eventually(lambda: any(call.name == "apps.connections.open" for call in slack.log))
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=30)[1]
    assert running.returncode == 0
    assert "is in Slack" not in said and "Traceback" not in said


def test_doctor_tries_both_tokens_and_the_link(run: Run, slack: FakeSlack) -> None:
    done = run("doctor")
    assert "Slack knows the coach as" in done.stdout
    assert "a link by Socket Mode opens" in done.stdout
    assert slack.sockets.opened == 1
    eventually(lambda: not slack.sockets.count("xapp-T1"))


def test_doctor_tells_version_and_schema_and_who_may_read_the_file(run: Run, db: Path) -> None:
    db.chmod(0o600)
    done = run("doctor")
    assert f"This is Huddle Coach {version()}" in done.stdout
    assert f"Its schema is version {VERSION}." in done.stdout
    assert "Only its owner may read the database" in done.stdout
    db.chmod(0o644)
    done = run("doctor")
    assert done.returncode == 1
    assert "MEND Everybody on this machine may read what reps told the coach." in done.stdout
    assert f"Type: chmod 600 {db}" in done.stdout


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_what_sqlite_keeps_beside_the_file_is_looked_at_too(tmp_path: Path, end: str) -> None:
    db = tmp_path / "coach.db"
    for each in ("", "-wal", "-shm"):
        Path(f"{db}{each}").touch(mode=0o600)
    assert [found.state for found in who_may_read(db)] == ["ok"]
    for mode, state in ((0o640, "note"), (0o604, "mend"), (0o666, "mend")):
        Path(f"{db}{end}").chmod(mode)
        (found,) = who_may_read(db)
        assert found.state == state and found.sentence.endswith(f"chmod 600 {db}{end}")


def test_tokens_may_stand_in_files(run: Run, slack: FakeSlack, tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("xoxb-T1\n")
    done = run("doctor", SLACK_BOT_TOKEN="", SLACK_BOT_TOKEN_FILE=str(tmp_path / "bot"))
    assert "Slack knows the coach as" in done.stdout


def test_doctor_takes_no_link_from_a_coach_at_work(run: Run, slack: FakeSlack, db: Path) -> None:
    coach = Process(slack, db, "socket")
    coach.start()
    try:
        done = run("doctor")
    finally:
        coach.kill()
    assert "Slack accepts SLACK_APP_TOKEN. A coach is at work here" in done.stdout
    assert slack.sockets.opened == 1


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-other"}, "MEND Slack refuses SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-other"}, "MEND Slack refuses SLACK_APP_TOKEN"),
    ],
)
def test_doctor_names_the_token_that_is_wrong(run: Run, env: dict[str, str], said: str) -> None:
    done = run("doctor", **env)
    assert done.returncode == 1
    assert said in done.stdout


def test_doctor_blames_no_token_while_slack_is_down(run: Run, slack: FakeSlack) -> None:
    slack.fail("auth.test", "500")
    slack.fail("apps.connections.open", "500")
    done = run("doctor")
    assert done.returncode == 1
    assert "refuses" not in done.stdout
    assert "did not say whether SLACK_BOT_TOKEN is right" in done.stdout


def test_doctor_says_that_socket_mode_is_off(run: Run, slack: FakeSlack) -> None:
    slack.sockets.switch_off()
    assert "MEND Socket Mode is switched off" in run("doctor").stdout


def _garbled(db: Path) -> None:
    db.write_bytes(b"these are not the bytes of a database" * 1000)


def _torn(db: Path) -> None:
    whole = db.read_bytes()
    db.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])


def _scribbled(db: Path) -> None:
    whole = bytearray(db.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 8 * 4096] = b"\x7f" * 8 * 4096
    db.write_bytes(whole)


@pytest.mark.parametrize("word", ["socket", "http", "doctor"])
@pytest.mark.parametrize("damage", [_garbled, _torn, _scribbled])
def test_a_damaged_database_is_named_with_what_to_do_and_left_as_it_is(
    run: Run, db: Path, damage: Callable[[Path], None], word: str
) -> None:
    damage(db)
    before = db.read_bytes()
    done = run(word)
    assert done.returncode == DATA_WRONG
    assert f"{db} is damaged" in done.stderr + done.stdout
    assert "put a backup in its place" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert db.read_bytes() == before


@pytest.mark.parametrize("word", ["socket", "http", "doctor"])
def test_a_database_of_a_newer_version_is_named_and_left_as_it_is(
    run: Run, db: Path, word: str
) -> None:
    with closing(sqlite3.connect(db)) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")
        file.commit()
    before = db.read_bytes()
    done = run(word)
    assert done.returncode == DATA_WRONG and "Traceback" not in done.stderr
    assert "is of a newer version of the coach" in done.stderr + done.stdout
    assert db.read_bytes() == before


@pytest.mark.parametrize(("there", "said"), [(True, "is empty"), (False, "is not there yet")])
def test_a_database_that_is_empty_or_new_is_named_at_start(
    slack: FakeSlack, tmp_path: Path, there: bool, said: str
) -> None:
    db = tmp_path / "fresh.db"
    if there:
        db.touch()
    coach = Process(slack, db, "socket")
    coach.start()
    assert coach.stop() == 0
    assert f"{db} {said}, so a new database begins" in Path(f"{db}.log").read_text()


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (None, "ok   Slack has the same hour as the zone files here in Asia/Tokyo."),
        (8 * 3600, "MEND In Asia/Tokyo Slack's clocks show UTC+8, tzdata "),
    ],
)
def test_doctor_compares_slacks_hour_with_the_zone_files(
    run: Run, slack: FakeSlack, offset: int | None, said: str
) -> None:
    slack.add_user("U3", "mia", tz="Asia/Tokyo")
    slack.world.users["U3"].tz_offset = offset
    assert said in run("doctor", COACH_MANAGERS="U3").stdout


def test_doctor_names_a_zone_that_the_files_lack(run: Run, slack: FakeSlack) -> None:
    slack.add_user("U3", "mia", tz="Mars/Olympus")
    slack.world.users["U3"].tz_offset = 3600
    assert "MEND Slack has somebody in Mars/Olympus" in run("doctor", COACH_MANAGERS="U3").stdout
