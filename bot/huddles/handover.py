"""A call whose owner left the workspace: a colleague on its card is asked, and may take it over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.debriefs.follow_up_table import FollowUps
from bot.huddles import announcement
from bot.huddles.announcement import OWNER_WANTED
from bot.huddles.huddle import Huddle, NotYours, Part
from bot.huddles.table import Huddles
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store

AHEAD = timedelta(days=366)  # no calendar is planned further
_FIRST: tuple[Part, ...] = ("lead", "support", "listen")


def owner_left(db: Database, rep: Rep, now: datetime) -> None:
    """The rep left: the cards of their calls to come say so, and of each one colleague is asked."""
    for call in Calls(db).of_rep(rep, now - timedelta(days=1), now + AHEAD):
        huddle = Huddles(db).get(rep.workspace_id, call.id)
        if huddle is None or call.owner != rep or call.state != "planned" or call.ends <= now:
            continue
        Calls(db).touch(call.id)
        if asked := _colleague(db, huddle):
            announcement.ask_for_owner(db, huddle, asked, now)


def owner_is_back(db: Database, rep: Rep, now: datetime) -> None:
    """Nobody has to be asked any more."""
    for call in Calls(db).of_rep(rep, now - timedelta(days=1), now + AHEAD):
        if call.owner == rep:
            Calls(db).touch(call.id)
            Outbox(db).drop(rep.workspace_id, "they are back", OWNER_WANTED, call_id=call.id)


def _colleague(db: Database, huddle: Huddle) -> str:
    """Who comes along and is still here, the one with the largest part; "" if nobody does."""
    call = huddle.call
    here = [
        person
        for person in huddle.people
        if person.user_id != call.owner.user_id
        and not People(db).has_left(Rep(call.owner.workspace_id, person.user_id))
    ]
    ranked = sorted(here, key=lambda person: _FIRST.index(person.part))
    return ranked[0].user_id if ranked else ""


class HandoverService:
    """Taking over a call that nobody owns any more."""

    def __init__(self, store: Store, clock: Clock, after: timedelta) -> None:
        self._store, self._clock, self._after = store, clock, after

    def take_over(self, rep: Rep, call_id: int) -> tuple[Huddle, bool]:
        """The call is the rep's: they are asked how it went. Returns its huddle, and whether its
        card stood where only the one who left reads. A second time changes nothing.

        Raises `NotYours` while its owner is here, and `HuddleGone`.
        """
        now = self._clock.now()

        def work(db: Database) -> tuple[Huddle, bool]:
            huddle = Huddles(db).open(rep, call_id)
            if huddle.call.owner == rep:
                return huddle, False
            if not People(db).has_left(huddle.call.owner):
                raise NotYours(f"<@{huddle.call.owner.user_id}> has this call.")
            self._change_owner(db, huddle, rep, now)
            return Huddles(db).open(rep, call_id), huddle.private

        return self._store.write(work)

    def _change_owner(self, db: Database, huddle: Huddle, rep: Rep, now: datetime) -> None:
        before = huddle.call
        people = {p.user_id: p.part for p in huddle.people if p.user_id != before.owner.user_id}
        FollowUps(db).drop(before, "a colleague took the call over")
        after: Call = Calls(db).set_owner(before, rep, now)
        if huddle.people:
            Huddles(db).set_people(after, {**people, rep.user_id: "lead"})
        if not after.review:
            FollowUps(db).plan_debrief(after, self._after)
