"""What a rep can do about their calendar: connect it, change what is wished of it, end it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bot.calendars.calendar import Calendar, Wishes
from bot.calendars.choices_table import Choices
from bot.calendars.customers import Choice
from bot.calendars.kept import KeptMeeting
from bot.calendars.meetings_table import Meetings
from bot.calendars.sealing import Seals
from bot.calendars.table import Calendars
from bot.clock.now import Clock
from bot.errors import CoachError, WrongField
from bot.fetching.address import NotFetched
from bot.fetching.fetcher import Fetcher
from bot.inbox.table import Inbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

PAGE = "That is the page of your calendar. I need its private address in iCal format: see below."
CONNECTED = "a calendar"  # what a form brought about that is sent again
_PAGES = (  # what people copy from their browser's bar
    ("calendar.google.com", "/calendar/u/"), ("calendar.google.com", "/calendar/r"),
    ("outlook.office.com", "/calendar/view"), ("outlook.live.com", "/calendar/0"),
)  # fmt: skip

# What follows from a change of what is wished or known, in its transaction.
Follow = Callable[[Database, Rep, datetime], object]


class MeetingGone(CoachError):
    """A meeting that is not in the rep's calendar any more."""


class Found(NamedTuple):
    """A calendar, and what is ahead in it, without what takes whole days."""

    calendar: Calendar
    meetings: tuple[KeptMeeting, ...]


class CalendarService:
    """The calendar of each rep. Its address is sealed before it is kept, and never told."""

    def __init__(self, store: Store, clock: Clock, fetcher: Fetcher, seals: Seals) -> None:
        self._store, self._clock = store, clock
        self._fetcher, self._seals = fetcher, seals
        self._follow: list[Follow] = []

    def on_change(self, do: Follow) -> None:
        """Have that done wherever what is wished or known of a rep's meetings changes."""
        self._follow.append(do)

    def seal_what_is_clear(self) -> None:
        """Seal anew, once a key is set or another stands first, what is not sealed with it. What no
        key opens is left: its rep is asked for it again."""
        stale = [
            (id, kept)
            for id, kept in Calendars(self._store.read).addresses()
            if not self._seals.is_current(kept)
        ]
        for id, kept in stale:
            self._store.write(partial(_set_address, id=id, to=self._seals.sealed_anew(kept)))
        if stale:
            self.erase_leftovers()

    def kept_how(self) -> tuple[int, int, int]:
        """How many addresses are kept, how many of them in clear, and how many no key opens."""
        kept = [address for _, address in Calendars(self._store.read).addresses()]
        clear = [address for address in kept if not self._seals.is_sealed(address)]
        return len(kept), len(clear), sum(not self._seals.opens(address) for address in kept)

    # What a rep does ----------------------------------------------------------------------

    def of(self, rep: Rep) -> Calendar | None:
        return Calendars(self._store.read).of(rep)

    def connect(self, rep: Rep, typed: str, wishes: Wishes, field: str, form_id: str) -> bool:
        """Keep the address, to be looked at now, and what is wished. No address leaves the one that
        is there. False if it is the same as before. Raises `WrongField`."""
        typed, before = typed.strip(), self.of(rep)
        again = bool(Inbox(self._store.read).made_by(rep.workspace_id, form_id))
        if not typed or (
            before and self._seals.opens_to(before.address, typed) and (again or not before.failing)
        ):
            self._wish(rep, wishes, field)
            return False
        sealed, now = self._seals.seal(self._checked(typed, field)), self._clock.now()

        def work(db: Database) -> None:
            Calendars(db).connect(rep, sealed, wishes, now)
            Meetings(db).drop_all(rep)
            Inbox(db).put_made(rep.workspace_id, form_id, CONNECTED, now)
            self._changed(db, rep, now)

        self._store.write(work)
        return True

    def _checked(self, typed: str, field: str) -> str:
        try:
            address = self._fetcher.read(typed)
        except NotFetched as error:
            raise WrongField(field, str(error)) from error
        if any(address.host == host and address.path.startswith(path) for host, path in _PAGES):
            raise WrongField(field, PAGE)
        return typed

    def _wish(self, rep: Rep, wishes: Wishes, field: str) -> None:
        if self.of(rep) is None:
            raise WrongField(field, "Paste the private address of your calendar here.")
        now = self._clock.now()

        def work(db: Database) -> None:
            Calendars(db).wish(rep, wishes)
            self._changed(db, rep, now)

        self._store.write(work)

    def end(self, rep: Rep) -> bool:
        """Forget the address and what was read; what was said of meetings stays. False if there is
        no calendar."""
        now = self._clock.now()

        def work(db: Database) -> bool:
            ended = Calendars(db).end(rep)
            Meetings(db).drop_all(rep)
            self._changed(db, rep, now)
            return ended

        return self._store.write(work)

    def erase_leftovers(self) -> None:
        """Leave no byte of an address that was ended or replaced on the disk, as far as that can be
        done now."""
        with suppress(NotSaved):
            self._store.erase_leftovers()

    # What is in it ------------------------------------------------------------------------

    def found(self, rep: Rep) -> Found | None:
        """What is ahead in the rep's calendar; None if there is no calendar."""
        db, now = self._store.read, self._clock.now()
        if (calendar := Calendars(db).of(rep)) is None:
            return None
        ahead = [m for m in Meetings(db).of(rep) if m.ends > now and not m.all_day]
        return Found(calendar, tuple(m for m in ahead if not m.cancelled))

    def choose(self, rep: Rep, meeting_id: int, customer: bool, account: str = "") -> KeptMeeting:
        """It is a customer's meeting, or none, and so is its whole series. Raises `MeetingGone`."""
        now = self._clock.now()

        def work(db: Database) -> KeptMeeting:
            if (meeting := Meetings(db).get(rep, meeting_id)) is None:
                raise MeetingGone("That meeting is not in your calendar any more.")
            choose(db, meeting, Choice(customer, account or meeting.account), now)
            self._changed(db, rep, now)
            return replace(meeting, verdict="customer" if customer else "none")

        return self._store.write(work)

    def plan_anew(self, db: Database, rep: Rep) -> None:
        """What follows from the rep's meetings as they are kept."""
        self._changed(db, rep, self._clock.now())

    def _changed(self, db: Database, rep: Rep, now: datetime) -> None:
        for do in self._follow:
            do(db, rep, now)


def choose(db: Database, meeting: KeptMeeting, choice: Choice, now: datetime) -> None:
    """Keep what the rep said of the series; of meetings without customers no people are kept, so
    the calendar is read again."""
    rep = meeting.rep
    Choices(db).put(rep, meeting.series, choice, now)
    Meetings(db).decide(meeting, choice)
    if choice.customer and meeting.verdict == "none":
        Calendars(db).look_again(rep, now)


def zone_changed(db: Database, rep: Rep, zone: str, now: datetime) -> None:
    """The rep is in another zone: times that name none are read in that one."""
    Calendars(db).look_again(rep, now)


def _set_address(db: Database, id: int, to: str) -> None:
    Calendars(db).set_address(id, to)
