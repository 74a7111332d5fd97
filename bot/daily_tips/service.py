"""What people do with a channel's daily tip: set it, end it, and what is planned for it."""

from __future__ import annotations

from datetime import datetime

from bot.clock.now import Clock
from bot.daily_tips.setting import Daily, DailyRequest, instant, key_of, meant, next_date
from bot.daily_tips.table import DailyTips
from bot.errors import CoachError
from bot.nudges.nudge import TIP_LATE, Recipient
from bot.nudges.table import NudgePlan, Nudges
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.storage.database import Database
from bot.storage.store import Store


class NotYours(CoachError):
    """Only whoever set a daily tip, or a manager, changes or ends it."""


class DailyTipService:
    """Daily tips, one setting for each conversation."""

    def __init__(self, store: Store, clock: Clock, people: PeopleService) -> None:
        self._store, self._clock, self._people = store, clock, people

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
            Nudges(db).drop_tips(place, "the daily tip has another time")
            DailyTips(db).put(daily)
            return self._plan(db, daily, now)

        return daily, meant(daily, self._store.write(work))

    def end(self, rep: Rep, place: Recipient) -> bool:
        """No more tips here; False if there were none. Raises `NotYours`."""
        now = self._clock.now()

        def work(db: Database) -> bool:
            if (kept := DailyTips(db).of(place)) is None:
                return False
            self._check(rep, kept)
            Nudges(db).drop_tips(place, "the daily tip was ended")
            DailyTips(db).end(place, rep.user_id, now)
            return True

        return self._store.write(work)

    def plan(self) -> None:
        """Plan the next tip of each place that has none waiting."""
        now = self._clock.now()
        if missing := DailyTips(self._store.read).unplanned():
            self._store.write(lambda db: [self._plan(db, daily, now) for daily in missing])

    def next_at(self, daily: Daily) -> datetime | None:
        """When its next tip is meant for."""
        due = Nudges(self._store.read).waiting(daily.place)[1]
        return meant(daily, due) if due else None

    def _plan(self, db: Database, daily: Daily, now: datetime) -> datetime:
        """The next tip: its time is never before the one that was set, nor one before the setting.

        A time that passed less than two hours before the setting is not made up for.
        """
        last = DailyTips(db).last_date(daily.place)
        day = next_date(daily, now, last, TIP_LATE)
        while (due := instant(daily, day)) < daily.set_at:
            day = next_date(daily, now, day, TIP_LATE)
        Nudges(db).plan(
            NudgePlan(key_of(daily.place, day), "daily_tip", daily.place, None, None, due,
                 due + TIP_LATE)
        )  # fmt: skip
        return due

    def _check(self, rep: Rep, kept: Daily | None) -> None:
        if kept and not self._is_theirs(rep, kept):
            raise NotYours("Only whoever set the daily tip here, or a manager, can change it.")

    def _is_theirs(self, rep: Rep, kept: Daily) -> bool:
        return rep.user_id == kept.set_by or self._people.is_manager(rep)
