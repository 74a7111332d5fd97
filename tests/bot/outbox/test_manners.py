"""Laws of nudges, whatever happens in whatever order: never at a wrong hour, never nagging."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day
from bot.clock.now import HandClock
from bot.clock.working_hours import allowed
from bot.coach import Coach
from bot.debriefs.follow_up import A_CALL
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.manners import A_DAY, RepHours
from bot.outbox.message import Lane, OutboxMessage, Recipient
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.settings import Settings
from bot.storage.database import Database

AFTER = timedelta(minutes=10)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # four weeks that hold a change of the clocks
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
_reps = itertools.count(1)

hours = st.builds(
    RepHours,
    nudges_on=st.just(True),
    working_days=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    start=st.sampled_from([time(0), time(8), time(9, 30)]),
    end=st.sampled_from([time(12), time(18), time(22)]),
    quiet=st.sampled_from([None, (time(12), time(13)), (time(20), time(9))]),
    holidays=st.sampled_from([None, "DE", "US"]),
    away_until=st.sampled_from([None, date(2026, 3, 6)]),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["wait", "wait", "call", "snooze", "skip", "move", "cancel", "hours", "zone"]
        ),
        st.integers(1, 90) | st.integers(1, 3_000),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    db: Path = tmp_path_factory.mktemp("plans") / "coach.db"
    with Coach(Settings(db=db), HandClock(START)) as coach:
        yield coach


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(wishes=st.lists(hours, min_size=1, max_size=4), steps=steps)
def test_snooze_hours_weekends_and_holidays_in_any_order(
    coach: Coach, wishes: list[RepHours], steps: list[tuple[str, int]]
) -> None:
    """Each message leaves in the rep's hours and says on which day its call was; no call is asked
    about more than it may be; and in the end none was passed over without a reason."""
    life = Life(coach, wishes)
    for what, number in steps:
        life.step(what, number)
        life.listen()
    for _ in range(24 * 20):
        life.clock.forward(hours=1)
        life.listen()
    life.over()


class Life:
    """A rep for some weeks, with one thing after another, and all that the coach says to them."""

    def __init__(self, coach: Coach, wishes: list[RepHours]) -> None:
        assert isinstance(coach.clock, HandClock)
        self.coach, self.clock, self.store = coach, coach.clock, coach.store
        self.rep, self.wishes, self.zone = Rep("T1", f"U{next(_reps)}"), wishes, ZONES[0]
        self.said: list[int] = []
        self.moments: list[datetime] = []  # of messages that the rep did not ask for
        self.unasked = Counter[str]()
        self.clock.set(START)
        self.store.write(
            lambda db: People(db).put_profile(self.rep, Profile("Ann", self.zone), START)
        )
        coach.outbox.set_wishes(self.rep, wishes[0])

    def step(self, what: str, number: int) -> None:
        now, nudge = self.clock.now(), self.said[number % len(self.said)] if self.said else None
        if what == "wait":
            self.clock.forward(minutes=number)
        elif what == "call":
            self.store.write(lambda db: _plan(db, self.rep, now + timedelta(minutes=number)))
        elif what == "hours":
            self.coach.outbox.set_wishes(self.rep, self.wishes[number % len(self.wishes)])
        elif what == "zone":
            self.zone = ZONES[number % len(ZONES)]
            self.coach.people.changed(self.rep, Profile("Ann", self.zone))
        elif what == "cancel" and (calls := self.calls()):
            call = calls[number % len(calls)]
            self.store.write(lambda db: Calls(db).set_state(call, "cancelled", self.rep, now))
        elif nudge:
            answers = {
                "snooze": self.coach.follow_ups.snooze,
                "skip": self.coach.follow_ups.skip,
                "move": self.coach.huddles.it_moved,
            }
            answers.get(what, lambda *_: None)(self.rep, nudge)

    def listen(self) -> None:
        """What the coach says now, if it says something."""
        due = self.coach.outbox.next_of(Lane(Recipient(*self.rep)))
        if not due or not (nudges := self.coach.outbox.claim(due, "D1")):
            return
        now = self.clock.now()
        for part in self.coach.follow_ups.lines(nudges):
            was = local_day(part.call.starts, self.zone)
            assert (part.when == "") == (was == local_day(now, self.zone)), "held, and not said so"
        self.coach.outbox.said(nudges, "D1", f"{int(now.timestamp())}.{len(self.said):06}")
        self.said += [nudge.id for nudge in nudges]
        assert allowed(now, self.coach.outbox.wishes(self.rep).in_zone(self.zone))
        if not any(nudge.asked for nudge in nudges):
            self.moments.append(now)
            today = [
                at for at in self.moments if local_day(at, self.zone) == local_day(now, self.zone)
            ]
            assert len(today) <= A_DAY
        for nudge in nudges:
            self._may_be_asked(nudge, now)

    def _may_be_asked(self, nudge: OutboxMessage, now: datetime) -> None:
        call = Calls(self.store.read).get("T1", nudge.call_id or 0)
        assert call and call.state == "planned" and nudge.not_after
        assert call.ends <= now <= nudge.not_after
        subject = nudge.key.rpartition(":")[0]
        self.unasked[subject] += not nudge.asked
        assert self.unasked[subject] <= A_CALL

    def over(self) -> None:
        """Long after: of each call the rep was asked, or it is written down why not."""
        for call in self.calls():
            first = FollowUps(self.store.read).of_call(call)[0]
            assert first.state == "sent" or (first.state == "skipped" and first.why)

    def calls(self) -> list[Call]:
        return Calls(self.store.read).of_rep(self.rep, START, START + timedelta(days=90))


def _plan(db: Database, rep: Rep, ends: datetime) -> None:
    call = Calls(db).add(rep, "Acme", ends - timedelta(minutes=30), ends, "", "", None, ends)
    FollowUps(db).plan_debrief(call, AFTER)
