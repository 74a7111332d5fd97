"""No byte of what was deleted is left, and nothing else was touched."""

from __future__ import annotations

import random
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import CoachError
from bot.storage.database import Database
from bot.storage.store import Store

WORD = re.compile(rb"word(\d+)end")


def words_on_disk(path: Path) -> set[int]:
    raw = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    return {int(found) for found in WORD.findall(raw)}


def said(n: int, often: int) -> str:
    return f"word{n}end " * often


def live(db: Database, seed: int, rows: int) -> None:
    """Rows that come, grow and go, so that pages are divided and joined."""
    chance = random.Random(seed)
    for n in range(rows):
        db.execute("INSERT INTO gaps VALUES (?, 'T1', ?, ?, '')", [n, f"U{n % 5}", said(n, 2)])
        older = max(0, n - chance.randint(0, 60))
        if chance.random() < 0.5:
            grown = said(older, chance.randint(1, 120))
            db.execute("UPDATE gaps SET question = ? WHERE id = ?", [grown, older])
        elif chance.random() < 0.3:
            db.execute("DELETE FROM gaps WHERE id = ?", [older])


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6), rows=st.integers(200, 900), more=st.booleans())
def test_whatever_a_file_went_through_only_what_stands_is_on_the_disk(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rows: int, more: bool
) -> None:
    path = tmp_path_factory.mktemp("life") / "coach.db"
    store = Store(path)
    try:
        store.write(lambda db: live(db, seed, rows))
        store.write(lambda db: db.execute("DELETE FROM gaps WHERE user_id = 'U1'"))
        store.erase_leftovers()
        if more:  # what was in memory meanwhile brings nothing back
            store.write(lambda db: db.execute("UPDATE gaps SET user_id = 'U9' WHERE id % 3 = 0"))
            store.erase_leftovers()
        stands = {int(row["id"]) for row in store.read.query("SELECT id FROM gaps")}
        assert words_on_disk(path) <= stands
        assert stands
        assert store.read.value("PRAGMA integrity_check") == "ok"
    finally:
        store.close()
    assert words_on_disk(path) <= stands


def test_sqlite_alone_leaves_some(tmp_path: Path) -> None:
    """Else all of this could go."""
    left = 0
    for seed in range(6):
        store = Store(tmp_path / f"{seed}.db")
        store.write(lambda db, seed=seed: live(db, seed, 900))  # type: ignore[misc]
        store.write(lambda db: db.execute("DELETE FROM gaps WHERE user_id = 'U1'"))
        stands = {int(row["id"]) for row in store.read.query("SELECT id FROM gaps")}
        store.close()
        left += len(words_on_disk(store.path) - stands)
    assert left


def test_others_write_meanwhile_and_nothing_of_theirs_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: live(db, 7, 3000))
    store.write(lambda db: db.execute("DELETE FROM gaps WHERE user_id = 'U1'"))
    over = threading.Event()
    written: list[int] = []

    def write() -> None:
        n = 100_000
        while not over.is_set():
            n += 1
            store.write(
                lambda db, n=n: db.execute(  # type: ignore[misc]
                    "INSERT INTO gaps VALUES (?, 'T1', 'U2', ?, '')", [n, said(n, 9)]
                )
            )
            written.append(n)

    others = [threading.Thread(target=write)]
    others[0].start()
    try:
        for _ in range(3):
            store.erase_leftovers()
    finally:
        over.set()
        others[0].join()
    kept = {int(row["id"]) for row in store.read.query("SELECT id FROM gaps")}
    assert written and {*written} <= kept
    store.erase_leftovers()
    assert words_on_disk(store.path) <= kept
    assert store.read.value("PRAGMA integrity_check") == "ok"
    store.close()


def test_another_program_that_writes_meanwhile_finds_the_file_sound(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: live(db, 3, 2000))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("SELECT sum(length(question)) FROM gaps").fetchone()  # pages in its memory
        store.write(lambda db: db.execute("DELETE FROM gaps WHERE user_id = 'U1'"))
        other.execute("SELECT sum(length(question)) FROM gaps").fetchone()
        store.erase_leftovers()
        other.execute("UPDATE gaps SET user_id = 'U8' WHERE user_id = 'U2'")
    stands = {int(row["id"]) for row in store.read.query("SELECT id FROM gaps")}
    assert store.read.value("PRAGMA integrity_check") == "ok"
    store.close()
    assert words_on_disk(store.path) <= stands


def test_while_somebody_reads_from_the_log_it_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: live(db, 1, 50))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM gaps").fetchone()
        store.write(lambda db: db.execute("DELETE FROM gaps WHERE user_id = 'U1'"))
        with pytest.raises(CoachError, match="busy"):
            store.erase_leftovers()
    store.erase_leftovers()
    store.close()
