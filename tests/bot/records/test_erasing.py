"""All of a workspace is deleted: nothing of another one, whatever dies between, off the disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply
from bot.errors import BUSY
from bot.operations.single_process import only_one
from bot.people.rep import Rep
from bot.people.workspaces import Workspaces
from bot.records.erasing import AT_A_TIME, EraseService, _tables
from bot.records.retention_table import RetentionTable
from bot.storage.database import Database
from bot.storage.store import Store
from tests.support.paths import ROOT

NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
OURS, OTHER = Rep("T1", "U1"), Rep("T2", "U1")
WORD = "a-private-thought"


class Killed(BaseException):
    """The process ends here."""


class Mortal(Store):
    """A store that dies at its nth transaction; it is not done then."""

    lives = -1

    def write(self, work: Callable[[Database], Any]) -> Any:
        if self.lives == 0:
            raise Killed
        self.lives -= 1
        return super().write(work)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Mortal]:
    store = Mortal(tmp_path / "coach.db")
    for rep in (OURS, OTHER):
        store.write(lambda db, rep=rep: fill(db, rep))
    yield store
    store.close()


def fill(db: Database, rep: Rep, many: int = 2 * AT_A_TIME + 1) -> None:
    call = Calls(db).add(rep, f"Acme {WORD} {rep.workspace_id}", NOW, NOW, "", WORD, None, NOW)
    for n in range(many):
        said = f"{WORD} {rep.workspace_id} {n} {'x' * 200}"
        Replies(db).put(Reply(0, rep, call.id, None, "forgot", "What?", said, "form", NOW))


def service(store: Store, after: timedelta = timedelta(days=30)) -> EraseService:
    return EraseService(store, HandClock(NOW), after)


def on_disk(store: Store) -> bytes:
    return b"".join(p.read_bytes() for p in store.path.parent.glob(store.path.name + "*"))


def test_all_of_one_workspace_goes_and_all_of_another_stays(store: Mortal) -> None:
    erasing = service(store)
    before = erasing.counts("T2")
    erasing.begin("T1")
    assert erasing.finish()
    assert erasing.counts("T1") == {"audit": 1} and erasing.counts("T2") == before
    assert erasing.workspaces() == ["T2"]
    kept = on_disk(store)
    assert f"{WORD} T1".encode() not in kept and f"{WORD} T2".encode() in kept


@pytest.mark.parametrize("lives", range(12))
def test_a_kill_at_any_moment_leaves_it_to_be_finished(store: Mortal, lives: int) -> None:
    service(store).begin("T1")
    store.lives = lives
    with suppress(Killed):
        service(store).finish()
    store.lives = -1
    store.write(lambda db: fill(db, OURS, many=3))  # the workspace is there again, and goes on
    assert service(store).finish()
    assert service(store).counts("T1") | {"audit": 1} == {"audit": 1, "calls": 1, "replies": 3}


def test_it_comes_due_once_it_was_gone_for_that_long_and_unless_it_is_held(store: Mortal) -> None:
    gone_at = NOW - timedelta(days=30)
    store.write(lambda db: Workspaces(db).put("T1", gone_at + timedelta(seconds=1)))
    assert service(store).finish() and "replies" in service(store).counts("T1")
    store.write(lambda db: Workspaces(db).erased("T1"))
    store.write(lambda db: Workspaces(db).put("T1", gone_at))
    held = EraseService(store, HandClock(NOW), timedelta(days=30), held=lambda w: w == "T1")
    assert held.finish() and "replies" in held.counts("T1")
    assert service(store).finish() and service(store).counts("T1") == {"audit": 1}


def test_no_table_comes_before_one_that_refers_to_it(store: Mortal) -> None:
    db = store.read
    order = _tables(db)
    for table in order:
        to = {row[0] for row in db.rows('SELECT "table" FROM pragma_foreign_key_list(?)', [table])}
        for other in to - {table}:
            assert order.index(table) < order.index(other), (table, other)


# On the command line ------------------------------------------------------------------------


def run(store: Store, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "erase", *words],
        env={**os.environ, "COACH_DB": str(store.path), "COACH_EMBED_MODEL": "none"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        input=typed,
    )


def test_erase_counts_asks_and_deletes(store: Mortal) -> None:
    store.close()
    asked = run(store, "T1", typed="yes\n")
    assert asked.returncode == 1 and "Nothing was deleted." in asked.stdout
    assert f"{2 * AT_A_TIME + 1:8}  replies" in asked.stdout
    unknown = run(store, "T9")
    assert "Nothing is kept of T9. Workspaces here: T1, T2." in unknown.stderr
    done = run(store, "T1", typed="T1\n")
    assert done.returncode == 0 and "rows of T1 are deleted" in done.stdout
    assert f"{WORD} T1".encode() not in on_disk(store)


def test_erase_refuses_while_an_account_is_on_hold(store: Mortal) -> None:
    store.write(lambda db: RetentionTable(db).hold("T1", "acme", "Acme", NOW))
    store.close()
    refused = run(store, "T1", "--yes")
    assert refused.returncode == 1
    assert "On hold, so nothing was deleted: Acme." in refused.stderr
    assert f"{WORD} T1".encode() in on_disk(store)
    assert "rows of T2 are deleted" in run(store, "T2", "--yes").stdout


def test_erase_waits_for_no_coach_at_work(store: Mortal) -> None:
    with only_one(store.path):
        refused = run(store, "T1", "--yes")
    assert refused.returncode == BUSY and "Stop it first" in refused.stderr
