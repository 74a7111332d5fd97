"""What is too old is deleted, by night and in slices; nothing newer is, and nothing on hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit.table import Audit
from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs import debrief as debriefs
from bot.debriefs.table import Debriefs
from bot.people.rep import Profile, Rep
from bot.people.service import PeopleService
from bot.people.table import People
from bot.records._aged import AGED
from bot.records.erasing import EraseService, OnHold
from bot.records.keep_command import Unclear, read_days
from bot.records.retention import NOTICE, NotKept, RetentionService
from bot.records.retention_table import RetentionTable, Rule
from bot.records.service import RecordService
from bot.storage.database import Database, insert
from bot.storage.moments import to_text
from bot.storage.store import Store
from bot.tips.table import Tips
from tests.support.dying import Dies

NIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)  # three o'clock in New York
BOSS, SAM, KIM = Rep("T1", "U3"), Rep("T1", "U1"), Rep("T1", "U2")
WORD = "a-private-thought"
# Tables of people's that do not grow old, and why.
STAYS = {
    "reps", "rep_hours", "feeds", "daily_tips", "calendars", "meeting_choices",  # settings
    "holds", "retention", "audit", "gone_workspaces", "forgetting", "handled",  # about deleting
    "changes", "huddles", "huddle_people", "huddle_items", "feedback",  # go with call or tip
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "coach.db")


def service(store: Store, clock: HandClock, days: int | None = None) -> RetentionService:
    return RetentionService(store, clock, PeopleService(store, clock, {"U3"}), days)


def met(db: Database, rep: Rep, account: str, at: datetime) -> int:
    """A call with a debrief, a reply, a tip and a gap, all of that moment; the call's id."""
    People(db).put_profile(rep, Profile("Someone", "America/New_York"), at)
    call = Calls(db).add(rep, account, at, at, "", WORD, None, at)
    said = {"question": "q", "asked": "How?", "said": WORD, "via": "form", "said_at": to_text(at)}
    insert(
        db,
        "replies",
        {"workspace_id": rep.workspace_id, "user_id": rep.user_id, "call_id": call.id, **said},
    )
    Debriefs(db).put(debriefs.blank(rep, call.id, at), at)
    Tips(db).put_gap(rep, f"{WORD} {account}", at)
    return call.id


def counts(store: Store) -> tuple[int, ...]:
    return tuple(
        store.read.value(f"SELECT count(*) FROM {table}")
        for table in ("calls", "replies", "debriefs", "gaps")
    )


def test_every_table_of_a_workspace_grows_old_or_is_named_here(store: Store) -> None:
    named = store.read.rows(
        "SELECT m.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND c.name = 'workspace_id'"
    )
    assert {name for (name,) in named} == STAYS | {step.table for step in AGED}


@settings(max_examples=15, deadline=None)
@given(
    ages=st.lists(st.integers(0, 90), min_size=1, max_size=12),
    days=st.integers(30, 60),
    dies=st.integers(0, 12),
)
def test_killed_anywhere_what_is_older_goes_and_nothing_newer(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], days: int, dies: int
) -> None:
    path = tmp_path_factory.mktemp("file") / "coach.db"
    store = Store(path)
    for n, age in enumerate(ages):
        store.write(lambda db, n=n, age=age: met(db, SAM, f"A{n}", NIGHT - timedelta(days=age)))
    store.close()
    dying = Dies(path, dies)
    service(dying, HandClock(NIGHT), days).tidy()
    dying.close()
    store = Store(path)
    service(store, HandClock(NIGHT), days).tidy()
    left = sum(age <= days for age in ages)
    assert counts(store) == (left, left, left, left)
    store.close()


def test_the_words_are_off_the_disk(store: Store) -> None:
    store.write(lambda db: met(db, SAM, "Acme", NIGHT - timedelta(days=40)))
    service(store, HandClock(NIGHT), 30).tidy()
    store.close()
    for path in store.path.parent.iterdir():
        assert WORD.encode() not in path.read_bytes()


def test_by_day_it_waits_for_the_night_unless_no_night_came_for_long(store: Store) -> None:
    clock = HandClock(NIGHT)
    old = service(store, clock, 30)
    store.write(lambda db: met(db, SAM, "Acme", NIGHT - timedelta(days=29, hours=23)))
    left = []
    for _ in range(6):  # 3:00, 8:00, 13:00, 18:00, 23:00, 4:00
        old.tidy()
        left.append(counts(store)[0])
        clock.forward(hours=5)
    assert left == [1, 1, 1, 1, 1, 0]
    store.write(lambda db: met(db, SAM, "Acme", clock.now() - timedelta(days=29)))
    clock.forward(days=3)  # it was off for the nights between, and it is day: 9:00
    old.tidy()
    assert counts(store)[0] == 0


def test_of_another_workspace_nothing_goes(store: Store) -> None:
    store.write(lambda db: met(db, SAM, "Acme", NIGHT - timedelta(days=99)))
    store.write(lambda db: met(db, Rep("T2", "U1"), "Acme", NIGHT - timedelta(days=99)))
    clock = HandClock(NIGHT)
    kept = service(store, clock)
    kept.set(BOSS, 30)
    clock.forward(days=8)
    kept.tidy()
    assert counts(store) == (1, 1, 1, 1)
    assert store.read.value("SELECT workspace_id FROM calls") == "T2"


# Rules ---------------------------------------------------------------------------------------


def test_what_deletes_sooner_counts_in_seven_days_and_can_be_taken_back(store: Store) -> None:
    clock = HandClock(NIGHT)
    kept = service(store, clock)
    store.write(lambda db: met(db, SAM, "Acme", NIGHT - timedelta(days=400)))
    assert kept.set(BOSS, 365) == Rule(None, 365, NIGHT + NOTICE)
    clock.forward(days=6, hours=23)
    kept.tidy()
    assert counts(store)[0] == 1
    assert kept.set(BOSS, None) == Rule()
    clock.forward(days=30)
    kept.tidy()
    assert counts(store)[0] == 1
    kept.set(BOSS, 365)
    clock.forward(days=7)
    assert kept.rule("T1") == Rule(365)
    kept.tidy()
    assert counts(store)[0] == 0
    assert kept.set(BOSS, 700) == Rule(700)  # keeps longer: at once
    assert kept.set(BOSS, 400) == Rule(700, 400, clock.now() + NOTICE)
    assert [a.codes for a in Audit(store.read).all()] == [
        *("days=365", "for_ever", "days=365", "days=700", "days=400")
    ]


def test_thirty_days_are_the_least_and_only_a_manager_sets_it(store: Store) -> None:
    kept = service(store, HandClock(NIGHT))
    with pytest.raises(NotKept, match="30 days are the least"):
        kept.set(BOSS, 29)
    with pytest.raises(NotKept, match="Only a manager"):
        kept.set(SAM, 365)
    with pytest.raises(NotKept, match="Only a manager"):
        kept.would_go(SAM, 365)
    assert kept.rule("T1") == Rule()


def test_what_is_set_outside_wins_and_can_t_be_changed_here(store: Store) -> None:
    clock = HandClock(NIGHT)
    service(store, clock).set(BOSS, 40)
    kept = service(store, clock, 90)
    assert kept.rule("T1") == Rule(90, set_outside=True)
    with pytest.raises(NotKept, match="COACH_KEEP_DAYS"):
        kept.set(BOSS, 365)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("365", 365), ("365 days", 365), ("1 year", 365), ("a year", 365), ("2y", 730),
        ("18 months", 540), ("for 90 days.", 90), ("6 weeks", 42), ("for ever", None),
        ("forever", None), ("always", None), ("99999 years", 36_500), ("0", 0),
    ],
)  # fmt: skip
def test_lengths_as_people_type_them(typed: str, days: int | None) -> None:
    assert read_days(typed) == days


@pytest.mark.parametrize("typed", ["acme", "soon", "-5", "1.5 years", "365 apples"])
def test_what_is_no_length_is_asked_about(typed: str) -> None:
    with pytest.raises(Unclear):
        read_days(typed)


# Holds ---------------------------------------------------------------------------------------


def test_an_account_on_hold_is_neither_too_old_nor_erased(store: Store) -> None:
    clock = HandClock(NIGHT)
    kept = service(store, clock, 30)
    for account in ("Acme", "Brenntag"):
        store.write(lambda db, a=account: met(db, SAM, a, NIGHT - timedelta(days=99)))
    kept.hold(BOSS, "acme")
    kept.tidy()
    assert counts(store)[:3] == (1, 1, 1)
    erasing = EraseService(store, clock, timedelta(days=30), kept.on_hold)
    with pytest.raises(OnHold, match="acme"):
        erasing.begin("T1")
    assert kept.free(BOSS, "Acme") == "acme"
    clock.forward(days=1)
    kept.tidy()
    assert counts(store)[:3] == (0, 0, 0)


def test_who_is_forgotten_meanwhile_is_wholly_forgotten_when_the_hold_ends(store: Store) -> None:
    clock = HandClock(NIGHT)
    kept, records = service(store, clock), RecordService(store, clock)
    for rep in (SAM, KIM):
        for account in ("Acme", "Brenntag"):
            store.write(lambda db, r=rep, a=account: met(db, r, a, NIGHT - timedelta(days=9)))
    kept.hold(BOSS, "Acme")
    assert kept.held_of(SAM) == ["Acme"]
    records.forget(SAM)
    assert records.finish_forgetting()
    assert counts(store) == (3, 3, 3, 2)  # Sam's with Acme, and Kim's
    assert records.finish_forgetting()
    assert counts(store) == (3, 3, 3, 2)
    clock.forward(days=1)
    store.write(lambda db: met(db, SAM, "Corp", clock.now()))  # Sam comes back
    kept.free(BOSS, "acme")
    assert records.finish_forgetting()
    assert counts(store) == (3, 3, 3, 3)  # Kim's two, and what Sam said since
    assert store.read.value("SELECT count(*) FROM forgetting") == 0


def test_holds_are_the_workspace_s_own_and_managers_alone_see_them(store: Store) -> None:
    kept = service(store, HandClock(NIGHT))
    kept.hold(BOSS, "Acme")
    assert kept.on_hold("T2") == []
    with pytest.raises(NotKept, match="Only a manager"):
        kept.holds(SAM)
    with pytest.raises(NotKept, match="Only a manager"):
        kept.hold(SAM, "Acme")
    assert RetentionTable(store.read).holds("T1")[0].account == "Acme"
