"""What a rep does about a meeting that is offered: start its huddle, put it off, leave it."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import NamedTuple

from bot.calendars.calendar import Calendar
from bot.calendars.customers import Choice, outsiders
from bot.calendars.kept import KeptMeeting
from bot.calendars.meetings_table import Meetings
from bot.calendars.service import choose
from bot.calendars.table import Calendars
from bot.calls.account import account_key
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import say_hour
from bot.clock.now import Clock
from bot.debriefs.table import Debriefs
from bot.huddles import account_memory
from bot.huddles.account_memory import Memory
from bot.huddles.huddle import HuddleChange, Plan
from bot.huddles.service import HuddleService
from bot.huddles.start_service import StartService
from bot.inbox.event import Event
from bot.inbox.table import Inbox
from bot.meetings.binding import bind
from bot.meetings.following import plan_offers
from bot.meetings.kinds import has_call
from bot.meetings.offer import (
    NOT_A_CUSTOMER,
    STARTED,
    Offered,
    OfferGone,
    meeting_of,
    plan_later,
    plan_shared,
)
from bot.outbox.message import OutboxMessage, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store

GONE = "That meeting is not in your calendar any more, or it is over."
BEGINS = "It begins now, so I don't come back to it."
ASKED = "A colleague has a card for it. I asked whether it is the same meeting."
GOAL = 150  # characters of a step that are taken for the goal


class Start(NamedTuple):
    """What a start comes to: a plan of one's own, or the `call` of a colleague's card for the same
    meeting, on which the rep may go at once where that is `sure`."""

    plan: Plan | None
    call: Call | None = None
    sure: bool = False


class MeetingService:
    """Meetings that were offered, and what became of them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        asking: StartService,
        huddles: HuddleService,
        own_domains: frozenset[str],
    ) -> None:
        self._store, self._clock = store, clock
        self._asking, self._huddles = asking, huddles
        self._own_domains = own_domains
        self._starting = threading.Lock()

    # What an offer shows ------------------------------------------------------------------

    def offered(self, message: OutboxMessage) -> Offered | None:
        """None where its meeting is gone, and it was not answered."""
        db = self._store.read
        current = Outbox(db).by_id(message.id) or message
        if (meeting := meeting_of(db, current)) is None:
            return None
        calendar = Calendars(db).of(meeting.rep)
        mine = calendar.myself if calendar else ""
        coming = [person for person in meeting.people if not person.declined]
        outside = tuple(outsiders(coming, self._own_domains, mine))
        outcome = current.outcome or (STARTED if has_call(db, meeting) else "")
        asks = not meeting.account and self._colleagues_call(meeting) is None
        memory, where = self._memory(meeting, None), self._card_of(meeting)
        return Offered(current, meeting, outside, memory, asks, outcome, where)

    def _card_of(self, meeting: KeptMeeting) -> str:
        """The channel in which its card stands; "" for none."""
        if meeting.call_id is None:
            return ""
        place = Calls(self._store.read).huddle_place(meeting.rep.workspace_id, meeting.call_id)
        return place.channel_id if place and not place.private else ""

    def _memory(self, meeting: KeptMeeting, channel_id: str | None) -> Memory | None:
        """For the rep alone, or for a channel."""
        if not meeting.account:
            return None
        db, now = self._store.read, self._clock.now()
        where, key = meeting.rep.workspace_id, account_key(meeting.account)
        call = Call(
            0, meeting.rep, meeting.account, "", "", meeting.starts, meeting.ends, channel_id,
            "planned",
        )  # fmt: skip
        calls, debriefs = Calls(db).of_account(where, key), Debriefs(db).of_account(where, key)
        return account_memory.before(call, calls, debriefs, now)

    # Starting it --------------------------------------------------------------------------

    def mine(self, rep: Rep, message_id: int) -> tuple[OutboxMessage, KeptMeeting, Calendar]:
        """The rep's own offer, its meeting and calendar. Raises `OfferGone`."""
        db, now = self._store.read, self._clock.now()
        message = Outbox(db).get(rep.workspace_id, message_id)
        if message is None or message.recipient != Recipient(*rep):
            raise OfferGone(GONE)
        meeting, calendar = meeting_of(db, message), Calendars(db).of(rep)
        if meeting is None or calendar is None or meeting.ends <= now:
            raise OfferGone(GONE)
        return message, meeting, calendar

    def to_start(
        self, rep: Rep, meeting: KeptMeeting, channel_id: str, channels: Collection[str]
    ) -> Start:
        """What is filled in: account, time, play, people, and for a goal what was left open, as far
        as all who will read the card may know of it."""
        if theirs := self._colleagues_call(meeting):
            return theirs
        coming = (person.address for person in meeting.people if not person.declined)
        people = Calendars(self._store.read).whose(rep.workspace_id, coming)
        others = tuple(each.user_id for each in people if each != rep)
        goal = "" if channel_id.startswith("D") and others else self._goal(meeting, channel_id)
        play = self._asking.play_of(rep, meeting.account, meeting.title, channels)
        length = meeting.ends - meeting.starts
        return Start(Plan(meeting.account, play, meeting.starts, length, others, goal))

    def _goal(self, meeting: KeptMeeting, channel_id: str) -> str:
        """What was left open the last time: theirs first, for it is what they owe."""
        memory = self._memory(meeting, None if channel_id.startswith("D") else channel_id)
        debrief = memory.debrief if memory else None
        left = debrief and (debrief.their_step or debrief.open_step)
        return " ".join(left.split())[:GOAL] if left else ""

    def start(
        self, rep: Rep, message_id: int, where: str, channels: Collection[str], click: Event
    ) -> Event:
        """Start its huddle, or go on a colleague's card; what is left to do is kept with it, under
        `call`. Its card goes where the rep said, or to `where`; of an account that is not known a
        `form` has to ask. Of two who tap at once the later one finds the other's card. Raises
        `OfferGone`."""
        with self._starting:
            return self._start(rep, message_id, where, channels, click)

    def _start(
        self, rep: Rep, message_id: int, where: str, channels: Collection[str], click: Event
    ) -> Event:
        message, meeting, calendar = self.mine(rep, message_id)
        channel_id = calendar.wishes.channel_id or where
        start = self.to_start(rep, meeting, channel_id, channels)
        if start.call and start.sure:
            return self._join(rep, message, start.call, click)
        if start.call:
            return self._ask_owner(rep, message, start.call, click)
        if start.plan is None or not meeting.account:
            return click.going_on(offer=message.id, form=True)
        return self._asking.start(rep, start.plan, channel_id, click.going_on(offer=message.id))

    def _join(self, rep: Rep, message: OutboxMessage, call: Call, click: Event) -> Event:
        wish = HuddleChange(added=(rep.user_id,))
        on_it = click.going_on(offer=message.id, on_it=True)
        begun = self._huddles.change(rep, call.id, wish, on_it)
        now = self._clock.now()
        self._store.write(lambda db: bind(db, rep, now))
        return begun

    def _ask_owner(self, rep: Rep, message: OutboxMessage, call: Call, click: Event) -> Event:
        asks = plan_shared(call.owner, call.id, rep, self._clock.now(), call.ends)
        begun = click.going_on(offer=message.id)

        def work(db: Database) -> Event:
            Outbox(db).plan(asks)
            Outbox(db).set_outcome(message, ASKED)
            Inbox(db).keep(begun, rep.user_id)
            return begun

        return self._store.write(work)

    def _colleagues_call(self, meeting: KeptMeeting) -> Start | None:
        """A card of a colleague's for the same meeting. It may be another one all the same: so both
        have to stand in the owner's own calendar, by the addresses that the two tell."""
        db = self._store.read
        mine = Calendars(db).of(meeting.rep)
        for twin in Meetings(db).like(meeting):
            call = Calls(db).get(twin.rep.workspace_id, twin.call_id) if twin.call_id else None
            if call is None or call.owner != twin.rep or call.state != "planned":
                continue
            theirs = Calendars(db).of(twin.rep)
            invited = {person.address for person in twin.people}
            both = {mine.myself if mine else "", theirs.myself if theirs else ""}
            return Start(None, call, sure="" not in both and both <= invited)
        return None

    # Anything else ------------------------------------------------------------------------

    def later(self, rep: Rep, message_id: int) -> OutboxMessage:
        """Offer it again right before it begins. Raises `OfferGone`."""
        message, meeting, _ = self.mine(rep, message_id)
        again = plan_later(meeting, message, self._clock.now())
        zone = People(self._store.read).zone(rep)
        at = f"I come back to it at {say_hour(again.due_at, zone)}." if again else BEGINS

        def work(db: Database) -> None:
            if again:
                Outbox(db).plan(again)
            Outbox(db).set_outcome(message, at)

        if not message.outcome:
            self._store.write(work)
        return message

    def leave(self, rep: Rep, message_id: int) -> OutboxMessage:
        """It is no customer's meeting, nor is any other of its series. Raises `OfferGone`."""
        message, meeting, _ = self.mine(rep, message_id)
        now = self._clock.now()

        def work(db: Database) -> None:
            choose(db, meeting, Choice(False), now)
            Outbox(db).set_outcome(message, NOT_A_CUSTOMER)
            plan_offers(db, rep, now)

        self._store.write(work)
        return message

    # Looking at it ------------------------------------------------------------------------

    def message(self, rep: Rep, message_id: int) -> OutboxMessage | None:
        """The rep's own, as it is now."""
        found = Outbox(self._store.read).get(rep.workspace_id, message_id)
        return found if found and found.recipient == Recipient(*rep) else None

    def outcome(self, rep: Rep, message_id: int) -> str:
        """What came of it, as its message says."""
        found = self.message(rep, message_id)
        return (found.outcome if found else "") or "Kept."

    def call_of(self, message: OutboxMessage) -> Call | None:
        found = message.call_id
        where = message.recipient.workspace_id
        return Calls(self._store.read).get(where, found) if found else None
