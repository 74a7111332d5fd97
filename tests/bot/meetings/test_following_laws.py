"""Whatever becomes of a calendar, calls and offers say what it says, and nothing twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars.calendar import Calendar, Wishes
from bot.calendars.kept import KeptMeeting, compare
from bot.calendars.meetings_table import Meetings
from bot.calendars.table import Calendars
from bot.calls.table import Calls
from bot.debriefs.follow_up import DEBRIEF
from bot.debriefs.follow_up_table import FollowUps
from bot.meetings.following import Following, started
from bot.meetings.kinds import MeetingOffer
from bot.outbox.message import OutboxMessage, Recipient
from bot.outbox.table import Outbox
from bot.storage.database import Database
from bot.storage.store import Store
from tests.support.calendars import SAM, kept

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
AFTER = timedelta(minutes=10)
TITLES = ("Acme", "Globex", "Initech")

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("move", "cancel", "remove", "restore", "start", "start", "wait", "anew")),
        st.integers(0, len(TITLES) - 1),
        st.integers(1, 40),
    ),
    max_size=10,
)


@dataclass
class World:
    """A rep's calendar, the coach's file, and what was said."""

    store: Store
    now: datetime = START
    there: dict[int, KeptMeeting] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Twice, so that what is missing is gone; then say what is due."""
        for _ in range(2):
            self.store.write(self._look)
        self.store.write(self._say)

    def _look(self, db: Database) -> None:
        calendar = _calendar(db)
        read = sorted(self.there.values(), key=lambda meeting: meeting.starts)
        news = compare(Meetings(db).of(SAM), read, self.now + timedelta(days=14), self.now)
        Meetings(db).take(news)
        Following(AFTER).news(db, calendar, news, self.now)

    def _say(self, db: Database) -> None:
        """As the outbox does it, without its manners."""
        for message in Outbox(db).due_at(Recipient(*SAM), self.now):
            if message.kind == DEBRIEF:
                continue
            late = message.not_after and self.now > message.not_after
            offer = message.kind == "meeting_offer"
            if late or (offer and MeetingOffer().still_wanted(db, message, self.now)):
                Outbox(db).close([message], "skipped", "not wanted")
                continue
            (taken,) = Outbox(db).claim([message], "D1", "", self.now)
            Outbox(db).said([taken], "D1", f"{self.now.timestamp()}", self.now)
            self.said.append(message.key)

    def do(self, what: str, n: int, hours: int) -> None:
        meeting = self.there.get(n)
        if what == "wait":
            self.now += timedelta(minutes=15 * hours)
        elif what == "restore" or meeting is None:
            self.there[n] = _meeting(n, self.now + timedelta(hours=hours))
        elif what == "move":
            starts = self.now + timedelta(hours=hours - 5)
            self.there[n] = replace(meeting, starts=starts, ends=starts + timedelta(hours=1))
        elif what == "cancel":
            self.there[n] = replace(meeting, cancelled=True)
        elif what == "remove":
            del self.there[n]
        elif what == "anew":
            self.there = {
                i: replace(each, key=f"{hours}-{each.key}", series=f"{hours}-{each.series}")
                for i, each in self.there.items()
            }
        elif what == "start":
            self.store.write(lambda db: self._start(db, meeting))

    def _start(self, db: Database, meeting: KeptMeeting) -> None:
        now, length = self.now, meeting.ends - meeting.starts
        planned = [c for c in Calls(db).of_account("T1", meeting.account.lower())
                   if c.starts == meeting.starts and c.state == "planned"]  # fmt: skip
        if planned or meeting.cancelled or meeting.ends <= now:
            return
        call = Calls(db).add(
            SAM, meeting.account, meeting.starts, meeting.starts + length, "", "", None, now
        )
        FollowUps(db).plan_debrief(call, AFTER)
        started(db, SAM, now)


def _calendar(db: Database) -> Calendar:
    if Calendars(db).of(SAM) is None:
        Calendars(db).connect(SAM, "https://c.example/a.ics", Wishes(each=True), START)
    calendar = Calendars(db).of(SAM)
    assert calendar is not None
    return calendar


def _meeting(n: int, starts: datetime) -> KeptMeeting:
    title = TITLES[n]
    key = f"{title}-{starts:%d%H%M}"
    meeting = kept(title=title, starts=starts, key=key, series=key, account=title)
    return replace(meeting, ends=starts + timedelta(hours=1))


@contextmanager
def world(new_db: Path) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        store = Store(Path(shutil.copy(new_db, Path(folder) / "coach.db")))
        try:
            yield World(store)
        finally:
            store.close()


@given(STEPS)
@settings(max_examples=60)
def test_calls_and_offers_say_what_the_calendar_says(new_db: Path, steps: list[Step]) -> None:
    with world(new_db) as here:
        here.do("restore", 0, 3)
        here.look()
        for step in steps:
            here.do(*step)
            here.look()
            db = here.store.read
            meetings = Meetings(db).of(SAM)
            _calls_stand_where_their_meetings_do(db, meetings, here.now)
            _each_meeting_ahead_has_an_offer(db, meetings, here.now)
        assert max(Counter(here.said).values(), default=0) <= 1


def _calls_stand_where_their_meetings_do(
    db: Database, meetings: list[KeptMeeting], now: datetime
) -> None:
    bound = Counter(m.call_id for m in meetings if m.call_id)
    assert max(bound.values(), default=0) <= 1, "two meetings are one call"
    for meeting in meetings:
        call = Calls(db).get("T1", meeting.call_id) if meeting.call_id else None
        if call is None or meeting.missed:
            continue
        assert not meeting.cancelled
        assert (call.starts, call.ends) == (meeting.starts, meeting.ends)
        asked = Outbox(db).of_call("T1", call.id, DEBRIEF)
        waits = [m.wanted_at for m in asked if m.state == "pending"]
        assert waits in ([call.ends + AFTER], [])
    ahead = [c for c in Calls(db).of_rep(SAM, now, now + timedelta(days=9)) if c.ends > now]
    for call in ahead:
        assert (call.id in bound) == (call.state == "planned"), call


def _each_meeting_ahead_has_an_offer(
    db: Database, meetings: list[KeptMeeting], now: datetime
) -> None:
    rows = [Outbox(db).by_id(row["id"]) for row in db.query(
        "SELECT id FROM outbox WHERE kind = 'meeting_offer' AND state <> 'skipped'")]  # fmt: skip
    offers: list[OutboxMessage] = [row for row in rows if row]
    known = {(m.title, m.starts) for m in meetings if not m.cancelled}
    waits = {row.key for row in offers if row.state == "pending"}
    assert len(waits) <= len(known)
    for meeting in meetings:
        if meeting.starts > now and not meeting.cancelled and meeting.call_id is None:
            key = f":{meeting.starts:%Y%m%dT%H%MZ}:1"
            assert any(key in row.key for row in offers), meeting
