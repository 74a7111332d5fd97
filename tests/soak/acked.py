"""What Slack was told is kept, is kept: replies acked by coaches that are killed all the time."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

from bot.clock.now import SystemClock
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.soak.lives import Lives, lives, until
from tests.support.processes import plan

WRITERS = 8


def acked(folder: Path, replies: int, kills: int, seed: int = 1) -> Verdict:
    """`replies` plain messages acked over `kills` kill -9; each is a reply afterwards, once."""
    chance, db = random.Random(seed), folder / "coach.db"
    people = [f"U{n:03}" for n in range(max(WRITERS, replies // 100))]
    with FakeSlack(SystemClock()) as slack:
        for person in people:
            slack.add_user(person, f"rep {person}", tz="UTC")
        plan(db, people)
        with lives(db, slack) as coaches:
            coaches.begin()
            until(lambda: all(slack.messages(slack.dm(p)) for p in people), 30 + len(people))
            kept, sent = _under_fire(slack, people, coaches, replies, kills, chance)
            ended = coaches.ended
            coaches.begin()
            drained = until(lambda: not _rows(db, WAITING), 60 + replies / 50)
            coaches.end()
    found = Counter(_rows(db, "SELECT said FROM replies"))
    return Verdict(
        "an acked reply outlives kill -9",
        {"kills": ended, "sent": sent, "acked": len(kept)},
        {
            "lost": sum(text not in found for text in kept),
            "twice": sum(times > 1 for times in found.values()),
            "undrained": int(not drained),
        },
    )


WAITING = "SELECT event_id FROM inbox WHERE handled_at IS NULL"


def _under_fire(
    slack: FakeSlack, people: list[str], coaches: Lives, replies: int, kills: int,
    chance: random.Random,
) -> tuple[list[str], int]:  # fmt: skip
    """Write from several hands until enough was acked; the coach dies `kills` times meanwhile."""
    kept: list[str] = []
    sent = Counter[str]()
    over = threading.Event()

    def write(mine: list[str], dice: random.Random) -> None:
        while not over.is_set():
            person = dice.choice(mine)
            dm = slack.dm(person)
            question = slack.messages(dm)[0].ts
            sent[person] += 1
            text = f"reply {person}.{sent[person]}"
            if slack.say(person, dm, text, thread_ts=question).status == 200:
                kept.append(text)
            else:
                over.wait(0.01)

    hands = [
        threading.Thread(target=write, args=(people[n::WRITERS], random.Random(n)))
        for n in range(WRITERS)
    ]
    for hand in hands:
        hand.start()
    for n in range(kills):
        until(lambda n=n: len(kept) >= replies * (n + 1) // kills, 20)  # type: ignore[misc]
        over.wait(chance.uniform(0, 0.05))
        coaches.end()
        coaches.begin()
    until(lambda: len(kept) >= replies, 60)
    over.set()
    for hand in hands:
        hand.join()
    coaches.end()
    return kept, sum(sent.values())


def _rows(db: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(db, timeout=10)) as file:
        return [row[0] for row in file.execute(sql)]
