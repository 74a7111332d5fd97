"""What the coach knows of people: their name and zone, who manages, where it can't speak."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock.now import Clock
from bot.people.rep import UNKNOWN, Profile, Rep
from bot.people.table import People, Trouble
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

PROFILE_KEPT = timedelta(hours=12)  # how long a zone is believed; Slack also tells of changes
CHANNELS_KEPT = timedelta(minutes=5)  # how long it is believed in which channels a rep is
_ONES_OWN = "UWD"  # how Slack's ids of people and of direct messages begin

# What is done in the same transaction when a rep's zone is another: (db, rep, zone, now).
Moved = Callable[[Database, Rep, str, datetime], object]
Absent = Callable[[Database, Rep], object]
# What is done in the same transaction when a rep leaves, or is there again: (db, rep, now).
Told = Callable[[Database, Rep, datetime], object]


class PeopleService:
    """Profiles, managers and troubles."""

    def __init__(self, store: Store, clock: Clock, managers: Collection[str]) -> None:
        self._store, self._clock, self._managers = store, clock, managers
        self._on_new_zone: list[Moved] = []
        self._on_other_absence: list[Absent] = []
        self._on_left: list[Told] = []
        self._on_back: list[Told] = []
        self._heard_of: set[Rep] = set()  # since when no news of anybody was missed
        self._channels: dict[Rep, tuple[datetime, frozenset[str]]] = {}

    def on_new_zone(self, do: Moved) -> None:
        """Have `do` done whenever Slack tells of another zone of a rep."""
        self._on_new_zone.append(do)

    def on_left(self, do: Told, undo: Told) -> None:
        """Have `do` done whenever a rep's account is deactivated, and `undo` when it is again."""
        self._on_left.append(do)
        self._on_back.append(undo)

    def left(self, rep: Rep, is_gone: bool) -> None:
        """Slack says whether the rep's account is deactivated. Who never spoke with the coach is
        none of its business."""
        now = self._clock.now()
        if People(self._store.read).has_left(rep) == is_gone:
            return

        def work(db: Database) -> None:
            if People(db).set_left(rep, now if is_gone else None):
                for do in self._on_left if is_gone else self._on_back:
                    do(db, rep, now)

        self._store.write(work)

    def on_other_absence(self, do: Absent) -> None:
        """Have `do` done whenever a rep is away for another time, or back, by their status."""
        self._on_other_absence.append(do)

    def profile(
        self, rep: Rep, ask: Callable[[], Profile | None], for_sure: bool = False
    ) -> Profile:
        """The rep's name and zone: as kept, or what `ask` learns from Slack; what is kept is not
        fresh where that learns nothing.

        Slack tells of changes while the coach is there. Whoever needs them `for_sure` has it asked
        again after a start, and after a time without a link.
        """
        now, heard_of = self._clock.now(), self._heard_of
        kept = People(self._store.read).profile(rep)
        believed = kept and (not for_sure or (rep in heard_of and not kept[0].doubt))
        if kept and believed and now - kept[1] < PROFILE_KEPT:
            return kept[0]
        told = ask()
        if told is None:
            return replace(kept[0], is_fresh=False) if kept else UNKNOWN
        with contextlib.suppress(NotSaved):  # it will be asked for again
            self._store.write(lambda db: self._learn(db, rep, told, now))
            heard_of.add(rep)
        return told

    def news_was_missed(self) -> None:
        """Slack could not tell of changes for a while: each rep is asked for again."""
        self._heard_of = set()

    def channels(
        self, rep: Rep, ask: Callable[[], frozenset[str] | None] = lambda: None
    ) -> frozenset[str]:
        """The channels that the rep is in: as heard lately, else what `ask` learns from Slack.

        Where Slack tells nothing, those that it told of last; none after a start.
        """
        now = self._clock.now()
        heard = self._channels.get(rep)
        if heard and abs(now - heard[0]) < CHANNELS_KEPT:
            return heard[1]
        told = ask()
        found = told if told is not None else heard[1] if heard else frozenset()
        self._channels[rep] = now, found
        return found

    def changed(self, rep: Rep, profile: Profile) -> None:
        """Slack says that the rep's name or zone is another now; what waits follows the zone.

        Slack says so of everybody; who never spoke with the coach is none of its business.
        """
        now = self._clock.now()
        if People(self._store.read).profile(rep) is None:
            return
        if profile.doubt:  # Slack is asked for what the news left out
            self._heard_of.discard(rep)
            return
        self._store.write(lambda db: self._learn(db, rep, profile, now))
        self._heard_of.add(rep)

    def one_of_each_zone(self) -> list[str]:
        """The user id of one rep of each zone that is known."""
        return People(self._store.read).one_of_each_zone()

    def is_manager(self, rep: Rep) -> bool:
        return rep.user_id in self._managers

    def knows(self, rep: Rep) -> bool:
        """Whether the rep was greeted before."""
        return People(self._store.read).greeted(rep)

    def greet(self, rep: Rep) -> bool:
        """True when this is the first contact, and it is noted."""
        if People(self._store.read).greeted(rep):
            return False
        now = self._clock.now()
        return self._store.write(lambda db: People(db).greet(rep, now))

    # Where the coach can't speak ------------------------------------------------------------

    def trouble(self, workspace_id: str, place: str, why: str) -> None:
        """Stop speaking at `place`, and have `/coach status` say why."""
        now = self._clock.now()
        self._store.write(lambda db: People(db).put_trouble(workspace_id, place, why, now))

    def trouble_over(self, workspace_id: str, *places: str) -> None:
        """It worked again at these places."""
        now = self._clock.now()
        over = {trouble.place for trouble in self._troubles(workspace_id)} & {*places}

        def work(db: Database) -> None:
            for place in over:
                People(db).clear_trouble(workspace_id, place, now)

        if over:
            self._store.later(work)  # what was said is said, noted or not

    def troubles(self, rep: Rep) -> list[Trouble]:
        """What stands in the way, as far as it is this rep's business: not about other people."""
        return [
            trouble
            for trouble in self._troubles(rep.workspace_id)
            if trouble.place[:1] not in _ONES_OWN
            or trouble.place == rep.user_id
            or self.is_manager(rep)
        ]

    def _troubles(self, workspace_id: str) -> list[Trouble]:
        return People(self._store.read).troubles(workspace_id)

    def _learn(self, db: Database, rep: Rep, profile: Profile, now: datetime) -> None:
        """Keep the profile; in another zone what was put off is looked at again."""
        before = People(db).profile(rep)
        People(db).put_profile(rep, profile, now)
        if before and before[0].away_until != profile.away_until:
            for back in self._on_other_absence:
                back(db, rep)
        if before and before[0].zone != profile.zone:
            for do in self._on_new_zone:
                do(db, rep, profile.zone, now)
