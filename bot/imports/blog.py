"""The blogs of the library: how many posts came of each, and which they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.library.citation import digest_of
from bot.library.entry import Entry


class Blog(NamedTuple):
    """Imported posts of one blog; `name` is "" for those of which no file says a blog.

    `key` names it in a button, whatever its name is.
    """

    key: str
    name: str
    slugs: tuple[str, ...]


def blogs(entries: Iterable[Entry]) -> list[Blog]:
    """The blogs from which posts were imported, those with the most posts first."""
    names: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.original is None:
            continue
        name = entry.as_post().blog or ""
        names.setdefault(name.casefold(), name)
        found.setdefault(name.casefold(), []).append(entry.slug)
    by_size = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Blog(digest_of(folded), names[folded], tuple(slugs)) for folded, slugs in by_size]


def own_cards(entries: Iterable[Entry]) -> int:
    """How many posts are there only as the cards that the coach came with."""
    return sum(entry.original is None for entry in entries)
