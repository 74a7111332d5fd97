"""A tip: one lesson, the sentence it rests on, and which lesson answers a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from typing import NamedTuple

from bot.library.entry import Entry
from bot.library.source import Source
from bot.search.ranking import Hit
from bot.text.stems import stems_of


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

    @property
    def quotes_alone(self) -> bool:
        """Whether the lesson is the post's own sentence, which is then said once."""
        return self.source.quote.startswith(self.advice)

    @property
    def headline(self) -> str:
        """The lesson; where it is the post's own sentence, that in quotation marks."""
        return _in_marks(self.source) if self.quotes_alone else self.advice


@dataclass(frozen=True)
class Ranked:
    """A post among those that came nearest, with its score."""

    source: Entry
    score: float


class Offer(NamedTuple):
    """A lesson that one may choose, with the quote it rests on."""

    lesson: str
    source: Source


@dataclass(frozen=True)
class Answer:
    """What `/tip` says: a tip, or else what is `offered` to choose from, or that there is nothing.

    `ranked` are the posts that came nearest, `score` is how sure it is that one of them answers.
    `choice_id` names the choice for its buttons. `gap` tells that the question was kept for whoever
    keeps the library, `foreign` that it is not in English.
    """

    words: str
    tip: Tip | None
    score: float
    ranked: tuple[Ranked, ...]
    offered: tuple[Offer, ...] = ()
    choice_id: int = 0
    gap: bool = False
    foreign: bool = False


def _in_marks(source: Source) -> str:
    return f"“{source.quote}”{' …' if source.clipped else ''}"


def lessons_for(hits: Iterable[Hit], entries: Mapping[str, Entry], asked: str) -> list[Lesson]:
    """The lessons of the posts that were found: post by post, within a post the fittest first."""
    found = [entries[hit.post] for hit in hits if entries[hit.post].teaches]
    return [Lesson(entry, text) for entry in found for text in fittest_first(entry, asked)]


def fittest_first(entry: Entry, asked: str) -> list[str]:
    """By the words that a question shares with the cues; what few lessons have tells most."""
    every = entry.advice
    said = entry.cues if every is entry.lessons else every
    cues = {text: stems_of(cue) for text, cue in zip(every, said, strict=True)}
    common = Counter(each for own in cues.values() for each in own)
    goal = stems_of(asked)

    def fitness(lesson: str) -> float:
        return fsum(1 / common[each] for each in goal & cues[lesson])

    return sorted(every, key=fitness, reverse=True)


def choice(hits: Iterable[Hit], entries: Mapping[str, Entry], asked: str) -> list[Lesson]:
    """One lesson of each post that is near: the one that the words call for."""
    found = [entries[hit.post] for hit in hits if entries[hit.post].teaches]
    return [Lesson(entry, fittest_first(entry, asked)[0]) for entry in found if entry.lessons]


def next_lesson(lessons: Iterable[Lesson], said: Mapping[str, datetime]) -> Lesson | None:
    """The first lesson not said yet; when all were, the one said longest ago."""
    passed = []
    for lesson in lessons:
        if lesson.text not in said:
            return lesson
        passed.append(lesson)
    return min(passed, key=lambda lesson: said[lesson.text], default=None)
