"""A huddle: what is made ready before a call, by whom, and what is known of the account."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.calls.call import Call
from bot.errors import CoachError
from bot.huddles.play import MOST_ITEMS, Play
from bot.people.rep import Rep

Part = Literal["lead", "support", "listen"]
PARTS: tuple[Part, ...] = ("lead", "support", "listen")
PARTS_POST = "2011-03-02-batter-up"  # why everybody needs a part
USUAL_LENGTH = timedelta(minutes=45)
LENGTHS = (5, 720)  # minutes: the least and the most
MOST_PEOPLE = 20
ITEM = 75  # characters: the most that Slack takes in an option
ANSWER = 150  # an answer is a few words
GOAL = 150


class HuddleGone(CoachError):
    """A huddle, or an item of it, that is not there any more."""


class NotYours(CoachError):
    """Something that only the call's owner or a manager may do."""


class NoRoom(CoachError):
    """The card is full: two minutes on a phone, and no more."""


class Person(NamedTuple):
    """Somebody who comes along."""

    user_id: str
    part: Part


@dataclass(frozen=True)
class Item:
    """A line of the card, to tick or to answer; `id` is 0 before it is kept.

    `post` is None for our own ones and those that somebody added (`added_by`). `turn` counts
    what was done to it, so that each drawing of it differs from the last. `wording` is how a model
    puts it for this account: see `bot/huddles/_rewording.py`.
    """

    id: int
    n: int
    text: str
    kind: str
    post: str | None = None
    rests_on: str | None = None
    added_by: str | None = None
    done: bool = False
    answer: str | None = None
    by_id: str | None = None
    at: datetime | None = None
    turn: int = 0
    wording: str | None = None

    @property
    def shown(self) -> str:
        """What the card says for it."""
        return self.wording or self.text

    @property
    def touched(self) -> bool:
        """Somebody put something into it that may not be lost."""
        return self.done or bool(self.answer) or self.added_by is not None


@dataclass(frozen=True)
class Huddle:
    """A call made ready. `channel_id` and `ts` say where its card stands, None before it does.

    `private`: the card stands in the owner's own messages. `version` grows with every change.
    """

    call: Call
    private: bool
    channel_id: str | None
    ts: str | None
    version: int
    people: tuple[Person, ...]
    items: tuple[Item, ...]

    @property
    def ready(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def has_room(self) -> bool:
        return len(self.items) < MOST_ITEMS

    def item(self, item_id: int) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def in_channel(self) -> str:
        """The channel in which all who come along see the card; "" if there is none."""
        return self.channel_id or "" if self.ts and not self.private else ""

    def stands_in(self, channel_id: str) -> bool:
        """Whether the card is there; a direct message can only be its owner's."""
        there = self.private if channel_id.startswith("D") else self.channel_id == channel_id
        return bool(self.ts) and there


@dataclass(frozen=True)
class Plan:
    """What somebody asks for. `play` is a slug; `starts` is None for a review.

    `people` are the ids of those who come along, with or without the owner.
    """

    account: str
    play: str
    starts: datetime | None = None
    length: timedelta = USUAL_LENGTH
    people: tuple[str, ...] = ()
    goal: str = ""

    def as_change(self) -> HuddleChange:
        """What makes a call that was planned otherwise into this one; nobody leaves it."""
        return HuddleChange(
            self.account, self.play, self.starts, self.length, self.goal, added=self.people
        )


@dataclass(frozen=True)
class HuddleChange:
    """What should become another; None stays as it is.

    People come and go one by one, so that two who change them at once lose nobody.
    """

    account: str | None = None
    play: str | None = None
    starts: datetime | None = None
    length: timedelta | None = None
    goal: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)


def fulfil(call: Call, wish: HuddleChange) -> Call:
    """The call as it should be; a call with another time is planned again."""
    starts = wish.starts or call.starts
    length = call.length if wish.length is None else wish.length
    moved = (starts, starts + length) != (call.starts, call.ends)
    return replace(
        call,
        account=call.account if wish.account is None else wish.account,
        play=wish.play or call.play,
        goal=call.goal if wish.goal is None else wish.goal,
        starts=starts,
        ends=starts + length,
        state="planned" if moved else call.state,
    )


def fulfil_people(huddle: Huddle, wish: HuddleChange) -> dict[str, Part]:
    """Who comes along now, with which part; the owner always does."""
    owner = huddle.call.owner.user_id
    before = {person.user_id: person.part for person in huddle.people}
    stay = {u: part for u, part in before.items() if u == owner or u not in wish.removed}
    joined: dict[str, Part] = dict.fromkeys(wish.added, "support")
    everybody = joined | stay
    return everybody | {u: part for u, part in wish.parts.items() if u in everybody}


def items_of(play: Play, posts: Container[str]) -> list[Item]:
    """The play's items, but for those whose post is not among the library's `posts`, by slug."""
    offered = [item for item in play.items if item.post is None or item.post in posts]
    return [Item(0, n, i.text, i.kind, i.post, i.rests_on) for n, i in enumerate(offered, 1)]


def changed_items(now: Sequence[Item], fresh: Sequence[Item]) -> list[Item]:
    """The card's items after a change of play: what was touched stays, and comes first."""
    kept = [item for item in now if item.touched]
    texts = {item.text for item in kept}
    room = MOST_ITEMS - len(kept)
    joined = kept + [item for item in fresh if item.text not in texts][:room]
    return [replace(item, n=n) for n, item in enumerate(joined, 1)]


def parts(owner: Rep, others: Iterable[str]) -> dict[str, Part]:
    """A part for each: the owner leads, the others support until somebody says otherwise."""
    everybody: dict[str, Part] = dict.fromkeys(others, "support")
    return {owner.user_id: "lead", **{u: p for u, p in everybody.items() if u != owner.user_id}}
