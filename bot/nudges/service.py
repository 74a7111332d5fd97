"""What is said unasked: planned, taken up when it is due, and settled when it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day, local_instant, read_zone, say_time
from bot.clock.now import Clock
from bot.clock.working_hours import next_allowed
from bot.daily_tips.table import DailyTips
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply
from bot.debriefs.table import Debriefs
from bot.errors import CoachError
from bot.huddles.huddle import Huddle
from bot.huddles.table import Huddles
from bot.library.library import Library
from bot.nudges.hours_table import HoursKept
from bot.nudges.nudge import (
    A_CALL,
    ASKS_AGAIN,
    DEBRIEFED,
    IN_WORDS,
    IT_MOVED,
    MOVED,
    NEW_TIME,
    SKIPPED,
    Doubt,
    FollowUpLine,
    Manners,
    Nudge,
    Recipient,
    RepHours,
    Skip,
    Wait,
    day_said,
    doubtful,
    manners,
    next_morning,
    step_due,
    wanted,
)
from bot.nudges.table import Nudges, Stuck
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.rotation import in_turn, unasked
from bot.tips.table import SaidTip, Tips
from bot.tips.tip import Tip, next_lesson

SNOOZE = timedelta(hours=1)
RESTORED = timedelta(minutes=5)  # asleep for longer: the file may be an old copy
CHANGED = timedelta(days=1)  # what a copy holds for later may have been moved forward, and said
NOTED_EVERY = timedelta(seconds=30)
CALL_LASTS = timedelta(hours=12)  # no call is longer: one that began before is over
TOLD_FOR = timedelta(days=7)  # how long `/coach status` tells of what went wrong


class NudgeGone(CoachError):
    """A button on a nudge that is not this rep's, or that is no longer kept."""


class Standing(NamedTuple):
    """What `/coach status` says about nudges: the moments are UTC."""

    wishes: RepHours
    waiting: int
    next_at: datetime | None
    stuck: list[Stuck]
    late_tips: list[tuple[Recipient, datetime]]


class NudgeService:
    """The rows that `handlers/nudges/delivery.py` brings to Slack, and what reps do with them."""

    def __init__(self, store: Store, clock: Clock, library: Library, after: timedelta) -> None:
        self._store, self._clock, self._library, self._after = store, clock, library, after
        self._noted: datetime | None = None

    # The timer ----------------------------------------------------------------------------

    def start(self) -> None:
        """To be called once, before anything is said.

        A copy, or a file that slept long, may be a backup: what it holds as unsaid may have been
        said after it was made, and is looked up before it is said.
        """
        now, store = self._clock.now(), self._store
        last, copied = Nudges(store.read).last_awake(), Nudges(store.read).is_copy()
        if last is not None and (copied or now - last > RESTORED):
            before = now + CHANGED if copied else now
            doubt = Doubt(last, before, now)
            store.write(lambda db: Nudges(db).set_doubt(doubt))
        self.wake()

    def wake(self) -> None:
        """Note every now and then that the coach is up."""
        now = self._clock.now()
        if self._noted is None or abs(now - self._noted) >= NOTED_EVERY:
            self._store.write(lambda db: Nudges(db).awake(now))
            self._noted = now

    def places_due(self, each: int) -> list[Recipient]:
        return Nudges(self._store.read).places_due(self._clock.now(), each)

    def under_way(self, settle: timedelta) -> list[Nudge]:
        """Claimed longer ago than `settle`, and it is not known whether they were said."""
        return Nudges(self._store.read).under_way(self._clock.now() - settle)

    def due(self, place: Recipient) -> list[Nudge]:
        return Nudges(self._store.read).due(place, self._clock.now())

    def conversation(self, place: Recipient) -> str | None:
        """Where the place was spoken to before; None for a rep who never was."""
        if not place.is_rep:
            return place.id
        return Nudges(self._store.read).conversation(place)

    # Delivery -----------------------------------------------------------------------------

    def claim(self, place: Recipient, channel_id: str) -> list[Nudge]:
        """Take what is due at the place, commit that, and give back what is still wanted now.

        What is not is skipped or put off; what may have been said before a restore is left to be
        looked up.
        """
        now, store = self._clock.now(), self._store

        def work(db: Database) -> list[Nudge]:
            claimed, doubt = Nudges(db).claim(place, channel_id, now), Nudges(db).doubt()
            doubted = [nudge for nudge in claimed if doubtful(nudge, doubt)]
            if doubt:
                Nudges(db).look_up(doubted, doubt.since)
            return [nudge for nudge in claimed if nudge not in doubted]

        sure = store.write(work)
        return self._checked(sure, now) if sure else []

    def said(self, nudges: Sequence[Nudge], channel_id: str, ts: str) -> None:
        """It stands there, since the moment that its `ts` names. A first question that finds no
        answer is asked once more, unless the rep has chosen a time for that already."""
        now = min(self._clock.now(), datetime.fromtimestamp(float(ts), UTC))

        def work(db: Database) -> None:
            for nudge in Nudges(db).said(nudges, channel_id, ts, now):
                if nudge.kind == "debrief" and nudge.nth < A_CALL and not nudge.dropped:
                    self._ask_once_more(db, nudge, now)

        self._store.write(work)

    def _ask_once_more(self, db: Database, nudge: Nudge, now: datetime) -> None:
        call = self._call(db, nudge)
        if call is None or any(n.asked and n.state == "pending" for n in Nudges(db).of_call(call)):
            return
        hours = HoursKept(db).of(nudge.rep).in_zone(self._zone(db, nudge.rep))
        Nudges(db).ask_again(call, nudge.nth + 1, next_morning(now, hours), asked=False)

    def not_said(self, nudges: Sequence[Nudge]) -> None:
        now = self._clock.now()
        self._store.write(lambda db: Nudges(db).not_said(nudges, now))

    def put_off(self, nudges: Sequence[Nudge], delay: timedelta) -> None:
        until = self._clock.now() + delay
        self._store.write(lambda db: Nudges(db).put_off(nudges, until))

    def give_up(self, nudges: Sequence[Nudge], state: str, why: str) -> None:
        """Never say it: "dead" where Slack refused, "unknown" where it can't be looked up."""
        self._store.write(lambda db: Nudges(db).close(nudges, state, why))

    def _checked(self, nudges: list[Nudge], now: datetime) -> list[Nudge]:
        """Those that may be said now; the others are put off or skipped."""
        db = self._store.read
        verdicts: dict[int, Skip | Wait | None] = {n.id: self._wanted(db, n, now) for n in nudges}
        still = [n for n in nudges if verdicts[n.id] is None]
        if still and still[0].place.is_rep:
            verdict = self._manners(db, still, now)
            verdicts |= {n.id: verdict for n in still}

        def work(db: Database) -> None:
            for nudge in nudges:
                match verdicts[nudge.id]:
                    case Skip(why):
                        Nudges(db).close([nudge], "skipped", why)
                    case Wait(until, _):
                        Nudges(db).put_off([nudge], until)

        if any(verdicts.values()):
            self._store.write(work)
        return [n for n in nudges if verdicts[n.id] is None]

    def _wanted(self, db: Database, nudge: Nudge, now: datetime) -> Skip | None:
        fresh = Nudges(db).by_id(nudge.id)
        call = self._call(db, nudge)
        if fresh is None or (skip := wanted(fresh, call, now)):
            return skip if fresh else Skip("forgotten")
        if nudge.kind == "daily_tip" and DailyTips(db).of(nudge.place) is None:
            return Skip("the daily tip was ended")
        if nudge.kind == "debrief" and nudge.call_id and Debriefs(db).get(nudge.rep, nudge.call_id):
            return Skip("it was debriefed")
        if nudge.kind == "next_step" and not self._step(db, nudge):
            return Skip("the next step changed")
        return None

    def _manners(self, db: Database, nudges: list[Nudge], now: datetime) -> Skip | Wait | None:
        rep = nudges[0].rep
        zone = self._zone(db, rep)
        midnight = local_instant(local_day(now, zone), datetime.min.time(), zone)
        around = Calls(db).of_rep(rep, now - CALL_LASTS, now + timedelta(hours=1))
        calls = [c for c in around if c.state in ("planned", "held") and not c.review]
        said = Nudges(db).messages_since(rep, midnight, but=nudges)
        return manners(nudges, Manners(HoursKept(db).of(rep), zone, calls, said, self._after), now)

    # What a message shows -----------------------------------------------------------------

    def parts(self, nudges: Sequence[Nudge]) -> list[FollowUpLine]:
        """The nudges of one message as they are to be drawn; calls that are gone are left out."""
        db, now = self._store.read, self._clock.now()
        return [part for nudge in nudges if (part := self._part(db, nudge, now))]

    def message_of(self, nudge: Nudge) -> list[FollowUpLine]:
        """All parts of the message that holds this nudge."""
        channel_id, ts = nudge.said or ("", None)
        if ts is None:
            return []
        db = self._store.read
        return self.parts(Nudges(db).of_message(nudge.place.workspace_id, channel_id, ts))

    def tip(self, nudge: Nudge) -> Tip | None:
        """The tip of a daily nudge, chosen when it is first needed; None from an empty library."""
        db, library = self._store.read, self._library
        if nudge.tip_id and (said := Tips(db).get(nudge.place.workspace_id, nudge.tip_id)):
            source = library.source(said.citation)
            return Tip(said.id, "", said.lesson, source) if source else None
        heard = Tips(db).said_in(*nudge.place)
        posts = unasked(library.entries().values(), manager=False)
        turn = in_turn(posts, heard, nudge.place.id, daily=True)
        if (lesson := next_lesson(turn, heard.lessons)) is None:
            return None
        cited = lesson.entry.cite(lesson.text)
        now = self._clock.now()

        def work(db: Database) -> int:
            said = SaidTip(0, nudge.place.id, "", lesson.text, cited)
            tip_id = Tips(db).put(said, nudge.place.workspace_id, None, now)
            Nudges(db).set_tip(nudge, tip_id)
            return tip_id

        tip_id = self._store.write(work)
        source = library.source(cited)
        return Tip(tip_id, "", lesson.text, source) if source else None

    def _part(self, db: Database, nudge: Nudge, now: datetime) -> FollowUpLine | None:
        if (call := self._call(db, nudge)) is None:
            return None
        zone = self._zone(db, nudge.rep)
        step = self._step(db, nudge) if nudge.kind == "next_step" else ""
        moment = nudge.wanted_at if step else call.starts
        answers = [
            r.said for r in Replies(db).of_call(nudge.rep, call.id) if r.nudge_id == nudge.id
        ]
        outcome = nudge.outcome or (f"Kept: {answers[-1].lower()}." if answers else "")
        on = HoursKept(db).of(nudge.rep).nudges_on
        debriefed = nudge.kind == "debrief" and bool(Debriefs(db).get(nudge.rep, call.id))
        outcome = outcome or (DEBRIEFED if debriefed else "")
        return FollowUpLine(nudge, call, day_said(moment, zone, now), step, outcome, on, debriefed)

    def _step(self, db: Database, nudge: Nudge) -> str:
        debrief = Debriefs(db).get(nudge.rep, nudge.call_id) if nudge.call_id else None
        return step_due(debrief, local_day(nudge.wanted_at, self._zone(db, nudge.rep)))

    # What a rep does ----------------------------------------------------------------------

    def snooze(self, rep: Rep, nudge_id: int) -> Nudge:
        """Ask again in an hour, because the rep wants it; returns the nudge as it was."""
        nudge, call = self._mine(rep, nudge_id)
        db, now = self._store.read, self._clock.now()
        zone, again = self._zone(db, rep), now + SNOOZE
        asks = next_allowed(again, HoursKept(db).of(rep).in_zone(zone))

        def work(db: Database) -> None:
            sent = [
                n.nth for n in Nudges(db).of_call(call) if n.state not in ("pending", "skipped")
            ]
            Nudges(db).ask_again(call, max(sent, default=0) + 1, again, asked=True)
            Nudges(db).set_outcome(nudge, f"{ASKS_AGAIN} {say_time(asks, zone, now)}.")

        self._store.write(work)
        return nudge

    def skip(self, rep: Rep, nudge_id: int) -> Nudge:
        """Ask no more about this call."""
        return self._settle(rep, nudge_id, SKIPPED, "skipped")

    def moved(self, rep: Rep, nudge_id: int) -> tuple[Nudge, Huddle | None]:
        """The call did not take place; its huddle, if it has one, takes the new time."""
        nudge, call = self._mine(rep, nudge_id)
        now = self._clock.now()

        def work(db: Database) -> Huddle | None:
            Calls(db).set_state(call, "moved", rep, now)
            Nudges(db).drop(call, MOVED)
            huddle = Huddles(db).get(rep.workspace_id, call.id)
            Nudges(db).set_outcome(nudge, IT_MOVED if huddle else NEW_TIME)
            return huddle

        return nudge, self._store.write(work)

    def answer_step(self, rep: Rep, nudge_id: int, done: bool) -> Nudge:
        """Keep whether the next step was done."""
        nudge, call = self._mine(rep, nudge_id)
        now, said = self._clock.now(), "done" if done else "not yet"
        asked = self._step(self._store.read, nudge) or "the next step"
        reply = Reply(0, rep, call.id, nudge.id, "step_done", asked, said, "button", now)

        def work(db: Database) -> None:
            Replies(db).put(reply)
            Nudges(db).set_outcome(nudge, f"Kept: {said}.")

        self._store.write(work)
        return nudge

    def turn(self, rep: Rep, on: bool) -> None:
        """Nudges on or off for this rep."""
        self.set_wishes(rep, replace(self.wishes(rep), nudges_on=on))

    def wishes(self, rep: Rep) -> RepHours:
        return HoursKept(self._store.read).of(rep)

    def set_wishes(self, rep: Rep, wishes: RepHours) -> None:
        """Keep the rep's hours; what was put off because of the old ones is looked at again."""

        def work(db: Database) -> None:
            HoursKept(db).put(rep, wishes)
            Nudges(db).recheck(rep)

        self._store.write(work)

    def nudge(self, rep: Rep, nudge_id: int) -> Nudge:
        """The rep's own nudge. Raises `NudgeGone`."""
        found = Nudges(self._store.read).get(rep.workspace_id, nudge_id)
        if found is None or found.user_id != rep.user_id:
            raise NudgeGone("I can't find that question any more.")
        return found

    def answered(self, rep: Rep, call: Call, in_words: bool) -> list[Nudge]:
        """The questions to this rep whose messages show something else since the debrief was kept,
        or since they answered `in_words`."""
        asked = Nudges(self._store.read).of_call(call)
        said = [n for n in asked if n.kind == "debrief" and n.place == Recipient(*rep) and n.said]
        return [n for n in said if n.outcome == IN_WORDS] if in_words else said

    def _settle(self, rep: Rep, nudge_id: int, outcome: str, why: str) -> Nudge:
        nudge, call = self._mine(rep, nudge_id)

        def work(db: Database) -> None:
            Nudges(db).drop(call, why)
            Nudges(db).set_outcome(nudge, outcome)

        self._store.write(work)
        return nudge

    def _mine(self, rep: Rep, nudge_id: int) -> tuple[Nudge, Call]:
        nudge = self.nudge(rep, nudge_id)
        if (call := self._call(self._store.read, nudge)) is None:
            raise NudgeGone("That call is no longer kept.")
        return nudge, call

    # Status -------------------------------------------------------------------------------

    def standing(self, rep: Rep, everybody: bool) -> Standing:
        """What waits for the rep and what went wrong; of the whole workspace for `everybody`."""
        db, now = self._store.read, self._clock.now()
        waiting, next_at = Nudges(db).waiting(Recipient(*rep))
        stuck = Nudges(db).stuck(
            rep.workspace_id, None if everybody else rep.user_id, now - TOLD_FOR
        )
        late = Nudges(db).late_tips(rep.workspace_id, now - TOLD_FOR)
        return Standing(self.wishes(rep), waiting, next_at, stuck, late)

    def _call(self, db: Database, nudge: Nudge) -> Call | None:
        return Calls(db).get(nudge.place.workspace_id, nudge.call_id) if nudge.call_id else None

    def _zone(self, db: Database, rep: Rep) -> str:
        """The rep's zone as Slack last told it; UTC for one that this machine does not know."""
        known = People(db).profile(rep)
        return (read_zone(known[0].zone) if known else None) or "UTC"
