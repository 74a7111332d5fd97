"""`python -m bot backup FILE`: a sound copy while the coach works, and nothing said twice after."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.coach import ROOT
from bot.errors import CoachError
from bot.operations import backup_command
from bot.outbox.message import Recipient
from bot.people.rep import Rep
from bot.settings import Settings
from bot.storage.backup import NotCopied, back_up, is_copy
from bot.storage.database import Database
from bot.storage.notes import Notes
from bot.storage.store import Store
from bot.tips.table import Tips
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually
from tests.support.nudges import new_york, plan

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REP = Rep("T1", "U1")


def gaps(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT question FROM gaps ORDER BY id")]


@pytest.fixture
def store(tmp_path: Path):
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: Tips(db).put_gap(REP, "first", NOW))
    yield store
    store.close()


def run(db: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "backup", str(target)], cwd=ROOT, text=True,
        env=os.environ | {"COACH_DB": str(db)}, capture_output=True, timeout=60,
    )  # fmt: skip


def test_the_command_copies_what_is_there_and_says_so(store: Store, tmp_path: Path) -> None:
    done = run(store.path, tmp_path / "copy.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert "copied" in done.stdout and "checked" in done.stdout
    assert gaps(tmp_path / "copy.db") == ["first"]


def test_a_copy_made_in_the_middle_of_writing_holds_whole_transactions(
    store: Store, tmp_path: Path
) -> None:
    over = threading.Event()

    def pair(db: Database) -> None:
        Tips(db).put_gap(REP, "one", NOW)
        Tips(db).put_gap(REP, "other", NOW)

    def write() -> None:
        while not over.is_set():
            store.write(pair)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            back_up(store.path, tmp_path / f"{n}.db", NOW)
    finally:
        over.set()
        writer.join()
    for n in range(5):
        kept = gaps(tmp_path / f"{n}.db")
        assert kept.count("one") == kept.count("other")
        assert kept[0] == "first"


def test_no_file_is_written_over_not_even_an_earlier_backup(store: Store, tmp_path: Path) -> None:
    back_up(store.path, tmp_path / "copy.db", NOW)
    store.write(lambda db: Tips(db).put_gap(REP, "second", NOW))
    done = run(store.path, tmp_path / "copy.db")
    assert done.returncode != 0
    assert "is there already, so it stays" in done.stderr
    assert gaps(tmp_path / "copy.db") == ["first"]


def test_a_folder_takes_a_copy_a_time_and_keeps_the_newest(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "coach-20260101T000000Z.db").write_text("no copy, but somebody's notes")
    (folder / "mine.db").write_text("mine")
    for minutes in range(5):
        now = NOW + timedelta(minutes=minutes)
        backup_command.run(Settings(db=store.path), folder, 3, now)
    assert sorted(path.name for path in folder.iterdir()) == [
        "coach-20260101T000000Z.db",
        *(f"coach-20261123T090{minute}00Z.db" for minute in (2, 3, 4)),
        "mine.db",
    ]


def test_copies_are_counted_in_a_folder_and_one_at_least_stays(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(CoachError, match="is none"):
        backup_command.run(Settings(db=store.path), tmp_path / "copy.db", 3, NOW)
    with pytest.raises(CoachError, match="from 1 on"):
        backup_command.run(Settings(db=store.path), tmp_path, 0, NOW)
    assert [path.name for path in tmp_path.glob("*.db")] == ["coach.db"]


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(store.path, folder / "copy.db", NOW)
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("coach.db", "is there already"),
        ("notes.txt", "is there already"),
        ("other.db", "is there already"),
        ("folder", "is there already"),
        ("nowhere/copy.db", "does not exist"),
    ],
)
def test_what_is_there_is_never_written_over(
    store: Store, tmp_path: Path, target: str, said: str
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    Store(tmp_path / "other.db").close()
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotCopied, match=said):
        back_up(store.path, tmp_path / target, NOW)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert gaps(store.path) == ["first"]


def test_without_a_database_the_command_says_where_it_looked(tmp_path: Path) -> None:
    done = run(tmp_path / "none.db", tmp_path / "copy.db")
    assert done.returncode == 1
    assert "There is no database" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_damaged_database_is_not_copied(store: Store, tmp_path: Path) -> None:
    store.close()
    broken = tmp_path / "broken.db"
    pages = bytearray(store.path.read_bytes())
    pages[4096 : 4096 * 20] = b"\xff" * (4096 * 19)
    broken.write_bytes(pages)
    with pytest.raises(NotCopied, match="No backup was made"):
        back_up(broken, tmp_path / "copy.db", NOW)
    assert not (tmp_path / "copy.db").exists()


def test_a_file_that_is_no_database_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("a sales plan, not a database " * 100)
    with pytest.raises(NotCopied, match="no sound database"):
        back_up(tmp_path / "text.db", tmp_path / "copy.db", NOW)


def test_a_full_disk_leaves_no_half_a_copy(store: Store, tmp_path: Path) -> None:
    back_up(store.path, tmp_path / "earlier.db", NOW)
    before = (tmp_path / "earlier.db").read_bytes()
    limited = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536));"
    limited += "from bot.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", limited, "backup", str(tmp_path / "copy.db")], cwd=ROOT, text=True,
        env=os.environ | {"COACH_DB": str(store.path)}, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "No backup was made" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "earlier.db").read_bytes() == before
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob(".copy*"))


def test_a_coach_that_starts_with_a_copy_knows_it_for_one(store: Store, tmp_path: Path) -> None:
    back_up(store.path, tmp_path / "copy.db", NOW)
    assert is_copy(tmp_path / "copy.db") and not is_copy(store.path)
    shutil.copy(tmp_path / "copy.db", tmp_path / "restored.db")
    restored = Store(tmp_path / "restored.db")
    assert Notes(restored.read).is_copy()
    restored.close()


# Restoring ----------------------------------------------------------------------------------


def restore(served: Served, backup: Path) -> None:
    """What an admin does: stop, put the copy in its place, start."""
    served.stop()
    db = served.coach.settings.db
    for leftover in ("-wal", "-shm"):
        Path(f"{db}{leftover}").unlink(missing_ok=True)
    shutil.copy(backup, db)
    served.start()


def texts(slack: FakeSlack, user: str = "U1") -> list[str]:
    return [message.text for message in slack.messages(slack.dm(user))]


def some_wakings(wake: Callable[[], None], clock: HandClock) -> None:
    for _ in range(5):
        wake()
        clock.forward(seconds=1)


def test_a_backup_that_is_minutes_old_says_nothing_twice(
    served: Served, slack: FakeSlack, clock: HandClock, wake: Callable[[], None], tmp_path: Path
) -> None:
    clock.set(new_york(23, 10))
    plan(served.bot, "Acme", timedelta(minutes=-9))
    wake()
    back_up(served.coach.settings.db, tmp_path / "copy.db", clock.now())
    clock.forward(seconds=90)
    some_wakings(wake, clock)
    assert texts(slack) == ["How did Acme go? Did it bring you further?"]
    restore(served, tmp_path / "copy.db")
    some_wakings(wake, clock)
    assert texts(slack) == ["How did Acme go? Did it bring you further?"]


def test_the_second_question_is_known_from_the_conversation_too(
    served: Served, slack: FakeSlack, clock: HandClock, wake: Callable[[], None], tmp_path: Path
) -> None:
    clock.set(new_york(23, 10))
    plan(served.bot, "Acme", timedelta(minutes=5))
    back_up(served.coach.settings.db, tmp_path / "copy.db", clock.now())
    for moment in (new_york(23, 10, 20), new_york(24, 8, 1)):
        clock.set(moment)
        some_wakings(wake, clock)
    said = texts(slack)
    assert len(said) == 2, "today, and once more the next morning"
    clock.set(new_york(24, 9))
    restore(served, tmp_path / "copy.db")
    for moment in (new_york(24, 9), new_york(25, 8, 1), new_york(25, 12)):
        clock.set(moment)
        some_wakings(wake, clock)
    assert texts(slack) == said


def test_a_daily_tip_whose_time_was_changed_after_the_backup_comes_once_that_day(
    served: Served, slack: FakeSlack, clock: HandClock, wake: Callable[[], None], tmp_path: Path
) -> None:
    clock.set(new_york(23, 10))
    slack.world.workspaces["T1"].scopes.add("channels:history")
    place = Recipient("T1", "C1")
    slack.command("U3", "C1", "/coach", "daily 15:00 weekdays America/New_York")
    eventually(lambda: served.bot.coach.daily.of(place))
    back_up(served.coach.settings.db, tmp_path / "copy.db", clock.now())
    slack.command("U3", "C1", "/coach", "daily 11:00 weekdays America/New_York")
    eventually(lambda: "11:00" in slack.ephemerals("U3")[-1].plain)
    clock.set(new_york(23, 11, 5))
    some_wakings(wake, clock)
    assert len(slack.messages("C1")) == 1
    restore(served, tmp_path / "copy.db")
    clock.set(new_york(23, 15, 5))
    some_wakings(wake, clock)
    assert len(slack.messages("C1")) == 1
