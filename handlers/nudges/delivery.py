"""Brings due nudges to Slack: each once, none in another's way, and looks up what is uncertain.

A row is claimed and committed, posted once with its mark, and committed again. Where the answer is
lost the row waits until the request can't land any more; then the conversation's history decides.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coach import Coach
from bot.nudges.nudge import Nudge, Recipient
from bot.people.rep import Rep
from bot.storage.store import NotSaved
from handlers.daily_tips import drawing as tip_drawing
from handlers.debriefs import follow_up_drawing
from handlers.slack.blocks import Message
from handlers.slack.client import TIMEOUT_S, TOKEN_TROUBLE, UNCERTAIN, NotSaid
from handlers.slack.messenger import SKEW_S, Messenger, Posted, Seen
from handlers.slack.rate_limit import (
    A_SECOND,
    LOOK_AGAIN,
    LOOK_UPS,
    MESSAGES,
    RETRY,
    Allowance,
    Bucket,
)

log = logging.getLogger(__name__)

POSTERS = 16  # threads that wait for Slack, so that nobody else has to
EACH = 4  # … and how many of them one workspace's hanging Slack may hold
AHEAD = 50  # due rows of a workspace that are looked at in one waking
MENDED = timedelta(minutes=5)  # how often it is tried again while an admin has to mend something

UNREADABLE = "I may not read what was said there, so I did not say it again."


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
    """Says what is due. At most one message is under way to each place."""

    def __init__(self, coach: Coach, messenger: Messenger, limits: Limits = USUAL) -> None:
        self._coach = coach
        self._messenger = messenger
        self._settle = limits.settle
        self._clock = coach.clock
        self._pool = ThreadPoolExecutor(POSTERS, thread_name_prefix="poster")
        self._lock = threading.Lock()
        self._busy: dict[Recipient, Future[None]] = {}
        self._spoken: dict[Recipient, datetime] = {}
        self._not_before: dict[Recipient, datetime] = {}
        self._budgets: dict[tuple[str, Allowance], Bucket] = {}
        self._stopped = False
        coach.nudges.start()

    def wake(self) -> None:
        """Hand what is due to the threads. Returns at once; nothing waits on Slack here."""
        self._coach.nudges.wake()
        self._coach.daily.plan()
        for place in {nudge.place: None for nudge in self._coach.nudges.under_way(self._settle)}:
            self._begin(place, LOOK_UPS, self._look_up)
        for place in self._coach.nudges.places_due(AHEAD):
            self._begin(place, MESSAGES, self._say)

    def wait(self, seconds: float) -> bool:
        """Wait for what is under way now; False if some of it took longer."""
        with self._lock:
            busy = list(self._busy.values())
        return not wait(busy, timeout=seconds).not_done

    def begin_nothing(self) -> None:
        """From now on wakings find nothing to do here."""
        with self._lock:
            self._stopped = True

    def stop(self) -> None:
        """Finish what is under way and begin nothing."""
        self.begin_nothing()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # Whose turn it is ---------------------------------------------------------------------

    def _begin(
        self, place: Recipient, allowance: Allowance, work: Callable[[Recipient], None]
    ) -> None:
        """Start `work` on a thread if nothing is under way to the place and the pace allows it."""
        now = self._clock.now()
        with self._lock:
            held = Counter(busy.workspace_id for busy in self._busy)
            if self._stopped or place in self._busy or held[place.workspace_id] >= EACH:
                return
            if now < self._not_before.get(place, now) or self._just_spoke(place, now):
                return
            if not self._budget(place.workspace_id, allowance, now).take(now):
                return
            self._busy[place] = self._pool.submit(self._run, place, work)

    def _run(self, place: Recipient, work: Callable[[Recipient], None]) -> None:
        try:
            work(place)
        except NotSaved:
            log.warning("a nudge waits for the database")
        except Exception:
            log.exception("a nudge failed", extra={"workspace": place.workspace_id})
        finally:
            with self._lock:
                self._busy.pop(place, None)

    def _just_spoke(self, place: Recipient, now: datetime) -> bool:
        if len(self._spoken) > 10_000:
            self._spoken = {p: at for p, at in self._spoken.items() if now - at < A_SECOND}
        return abs(now - self._spoken.get(place, now - A_SECOND)) < A_SECOND

    def _budget(self, workspace_id: str, allowance: Allowance, now: datetime) -> Bucket:
        return self._budgets.setdefault((workspace_id, allowance), Bucket.of(allowance, now))

    # Saying -------------------------------------------------------------------------------

    def _say(self, place: Recipient) -> None:
        desk = self._coach.nudges
        try:
            channel_id = self._conversation(place)
        except NotSaid as refused:
            self._refused(place, desk.due(place), refused)
            return
        if not channel_id or not (nudges := desk.claim(place, channel_id)):
            return
        if (message := self._drawn(nudges)) is None:
            desk.give_up(nudges, "skipped", "there is nothing to say")
            return
        try:
            marks = [nudge.nonce for nudge in nudges]
            posted = self._messenger.say_once(nudges[0].rep, channel_id, message, marks)
        except NotSaid as refused:
            self._refused(place, nudges, refused)
        else:
            desk.said(nudges, posted.channel_id, posted.ts)
            self._told(place, nudges)
        with self._lock:
            self._spoken[place] = self._clock.now()

    def _conversation(self, place: Recipient) -> str:
        """Where to speak, after a look at who reads there; "" where that is forbidden.

        Raises `NotSaid`: nothing was said, and the code tells for how long.
        """
        rep = Rep(place.workspace_id, place.id if place.is_rep else "")
        if place.is_rep:
            self._messenger.profile(rep)  # a changed zone counts from now on
            return self._coach.nudges.conversation(place) or self._messenger.direct(rep)
        if not place.id.startswith("D") and (why := self._messenger.closed(rep, place.id)):
            self._coach.nudges.give_up(self._coach.nudges.due(place), "dead", why)
            return ""
        return place.id

    def _drawn(self, nudges: Sequence[Nudge]) -> Message | None:
        if nudges[0].kind == "daily_tip":
            tip = self._coach.nudges.tip(nudges[0])
            return tip_drawing.daily_tip(tip) if tip else None
        parts = self._coach.nudges.parts(nudges)
        return follow_up_drawing.nudge(parts) if parts else None

    def _refused(self, place: Recipient, nudges: Sequence[Nudge], refused: NotSaid) -> None:
        """Slack's answer decides: wait as told, look it up later, or give up and say why."""
        claimed = any(nudge.state == "sending" for nudge in nudges)
        if refused.code == "ratelimited":
            self._pause(place, timedelta(seconds=refused.retry_after or 1))
            self._coach.nudges.put_off(nudges, timedelta(seconds=refused.retry_after or 1))
        elif refused.code in TOKEN_TROUBLE:
            self._coach.nudges.put_off(nudges, MENDED)
        elif refused.code not in UNCERTAIN:
            self._coach.nudges.give_up(nudges, "dead", str(refused))
        elif not claimed:
            self._coach.nudges.put_off(nudges, RETRY)
        log.warning("a nudge was not said", extra={"code": refused.code})

    def _pause(self, place: Recipient, delay: timedelta) -> None:
        now = self._clock.now()
        with self._lock:
            self._budget(place.workspace_id, MESSAGES, now).pause(now + delay)

    def _told(self, place: Recipient, nudges: Sequence[Nudge]) -> None:
        late = (self._clock.now() - min(n.wanted_at for n in nudges)).total_seconds()
        log.info("nudges said", extra={"ids": [n.id for n in nudges], "late_s": round(late)})

    # Looking up ---------------------------------------------------------------------------

    def _look_up(self, place: Recipient) -> None:
        """Find out what became of all that may have been said at the place."""
        under_way = self._coach.nudges.under_way(self._settle)
        if nudges := [nudge for nudge in under_way if nudge.place == place]:
            self._seek(place, nudges)

    def _seek(self, place: Recipient, nudges: Sequence[Nudge]) -> None:
        """See what stands in the conversation; take back what stands there twice."""
        desk, rep = self._coach.nudges, nudges[0].rep
        channel_id = (nudges[0].said or (place.id, None))[0]
        oldest = min(n.attempt_at.timestamp() for n in nudges if n.attempt_at) - SKEW_S
        try:
            seen = self._messenger.seen(rep, channel_id, oldest)
            for message in _extra(seen, {nudge.nonce for nudge in nudges}):
                self._messenger.take_back(rep, Posted(channel_id, message.ts))
        except NotSaid as refused:
            self._not_found_out(place, nudges, refused)
            return
        first: dict[str, str] = {}
        for message in reversed(seen):
            first |= dict.fromkeys(message.marks, message.ts)
        for nudge in nudges:
            if ts := first.get(nudge.nonce):
                desk.said([nudge], channel_id, ts)
            else:
                desk.not_said([nudge])

    def _not_found_out(self, place: Recipient, nudges: Sequence[Nudge], refused: NotSaid) -> None:
        """Try later, or where the history may not be read, never say it again."""
        if refused.code in {"ratelimited"} | UNCERTAIN | TOKEN_TROUBLE:
            delay = timedelta(seconds=refused.retry_after) or LOOK_AGAIN
            with self._lock:
                self._not_before[place] = self._clock.now() + delay
        else:
            why = UNREADABLE if refused.code == "missing_scope" else str(refused)
            self._coach.nudges.give_up(nudges, "unknown", why)


def _extra(seen: Sequence[Seen], wanted: set[str]) -> list[Seen]:
    """Messages of which all that is wanted stands in an earlier one."""
    extra, known = [], set[str]()
    for message in seen:
        marks = message.marks & wanted
        if marks and marks <= known:
            extra.append(message)
        known |= marks
    return extra
