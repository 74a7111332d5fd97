"""Choosing: a model picks one of the lessons that search found nearest, or says that none fits.

It only points: what is said is the card's own lesson with its own quote, so nothing that a model
makes up can reach anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.library.entry import Entry
from bot.writing.statement import TEXT, many, schema

PROMPT = "choose"
POSTS = 10  # that it is shown
SHARE = 0.4  # of the time that is set for an answer; what is left is for writing
HELPS = 2  # the grade from which a lesson is said
CHOICE = schema(need=TEXT, lesson=TEXT, grade={"type": "integer"}, near=many(TEXT))

Numbered = Mapping[str, tuple[Entry, str]]  # entry and lesson by their number


class Chosen(NamedTuple):
    """The lesson that a model picked, None if it found none that fits, and what comes near."""

    lesson: tuple[Entry, str] | None
    near: tuple[tuple[Entry, str], ...]


def numbered(posts: Iterable[tuple[Entry, Sequence[str]]]) -> Numbered:
    """The lessons of the best posts as `4.2`, the second one of the fourth post."""
    return {
        f"{n}.{k}": (entry, lesson)
        for n, (entry, lessons) in enumerate(list(posts)[:POSTS], 1)
        for k, lesson in enumerate(lessons, 1)
    }


def laid_out(lessons: Numbered) -> str:
    """The posts and their lessons as they stand in the prompt."""
    lines = []
    for number, (entry, lesson) in lessons.items():
        post, _, place = number.partition(".")
        lines += [f"{post}. {entry.name}"] if place == "1" else []
        lines += [f"  {number} {lesson}"]
    return "\n".join(lines)


def fault(answer: Mapping[str, Any], lessons: Numbered) -> str:
    """A code for an answer that names no lesson of those shown and not “none” either."""
    said = str(answer.get("lesson", "")).strip().casefold()
    return "" if said == "none" or said in lessons else "rubbish"


def read(answer: Mapping[str, Any], lessons: Numbered) -> Chosen:
    """What a faultless answer says. A lesson that only touches the question counts as near."""
    picked = lessons.get(str(answer["lesson"]).strip())
    others: object = answer.get("near")
    named = [str(each).strip() for each in others] if isinstance(others, list) else []
    near = [lessons[each] for each in named if each in lessons]
    grade = answer.get("grade")
    if picked and isinstance(grade, int) and grade < HELPS:
        return Chosen(None, (picked, *near))
    return Chosen(picked, tuple(near))
