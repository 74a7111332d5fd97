"""Why an item is on the card: the sentence of a post that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.huddles.huddle import PARTS_POST, Item
from bot.library.entry import Entry
from bot.library.source import Source
from bot.text.sentences import find_sentence, words


class Why(NamedTuple):
    """`source` is None for an item that rests on no post: `added_by` put it there, or we did."""

    about: str
    source: Source | None
    added_by: str | None = None


def why_of_item(item: Item, entries: Mapping[str, Entry]) -> Why | None:
    """The item's sentence; None when its post has left the library."""
    if item.post is None:
        return Why(item.text, None, item.added_by)
    if (entry := entries.get(item.post)) is None:
        return None
    return Why(item.text, _sentence(entry, item) or _lesson(entry, item.text, item.rests_on))


def why_of_parts(entries: Mapping[str, Entry]) -> Why:
    """Why everybody on a call needs a part."""
    about = "A part for everybody: lead, support or listen."
    entry = entries.get(PARTS_POST)
    return Why(about, _lesson(entry, "know your part lead active passive", None) if entry else None)


def _sentence(entry: Entry, item: Item) -> Source | None:
    """The very sentence, where the team imported the original and it stands in it."""
    if entry.original is None or item.rests_on is None:
        return None
    found = find_sentence(entry.original.body, item.rests_on)
    return _source(entry, found.text, "original") if found else None


def _lesson(entry: Entry, about: str, rests_on: str | None) -> Source:
    """The card's lesson on it; for a post without a card, the nearest sentence of its text."""
    if entry.card is None:
        cited = entry.cite(about)
        return _source(entry, entry.text[cited.start : cited.end], cited.shelf)
    goal = set(words(about))
    hashes = dict(zip(entry.card.lessons, entry.card.rests_on, strict=True))

    def nearness(lesson: str) -> tuple[bool, int]:
        return rests_on is not None and hashes[lesson] == rests_on, len(goal & set(words(lesson)))

    quote = max(entry.card.lessons, key=nearness, default=entry.card.body)
    return _source(entry, quote, "card")


def _source(entry: Entry, quote: str, shelf: str) -> Source:
    post = entry.as_post()
    return Source(entry.slug, entry.name, post.author, post.blog, post.published, quote, shelf)
