"""A question that Slack was told is kept is answered once, by coaches that are killed meanwhile."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.clock.now import SystemClock
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.soak.lives import lives, until
from tests.support.processes import with_store

PEOPLE = [f"U{n:02}" for n in range(8)]
CHANNEL = "C1"
WORDS = "they want a free trial"
FAULTS = ("slow", "reset_after_accept", "reset", "500", "429", "late")
OPEN = "SELECT id FROM outbox WHERE state IN ('pending', 'sending')"
WAITING = "SELECT event_id FROM inbox WHERE handled_at IS NULL"


def answered(folder: Path, questions: int, kills: int, seed: int = 1) -> Verdict:
    """`questions` in messages and mentions over `kills` kill -9, while Slack fails now and then."""
    chance, db = random.Random(seed), folder / "coach.db"
    kept: list[tuple[str, str]] = []
    with FakeSlack(SystemClock()) as slack:
        _open(slack, db)
        with lives(db, slack) as coaches:
            with _asking(slack, kept):
                for n in range(kills):
                    coaches.begin()
                    if chance.random() < 0.5:
                        slack.fail("chat.postMessage", chance.choice(FAULTS), seconds=0.3)
                    until(lambda n=n: len(kept) * kills >= questions * (n + 1), 20)  # type: ignore[misc]
                    threading.Event().wait(chance.uniform(0, 0.3))
                    coaches.end()
            coaches.begin()
            drained = until(lambda: not _rows(db, OPEN) and not _rows(db, WAITING), 120)
        said = [m for place in _places(slack) for m in slack.messages(place)]
    answers = Counter((m.channel, m.thread_ts) for m in said if m.user == "UBT1")
    return Verdict(
        "a question outlives kill -9 and a failing Slack",
        {"kills": kills, "acked": len(kept), "states": Counter(_rows(db, STATES))},
        {
            "lost": sum(not answers[asked] for asked in kept),
            "twice": sum(times > 1 for times in answers.values()),
            "undrained": int(not drained),
        },
    )


STATES = "SELECT state FROM outbox"


def _open(slack: FakeSlack, db: Path) -> None:
    scopes = {"assistant:write", "app_mentions:read", "channels:history"}
    slack.world.workspaces["T1"].scopes |= scopes
    for person in PEOPLE:
        slack.add_user(person, f"rep {person}", tz="UTC")
    slack.add_channel(CHANNEL, "deals", members=PEOPLE)

    def greet(db: Database) -> None:
        for person in PEOPLE:
            People(db).greet(Rep("T1", person), datetime.now(UTC))

    with_store(db, lambda store: store.write(greet))


def _places(slack: FakeSlack) -> list[str]:
    return [CHANNEL, *(slack.dm(person) for person in PEOPLE)]


@contextmanager
def _asking(slack: FakeSlack, kept: list[tuple[str, str]]) -> Iterator[None]:
    """Everybody asks, again and again; what Slack was told is kept is noted by place and ts."""
    over = threading.Event()

    def ask(person: str, chance: random.Random) -> None:
        while not over.wait(chance.uniform(0.01, 0.1)):
            place = slack.dm(person) if chance.random() < 0.7 else CHANNEL
            words = f"@Coach {WORDS}" if place == CHANNEL else WORDS
            slack.say(person, place, words)
            heard = [e for e in slack.log[-40:] if e.direction == "out" and e.status == 200]
            events = [e.request["event"] for e in heard]
            name = "app_mention" if place == CHANNEL else "message"
            kept.extend(
                (place, e["ts"])
                for e in events
                if (e["type"], e["channel"], e["user"]) == (name, place, person)
                and (place, e["ts"]) not in kept
            )

    hands = [
        threading.Thread(target=ask, args=(person, random.Random(n)))
        for n, person in enumerate(PEOPLE)
    ]
    for hand in hands:
        hand.start()
    yield
    over.set()
    for hand in hands:
        hand.join()


def _rows(db: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(db, timeout=10)) as file:
        return [row[0] for row in file.execute(sql)]
