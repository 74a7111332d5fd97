"""A hundred thousand nudges that wait cost little memory, and none of them time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.calls.table import Calls
from bot.clock.now import SystemClock
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.hours_table import HoursKept
from bot.people.rep import Rep
from bot.storage.database import Database
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.soak.lives import until
from tests.support.processes import ALWAYS, Process, with_store

MOST_MB = 10


def pending(folder: Path, nudges: int) -> Verdict:
    """The process as an admin runs it, with one nudge and with many, of which a tenth is due."""
    empty, few_mb, *_ = _start(folder / "few.db", 1)
    first, many_mb, since_ready = _start(folder / "many.db", nudges)
    return Verdict(
        "many nudges wait at little cost",
        {"pending": nudges, "MB": f"{many_mb:.1f}", "MB with one": f"{few_mb:.1f}"}
        | {"first out after process start, s": f"{first:.2f} (with one: {empty:.2f})"}
        | {"after the door is open, s": f"{since_ready:.2f}"},
        {
            f"MB over +{MOST_MB}": max(0, round(many_mb - few_mb - MOST_MB)),
            "first out later than a second": int(since_ready > 1),
        },
    )


def _start(db: Path, nudges: int) -> tuple[float, float, float]:
    """Seconds to the first nudge since the process and since its door; its memory in MB then."""
    arrived: list[float] = []
    with FakeSlack(SystemClock()) as slack:
        for n in range(_reps(nudges)):
            slack.add_user(f"U{n}", f"rep {n}", tz="UTC")
        with_store(db, lambda store: store.write(lambda db: _plan(db, nudges)))

        def look() -> None:
            if not arrived and any(slack.world.channel_messages.values()):
                arrived.append(time.monotonic())

        slack.on_change(look)
        process = Process(slack, db)
        began = time.monotonic()
        process.start()
        ready = time.monotonic()
        until(lambda: bool(arrived), 30)
        until(lambda: False, 3)  # a few more wakings
        memory = _resident(process.pid)
        process.kill()
    return arrived[0] - began, memory, max(arrived[0] - ready, 0)


def _reps(nudges: int) -> int:
    """So many that each has a call every twelve hours, and none is always in one."""
    return max(1, nudges // 20)


def _plan(db: Database, nudges: int) -> None:
    now = datetime.now(UTC)
    reps = _reps(nudges)
    for n in range(reps):
        HoursKept(db).put(Rep("T1", f"U{n}"), ALWAYS)
    for n in range(nudges):
        rep = Rep("T1", f"U{n % reps}")
        due = now + timedelta(days=10) * (n / nudges - 0.1)
        ends = due - timedelta(minutes=10)
        call = Calls(db).add(rep, f"Acme {n}", ends - timedelta(hours=1), ends, "", "", None, now)
        FollowUps(db).plan_debrief(call, timedelta(minutes=10))


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
