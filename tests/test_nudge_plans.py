"""Laws of nudges, whatever happens in whatever order: never at a wrong hour, never nagging."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import HandClock
from bot.coach import Coach
from bot.coach.house import House
from bot.hours import allowed
from bot.nudges import A_CALL, A_DAY, Place, RepHours
from bot.reps import Profile, Rep
from bot.settings import Settings
from bot.store import Tables
from bot.times import local_day

AFTER = timedelta(minutes=10)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # four weeks that hold a change of the clocks
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
        st.sampled_from(["wait", "wait", "call", "snooze", "skip", "move", "cancel", "hours"]),
        st.integers(1, 3_000),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    db: Path = tmp_path_factory.mktemp("plans") / "coach.db"
    with House.open(Settings(db=db), HandClock(START)) as house:
        yield Coach(house)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wishes=st.lists(hours, min_size=1, max_size=4), steps=steps)
def test_snooze_hours_weekends_and_holidays_in_any_order(
    coach: Coach, wishes: list[RepHours], steps: list[tuple[str, int]]
) -> None:
    """Each message leaves in the rep's hours; no call is asked about more than it may be."""
    house, clock = coach.house, coach.house.clock
    assert isinstance(clock, HandClock)
    clock.set(START)
    rep = Rep("T1", f"U{next(_reps)}")
    house.store.write(lambda t: t.people.put_profile(rep, Profile("Ann", "Europe/Berlin"), START))
    coach.nudges.set_wishes(rep, wishes[0])
    days: dict[date, int] = {}
    unasked: dict[str, int] = {}
    said = []
    for turn, (what, number) in enumerate(steps):
        now = clock.now()
        calls = house.store.read.calls.of_rep(rep, START, now + timedelta(days=40))
        call = calls[number % len(calls)] if calls else None
        if what == "call":
            ends = now + timedelta(minutes=number)
            house.store.write(lambda t, ends=ends: _plan(t, rep, ends))
        elif what == "snooze" and said:
            coach.nudges.snooze(rep, said[number % len(said)])
        elif what == "skip" and said:
            coach.nudges.skip(rep, said[number % len(said)])
        elif what == "cancel" and call:
            house.store.write(
                lambda t, call=call, at=now: t.calls.set_state(call, "cancelled", rep, at)
            )
        elif what == "move" and said:
            coach.nudges.moved(rep, said[number % len(said)])
        elif what == "hours":
            coach.nudges.set_wishes(rep, wishes[number % len(wishes)])
        else:
            clock.forward(minutes=number)
        place = Place(*rep)
        if not coach.nudges.due(place):
            continue
        now = clock.now()
        nudges = coach.nudges.claim(place, "D1")
        if not nudges:
            continue
        ts = f"{int(now.timestamp())}.{turn:06}"
        coach.nudges.said(nudges, "D1", ts)
        said += [nudge.id for nudge in nudges]
        assert allowed(now, coach.nudges.wishes(rep).in_zone("Europe/Berlin"))
        today = local_day(now, "Europe/Berlin")
        days[today] = days.get(today, 0) + (not any(nudge.asked for nudge in nudges))
        assert days[today] <= A_DAY
        for nudge in nudges:
            kept = house.store.read.calls.get("T1", nudge.call_id or 0)
            assert kept and kept.state == "planned" and kept.ends <= now <= nudge.not_after
            subject = nudge.key.rpartition(":")[0]
            unasked[subject] = unasked.get(subject, 0) + (not nudge.asked)
            assert unasked[subject] <= A_CALL


def _plan(t: Tables, rep: Rep, ends: datetime) -> None:
    call = t.calls.add(rep, "Acme", ends - timedelta(minutes=30), ends, "", "", None, ends)
    t.nudges.plan_debrief(call, AFTER, ends)
