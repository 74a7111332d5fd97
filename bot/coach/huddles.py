"""What a rep can do about huddles: ask for one, tick, answer, change, cancel, see why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot import memory
from bot.calls import Call, account_key
from bot.coach.drawings import Drawings
from bot.coach.house import House
from bot.debriefs import Debrief
from bot.errors import CoachError
from bot.huddle_words import read_huddle_words
from bot.huddles import (
    ITEM,
    MOST_PEOPLE,
    USUAL_LENGTH,
    Huddle,
    Item,
    Plan,
    Wish,
    changed_items,
    fulfil,
    fulfil_people,
    items_of,
    parts,
)
from bot.memory import Memory
from bot.plays import MOST_ITEMS, Play, propose
from bot.reps import Rep
from bot.store import Tables
from bot.times import local_day
from bot.whys import Why, why_of_item, why_of_parts


class HuddleGone(CoachError):
    """A huddle, or an item of it, that is not there any more."""


class NotYours(CoachError):
    """Something that only the call's owner or a manager may do."""


class NoRoom(CoachError):
    """The card is full: two minutes on a phone, and no more."""


class Understood(NamedTuple):
    """What a `/huddle` was read as. Unless it is `ready`, a form asks for the rest.

    `doubts` are sentences for the rep.
    """

    plan: Plan
    doubts: tuple[str, ...]
    ready: bool


class Started(NamedTuple):
    """A huddle that was asked for; not `fresh` if there was one for that call already."""

    huddle: Huddle
    fresh: bool


class Changed(NamedTuple):
    """A huddle after a change, and the ids of those who joined it."""

    huddle: Huddle
    joined: tuple[str, ...]


class Card(NamedTuple):
    """All that a card shows. `zone` is its owner's, for readers whose Slack shows no local time."""

    huddle: Huddle
    play: Play | None
    memory: Memory | None
    zone: str


class HuddleDesk:
    """Huddles and their calls. Anyone may tick, answer and join; see `NotYours` for the rest."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.drawings = Drawings()
        self._after = timedelta(minutes=house.settings.nudge_after_minutes)

    # Asking ---------------------------------------------------------------------------------

    @property
    def plays(self) -> Mapping[str, Play]:
        return self._house.plays

    def understand(self, rep: Rep, words: str, zone: str) -> Understood:
        """Read what follows `/huddle`, as Slack sends it; times are those of `zone`."""
        now = self._house.clock.now()
        names = {name: slug for slug, p in self.plays.items() for name in (slug, p.title, *p.names)}
        asked = read_huddle_words(words, now, zone, names)
        account, more = self._account(rep, asked.account)
        play = self.plays[asked.play] if asked.play else self._propose(rep, account, more)
        plan = Plan(
            account, play.slug, asked.starts, asked.length or USUAL_LENGTH, asked.people
        )  # fmt: skip
        enough = bool(account) and (asked.starts is not None or play.serves == "review")
        return Understood(plan, asked.doubts, enough and not asked.doubts)

    def accounts(self, rep: Rep, words: str = "") -> list[str]:
        """Known accounts whose name holds `words`, those met last first."""
        return self._house.store.read.calls.accounts(rep.workspace_id, words)

    def _account(self, rep: Rep, typed: str) -> tuple[str, str]:
        """The account in the spelling that is known, and the words behind it."""
        words = typed.split()
        for count in range(len(words), 0, -1):
            key = account_key(" ".join(words[:count]))
            if known := self._house.store.read.calls.spelling(rep.workspace_id, key):
                return known, " ".join(words[count:])
        return typed, " ".join(words[1:])

    def _propose(self, rep: Rep, account: str, words: str) -> Play:
        calls = self._house.store.read.calls.of_account(rep.workspace_id, account_key(account))
        history = [call.play for call in reversed(calls) if call.state != "cancelled"]
        return propose(self.plays, words, history)

    def start(self, rep: Rep, plan: Plan, channel_id: str) -> Started:
        """Keep the call and its huddle; asked for a second time, it is the same one."""
        if (play := self.plays.get(plan.play)) is None:
            raise HuddleGone("That play is not there any more. Choose another one.")
        if len(plan.people) > MOST_PEOPLE:
            raise NoRoom(f"A call has room for {MOST_PEOPLE} people here. Name those who speak.")
        return self._house.store.write(lambda t: self._start(t, rep, plan, play, channel_id))

    def _start(self, t: Tables, rep: Rep, plan: Plan, play: Play, channel_id: str) -> Started:
        now, review = self._house.clock.now(), play.serves == "review"
        starts = now if plan.starts is None or review else plan.starts
        if (same := self._same(t, rep, plan, channel_id)) is not None:
            joined = fulfil_people(same, Wish(added=plan.people))
            t.huddles.set_people(same.call, joined)
            return Started(self._open(t, rep, same.call.id), False)
        ends = starts if review else starts + plan.length
        place = None if channel_id.startswith("D") else channel_id
        call = t.calls.add(
            rep, plan.account, starts, ends, play.slug, plan.goal, place, now, review
        )  # fmt: skip
        items = items_of(play, self._house.library.entries())
        huddle = t.huddles.start(call, {} if review else parts(rep, plan.people), items, now)
        if not review:
            t.nudges.plan_debrief(call, self._after, now)
        return Started(huddle, True)

    def _same(self, t: Tables, rep: Rep, plan: Plan, channel_id: str) -> Huddle | None:
        """The huddle of this very call, if this rep or this channel has one."""
        for call in t.calls.of_account(rep.workspace_id, account_key(plan.account)):
            ours = rep == call.owner or call.channel_id == channel_id
            if ours and call.starts == plan.starts and call.state == "planned" and not call.review:
                return t.huddles.get(rep.workspace_id, call.id)
        return None

    # The card -------------------------------------------------------------------------------

    def get(self, rep: Rep, call_id: int) -> Huddle:
        """The huddle of a call of the rep's workspace, cancelled or not. Raises `HuddleGone`."""
        huddle = self._house.store.read.huddles.get(rep.workspace_id, call_id)
        if huddle is None:
            raise HuddleGone("I can't find that huddle any more. Type `/huddle` for a new one.")
        return huddle

    def open(self, rep: Rep, call_id: int) -> Huddle:
        """The huddle of a call that can be worked on. Raises `HuddleGone`."""
        return self._open(self._house.store.read, rep, call_id)

    def card(self, rep: Rep, call_id: int, channel_id: str | None = None) -> Card:
        """What the card shows now where it stands, or would show in another channel."""
        huddle = self.get(rep, call_id)
        if channel_id is not None:
            huddle = replace(
                huddle, channel_id=channel_id, private=channel_id.startswith("D")
            )  # fmt: skip
        zone = self.zone(huddle.call.owner)
        return Card(huddle, self.plays.get(huddle.call.play), self._memory(huddle), zone)

    def zone(self, rep: Rep) -> str:
        """The rep's zone as far as it is known, else UTC."""
        kept = self._house.store.read.people.profile(rep)
        return kept[0].zone if kept else "UTC"

    def placed(self, card: Card, channel_id: str, ts: str, private: bool) -> None:
        """The card stands there, drawn like this."""
        huddle = card.huddle

        def work(t: Tables) -> None:
            t.huddles.place(huddle.call, channel_id, ts, private)
            t.huddles.drawn(huddle.call, huddle.version)

        self._house.store.write(work)

    def drawn(self, card: Card) -> None:
        """The card shows this much. Lost in a crash, it is drawn once more."""
        call, version = card.huddle.call, card.huddle.version
        self._house.store.later(lambda t: t.huddles.drawn(call, version))

    def to_draw(self) -> list[Call]:
        """Calls whose card is behind, after a crash or because Slack did not take it."""
        return self._house.store.read.huddles.to_draw()

    def _memory(self, huddle: Huddle) -> Memory | None:
        calls, debriefs = self._known(huddle)
        return memory.on_card(huddle, calls, debriefs, huddle.channel_id or "")

    def own_memory(self, rep: Rep, call_id: int) -> Memory | None:
        """What this rep alone knows of the account's last call."""
        huddle = self.get(rep, call_id)
        return memory.for_rep(huddle, *self._known(huddle), rep)

    def _known(self, huddle: Huddle) -> tuple[list[Call], list[Debrief]]:
        where, t = huddle.call.owner.workspace_id, self._house.store.read
        key = huddle.call.account_key
        return t.calls.of_account(where, key), t.debriefs.of_account(where, key)

    # Items ----------------------------------------------------------------------------------

    def tick(self, rep: Rep, call_id: int, item_id: int, done: bool) -> None:
        """The item is ready, or is not. Anyone may say so, as often as they like."""

        def work(t: Tables) -> None:
            huddle, item = self._item(t, rep, call_id, item_id)
            t.huddles.set_item(huddle.call, item, done, item.answer, rep, self._house.clock.now())

        self._house.store.write(work)

    def answer(self, rep: Rep, call_id: int, item_id: int, words: str) -> None:
        """Answer an item; no words take the answer back."""

        def work(t: Tables) -> None:
            huddle, item = self._item(t, rep, call_id, item_id)
            now = self._house.clock.now()
            t.huddles.set_item(huddle.call, item, bool(words), words or None, rep, now)

        self._house.store.write(work)

    def add_item(self, rep: Rep, call_id: int, words: str) -> None:
        """Put an item of the rep's own on the card. Raises `NoRoom`."""
        text = " ".join(words.split())
        if not 0 < len(text) <= ITEM:
            raise CoachError(f"Use 1 to {ITEM} characters: it has to fit on a phone.")

        def work(t: Tables) -> None:
            huddle = self._open(t, rep, call_id)
            if any(item.text == text for item in huddle.items):
                return
            if not huddle.has_room:
                raise NoRoom(f"The card has {MOST_ITEMS} items already. Finish some of them first.")
            item = Item(0, len(huddle.items) + 1, text, "tick", added_by=rep.user_id)
            t.huddles.set_items(huddle.call, [*huddle.items, item])
            t.calls.note(huddle.call, "items", None, text, rep, self._house.clock.now())

        self._house.store.write(work)

    def item(self, rep: Rep, call_id: int, item_id: int) -> tuple[Huddle, Item]:
        """An item that can be ticked or answered. Raises `HuddleGone` if it can't any more."""
        return self._item(self._house.store.read, rep, call_id, item_id)

    def why(self, rep: Rep, call_id: int, item_id: int) -> Why:
        """What an item rests on. Raises `HuddleGone` if the item or its post is gone."""
        _, item = self.item(rep, call_id, item_id)
        why = why_of_item(item, self._house.library.entries())
        if why is None:
            raise HuddleGone("The post behind this item has left the library.")
        return why

    def why_parts(self) -> Why:
        """Why everybody on a call needs a part."""
        return why_of_parts(self._house.library.entries())

    # Changing -------------------------------------------------------------------------------

    def may_change(self, rep: Rep, call: Call) -> bool:
        """Whether the rep may move and cancel the call."""
        return rep == call.owner or rep.user_id in self._house.settings.managers

    def change(self, rep: Rep, call_id: int, wish: Wish) -> Changed:
        """Make the call as wished. Raises `NotYours` for its account and time."""
        return self._house.store.write(lambda t: self._change(t, rep, call_id, wish))

    def _change(self, t: Tables, rep: Rep, call_id: int, wish: Wish) -> Changed:
        huddle, now = self._open(t, rep, call_id), self._house.clock.now()
        call, after = huddle.call, fulfil(huddle.call, wish)
        moved = (after.starts, after.ends) != (call.starts, call.ends)
        if (moved or after.account != call.account) and not self.may_change(rep, call):
            raise NotYours(f"Only {self._owner(call)} or a manager changes account and time.")
        if after != call:
            t.calls.change(call, after, rep, now)
        if after.play != call.play:
            fresh = items_of(self.plays[after.play], self._house.library.entries())
            t.huddles.set_items(call, changed_items(huddle.items, fresh))
        joined = self._change_people(t, rep, huddle, wish)
        if moved and not call.review:
            t.nudges.replan(after, self._after, now)
        return Changed(self._open(t, rep, call_id), joined)

    def _change_people(self, t: Tables, rep: Rep, huddle: Huddle, wish: Wish) -> tuple[str, ...]:
        before = {person.user_id: person.part for person in huddle.people}
        people = fulfil_people(huddle, wish)
        if people == before or huddle.call.review:
            return ()
        if len(people) > MOST_PEOPLE:
            raise NoRoom(f"A call has room for {MOST_PEOPLE} people here. Name those who speak.")
        said = [" ".join(f"{u} {part}" for u, part in each.items()) for each in (before, people)]
        t.calls.note(huddle.call, "people", said[0], said[1], rep, self._house.clock.now())
        t.huddles.set_people(huddle.call, people)
        return tuple(user for user in people if user not in before)

    def cancel(self, rep: Rep, call_id: int) -> Call:
        """Cancel the call; its nudges are dropped. Raises `NotYours`."""

        def work(t: Tables) -> Call:
            call = self._open(t, rep, call_id).call
            if not self.may_change(rep, call):
                raise NotYours(f"Only {self._owner(call)} or a manager cancels this call.")
            t.calls.set_state(call, "cancelled", rep, self._house.clock.now())
            t.nudges.drop(call, "cancelled")
            return call

        return self._house.store.write(work)

    def _owner(self, call: Call) -> str:
        kept = self._house.store.read.people.profile(call.owner)
        return kept[0].name if kept and kept[0].name else "the call's owner"

    # Telling --------------------------------------------------------------------------------

    def tell(self, rep: Rep, call_id: int, user_ids: tuple[str, ...]) -> list[str]:
        """Who of these has to be told in a message; from now on they count as told."""
        now = self._house.clock.now()

        def work(t: Tables) -> list[str]:
            huddle = self._open(t, rep, call_id)
            told = [
                p.user_id
                for p in huddle.people
                if p.user_id in user_ids and not p.told and p.user_id != rep.user_id
            ]
            t.huddles.set_told(huddle.call, told, now)
            return told

        return self._house.store.write(work)

    def not_told(self, call: Call, user_id: str) -> None:
        """The message did not reach them after all."""
        self._house.store.write(lambda t: t.huddles.set_told(call, [user_id], None))

    def today(self, rep: Rep) -> list[Huddle | Call]:
        """The rep's calls of this local day that are not cancelled; a huddle where there is one."""
        now, zone, t = self._house.clock.now(), self.zone(rep), self._house.store.read
        span = timedelta(days=1)
        calls = t.calls.of_rep(rep, now - span, now + span)
        mine = [c for c in calls if local_day(c.starts, zone) == local_day(now, zone)]
        return [
            t.huddles.get(rep.workspace_id, call.id) or call
            for call in mine
            if call.state != "cancelled"
        ]

    # Looking up -----------------------------------------------------------------------------

    def _open(self, t: Tables, rep: Rep, call_id: int) -> Huddle:
        """A huddle that can be worked on. Raises `HuddleGone`."""
        huddle = t.huddles.get(rep.workspace_id, call_id)
        if huddle is None:
            raise HuddleGone("I can't find that huddle any more. Type `/huddle` for a new one.")
        if huddle.call.state == "cancelled":
            raise HuddleGone("This call was cancelled, so its card stays as it is.")
        return huddle

    def _item(self, t: Tables, rep: Rep, call_id: int, item_id: int) -> tuple[Huddle, Item]:
        huddle = self._open(t, rep, call_id)
        if (item := huddle.item(item_id)) is None:
            raise HuddleGone("That item is not on the card any more: the play was changed.")
        return huddle, item
