"""What is said once: taken up when it is due, asked about at its kind, settled when it was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.calls.table import Calls
from bot.clock.local_time import local_day, local_instant
from bot.clock.now import Clock
from bot.outbox.hours_table import HoursKept
from bot.outbox.kind import Kind
from bot.outbox.manners import A_DAY, ENOUGH, Manners, RepHours, Skip, Wait, manners
from bot.outbox.message import Doubt, Lane, OutboxMessage, Recipient, doubtful
from bot.outbox.table import Outbox, Stuck
from bot.people.rep import Rep
from bot.people.table import People
from bot.people.workspaces import WorkspaceService
from bot.storage.database import Database
from bot.storage.notes import Notes
from bot.storage.store import Store

RESTORED = timedelta(minutes=5)  # asleep for longer: the file may be an old copy
CHANGED = timedelta(days=1)  # what a copy holds for later may have been moved forward, and said
NOTED_EVERY = timedelta(seconds=30)
CALL_LASTS = timedelta(hours=12)  # no call is longer: one that began before is over
TOLD_FOR = timedelta(days=7)  # how long `/coach status` tells of what went wrong
TRIED_FOR = timedelta(days=7)  # what is never too late is not tried for ever
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SET_BACK = timedelta(seconds=1)  # less is how clocks are steered
TOO_LATE = "it was too late"
LEFT = "they are no longer in this workspace"
MERGED = 5  # polite ones in one message: three blocks at most, and still read on a phone


class Standing(NamedTuple):
    """What `/coach status` says about nudges: the moments are UTC."""

    wishes: RepHours
    waiting: int
    next_at: datetime | None
    stuck: list[Stuck]


# When somebody is back, of (db, rep, now); what is past does not matter.
Away = Callable[[Database, Rep, datetime], datetime | None]


class OutboxService:
    """The rows that `handlers/outbox/delivery.py` brings to Slack, and when reps wish to be told.

    `after` is the time between a call's end and the question how it went; `away` tells when a rep
    who is away is back.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        kinds: Mapping[str, Kind],
        after: timedelta,
        workspaces: WorkspaceService,
        away: Away = lambda db, rep, now: People(db).away_until(rep),
    ) -> None:
        self._store, self._clock, self._kinds, self._after = store, clock, kinds, after
        self._workspaces, self._away = workspaces, away
        workspaces.on_return(_too_late_by_now)
        self._polite = [name for name, kind in kinds.items() if kind.polite]
        self._counted = [name for name, kind in kinds.items() if kind.polite or kind.counts]
        self._noted: datetime | None = None
        self._ahead = clock.now() - EPOCH - clock.elapsed()  # of the monotonic clock

    # The timer ----------------------------------------------------------------------------

    def start(self) -> None:
        """To be called once, before anything is said.

        A copy, or a file that slept long, may be a backup: what it holds as unsaid may have been
        said after it was made, and is looked up before it is said.
        """
        now, store = self._clock.now(), self._store
        last, copied = Notes(store.read).last_awake(), Notes(store.read).is_copy()
        if last is not None and (copied or now - last > RESTORED):
            before = now + CHANGED if copied else now
            doubt = Doubt(last, before, now)
            store.write(lambda db: Outbox(db).set_doubt(doubt))
        store.write(lambda db: Outbox(db).recheck_all())  # much may have been mended since
        self.wake()

    def wake(self) -> None:
        """Note every now and then that the coach is up. What waits for a moment of a clock that was
        set back is looked at now."""
        now = self._clock.now()
        ahead = now - EPOCH - self._clock.elapsed()
        if ahead < self._ahead - SET_BACK:
            self._store.write(lambda db: Outbox(db).recheck_all())
        self._ahead = ahead
        if self._noted is None or abs(now - self._noted) >= NOTED_EVERY:
            self._store.write(lambda db: Notes(db).awake(now))
            self._noted = now

    # What is to be done -------------------------------------------------------------------

    def lanes_due(self, each: int) -> list[Lane]:
        """Where something is due: up to `each` rows' lanes of each workspace, oldest first. What
        has a deadline never waits behind what has none."""
        db, now = self._store.read, self._clock.now()
        due = [*Outbox(db).due(now, each, ever=False), *Outbox(db).due(now, each, ever=True)]
        here = [each for each in due if self._is_here(each[0].recipient)]
        return list(dict.fromkeys(self._lane(lane, kind) for lane, kind in here))

    def next_of(self, lane: Lane) -> list[OutboxMessage]:
        """What is to be said in the lane's next message; [] if nothing is due there."""
        due = Outbox(self._store.read).due_at(lane.recipient, self._clock.now())
        if lane.recipient.is_rep and People(self._store.read).has_left(Rep(*lane.recipient)):
            self.give_up(due, "skipped", LEFT)
            return []
        here = [message for message in due if self.lane_of(message) == lane]
        polite = [message for message in here if message.kind in self._polite]
        return polite[:MERGED] if polite[:1] == here[:1] else here[:1]

    def under_way(self) -> list[OutboxMessage]:
        """Claimed, and it is not known whether they were said."""
        under_way = Outbox(self._store.read).under_way()
        return [message for message in under_way if self._is_here(message.recipient)]

    def _is_here(self, recipient: Recipient) -> bool:
        """Whether the coach is in its workspace; what waits for another one goes on waiting."""
        return recipient.workspace_id not in self._workspaces.gone

    def get(self, message: OutboxMessage) -> OutboxMessage | None:
        """The message as it is now; None if it was forgotten."""
        return Outbox(self._store.read).by_id(message.id)

    def lane_of(self, message: OutboxMessage) -> Lane:
        return self._lane(Lane(message.recipient, message.key), message.kind)

    def _lane(self, lane: Lane, kind: str) -> Lane:
        return lane if self.is_at_once(kind) else Lane(lane.recipient)

    def is_at_once(self, kind: str) -> bool:
        return kind in self._kinds and self._kinds[kind].at_once

    def has_other_way(self, message: OutboxMessage) -> bool:
        """Whether it is said elsewhere once it is given up."""
        return self._kinds[message.kind].has_other_way(message)

    def conversation(self, rep: Recipient) -> str | None:
        """Where the rep was spoken to before; None for one who never was."""
        return Outbox(self._store.read).conversation(rep)

    # Delivery -----------------------------------------------------------------------------

    def claim(
        self, messages: Sequence[OutboxMessage], channel_id: str, thread: str = ""
    ) -> list[OutboxMessage]:
        """Take what is still wanted of these, to be said there, and commit that.

        What is not is skipped or put off; what may have been said before a restore is left to be
        looked up.
        """
        now = self._clock.now()

        def work(db: Database) -> list[OutboxMessage]:
            wanted = self._still_wanted(db, messages, now)
            claimed, doubt = Outbox(db).claim(wanted, channel_id, thread, now), Outbox(db).doubt()
            doubted = [m for m in claimed if doubtful(m, doubt, self.is_at_once(m.kind))]
            if doubt:
                Outbox(db).look_up(doubted, doubt.since)
            return [message for message in claimed if message not in doubted]

        return self._store.write(work)

    def said(self, messages: Sequence[OutboxMessage], channel_id: str, ts: str) -> None:
        """It stands there, since the moment that its `ts` names; its kind hears of it."""
        now = min(self._clock.now(), datetime.fromtimestamp(float(ts), UTC))

        def work(db: Database) -> None:
            for message in Outbox(db).said(messages, channel_id, ts, now):
                self._kinds[message.kind].said(db, message, now)

        self._store.write(work)

    def not_said(self, messages: Sequence[OutboxMessage]) -> None:
        now = self._clock.now()
        self._store.write(lambda db: Outbox(db).not_said(messages, now))

    def put_off(self, messages: Sequence[OutboxMessage], delay: timedelta) -> None:
        until = self._clock.now() + delay
        self._store.write(lambda db: Outbox(db).put_off(messages, until))

    def refused(
        self, messages: Sequence[OutboxMessage], delay: timedelta, why: str
    ) -> list[OutboxMessage]:
        """Slack did not take them, for a reason that can pass: try again after `delay`, once more
        right before it is too late, and not after that. Returns those that wait."""
        now = self._clock.now()
        wait = [message for message in messages if now < _last(message)]

        def work(db: Database) -> None:
            for message in messages:
                if message in wait:
                    Outbox(db).put_off([message], min(now + delay, _last(message)), why)
                else:
                    self._close_dead(db, message, why, now)

        self._store.write(work)
        return wait

    def not_looked_up(
        self, messages: Sequence[OutboxMessage], why: str, passes: bool
    ) -> list[OutboxMessage]:
        """It can't be found out now whether these were said. Returns those of which it is sought
        again; what somebody waits for only where that `passes`."""
        now = self._clock.now()
        in_time = [message for message in messages if now < _last(message)]
        kept = [m for m in in_time if passes or not self.is_at_once(m.kind)]
        self._store.write(lambda db: Outbox(db).note(kept, why))
        return kept

    def give_up(self, messages: Sequence[OutboxMessage], state: str, why: str) -> None:
        """Never say it: "skipped" where there is nothing to say, "dead" where Slack refused (its
        kind hears of that), "unknown" where it can't be looked up."""
        now = self._clock.now()

        def work(db: Database) -> None:
            for message in messages:
                if state == "dead":
                    self._close_dead(db, message, why, now)
                else:
                    Outbox(db).close([message], state, why)

        self._store.write(work)

    def _close_dead(self, db: Database, message: OutboxMessage, why: str, now: datetime) -> None:
        Outbox(db).close([message], "dead", why)
        self._kinds[message.kind].refused(db, message, now)

    def _still_wanted(
        self, db: Database, messages: Sequence[OutboxMessage], now: datetime
    ) -> list[OutboxMessage]:
        """Those that may be said now; the others are put off or skipped."""
        still = []
        for message in messages:
            if skip := self._unwanted(db, message, now):
                owes = message.kind in self._kinds and self._kinds[message.kind].owes
                if skip.why == TOO_LATE and (message.why or owes):  # refused while it was time
                    self._close_dead(db, message, message.why or TOO_LATE, now)
                else:
                    Outbox(db).close([message], "skipped", skip.why)
            else:
                still.append(message)
        if still and self._kinds[still[0].kind].counts:
            return self._few_enough(db, still, now)
        if not still or still[0].kind not in self._polite:
            return still
        match self._manners(db, still, now):
            case Skip(why):
                Outbox(db).close(still, "skipped", why)
            case Wait(until, _):
                Outbox(db).put_off(still, until)
            case None:
                return still
        return []

    def _few_enough(
        self, db: Database, messages: list[OutboxMessage], now: datetime
    ) -> list[OutboxMessage]:
        """Unless the rep has wished for it, none beyond the few of a day."""
        (message, *_) = messages
        if message.asked or self._said_today(db, messages, now) < A_DAY:
            return messages
        Outbox(db).close(messages, "skipped", ENOUGH)
        return []

    def _said_today(self, db: Database, messages: Sequence[OutboxMessage], now: datetime) -> int:
        """How many messages the rep got unasked since their midnight, these not counted."""
        rep = messages[0].rep
        zone = People(db).zone(rep)
        midnight = local_instant(local_day(now, zone), datetime.min.time(), zone)
        return Outbox(db).messages_since(rep, midnight, self._counted, but=messages)

    def _unwanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        if message.not_after and now > message.not_after:
            return Skip(TOO_LATE)
        if (kind := self._kinds.get(message.kind)) is None:
            return Skip("there is no such kind of message any more")
        return kind.still_wanted(db, message, now)

    def _manners(
        self, db: Database, messages: list[OutboxMessage], now: datetime
    ) -> Skip | Wait | None:
        rep = messages[0].rep
        zone = People(db).zone(rep)
        around = Calls(db).of_rep(rep, now - CALL_LASTS, now + timedelta(hours=1))
        calls = [c for c in around if c.state in ("planned", "held") and not c.review]
        said = self._said_today(db, messages, now)
        back = self._away(db, rep, now)
        about = Manners(HoursKept(db).of(rep), zone, calls, said, self._after, back)
        return manners(messages, about, now)

    # What reps wish -----------------------------------------------------------------------

    def turn(self, rep: Rep, on: bool) -> None:
        """Nudges on or off for this rep."""
        self.set_wishes(rep, replace(self.wishes(rep), nudges_on=on))

    def wishes(self, rep: Rep) -> RepHours:
        return HoursKept(self._store.read).of(rep)

    def set_wishes(self, rep: Rep, wishes: RepHours) -> None:
        """Keep the rep's hours; what was put off because of the old ones is looked at again."""

        def work(db: Database) -> None:
            HoursKept(db).put(rep, wishes)
            Outbox(db).recheck(rep)

        self._store.write(work)

    def standing(self, rep: Rep, also: Sequence[str] | None) -> Standing:
        """What waits for the rep, and what went wrong there and in the conversations `also`; in
        the whole workspace for None."""
        db, since = self._store.read, self._clock.now() - TOLD_FOR
        waiting, next_at = Outbox(db).waiting(Recipient(*rep), self._polite)
        whose = None if also is None else [rep.user_id, *also]
        titles = {name: kind.title for name, kind in self._kinds.items() if kind.title}
        stuck = Outbox(db).stuck(rep.workspace_id, titles, whose, since)
        return Standing(self.wishes(rep), waiting, next_at, stuck)


def _too_late_by_now(db: Database, workspace_id: str, now: datetime) -> None:
    """The coach is there again: of what waited, only what is not past its time is said."""
    waiting = Outbox(db).all_waiting(workspace_id)
    Outbox(db).close([m for m in waiting if _last(m) < now], "skipped", TOO_LATE)


def _last(message: OutboxMessage) -> datetime:
    """When it is tried for the last time."""
    return message.not_after or message.wanted_at + TRIED_FOR
