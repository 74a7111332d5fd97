"""Plays: the huddle checklists in prompts/plays, and which of them fits a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import CoachError
from bot.files import toml_table
from bot.files.toml_table import HINT, TomlTable
from bot.text.phrase_match import best_hit, closest, fold

MOST_ITEMS = 10  # added ones included: what a person works through on a phone in two minutes
KINDS = ("tick", "answer")
SERVES = ("calls", "review")
DEFAULT = "first-meeting"
_NOT_NEXT = 1000  # a step past the end of every stage_after


@dataclass(frozen=True)
class PlayItem:
    """One line of a play: to tick, or to answer in a few words. Without a post it is our own."""

    text: str
    kind: str
    practice: str | None
    post: str | None
    rests_on: str | None  # hash of the sentence in the post's original that it rests on

    @property
    def own(self) -> bool:
        return self.post is None


@dataclass(frozen=True)
class Play:
    """A checklist for one sort of call; one that serves a review has no call."""

    slug: str
    title: str
    names: tuple[str, ...]
    signs: tuple[str, ...]
    stage_after: tuple[str, ...]  # slugs, the most usual forerunner first; unknown ones never match
    serves: str
    goal_hint: str
    items: tuple[PlayItem, ...]


Plays = Callable[[], Mapping[str, Play]]  # read at first use, not at start


def load_plays(folder: Path) -> tuple[dict[str, Play], list[str]]:
    """The plays in `folder` by slug, and one sentence for each faulty file; the others work."""
    return toml_table.load(folder, _play)


def propose(plays: Mapping[str, Play], words: str, history: Sequence[str]) -> Play:
    """The play that `words` speak of, else the one that usually comes next for the account.

    `history` holds the slugs of the account's earlier plays, newest last. The longest phrase that
    was typed wins; among equals the play that usually comes next. Raises CoachError without plays.
    """
    last = next((s for s in reversed(history) if s in plays and plays[s].serves == "calls"), None)
    heard = [
        ((hit.words, -_step(play, last), hit.named, hit.letters), play)
        for play in plays.values()
        if (hit := best_hit(_called(play), play.signs, words))
    ]
    if heard:
        return max(heard, key=lambda each: each[0])[1]
    return _next(plays, last, history)


def find(plays: Mapping[str, Play], name: str) -> Play | None:
    """The play with this slug, title or alias, small slips of spelling forgiven."""
    known: dict[str, Play] = {}
    for play in plays.values():
        for alias in play.names:
            known.setdefault(fold(alias), play)
    known |= {fold(play.title): play for play in plays.values()}
    known |= {fold(play.slug): play for play in plays.values()}
    return closest(known, name)


def _next(plays: Mapping[str, Play], last: str | None, history: Sequence[str]) -> Play:
    """The usual next play, one not yet run if possible; else the last again; else the default."""
    calls = {slug: play for slug, play in plays.items() if play.serves == "calls"}
    followers = [play for play in calls.values() if last in play.stage_after]
    if followers:
        return min(followers, key=lambda play: (play.slug in history, _step(play, last)))
    known = [calls[slug] for slug in (last, DEFAULT) if slug in calls]
    if not known and not calls:
        raise CoachError("There is no play for a call. Add a file to prompts/plays.")
    return known[0] if known else next(iter(calls.values()))


def _step(play: Play, last: str | None) -> int:
    """How usual the play is after `last`: 0 is most usual."""
    after = play.stage_after
    return after.index(last) if last in after else _NOT_NEXT


def _called(play: Play) -> tuple[str, ...]:
    return (play.slug, play.title, *play.names)


def _play(slug: str, top: TomlTable) -> Play:
    top.only("title", "names", "signs", "stage_after", "serves", "goal_hint", "item")
    return Play(
        slug=slug,
        title=top.text("title"),
        names=top.texts("names"),
        signs=top.texts("signs"),
        stage_after=top.texts("stage_after"),
        serves=top.one_of("serves", SERVES, default="calls"),
        goal_hint=top.text("goal_hint", HINT, default=""),
        items=tuple(_item(table) for table in top.tables("item", MOST_ITEMS)),
    )


def _item(table: TomlTable) -> PlayItem:
    table.only("text", "kind", "practice", "post", "own", "rests_on")
    source = toml_table.source(table)
    return PlayItem(
        text=table.text("text"),
        kind=table.one_of("kind", KINDS, default="tick"),
        practice=source.practice,
        post=source.post,
        rests_on=source.rests_on,
    )
