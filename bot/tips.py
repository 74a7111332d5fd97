"""A tip: one lesson, the sentence it rests on, and the choice of which one is said next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.library import Entry, Source
from bot.search import Hit, query_words
from bot.stems import stem
from bot.store.library import digest_of


@dataclass(frozen=True)
class Lesson:
    """One piece of advice of one post."""

    entry: Entry
    text: str


class Sourced(NamedTuple):
    """A sentence that a model wrote, with the quote that it stands on."""

    text: str
    source: Source


@dataclass(frozen=True)
class Tip:
    """A lesson as it is said. `id` names it for its buttons; `words` are what was asked, or "".

    `written` is said in place of the lesson, if a model wrote on what was asked.
    """

    id: int
    words: str
    advice: str
    source: Source
    written: tuple[Sourced, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A post among those that came nearest, with its score."""

    source: Entry
    score: float


@dataclass(frozen=True)
class Answer:
    """What `/tip` says. `tip` is None when the library has nothing; `ranked` are the nearest."""

    words: str
    tip: Tip | None
    score: float
    ranked: tuple[Ranked, ...]


def lessons_for(hits: Iterable[Hit], entries: Mapping[str, Entry], asked: str) -> list[Lesson]:
    """The lessons of the posts that were found: post by post, within a post the nearest first."""
    found = [entries[hit.post] for hit in hits if entries[hit.post].teaches]
    stems = {text: _stems(text) for entry in found for text in entry.lessons}
    common = Counter(each for own in stems.values() for each in own)
    goal = _stems(asked)

    def nearness(lesson: str) -> float:
        shared = goal & stems[lesson]
        return sum(1 / common[each] for each in shared) / (len(stems[lesson]) + 5)

    return [
        Lesson(entry, text)
        for entry in found
        for text in sorted(entry.lessons, key=nearness, reverse=True)
    ]


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in query_words(text))


def unasked(entries: Iterable[Entry], manager: bool) -> list[Lesson]:
    """Lessons that may come without a question; what concerns managers reaches managers."""
    return [
        Lesson(entry, text)
        for entry in entries
        if entry.teaches and (manager or not _only_for_managers(entry))
        for text in entry.lessons
    ]


def _only_for_managers(entry: Entry) -> bool:
    return entry.card is not None and set(entry.card.moments) <= {"management"}


def next_lesson(lessons: Sequence[Lesson], said: Mapping[str, datetime]) -> Lesson | None:
    """The first lesson not said yet; when all were, the one said longest ago."""
    fresh = next((lesson for lesson in lessons if lesson.text not in said), None)
    if fresh or not lessons:
        return fresh
    return min(lessons, key=lambda lesson: said[lesson.text])


def rotation(lessons: Sequence[Lesson], said: Mapping[str, datetime], seed: str) -> list[Lesson]:
    """Lessons in an order that turns over posts: those of posts not heard lately come first.

    `seed` makes the order differ from one reader to the next, and stay the same for each.
    """
    heard: dict[str, datetime] = {}
    for lesson in lessons:
        if at := said.get(lesson.text):
            heard[lesson.entry.slug] = max(at, heard.get(lesson.entry.slug, at))

    def turn(lesson: Lesson) -> tuple[bool, str, str]:
        at = heard.get(lesson.entry.slug)
        return (at is not None, at.isoformat() if at else "", digest_of(seed + lesson.text))

    return sorted(lessons, key=turn)
