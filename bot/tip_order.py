"""Whose turn it is: which lesson a channel hears next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.library import Entry
from bot.store.library import digest_of
from bot.tips import Lesson, unasked


def fitting(entries: Iterable[Entry]) -> list[Lesson]:
    """Lessons for everybody in a channel: what concerns only managers is not among them."""
    return [lesson for lesson in unasked(entries, False) if _moments(lesson) != {"management"}]


def in_turn(lessons: Iterable[Lesson], said: Mapping[str, datetime], seed: str) -> list[Lesson]:
    """The next lesson first: none again before all were said, then posts marked for a daily tip.

    Among those it is the turn of the post, the author and the moment heard longest ago. `seed`
    makes the order of one place differ from another's.
    """
    every = list(lessons)
    heard: dict[str, str] = {}
    for lesson in (lesson for lesson in every if lesson.text in said):
        for name in _turning(lesson):
            heard[name] = max(heard.get(name, ""), said[lesson.text].isoformat())

    def turn(lesson: Lesson) -> tuple[object, ...]:
        last = said.get(lesson.text)
        card = lesson.entry.card
        names = [heard.get(name, "") for name in _turning(lesson)]
        return (
            last.isoformat() if last else "",
            "daily" not in card.moments if card else True,
            *names,
            digest_of(seed + lesson.text),
        )

    return sorted(every, key=turn)


def _moments(lesson: Lesson) -> set[str]:
    card = lesson.entry.card
    return set(card.moments) - {"daily"} if card else set()


def _turning(lesson: Lesson) -> list[str]:
    """The post, its author and its moment, as names that can't be taken for each other."""
    entry = lesson.entry
    author = entry.facts.author or entry.facts.blog or ""
    moment = min(_moments(lesson), default="")
    return [f"post {entry.slug}", f"author {author}", f"moment {moment}"]
