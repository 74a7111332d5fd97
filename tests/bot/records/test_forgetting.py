"""Forgetting a person, a few rows at a time: broken off anywhere, it comes to the same."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs import debrief as debriefs
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.table import Debriefs
from bot.people.rep import Rep
from bot.records.forgetting import ForgettingTable, forget_rows
from bot.records.service import RecordService
from bot.records.table import STEPS
from bot.storage.database import Database, insert
from bot.storage.store import NotSaved, Store
from bot.tips.table import Tips
from tests.support.dying import Dies

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SAM, KIM = Rep("T1", "U1"), Rep("T1", "U2")
OTHER = Rep("T2", "U1")  # of another workspace, by chance with the same id
WORD = "a-private-thought"


def says(db: Database, rep: Rep, n: int, words: str = WORD) -> None:
    call = Calls(db).add(rep, f"Acme {n}", NOW, NOW, "", words, None, NOW)
    insert(
        db,
        "replies",
        {
            "workspace_id": rep.workspace_id, "user_id": rep.user_id, "call_id": call.id,
            "question": "q", "asked": "How?", "said": f"{words} {n}", "via": "form",
            "said_at": "2026-11-23T15:00:00Z",
        },
    )  # fmt: skip
    Debriefs(db).put(debriefs.blank(rep, call.id, NOW), NOW)
    Tips(db).put_gap(rep, f"{words} {n}", NOW)
    FollowUps(db).plan_debrief(call, timedelta(minutes=10))


def past(db: Database, calls: int) -> None:
    for n in range(calls):
        for rep in (SAM, KIM, OTHER):
            says(db, rep, n)


def everything(store: Store) -> dict[str, list[Any]]:
    tables = ("calls", "replies", "debriefs", "gaps", "outbox", "forgetting")
    return {t: [tuple(r) for r in store.read.rows(f"SELECT * FROM {t}")] for t in tables}


def of(store: Store, rep: Rep) -> list[int]:
    whose = "WHERE workspace_id = ? AND user_id = ?"
    tables = ("replies", "debriefs", "gaps", "outbox")
    return [store.read.value(f"SELECT count(*) FROM {t} {whose}", [*rep]) for t in tables]


@settings(max_examples=20, deadline=None)
@given(at=st.integers(0, 60), calls=st.sampled_from([2, STEPS[0].at_a_time + 5]))
def test_broken_off_anywhere_it_comes_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, at: int, calls: int
) -> None:
    begun = tmp_path_factory.mktemp("file") / "begun.db"
    store = Store(begun)
    store.write(lambda db: past(db, calls))
    RecordService(store, HandClock(NOW)).forget(SAM)
    store.close()
    ends = []
    for dies_at in (at, 10_000):
        path = begun.with_name(f"{dies_at}.db")
        shutil.copy(begun, path)
        dying = Dies(path, dies_at)
        try:
            [person] = ForgettingTable(dying.read).all()
            forget_rows(dying, person)
        except NotSaved:
            assert dies_at == at
        dying.close()
        store = Store(path)
        assert RecordService(store, HandClock(NOW + timedelta(hours=1))).finish_forgetting()
        ends.append(everything(store))
        assert of(store, SAM) == [0, 0, 0, 0]
        assert of(store, KIM) == of(store, OTHER) == [calls] * 4
        store.close()
    assert ends[0] == ends[1]


def test_nothing_that_waits_is_said_from_the_moment_on_in_which_it_was_asked(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: past(db, 3))
    RecordService(store, HandClock(NOW)).forget(SAM)
    assert of(store, SAM)[-1] == 0
    assert of(store, KIM)[-1] == of(store, OTHER)[-1] == 3
    store.close()


@pytest.mark.parametrize("dies_at", range(0, 30, 3))
def test_what_is_said_after_asking_stays(tmp_path: Path, dies_at: int) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: past(db, 2))
    store.write(lambda db: says(db, SAM, 2))  # the last row of each table is of the forgotten
    RecordService(store, HandClock(NOW)).forget(SAM)
    store.close()
    dying = Dies(tmp_path / "coach.db", dies_at)
    with pytest.raises(NotSaved):
        forget_rows(dying, ForgettingTable(dying.read).all()[0])
    dying.close()
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: says(db, SAM, 9, "said-afterwards"))
    RecordService(store, HandClock(NOW)).finish_forgetting()
    assert store.read.value("SELECT group_concat(said) FROM replies WHERE user_id = 'U1'"
                            " AND workspace_id = 'T1'") == "said-afterwards 9"  # fmt: skip
    assert of(store, SAM) == [1, 1, 1, 1]
    assert store.read.value(
        "SELECT goal FROM calls WHERE account = 'Acme 9'") == "said-afterwards"  # fmt: skip
    store.close()


def test_no_byte_of_it_is_left_and_nobody_is_named_in_the_end(tmp_path: Path) -> None:
    store = Store(tmp_path / "coach.db")
    store.write(lambda db: past(db, 300))
    records = RecordService(store, HandClock(NOW))
    for rep in (KIM, OTHER, SAM):
        records.forget(rep)
    assert records.finish_forgetting()
    raw = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert WORD.encode() not in raw
    assert everything(store)["forgetting"] == []
    assert store.read.value("PRAGMA integrity_check") == "ok"
    store.close()
