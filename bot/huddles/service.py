"""What a rep can do about a huddle: tick, answer, change, cancel, see why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.debriefs.follow_up import IT_MOVED, MOVED, NEW_TIME, NO_SHOW
from bot.debriefs.follow_up_service import FollowUpService
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply
from bot.errors import CoachError
from bot.huddles import announcement
from bot.huddles.huddle import (
    ITEM,
    MOST_PEOPLE,
    Huddle,
    HuddleChange,
    HuddleGone,
    Item,
    NoRoom,
    NotYours,
    changed_items,
    fulfil,
    fulfil_people,
    items_of,
)
from bot.huddles.item_source import Why, why_of_item, why_of_parts
from bot.huddles.play import MOST_ITEMS, Plays
from bot.huddles.table import Huddles
from bot.inbox.event import Event
from bot.inbox.table import Inbox
from bot.library.library import Library
from bot.outbox.message import OutboxMessage
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.store import Store


class Changed(NamedTuple):
    """A call after a change, the ids of those who joined it, and the call as it was before."""

    call: Call
    joined: tuple[str, ...]
    was: Call

    @property
    def is_about_something_else(self) -> bool:
        """Whether what the items are worded for has changed: the account, the play or the goal."""
        now, was = self.call, self.was
        return (now.account, now.play, now.goal) != (was.account, was.play, was.goal)

    @property
    def left(self) -> dict[str, Any]:
        """What is left to show and to tell, as the inbox keeps it."""
        now, was = self.call, self.was
        moved = (now.starts, now.state) != (was.starts, was.state)
        move = [to_text(was.starts), was.state, to_text(now.starts)] if moved else None
        reword = self.is_about_something_else
        return {"call": now.id, "joined": self.joined, "move": move, "reword": reword}


class HuddleService:
    """Huddles and their calls. Anyone may tick, answer and join; see `NotYours` for the rest."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        library: Library,
        people: PeopleService,
        plays: Plays,
        follow_ups: FollowUpService,
        after: timedelta,
    ) -> None:
        self._store, self._clock, self._library = store, clock, library
        self._people, self._plays, self._after = people, plays, after
        self._follow_ups = follow_ups

    def get(self, rep: Rep, call_id: int) -> Huddle:
        """The huddle of a call of the rep's workspace, cancelled or not. Raises `HuddleGone`."""
        return Huddles(self._store.read).find(rep, call_id)

    def open(self, rep: Rep, call_id: int) -> Huddle:
        """The huddle of a call that can be worked on. Raises `HuddleGone`."""
        return Huddles(self._store.read).open(rep, call_id)

    # Items ----------------------------------------------------------------------------------

    def tick(self, rep: Rep, call_id: int, item_id: int, done: bool) -> None:
        """The item is ready, or is not. Anyone may say so, as often as they like."""

        def work(db: Database) -> None:
            huddle, item = Huddles(db).item(rep, call_id, item_id)
            Huddles(db).set_item(huddle.call, item, done, item.answer, rep, self._clock.now())

        self._store.write(work)

    def answer(self, rep: Rep, call_id: int, item_id: int, words: str) -> None:
        """Answer an item; no words take the answer back."""

        def work(db: Database) -> None:
            huddle, item = Huddles(db).item(rep, call_id, item_id)
            now = self._clock.now()
            Huddles(db).set_item(huddle.call, item, bool(words), words or None, rep, now)

        self._store.write(work)

    def add_item(self, rep: Rep, call_id: int, words: str, form_id: str = "") -> None:
        """Put an item of the rep's own on the card. Raises `NoRoom`.

        What a form added that was sent before says now what the form says.
        """
        text = " ".join(words.split())
        if not 0 < len(text) <= ITEM:
            raise CoachError(f"Use 1 to {ITEM} characters: it has to fit on a phone.")

        def work(db: Database) -> None:
            huddle, inbox = Huddles(db).open(rep, call_id), Inbox(db)
            if any(item.text == text for item in huddle.items):
                return
            before = inbox.made_by(rep.workspace_id, form_id) if form_id else ""
            if form_id:
                inbox.put_made(rep.workspace_id, form_id, text, self._clock.now())
            if before and any(item.text == before for item in huddle.items):
                now = [replace(i, id=0, text=text) if i.text == before else i for i in huddle.items]
                Huddles(db).set_items(huddle.call, now)
                Calls(db).note(huddle.call, "items", before, text, rep, self._clock.now())
                return
            if not huddle.has_room:
                raise NoRoom(f"The card has {MOST_ITEMS} items already. Finish some of them first.")
            item = Item(0, len(huddle.items) + 1, text, "tick", added_by=rep.user_id)
            Huddles(db).set_items(huddle.call, [*huddle.items, item])
            Calls(db).note(huddle.call, "items", None, text, rep, self._clock.now())

        self._store.write(work)

    def item(self, rep: Rep, call_id: int, item_id: int) -> tuple[Huddle, Item]:
        """An item that can be ticked or answered. Raises `HuddleGone` if it can't any more."""
        return Huddles(self._store.read).item(rep, call_id, item_id)

    def why(self, rep: Rep, call_id: int, item_id: int) -> Why:
        """What an item rests on. Raises `HuddleGone` if the item or its post is gone."""
        _, item = self.item(rep, call_id, item_id)
        why = why_of_item(item, self._library.entries())
        if why is None:
            raise HuddleGone("The post behind this item is no longer in the library.")
        return why

    def why_parts(self) -> Why:
        """Why everybody on a call needs a part."""
        return why_of_parts(self._library.entries())

    # Changing -------------------------------------------------------------------------------

    def may_change(self, rep: Rep, call: Call) -> bool:
        """Whether the rep may move and cancel the call."""
        return rep == call.owner or self._people.is_manager(rep)

    def change(self, rep: Rep, call_id: int, wish: HuddleChange, asked: Event) -> Event:
        """Make the call as wished, and keep with it what is left to do: `Changed.left`, which
        `asked` has begun then. Raises `NotYours` for its account and time."""

        def work(db: Database) -> Event:
            begun = asked.going_on(**self._change(db, rep, call_id, wish).left)
            Inbox(db).keep(begun, rep.user_id)
            return begun

        return self._store.write(work)

    def _change(self, db: Database, rep: Rep, call_id: int, wish: HuddleChange) -> Changed:
        huddle, now = Huddles(db).open(rep, call_id), self._clock.now()
        call, after = huddle.call, fulfil(huddle.call, wish)
        moved = (after.starts, after.ends) != (call.starts, call.ends)
        if (moved or after.account != call.account) and not self.may_change(rep, call):
            raise NotYours(f"Only {self._owner(call)} or a manager changes account and time.")
        if after != call:
            Calls(db).change(call, after, rep, now)
        if after.play != call.play:
            fresh = items_of(self._plays()[after.play], self._library.entries())
            Huddles(db).set_items(call, changed_items(huddle.items, fresh))
        joined = self._change_people(db, rep, huddle, wish)
        if moved and not call.review:
            FollowUps(db).replan(after, self._after)
        return Changed(after, joined, call)

    def it_moved(self, rep: Rep, nudge_id: int) -> tuple[OutboxMessage, Huddle | None]:
        """Says a rep who was asked how the call went: it did not take place. Its huddle, if it has
        one, takes the new time. Raises `NudgeGone`."""
        nudge, call = self._follow_ups.mine(rep, nudge_id)
        now = self._clock.now()

        def work(db: Database) -> Huddle | None:
            Calls(db).set_state(call, "moved", rep, now)
            FollowUps(db).drop(call, MOVED)
            huddle = Huddles(db).get(rep.workspace_id, call.id)
            Outbox(db).set_outcome(nudge, IT_MOVED if huddle else NEW_TIME)
            return huddle

        return nudge, self._store.write(work)

    def no_show(self, rep: Rep, nudge_id: int) -> OutboxMessage:
        """Says a rep who was asked how the call went: they did not show up. That is kept as what
        came of it. Raises `NudgeGone`."""
        nudge, call = self._follow_ups.mine(rep, nudge_id)
        now = self._clock.now()
        asked, said = f"How did {call.account} go?", "they did not show up"
        reply = Reply(0, rep, call.id, nudge.id, "no_show", asked, said, "button", now)

        def work(db: Database) -> None:
            Calls(db).set_state(call, "moved", rep, now)
            FollowUps(db).drop(call, MOVED)
            if nudge.outcome != NO_SHOW:
                Replies(db).put(reply)
            Outbox(db).set_outcome(nudge, NO_SHOW)

        self._store.write(work)
        return nudge

    def _change_people(
        self, db: Database, rep: Rep, huddle: Huddle, wish: HuddleChange
    ) -> tuple[str, ...]:
        before = {person.user_id: person.part for person in huddle.people}
        people = fulfil_people(huddle, wish)
        if people == before or huddle.call.review:
            return ()
        if len(people) > MOST_PEOPLE:
            raise NoRoom(f"A call has room for {MOST_PEOPLE} people here. Name those who speak.")
        said = [" ".join(f"{u} {part}" for u, part in each.items()) for each in (before, people)]
        Calls(db).note(huddle.call, "people", said[0], said[1], rep, self._clock.now())
        Huddles(db).set_people(huddle.call, people)
        for gone in before.keys() - people.keys():
            Outbox(db).forget(announcement.key_of(huddle.call, gone))
        return tuple(user for user in people if user not in before)

    def cancel(self, rep: Rep, call_id: int, asked: Event) -> Event:
        """Cancel the call; its nudges are dropped. `asked` has begun then. Raises `NotYours`."""

        def work(db: Database) -> Event:
            call = Huddles(db).open(rep, call_id).call
            if not self.may_change(rep, call):
                raise NotYours(f"Only {self._owner(call)} or a manager cancels this call.")
            Calls(db).set_state(call, "cancelled", rep, self._clock.now())
            FollowUps(db).drop(call, "cancelled")
            begun = asked.going_on(call=call_id)
            Inbox(db).keep(begun, rep.user_id)
            return begun

        return self._store.write(work)

    def _owner(self, call: Call) -> str:
        kept = People(self._store.read).profile(call.owner)
        return kept[0].name if kept and kept[0].name else "the call's owner"
