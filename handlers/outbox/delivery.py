"""Brings the outbox to Slack: each message once, none in another's way; looks up what is uncertain.

A row is claimed and committed, posted once with its mark, and committed again. Where the answer is
lost the row waits until the request can't land any more; then the conversation's history decides.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.coach import Coach
from bot.fetching.address import NotFetched
from bot.fetching.signed_post import GONE
from bot.outbox.message import Lane, OutboxMessage
from bot.storage.store import NotSaved
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.outbox._pace import Pace
from handlers.slack.client import TIMEOUT_S, NotSaid
from handlers.slack.messenger import SKEW, Messenger, Outcome, Posted, Seen, Submit, Where
from handlers.slack.rate_limit import LOOK_AGAIN, LOOK_UPS, MESSAGES, RETRY, Allowance
from handlers.slack.refusal import Refusal
from handlers.slack.streaming import mend, say_in_parts

log = logging.getLogger(__name__)

POSTERS = 16  # threads that wait for Slack, so that nobody else has to
AHEAD = 50  # due rows of a workspace that are looked at in one waking
MENDED = timedelta(minutes=5)  # how often it is tried again while somebody has to mend something
A_WHILE = timedelta(hours=1)  # … and whatever it is, once it has lasted for so long

APART = timedelta(seconds=2)  # what is no more said in one message

OUTSIDE = "outside"  # where no conversation is

UNREADABLE = "I may not read what was said there, so I did not say it again."
ON_MY_OWN = "I try again on my own."


@dataclass(frozen=True)
class Limits:
    """How long Slack may take to answer, and after that, how late a request may still land."""

    timeout_s: int = TIMEOUT_S
    late_s: int = 30

    @property
    def settle(self) -> timedelta:
        return timedelta(seconds=self.timeout_s + self.late_s)


USUAL = Limits()


class Deliverer:
    """Says what is due, and at once what somebody waits for. One message at a time on each lane."""

    def __init__(
        self, coach: Coach, messenger: Messenger, kinds: Mapping[str, Kind], limits: Limits = USUAL
    ) -> None:
        self._coach, self._messenger, self._kinds = coach, messenger, kinds
        self._outbox, self._clock = coach.outbox, coach.clock
        self._pool = ThreadPoolExecutor(POSTERS, thread_name_prefix="poster")
        self._lock = threading.Lock()
        self._busy: dict[Lane, Future[None]] = {}
        self._pace = Pace(coach.clock, limits.settle)
        self._stopped = False
        messenger.deliver, messenger.deliver_beside = self.now, self.beside
        coach.outbox.start()

    def wake(self) -> None:
        """Hand what is due to the threads. Returns at once; nothing waits on Slack here."""
        self._outbox.wake()
        self._coach.daily.plan()
        for lane in dict.fromkeys(map(self._outbox.lane_of, self._settled())):
            self._begin(lane, LOOK_UPS, self._look_up)
        for lane in self._outbox.lanes_due(AHEAD):
            self._begin(lane, MESSAGES, self._say_next)

    def wait(self, seconds: float) -> bool:
        """Wait for what is under way now; False if some of it took longer."""
        with self._lock:
            busy = list(self._busy.values())
        return not wait(busy, timeout=seconds).not_done

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        with self._lock:
            return bool(self._busy)

    def begin_nothing(self) -> None:
        """From now on wakings find nothing to do here."""
        with self._lock:
            self._stopped = True

    def stop(self) -> None:
        """Finish what is under way and begin nothing."""
        self.begin_nothing()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # At once ------------------------------------------------------------------------------

    def now(self, message: OutboxMessage) -> Outcome:
        """Say it on this thread, and tell what came of it; what may have been said before is looked
        up first. What was put off waits for its time."""
        lane = self._outbox.lane_of(message)
        with self._alone(lane):
            return self._bring(lane, message)

    def beside(self, message: OutboxMessage, submit: Submit) -> None:
        """Have it said on other threads, or in a hurry on this one if those are taken; unless it is
        being said already."""
        lane = self._outbox.lane_of(message)
        with self._lock:
            if lane in self._busy:
                return
            self._busy[lane] = Future()
        say = partial(self._bring, lane, message)
        if not submit(lambda: self._run(lane, say)):
            self._run(lane, partial(say, in_a_hurry=True))

    @contextmanager
    def _alone(self, lane: Lane) -> Iterator[None]:
        """Once nobody else is at work on the lane."""
        while True:
            with self._lock:
                if (busy := self._busy.get(lane)) is None:
                    self._busy[lane] = Future()
                    break
            wait([busy])
        try:
            yield
        finally:
            self._free(lane)

    def _free(self, lane: Lane) -> None:
        with self._lock:
            self._busy.pop(lane).set_result(None)

    def _bring(self, lane: Lane, message: OutboxMessage, in_a_hurry: bool = False) -> Outcome:
        why, found = "", self._outbox.get(message)
        if found and found.state == "sending" and self._may(lane, LOOK_UPS):
            self._seek(lane, [found])
            found = self._outbox.get(message)
        if found and found.state == "pending":
            why = found.why if self._waits(found) else self._say([found], in_a_hurry)
            found = self._outbox.get(message)
        return Outcome(found or message, why)

    def _waits(self, message: OutboxMessage) -> bool:
        """Whether it was put off, for Slack refused it before."""
        return message.due_at > max(self._clock.now(), message.wanted_at)

    def _may(self, lane: Lane, allowance: Allowance) -> bool:
        with self._lock:
            return self._pace.may(lane, allowance)

    # Whose turn it is ---------------------------------------------------------------------

    def _begin(self, lane: Lane, allowance: Allowance, work: Callable[[Lane], object]) -> None:
        """Start `work` on a thread if nothing is under way on the lane and the pace allows it."""
        with self._lock:
            free = not self._stopped and lane not in self._busy
            if not free or not self._pace.begins(lane, allowance):
                return
            self._busy[lane] = Future()
            self._pool.submit(self._run, lane, partial(work, lane), lane.recipient.workspace_id)

    def _run(self, lane: Lane, work: Callable[[], object], holds: str = "") -> None:
        try:
            work()
        except NotSaved:
            log.warning("a message waits for the database")
        except Exception:
            log.exception("a message failed", extra={"workspace": lane.recipient.workspace_id})
            for allowance in (MESSAGES, LOOK_UPS):
                self._later(lane, allowance, RETRY)
        finally:
            if holds:
                with self._lock:
                    self._pace.ended(holds)
            self._free(lane)

    def _later(self, lane: Lane, allowance: Allowance, delay: timedelta) -> None:
        with self._lock:
            self._pace.later(lane, allowance, delay)

    def _settled(self) -> list[OutboxMessage]:
        """What may have been said, and can't land any more."""
        under_way = self._outbox.under_way()
        with self._lock:
            return [message for message in under_way if self._pace.settled(message)]

    # Saying -------------------------------------------------------------------------------

    def _say_next(self, lane: Lane) -> None:
        if messages := self._outbox.next_of(lane):
            self._say(messages)

    def _say(self, messages: Sequence[OutboxMessage], in_a_hurry: bool = False) -> str:
        """Say these in one message. Returns why they were not said, or not where they should."""
        kind = self._kinds[messages[0].kind]
        if kind.send:
            return self._send(messages, kind.send)
        try:
            where = kind.place(messages[0], self._coach, self._messenger)
        except NotSaid as refused:
            return self._refused(messages, refused, claimed=False)
        prepared = None
        if kind.prepare:
            prepared = kind.prepare(messages[0], where, in_a_hurry, self._coach, self._messenger)
        return self._say_there(messages, where, prepared)

    def _send(
        self, messages: Sequence[OutboxMessage], send: Callable[[OutboxMessage, Coach], None]
    ) -> str:
        """Bring it to where there is no conversation. Tried again ever more seldom, as whoever gets
        it knows it by its mark."""
        for message in self._outbox.claim(messages, OUTSIDE):
            with self._lock:
                self._pace.claimed([message])
            try:
                send(message, self._coach)
            except NotFetched as refused:
                log.warning("not handed on", extra={"id": message.id, "code": refused.code})
                if refused.code == GONE:
                    self._outbox.give_up([message], "dead", str(refused))
                    return str(refused)
                delay = min(RETRY * 2 ** min(message.attempts, 10), A_WHILE)
                self._outbox.refused([message], delay, str(refused))
                return str(refused)
            self._outbox.said([message], OUTSIDE, f"{self._clock.now().timestamp():.6f}")
            self._told([message])
        return ""

    def _say_there(self, messages: Sequence[OutboxMessage], where: Where, prepared: object) -> str:
        claimed = self._outbox.claim(messages, where.channel_id, where.thread_ts)
        if not claimed:
            return ""
        with self._lock:
            self._pace.claimed(claimed)
        kind = self._kinds[claimed[0].kind]
        drawn = kind.draw(claimed, where, prepared, self._coach)
        if drawn is None:
            self._outbox.give_up(claimed, "skipped", "there is nothing to say")
            return ""
        try:
            posted = self._post(claimed, where, drawn)
        except NotSaid as refused:
            if kind.at_home and refused.means.of_place and where.channel_id[0] != "D":
                return self._say_at_home(claimed, str(refused), prepared)
            return self._refused(claimed, refused, claimed=True)
        finally:
            with self._lock:
                self._pace.spoke(claimed[0].recipient.id)
        self._outbox.said(claimed, posted.channel_id, posted.ts)
        drawn.then()
        self._told(claimed)
        return where.why

    def _post(self, messages: Sequence[OutboxMessage], where: Where, drawn: Drawn) -> Posted:
        """In parts if there are any and Slack takes them, else whole. Raises `NotSaid`."""
        rep, marks = messages[0].rep, [message.mark for message in messages]
        posted = None
        if drawn.parts and where.thread_ts:
            posted = say_in_parts(self._messenger, rep, where, drawn.message, drawn.parts, marks[0])
        return posted or self._messenger.say_once(rep, where, drawn.message, marks)

    def _say_at_home(self, messages: Sequence[OutboxMessage], why: str, prepared: object) -> str:
        """The channel surely did not take it: it goes to whoever it is for."""
        self._outbox.put_off(messages, timedelta(0))
        fresh = [found for message in messages if (found := self._outbox.get(message))]
        try:
            home = Where(self._messenger.direct(messages[0].rep), "", why)
        except NotSaid as refused:
            return self._refused(fresh, refused, claimed=False)
        return self._say_there(fresh, home, prepared)

    def _refused(self, messages: Sequence[OutboxMessage], refused: NotSaid, claimed: bool) -> str:
        """Slack's answer decides: look it up later, wait while that can pass, or give up. Returns
        why, for whoever waits for it."""
        means = refused.means
        log.warning("a message was not said", extra={"code": refused.code})
        if means.open and claimed:
            return str(refused)
        if means.kind == "never" and not means.of_place and len(messages) > 1:
            for n, message in enumerate(messages, 1):  # each alone: one of them may be to blame
                self._outbox.refused([message], n * APART, refused.reason)
            return refused.reason
        if means.kind == "never" or self._has_other_way(messages[0], means):
            self._outbox.give_up(messages, "dead", refused.reason)
            return refused.reason
        if not self._outbox.refused(messages, self._delay(messages[0], refused), refused.reason):
            return refused.reason
        return f"{refused.reason} {ON_MY_OWN}"

    def _has_other_way(self, message: OutboxMessage, means: Refusal) -> bool:
        return means.of_place and self._outbox.has_other_way(message)

    def _delay(self, message: OutboxMessage, refused: NotSaid) -> timedelta:
        """Until it is tried again: as Slack says, soon what passes by itself, and soon for whoever
        waits, else now and then."""
        if refused.retry_after:
            return timedelta(seconds=refused.retry_after)
        soon = refused.means.kind == "passes" or self._outbox.is_at_once(message.kind)
        return RETRY if soon and self._clock.now() - message.wanted_at < A_WHILE else MENDED

    def _told(self, messages: Sequence[OutboxMessage]) -> None:
        late = (self._clock.now() - min(m.wanted_at for m in messages)).total_seconds()
        log.info("said", extra={"ids": [m.id for m in messages], "late_s": round(max(late, 0))})

    # Looking up ---------------------------------------------------------------------------

    def _look_up(self, lane: Lane) -> None:
        """Find out what became of all that may have been said on the lane."""
        by_place: dict[tuple[str, str], list[OutboxMessage]] = {}
        for message in self._settled():
            if self._outbox.lane_of(message) == lane:
                channel_id = (message.said or ("", None))[0]
                by_place.setdefault((channel_id, message.thread), []).append(message)
        for messages in by_place.values():
            self._seek(lane, messages)

    def _seek(self, lane: Lane, messages: Sequence[OutboxMessage]) -> None:
        """See what stands in the conversation; take back what stands there twice. What goes outside
        is brought there again."""
        if self._kinds[messages[0].kind].send:
            self._outbox.not_said(messages)
            return
        channel_id = (messages[0].said or (messages[0].recipient.id, None))[0]
        try:
            seen = self._seen(channel_id, messages)
            for message in _extra(seen, {each.mark for each in messages}):
                self._messenger.take_back(messages[0].rep, Posted(channel_id, message.ts))
            first = _first(seen)
            for each in messages:
                if not first.get(each.mark) and (cut := _cut_off(seen, each)):
                    self._complete(each, Posted(channel_id, cut))
                    first[each.mark] = cut
        except NotSaid as refused:
            self._not_found_out(lane, messages, refused)
            return
        for each in messages:
            if ts := first.get(each.mark):
                self._outbox.said([each], channel_id, ts)
            elif self._is_settled(each):
                self._outbox.not_said([each])
            else:
                self._later(lane, LOOK_UPS, LOOK_AGAIN)

    def _seen(self, channel_id: str, messages: Sequence[OutboxMessage]) -> list[Seen]:
        """What stands where these may. Raises `NotSaid`."""
        oldest = min(map(self._posted_after, messages)) - SKEW
        where = Where(channel_id, messages[0].thread)
        return self._messenger.seen(messages[0].rep, where, oldest.timestamp())

    def _posted_after(self, message: OutboxMessage) -> datetime:
        """A moment of Slack's clock before which it was not posted, however ours was set since or
        is wrong."""
        at = message.attempt_at or self._clock.now()
        if (slacks := self._messenger.client.slacks_now()) is None:
            return at
        with self._lock:
            since = self._pace.since_claimed(message)
        return min(at, slacks - (self._clock.now() - at if since is None else since))

    def _complete(self, message: OutboxMessage, posted: Posted) -> None:
        """What was being said in parts when it was cut off is put there whole. Raises `NotSaid`."""
        where = Where(posted.channel_id, message.thread)
        kind, rep = self._kinds[message.kind], message.rep
        if drawn := kind.draw([message], where, None, self._coach):
            mend(self._messenger, rep, posted, drawn.message, message.mark)

    def _is_settled(self, message: OutboxMessage) -> bool:
        with self._lock:
            return self._pace.settled(message)

    def _not_found_out(
        self, lane: Lane, messages: Sequence[OutboxMessage], refused: NotSaid
    ) -> None:
        """Look later, as long as what stands in the way can pass; else never say it again."""
        means = refused.means
        settled = [message for message in messages if self._is_settled(message)]
        why = UNREADABLE if refused.code == "missing_scope" else refused.reason
        passes = means.kind == "passes" or means.look == "token"
        for_good = refused.optional or means.kind == "never"
        kept = [] if for_good else self._outbox.not_looked_up(settled, why, passes)
        self._outbox.give_up([m for m in settled if m not in kept], "unknown", why)
        if kept or len(settled) < len(messages):
            pause = MENDED if kept and not passes else LOOK_AGAIN
            self._later(lane, LOOK_UPS, timedelta(seconds=refused.retry_after) or pause)


def _first(seen: Sequence[Seen]) -> dict[str, str]:
    """The first message of each mark."""
    first: dict[str, str] = {}
    for message in reversed(seen):
        first |= dict.fromkeys(message.marks, message.ts)
    return first


def _cut_off(seen: Sequence[Seen], message: OutboxMessage) -> str:
    """Where its first part stands: until the last one, a block's name is the mark; "" for none."""
    return next((each.ts for each in seen if message.mark in each.blocks), "")


def _extra(seen: Sequence[Seen], wanted: set[str]) -> list[Seen]:
    """Messages of which all that is wanted stands in an earlier one."""
    extra, known = [], set[str]()
    for message in seen:
        marks = message.marks & wanted
        if marks and marks <= known:
            extra.append(message)
        known |= marks
    return extra
