"""One writer: nothing is half-written, nothing is lost, and trouble with the file has words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from bot.coach import ROOT
from bot.operations.single_process import AlreadyRunning, only_one
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.migrations import STEPS
from bot.storage.store import NotSaved, Store
from bot.tips.table import Tips
from tests.conftest import held

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REP = Rep("T1", "U1")


@pytest.fixture
def store(tmp_path: Path):
    store = Store(tmp_path / "coach.db")
    yield store
    store.close()


def test_what_is_written_can_be_read_from_every_thread(store: Store) -> None:
    store.write(lambda db: People(db).put_profile(REP, Profile("sam", "Europe/Berlin"), NOW))
    with ThreadPoolExecutor(4) as threads:
        read = threads.map(lambda _: People(store.read).profile(REP), range(8))
        assert set(read) == {(Profile("sam", "Europe/Berlin"), NOW)}


def test_work_that_fails_leaves_nothing_and_spoils_nobody_elses(store: Store) -> None:
    def half(db: Database) -> None:
        Tips(db).put_gap(REP, "half", NOW)
        raise RuntimeError("in the middle")

    jobs = [store.later(half), store.later(lambda db: Tips(db).put_gap(REP, "whole", NOW))]
    with pytest.raises(RuntimeError):
        jobs[0].result()
    jobs[1].result()
    assert [gap.question for gap in Tips(store.read).gaps("T1")] == ["whole"]


def test_forty_threads_write_at_once_and_nothing_is_lost(store: Store) -> None:
    with ThreadPoolExecutor(40) as threads:
        list(
            threads.map(
                lambda n: store.write(lambda db: Tips(db).put_gap(REP, str(n), NOW)), range(400)
            )
        )
    kept = {gap.question for gap in Tips(store.read).gaps("T1", limit=1000)}
    assert kept == {str(n) for n in range(400)}


def test_a_database_that_somebody_else_holds_is_said_to_be_busy(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved, match="busy"):
        store.write(lambda db: Tips(db).put_gap(REP, "?", NOW))
    other.execute("ROLLBACK")
    other.close()
    store.write(lambda db: Tips(db).put_gap(REP, "later", NOW))
    assert [gap.question for gap in Tips(store.read).gaps("T1")] == ["later"]


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(NotSaved):
        Store(path)
    assert path.read_text().startswith("not a database")
    assert not held(path)


def test_a_new_file_is_for_its_owners_eyes_alone(store: Store) -> None:
    files = [Path(f"{store.path}{end}") for end in ("", "-wal", "-shm")]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        Tips(store.read).put_gap(REP, "?", NOW)


def test_several_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(lambda _: Store(path), range(6)))
    for store in stores:
        store.close()


def test_a_file_of_an_older_release_gets_the_steps_that_it_lacks(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    older = Migrations("coach")
    for step in STEPS[:5]:
        older()(step)
    older.apply(sqlite_utils.Database(old))
    for path in (old, new):
        Store(path).close()
    assert made(old) == made(new)


def made(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return sorted(sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql != ''"))


def test_a_start_that_finds_nothing_to_migrate_is_spared_sqlite_utils(new_db: Path) -> None:
    start = (
        "import sys; from pathlib import Path; from bot.storage.store import Store;"
        f" Store(Path({str(new_db)!r})).close(); sys.exit('sqlite_utils' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", start], cwd=ROOT, check=True)


def test_after_closing_work_is_refused_and_what_was_queued_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    queued = [store.later(lambda db, n=n: Tips(db).put_gap(REP, str(n), NOW)) for n in range(50)]
    store.close()
    assert all(job.result() is None for job in queued)
    with pytest.raises(NotSaved):
        store.write(lambda db: None)
    again = Store(tmp_path / "coach.db")
    assert len(Tips(again.read).gaps("T1", limit=100)) == 50
    again.close()


def test_after_closing_nothing_holds_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    with ThreadPoolExecutor(4) as threads:
        opened = threads.map(lambda _: People(store.read).profile(REP), range(50))
        assert list(opened) == [None] * 50
    store.write(lambda db: Tips(db).put_gap(REP, "?", NOW))
    store.close()
    assert not held(store.path)


def test_workspaces_never_see_each_others_rows(store: Store) -> None:
    store.write(lambda db: Tips(db).put_gap(Rep("T2", "U1"), "theirs", NOW))
    store.write(lambda db: People(db).put_trouble("T2", "C1", "closed", NOW))
    store.write(lambda db: People(db).put_profile(Rep("T2", "U1"), Profile("x", "UTC"), NOW))
    assert Tips(store.read).gaps("T1") == []
    assert People(store.read).troubles("T1") == []
    assert People(store.read).profile(REP) is None


# Database of the house and of the library: they know no people.
HOUSE = {"notes", "library_state", "posts", "old_texts", "indexed"}
INDEX = ("documents", "cards", "asks", "ask_terms", "synonyms", "vectors", "_", "sqlite_")


def test_every_table_about_people_names_the_workspace(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if table in HOUSE or table.startswith(INDEX):
                continue
            columns = {row[1]: row[3] for row in db.execute(f"PRAGMA table_info({table})")}
            assert columns.get("workspace_id") == 1, f"{table}.workspace_id must be NOT NULL"


def test_a_second_coach_on_the_same_file_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with only_one(path), pytest.raises(AlreadyRunning, match="already running"), only_one(path):
        pytest.fail("two coaches at once")
    with only_one(path):
        pass
