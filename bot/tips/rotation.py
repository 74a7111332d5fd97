"""Whose turn it is: which lesson a rep or a channel hears next without having asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.library.citation import digest_of
from bot.library.entry import Entry
from bot.tips.table import TipsHeard
from bot.tips.tip import Lesson


def unasked(entries: Iterable[Entry], manager: bool) -> list[Entry]:
    """Posts that may come without a question; what concerns only managers reaches managers."""
    return [e for e in entries if e.teaches and (manager or _moments(e) != {"management"})]


def in_turn(
    posts: Iterable[Entry], heard: TipsHeard, seed: str, daily: bool = False
) -> Iterator[Lesson]:
    """Lessons, those of the post whose turn it is first; `daily` puts posts marked for it before.

    It is the turn of the post heard longest ago, then of the author, then of the moment. `seed`
    makes the order of one place differ from another's. A post is read only when its turn comes.
    """
    every = list(posts)
    last: dict[str, str] = {}
    for entry in every:
        if at := heard.posts.get(entry.slug):
            for name in _turning(entry):
                last[name] = max(last.get(name, ""), at.isoformat())

    def turn(entry: Entry) -> tuple[object, ...]:
        names = [last.get(name, "") for name in _turning(entry)]
        return (daily and not _is_marked(entry), *names, digest_of(seed + entry.slug))

    for entry in sorted(every, key=turn):
        for text in sorted(entry.lessons, key=lambda text: digest_of(seed + text)):
            yield Lesson(entry, text)


def _is_marked(entry: Entry) -> bool:
    return entry.card is not None and "daily" in entry.card.moments


def _moments(entry: Entry) -> set[str]:
    return set(entry.card.moments) - {"daily"} if entry.card else set()


def _turning(entry: Entry) -> list[str]:
    """The post, its author and its moment, as names that can't be taken for each other."""
    author = entry.facts.author or entry.facts.blog or ""
    moment = min(_moments(entry), default="")
    return [f"post {entry.slug}", f"author {author}", f"moment {moment}"]
