"""The coach is killed again and again while Slack fails too: every nudge is said, and said once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from pathlib import Path

from bot.calls.table import Calls
from bot.clock.local_time import EVERY_DAY
from bot.clock.now import SystemClock
from bot.daily_tips.setting import Daily
from bot.daily_tips.table import DailyTips
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.hours_table import HoursKept
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.store import Store
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.soak.lives import lives, until
from tests.support.processes import ALWAYS, with_store

LIFE_S = (0.05, 0.5)  # a coach lives so long
FAULTS = ("slow", "reset_after_accept", "reset", "500", "429", "hang", "late")


def killed(folder: Path, kills: int, each: int = 3, seed: int = 1) -> Verdict:
    """`kills` times kill -9, `each` nudges for one, a fault of Slack's in every other life."""
    chance = random.Random(seed)
    places = [f"U{n:05}" for n in range(kills * each * 9 // 10)]
    places += [f"C{n:05}" for n in range(kills * each // 10)]
    db, faults = folder / "coach.db", Counter[str]()
    with FakeSlack(SystemClock()) as slack:
        _open(slack, places)
        with lives(db, slack) as coaches:
            coaches.begin()
            until(db.exists, 10)
            coaches.end()
            _plan(db, places, timedelta(seconds=0.15 * kills), chance)
            for _ in range(kills):
                if chance.random() < 0.5:
                    fault = chance.choice(FAULTS)
                    slack.fail("chat.postMessage", fault, seconds=_delay(fault, chance))
                    faults[fault] += 1
                coaches.begin()
                threading.Event().wait(chance.uniform(*LIFE_S))
                coaches.end()
            ended = coaches.ended - 1
            coaches.begin()
            with_store(db, lambda store: until(lambda: _quiet(store), 60 + kills))
            coaches.end()
        heard = {place: _heard(slack, place) for place in places}
    looked = with_store(db, lambda store: sum(n.attempts > 1 for n in _all(store)))
    states = Counter(with_store(db, lambda store: [n.state for n in _all(store)]))
    return Verdict(
        "a nudge outlives kill -9 and a failing Slack",
        {"kills": ended, "nudges": len(places), "faults": sum(faults.values())}
        | {"tried more than once": looked},
        {
            "lost": sum(not times for times in heard.values()),
            "twice": sum(times > 1 for times in heard.values()),
            "undecided": sum(states.values()) - states["sent"],
        },
    )


def _delay(fault: str, chance: random.Random) -> float:
    """Longer than the coach waits for "hang"; for "late" still before it looks."""
    return {"hang": 1.5, "late": chance.uniform(0.1, 1.6)}.get(fault, chance.uniform(0.05, 0.8))


def _open(slack: FakeSlack, places: list[str]) -> None:
    slack.world.workspaces["T1"].scopes.add("channels:history")
    for place in places:
        if place.startswith("U"):
            slack.add_user(place, f"rep {place}", tz="UTC")
        else:
            slack.add_channel(place, place.lower())


def _plan(db: Path, places: list[str], over: timedelta, chance: random.Random) -> None:
    """One nudge for each rep, one tip for each channel, at any moment from now on."""
    now = datetime.now(UTC)

    def work(db: Database) -> None:
        for id in places:
            place, due = Recipient("T1", id), now + chance.random() * over
            if place.is_rep:
                rep, ends = Rep(*place), due - timedelta(minutes=10)
                starts = ends - timedelta(minutes=30)
                HoursKept(db).put(rep, ALWAYS)
                call = Calls(db).add(rep, "Acme", starts, ends, "", "", None, now)
                FollowUps(db).plan_debrief(call, timedelta(minutes=10))
            else:
                DailyTips(db).put(Daily(place, due.time(), EVERY_DAY, "UTC", "U00001", now))
                key = f"T1:{id}:daily_tip:{due:%Y-%m-%d}"
                last = due + timedelta(hours=20)
                Outbox(db).plan(Plan(key, "daily_tip", place, due, last))

    with_store(db, lambda store: store.write(work))


def _heard(slack: FakeSlack, place: str) -> int:
    return len(slack.messages(slack.dm(place) if place.startswith("U") else place))


def _all(store: Store) -> list[OutboxMessage]:
    """The nudges that were planned at first, not what followed from them."""
    found = takewhile(bool, map(Outbox(store.read).by_id, count(1)))
    tomorrow = datetime.now(UTC) + timedelta(hours=3)
    return [n for n in found if n and n.nth == 1 and n.wanted_at < tomorrow]


def _quiet(store: Store) -> bool:
    """Whether all is decided; what was put off for a moment is not due, and not over either."""
    return all(nudge.state not in ("pending", "sending") for nudge in _all(store))
