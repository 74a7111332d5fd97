"""Many calendars asked every ten minutes: nobody who types waits for them, and no offer is late."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bot.calendars.calendar import Wishes
from bot.calendars.kept import KeptMeeting
from bot.calendars.meeting import Attendee
from bot.calendars.meetings_table import Meetings
from bot.calendars.table import Calendars
from bot.clock.now import SystemClock
from bot.fetching.fetcher import Validators
from bot.meetings.following import plan_offers
from bot.people.rep import Rep
from bot.storage.database import Database
from handlers.trial.small_slack.slack import FakeSlack
from tests.bench.figures import median, p99
from tests.soak import Verdict
from tests.soak.calendar_server import MARK, body, changes, knows_its_mark
from tests.support.processes import Process, with_store

EVERY_S = 600  # between two looks at one calendar
PAUSE_S = 0.25  # between two commands that somebody types
OFFERS = 5  # that fall due while it runs
SLOWER, LARGER, LATE_S = 1.2, 1.1, 60
WARM_S = 5


class Run(NamedTuple):
    """Milliseconds of each ack, the most memory that the coach had, in MB, and the most parsers at
    a time."""

    acks: list[float]
    memory: float
    parsers: int


def calendars(folder: Path, feeds: int, events: int) -> Verdict:
    """`feeds` calendars of `events` events, each looked at once, at the rate at which a thousand
    are; before it the same coach without any."""
    seconds = EVERY_S * feeds // 1000
    with FakeSlack(SystemClock()) as slack, _server(events) as port:
        for n in range(OFFERS + 1):
            slack.add_user(f"U{n}", f"p{n}", tz="UTC")
        slack.add_channel("C1", "deals", members=["U0"])
        without = _run(slack, folder / "without.db", seconds)
        db = folder / "with.db"
        _prepare(slack, db)
        with_store(
            db,
            lambda store: store.write(
                lambda d: _connect(
                    d, feeds, seconds, hashlib.sha256(body(events)).hexdigest(), port
                )
            ),
        )
        found = _run(slack, db, seconds)
        looked, late, unsaid = with_store(db, lambda store: _outcome(store.read))
    slower = median(found.acks) / median(without.acks)
    return Verdict(
        "calendars hold up nobody, and offers are in time",
        {
            "feeds": feeds, "events": events, "looked at": looked,
            "acks, ms": f"{median(found.acks):.1f} against {median(without.acks):.1f}",
            "p99, ms": f"{p99(found.acks):.1f} against {p99(without.acks):.1f}",
            "memory, MB": f"{found.memory:.0f} against {without.memory:.0f}",
            "parsers at a time": found.parsers, "offers late, s": f"{late:.0f}",
        },
        {
            "acks slower": int(slower > SLOWER),
            "memory larger": int(found.memory > LARGER * without.memory),
            "more parsers than one": int(found.parsers > 1),
            "not looked at": feeds - looked,
            "offers too late or unsaid": int(late > LATE_S) + unsaid,
        },
    )  # fmt: skip


@contextmanager
def _server(events: int) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.calendar_server", str(events)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate()


def _prepare(slack: FakeSlack, db: Path) -> None:
    """A first start makes the file and its index, and meets whoever will type."""
    process = Process(slack, db, first=_INSIDE)
    process.start()
    slack.command("U0", "C1", "/coach", "status")
    process.stop()


_INSIDE = "import os; os.environ['COACH_FETCH_INSIDE'] = 'yes'"


def _run(slack: FakeSlack, db: Path, seconds: int) -> Run:
    """A coach at work for so long, somebody typing all the while."""
    process = Process(slack, db, first=_INSIDE)
    process.start()
    time.sleep(WARM_S)
    watch = _Watch(process.pid)
    acks, until = [], time.monotonic() + seconds
    with watch:
        while time.monotonic() < until:
            began = time.perf_counter()
            done = slack.command("U0", "C1", "/tip", "they went quiet after the demo")
            acks.append((time.perf_counter() - began) * 1000)
            assert done.error is None, done.error
            time.sleep(PAUSE_S)
    process.stop()
    return Run(acks, watch.memory, watch.parsers)


class _Watch:
    """Looks at a process and its children, a few times a second (Linux)."""

    def __init__(self, pid: int) -> None:
        self._pid, self._over = pid, threading.Event()
        self.memory, self.parsers = 0.0, 0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *what: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            told = Path(f"/proc/{self._pid}/status").read_text()
            rss = next(line for line in told.splitlines() if line.startswith("VmRSS"))
            self.memory = max(self.memory, int(rss.split()[1]) / 1024)
            self.parsers = max(self.parsers, sum(map(_is_parser, self._children())))

    def _children(self) -> list[str]:
        found: list[str] = []
        for task in os.listdir(f"/proc/{self._pid}/task"):
            try:
                found += Path(f"/proc/{self._pid}/task/{task}/children").read_text().split()
            except OSError:
                continue
        return found


def _is_parser(pid: str) -> bool:
    try:
        return b"bot.calendars._apart" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


# What is in the file -----------------------------------------------------------------------


def _connect(db: Database, feeds: int, seconds: int, digest: str, port: int) -> None:
    """Each was looked at before, and is due at its moment of the run; some have an offer to say."""
    now = datetime.now(UTC) + timedelta(seconds=WARM_S)
    for n in range(feeds):
        rep = Rep("T1", f"U{n + 1}")
        Calendars(db).connect(rep, f"http://127.0.0.1:{port}/{n}.ics", Wishes(each=True), now)
        calendar = Calendars(db).of(rep)
        assert calendar is not None
        Calendars(db).looked(replace(
            calendar, looked_at=None if changes(n) else now - timedelta(minutes=10),
            next_at=now + timedelta(seconds=seconds * 0.9 * n / feeds),
            read_until=now + timedelta(days=60), digest=digest,
            seen=Validators(MARK, "") if knows_its_mark(n) else Validators(),
        ))  # fmt: skip
    for n in range(OFFERS):
        rep, due = Rep("T1", f"U{n + 1}"), now + timedelta(seconds=seconds * (n + 1) / (OFFERS + 2))
        Meetings(db).put([_meeting(rep, due + timedelta(minutes=15))])
        plan_offers(db, rep, now)


def _meeting(rep: Rep, starts: datetime) -> KeptMeeting:
    jo = Attendee("jo@acme.com", "Jo")
    return KeptMeeting(
        0, rep, "due", "due", "Acme", starts, starts + timedelta(hours=1), (jo,),
        False, True, False, False, False, "customer", "Acme", "its title names Acme",
    )  # fmt: skip


def _outcome(db: Database) -> tuple[int, float, int]:
    """How many were looked at since, how late the latest offer was, and how many were not said."""
    waits = db.value("SELECT count(*) FROM calendars WHERE failures = 0 AND next_at > looked_at")
    rows = list(db.query(
        "SELECT state, (julianday(said_at) - julianday(wanted_at)) * 86400 AS late FROM outbox"
        " WHERE kind = 'meeting_offer'"
    ))  # fmt: skip
    said = [float(row["late"]) for row in rows if row["state"] == "sent"]
    return int(waits), max(said, default=0.0), OFFERS - len(said)
