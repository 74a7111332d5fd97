"""One shape of the database: made once, and a file of any other shape is left as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.coach import ROOT
from bot.errors import DATA_WRONG
from bot.storage._schema import OURS, VERSION, OtherVersion, statements
from bot.storage.store import Store

# Tables of the house and of the library: they know no people.
HOUSE = {"notes", "library_state", "posts", "old_texts", "indexed", "synonyms", "vectors"}
INDEX = ("documents", "cards", "asks", "ask_terms", "sqlite_")


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "made.db"
    Store(path).close()
    with closing(opened(path)) as db:
        yield db


def tables(db: sqlite3.Connection) -> list[str]:
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if not name.startswith(INDEX)]


def test_every_table_about_people_names_the_workspace(made: sqlite3.Connection) -> None:
    for table in set(tables(made)) - HOUSE:
        columns = {row[1]: row[3] for row in made.execute(f"PRAGMA table_info({table})")}
        assert columns.get("workspace_id") == 1, f"{table}.workspace_id must be NOT NULL"


def test_the_tables_are_written_so_that_postgresql_takes_them_too(made: sqlite3.Connection) -> None:
    text = " ".join(statements("schema.sql")).upper()
    for word in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT", "ROWID", "VIRTUAL", "COLLATE"):
        assert word not in text
    types = {"TEXT", "INTEGER", "BIGINT", "DOUBLE PRECISION", "BLOB"}
    for table in tables(made):
        assert {row[2] for row in made.execute(f"PRAGMA table_info({table})")} <= types


def test_a_start_that_finds_a_ready_file_is_spared_sqlite_utils(new_db: Path) -> None:
    start = (
        "import sys; from pathlib import Path; from bot.storage.store import Store;"
        f" Store(Path({str(new_db)!r})).close(); sys.exit('sqlite_utils' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", start], cwd=ROOT, check=True)


# Another version ----------------------------------------------------------------------------


def earlier(db: sqlite3.Connection) -> None:
    """As the coach made files before it told them by a number."""
    db.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT)")
    db.execute("INSERT INTO _sqlite_migrations VALUES ('coach', 'm001_library')")
    db.execute("CREATE TABLE gaps (id INTEGER PRIMARY KEY, question TEXT)")
    db.execute("INSERT INTO gaps (question) VALUES ('theirs')")


def numbered(version: int, whose: int = OURS) -> Callable[[sqlite3.Connection], None]:
    def fill(db: sqlite3.Connection) -> None:
        earlier(db)
        db.execute(f"PRAGMA application_id = {whose}")
        db.execute(f"PRAGMA user_version = {version}")

    return fill


OTHERS = {
    "an earlier one": (earlier, "earlier version"),
    "an earlier number": (numbered(VERSION - 1), "earlier version"),
    "a newer one": (numbered(VERSION + 1), "newer version.*update the coach"),
    "another program's": (numbered(VERSION, whose=0x1234), "another program"),
}


def contents(folder: Path) -> dict[str, str]:
    """What stands in a folder; of SQLite's shared memory, which holds no data, nothing."""
    files = [path for path in folder.iterdir() if not path.name.endswith("-shm")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("other", OTHERS)
def test_a_file_of_another_version_is_refused_and_left_as_it_is(
    tmp_path: Path, other: str, journal: str
) -> None:
    fill, said = OTHERS[other]
    path = tmp_path / "coach.db"
    with closing(opened(path)) as db:
        db.execute(f"PRAGMA journal_mode = {journal}")
        fill(db)
    before = contents(tmp_path)
    with pytest.raises(OtherVersion, match=f"{said}.*COACH_DB"):
        Store(path)
    assert contents(tmp_path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["coach.db"]


def test_a_log_that_another_version_did_not_put_back_is_left_as_well(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    ended.mkdir()
    with closing(opened(tmp_path / "coach.db")) as db:
        db.execute("PRAGMA journal_mode = wal")
        earlier(db)
        for name in ("coach.db", "coach.db-wal"):  # as a power cut leaves them
            shutil.copy(tmp_path / name, ended)
    before = contents(ended)
    with pytest.raises(OtherVersion):
        Store(ended / "coach.db")
    assert contents(ended) == before


def test_our_own_file_is_known_by_its_log_alone_after_a_power_cut(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    ended.mkdir()
    store = Store(tmp_path / "coach.db")
    for name in ("coach.db", "coach.db-wal"):
        shutil.copy(tmp_path / name, ended)
    store.close()
    Store(ended / "coach.db").close()


def test_whoever_starts_with_such_a_file_reads_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "coach.db"
    with closing(opened(path)) as db:
        earlier(db)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "posts"], cwd=ROOT, text=True, capture_output=True,
        env=os.environ | {"COACH_DB": str(path)}, timeout=60,
    )  # fmt: skip
    assert done.returncode == DATA_WRONG
    assert done.stderr.count("\n") == 1 and "stays as it is" in done.stderr
