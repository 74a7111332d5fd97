"""Looking at calendars: each every ten minutes at most, on threads of its own, read one by one."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.calendars.calendar import EVERY, Calendar, wait_after
from bot.calendars.choices_table import Choices
from bot.calendars.customers import Known, oneself, sort_out
from bot.calendars.kept import KeptMeeting, News, again, compare, is_shrunken
from bot.calendars.meeting import Meeting, Reading
from bot.calendars.meetings_table import Meetings
from bot.calendars.reading import read_apart
from bot.calendars.sealing import Seals, Unreadable
from bot.calendars.table import Calendars
from bot.calendars.telling import plan_failing, plan_found
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.errors import CoachError
from bot.fetching.fetcher import UNSEEN, Bounds, Fetched, Fetcher, Validators
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)

BOUNDS = Bounds(bytes=5_000_000, seconds=60)
AT_ONCE = 8  # looks; a calendar that hangs takes one of them for a minute
CLAIMED = timedelta(minutes=3)  # a look that ended with the process is made once more after that
BACK, AHEAD = timedelta(days=7), timedelta(days=60)  # what is read, for what moves far
KEPT_AHEAD = timedelta(days=14)  # what is kept of it
READ_AGAIN = timedelta(days=50)  # ahead of now, that has to be known
BELIEVED = timedelta(hours=24)  # after that, what is missing much is taken for true
TOLD_AFTER = timedelta(hours=6)  # of failing; it may pass by then
KNOWN = 500  # accounts that a title is searched for
STUMBLED = "I stumbled over what is in your calendar."

# What follows from what a look brought, in its transaction.
Follow = Callable[[Database, Calendar, News, datetime], object]


class Looks:
    """Looks at the calendars that are due. `own_domains` are those of the rep's company, if they
    were set."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        people: PeopleService,
        fetcher: Fetcher,
        seals: Seals,
        own_domains: frozenset[str],
    ) -> None:
        self._store, self._clock, self._people = store, clock, people
        self._fetcher, self._seals, self._own_domains = fetcher, seals, own_domains
        self._follow: list[Follow] = []
        self._reading = threading.Lock()  # one parser at a time
        self._changed = threading.Condition()
        self._in_hand: set[int] = set()
        self._stopped = False

    def on_news(self, do: Follow) -> None:
        self._follow.append(do)

    def look_at_due(self) -> None:
        """Look at all that are due, those that fall due meanwhile included; returns when none is
        in hand any more, or the coach stops."""
        while not self._stopped:
            self._begin()
            with self._changed:
                if not self._in_hand:
                    return
                self._changed.wait(1)

    def stop(self) -> None:
        """Begin no look. What is under way is of no consequence any more, and nobody waits."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _begin(self) -> None:
        now, room = self._clock.now(), AT_ONCE - len(self._in_hand)
        with self._changed:
            in_hand = set(self._in_hand)
        for calendar in Calendars(self._store.read).due(now, in_hand, room) if room else ():
            known, zone = self._known(calendar.rep), People(self._store.read).zone(calendar.rep)
            self._store.write(partial(_put_off, id=calendar.id, until=now + CLAIMED))
            with self._changed:
                self._in_hand.add(calendar.id)
            thread = threading.Thread(
                target=self._look, args=(calendar, known, zone), name="calendar", daemon=True
            )
            thread.start()

    def _known(self, rep: Rep) -> Known:
        db = self._store.read
        accounts = Calls(db).accounts(rep, self._people.channels(rep), KNOWN)
        return Known(accounts, Choices(db).of(rep), self._own_domains)

    # One look, on a thread that reads nothing of the file ------------------------------------

    def _look(self, calendar: Calendar, known: Known, zone: str) -> None:
        try:
            self._kept(calendar, *self._brought(calendar, zone), known)
        except NotSaved:
            log.warning("what a calendar brought was not saved", extra={"calendar": calendar.id})
        except CoachError as error:
            self._failed(calendar, error)
        except Exception:
            if not self._stopped:
                log.exception("a calendar could not be read", extra={"calendar": calendar.id})
                self._failed(calendar, CoachError(STUMBLED))
        finally:
            with self._changed:
                self._in_hand.discard(calendar.id)
                self._changed.notify_all()

    def _brought(self, calendar: Calendar, zone: str) -> tuple[Fetched, Reading | None]:
        """What came, and what is in it; None where that is as before. Raises `CoachError`."""
        now = self._clock.now()
        far = calendar.read_until is None or calendar.read_until < now + READ_AGAIN
        came = self._fetcher.get(
            self._seals.open(calendar.address), BOUNDS, UNSEEN if far else calendar.seen
        )
        if came.unchanged or (_digest(came) == calendar.digest and not far):
            return came, None
        with self._reading:
            return came, read_apart(came.body, now - BACK, now + AHEAD, zone)

    def _kept(
        self, calendar: Calendar, came: Fetched, reading: Reading | None, known: Known
    ) -> None:
        now = self._clock.now()

        def work(db: Database) -> None:
            if (before := _still(db, calendar)) is None:
                return
            kept = Meetings(db).of(calendar.rep)
            good = replace(
                before, failing="", failures=0, failing_since=None, looked_at=now,
                next_at=now + EVERY, shrunk_since=None, seen=_seen(before, came),
            )  # fmt: skip
            if reading is None:
                self._take(db, good, again(kept, now), now)
                return
            read = _kept_meetings(before.rep, reading.meetings, known)
            if is_shrunken(kept, read, now):
                since = before.shrunk_since or now
                if now - since < BELIEVED:
                    log.info("a calendar shrank", extra={"calendar": before.id})
                    Calendars(db).looked(
                        replace(good, shrunk_since=since, seen=before.seen, unread=reading.unread)
                    )
                    return
            good = replace(
                good, digest=_digest(came), read_until=now + AHEAD, unread=reading.unread,
                myself=oneself(reading.meetings, known),
            )  # fmt: skip
            self._take(db, good, compare(kept, read, now + KEPT_AHEAD, now), now)
            if before.looked_at is None:
                plan_found(db, good, now)

        self._store.write(work)

    def _take(self, db: Database, calendar: Calendar, news: News, now: datetime) -> None:
        Calendars(db).looked(calendar)
        Meetings(db).take(news)
        for do in self._follow:
            do(db, calendar, news, now)

    def _failed(self, calendar: Calendar, error: CoachError) -> None:
        """Whatever was known before still holds. The rep hears of it at once where it is new, or
        only they can mend it; else once it has lasted."""
        now, first = self._clock.now(), calendar.looked_at is None
        code = getattr(error, "code", type(error).__name__)
        log.info("a calendar did not come", extra={"calendar": calendar.id, "code": code})

        def work(db: Database) -> None:
            if (before := _still(db, calendar)) is None:
                return
            since, failures = before.failing_since or now, before.failures + 1
            failed = replace(
                before, failing=str(error), failures=failures, failing_since=since,
                next_at=now + wait_after(failures),
            )  # fmt: skip
            Calendars(db).looked(failed)
            if first or isinstance(error, Unreadable) or now - since >= TOLD_AFTER:
                plan_failing(db, failed, now)

        with suppress(NotSaved):
            self._store.write(work)


def _put_off(db: Database, id: int, until: datetime) -> None:
    Calendars(db).put_off(id, until)


def _still(db: Database, calendar: Calendar) -> Calendar | None:
    """As it is now, unless another address was connected meanwhile."""
    now = Calendars(db).get(calendar.id)
    return now if now and now.set_at == calendar.set_at else None


def _seen(before: Calendar, came: Fetched) -> Validators:
    """What to ask with the next time; a server that has nothing new need not say it again."""
    return before.seen if came.unchanged and not any(came.seen) else came.seen


def _digest(came: Fetched) -> str:
    return hashlib.sha256(came.body).hexdigest()


def _kept_meetings(rep: Rep, meetings: Sequence[Meeting], known: Known) -> list[KeptMeeting]:
    """With what they are taken for; of those without customers nobody is kept."""
    return [
        KeptMeeting(
            0, rep, m.key, m.series, m.title, m.starts, m.ends,
            () if verdict.kind == "none" else m.attendees,
            m.all_day, m.busy, m.away, m.cancelled, m.zone_unsure, *verdict,
        )
        for m, verdict in zip(meetings, sort_out(meetings, known), strict=True)
    ]  # fmt: skip
