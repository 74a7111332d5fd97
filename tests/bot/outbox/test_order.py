"""Whose turn it is in the outbox, and that each kind is known on both sides."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coach
from bot.clock.now import HandClock
from bot.outbox.kind import Kind
from bot.outbox.message import Lane, OutboxMessage, Plan, Recipient
from bot.outbox.service import OutboxService
from bot.outbox.table import Outbox
from bot.people.workspaces import WorkspaceService
from bot.storage.database import Database
from bot.storage.store import Store
from handlers import app

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Webhook(Kind):
    """Something to come, without a deadline."""


class Urgent(Kind):
    at_once = True


KINDS = {"webhook": Webhook(), "urgent": Urgent(), "tip": Kind()}


def planned(folder: Path, *plans: Plan) -> OutboxService:
    store = Store(folder / "coach.db")
    store.write(lambda db: [Outbox(db).plan(plan) for plan in plans])
    clock = HandClock(NOW)
    here = WorkspaceService(store, clock)
    return OutboxService(store, clock, KINDS, timedelta(minutes=10), here)


def plan(n: int, kind: str, ago: int, late_in: int | None, to: str = "C1") -> Plan:
    last = None if late_in is None else NOW + timedelta(minutes=late_in)
    return Plan(f"k{n}", kind, Recipient("T1", to), NOW - timedelta(minutes=ago), last)


def test_what_has_a_deadline_never_waits_behind_what_has_none(tmp_path: Path) -> None:
    flood = [plan(n, "webhook", 60 + n, None, f"C{n}") for n in range(90)]
    outbox = planned(tmp_path, *flood, plan(99, "tip", 0, 5, "C99"), plan(98, "tip", 1, 5, "C0"))
    lanes = outbox.lanes_due(10)
    assert lanes[:2] == [Lane(Recipient("T1", "C0")), Lane(Recipient("T1", "C99"))]
    assert [message.key for message in outbox.next_of(lanes[0])] == ["k98"]


def test_what_somebody_waits_for_has_a_lane_of_its_own(tmp_path: Path) -> None:
    outbox = planned(tmp_path, plan(1, "tip", 9, 5), plan(2, "urgent", 5, 5), plan(3, "tip", 1, 5))
    usual, alone = outbox.lanes_due(10)
    assert [m.key for m in outbox.next_of(usual)] == ["k1"]
    assert [m.key for m in outbox.next_of(alone)] == ["k2"]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["plan", "again", "drop", "claim", "off", "said", "refused"])))
def test_a_message_is_taken_by_one_and_said_once_whatever_comes_when(steps: list[str]) -> None:
    """Planned anew, dropped, put off, refused in any order: never claimed twice, never after it was
    said, and never after it was given up but where it was asked for again."""
    said = held = 0
    rows: list[OutboxMessage] = []

    def walk(db: Database) -> None:
        nonlocal said, held, rows
        for n, step in enumerate(steps):
            before = Outbox(db).by_key("k1")
            later = plan(1, "tip", 0, 60)._replace(due_at=NOW + timedelta(minutes=n))
            if step == "plan":
                Outbox(db).plan(later)
            elif step == "again":
                Outbox(db).replan(later)
            elif step == "drop":
                Outbox(db).drop("T1", "ended", "tip", recipient="C1")
            elif step == "claim" and before:
                taken = Outbox(db).claim([before], "C1", "", NOW)
                assert not (taken and (held or said))
                rows, held = taken or rows, held or len(taken)
            elif held and step in ("off", "said", "refused"):
                if step == "said":
                    said += len(Outbox(db).said(rows, "C1", "1.1", NOW))
                elif step == "off":
                    Outbox(db).put_off(rows, NOW)
                else:
                    Outbox(db).close(rows, "dead", "no")
                held = 0
            assert said <= 1

    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "coach.db")) as store:
        store.write(walk)


def test_each_kind_is_known_to_the_coach_and_drawn_by_a_feature() -> None:
    assert set(coach.KINDS) == set(app.table("KINDS"))
