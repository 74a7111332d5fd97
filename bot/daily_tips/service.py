"""What people do with a channel's daily tip: set it, end it, and what is planned for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.audit.table import Audit
from bot.clock.now import Clock
from bot.daily_tips.command import DailyRequest
from bot.daily_tips.setting import (
    DAILY_TIP,
    TIP_LATE,
    Daily,
    instant,
    key_of,
    meant,
    next_date,
)
from bot.daily_tips.table import DailyTips
from bot.errors import CoachError
from bot.library.library import Library
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.rotation import in_turn, unasked
from bot.tips.table import SaidTip, Tips
from bot.tips.tip import Tip, next_lesson

TOLD_FOR = timedelta(days=7)  # how long `/coach status` tells of what went wrong


class NotYours(CoachError):
    """Only whoever set a daily tip, or a manager, changes or ends it."""


class DailyTipKind(Kind):
    """The tip of one date in one conversation; `about` is its tip's id once that was chosen."""

    title = "the daily tip"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        kept = DailyTips(db).of(message.recipient)
        return None if kept else Skip("the daily tip was ended")


class DailyTipService:
    """Daily tips, one setting for each conversation."""

    def __init__(self, store: Store, clock: Clock, library: Library, people: PeopleService) -> None:
        self._store, self._clock, self._library = store, clock, library
        self._people = people

    def of(self, place: Recipient) -> Daily | None:
        return DailyTips(self._store.read).of(place)

    def may_change(self, rep: Rep, place: Recipient) -> bool:
        """Whether nobody set it, or this rep did, or a manager asks."""
        kept = self.of(place)
        return kept is None or self._is_theirs(rep, kept)

    def set(
        self, rep: Rep, place: Recipient, wish: DailyRequest, zone: str
    ) -> tuple[Daily, datetime]:
        """Keep the setting and plan the next tip; returns when that is.

        `zone` is the rep's own, for when none was typed. Raises `NotYours`, and another
        `CoachError` for a country that is not known.
        """
        now = self._clock.now()
        daily = Daily(place, wish.at, wish.days, wish.zone or zone, rep.user_id, now, wish.holidays)

        def work(db: Database) -> datetime:
            self._check(rep, DailyTips(db).of(place))
            DailyTips(db).drop(place, "the daily tip has another time")
            DailyTips(db).put(daily)
            self._note(db, rep, place, "daily_tip_set", now)
            return self._plan(db, daily, now)

        return daily, meant(daily, self._store.write(work))

    def end(self, rep: Rep, place: Recipient) -> bool:
        """No more tips here; False if there were none. Raises `NotYours`."""
        now = self._clock.now()

        def work(db: Database) -> bool:
            if (kept := DailyTips(db).of(place)) is None:
                return False
            self._check(rep, kept)
            DailyTips(db).drop(place, "the daily tip was ended")
            DailyTips(db).end(place, rep.user_id, now)
            self._note(db, rep, place, "daily_tip_ended", now)
            return True

        return self._store.write(work)

    def plan(self) -> None:
        """Plan the next tip of each place that has none waiting."""
        now = self._clock.now()
        if missing := DailyTips(self._store.read).unplanned():
            self._store.write(lambda db: [self._plan(db, daily, now) for daily in missing])

    def next_at(self, daily: Daily) -> datetime | None:
        """When its next tip is meant for."""
        due = Outbox(self._store.read).waiting(daily.place, [DAILY_TIP])[1]
        return meant(daily, due) if due else None

    def late(self, workspace_id: str) -> list[tuple[Recipient, datetime]]:
        """The tips of late that were skipped because their time had passed."""
        return DailyTips(self._store.read).late(workspace_id, self._clock.now() - TOLD_FOR)

    def set_by(self, rep: Rep) -> list[str]:
        """The conversations whose daily tip this rep has set."""
        return DailyTips(self._store.read).set_by(rep)

    def tip(self, message: OutboxMessage) -> Tip | None:
        """Its tip, chosen when it is first needed; None from an empty library."""
        db, place, library = self._store.read, message.recipient, self._library
        if message.about and (said := Tips(db).get(place.workspace_id, int(message.about))):
            source = library.source(said.citation)
            return Tip(said.id, "", said.lesson, source) if source else None
        heard = Tips(db).said_in(*place)
        posts = unasked(library.entries().values(), manager=False)
        turn = in_turn(posts, heard, place.id, daily=True)
        if (lesson := next_lesson(turn, heard.lessons)) is None:
            return None
        chosen = SaidTip(0, place.id, "", lesson.text, lesson.entry.cite(lesson.text))
        now = self._clock.now()

        def work(db: Database) -> int:
            tip_id = Tips(db).put(chosen, place.workspace_id, None, now)
            Outbox(db).set_about(message, str(tip_id))
            return tip_id

        tip_id = self._store.write(work)
        source = library.source(chosen.citation)
        return Tip(tip_id, "", lesson.text, source) if source else None

    def _plan(self, db: Database, daily: Daily, now: datetime) -> datetime:
        """The next tip: its time is never before the one that was set, nor one before the setting.

        A time that passed less than two hours before the setting is not made up for.
        """
        last = DailyTips(db).last_date(daily.place)
        day = next_date(daily, now, last, TIP_LATE)
        while (due := instant(daily, day)) < daily.set_at:
            day = next_date(daily, now, day, TIP_LATE)
        key = key_of(daily.place, day)
        Outbox(db).plan(Plan(key, DAILY_TIP, daily.place, due, due + TIP_LATE))
        return due

    def _note(self, db: Database, rep: Rep, place: Recipient, done: str, now: datetime) -> None:
        """What a manager does to a channel; what reps set for themselves is their own business."""
        if self._people.is_manager(rep) and not place.id.startswith("D"):
            Audit(db).put(rep, "settings", now, done, place.id)

    def _check(self, rep: Rep, kept: Daily | None) -> None:
        if kept and not self._is_theirs(rep, kept):
            raise NotYours("Only whoever set the daily tip here, or a manager, can change it.")

    def _is_theirs(self, rep: Rep, kept: Daily) -> bool:
        return rep.user_id == kept.set_by or self._people.is_manager(rep)
