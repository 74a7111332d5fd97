"""How good search is: questions with graded posts, and the figures that sum the answers up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

from bot.library.library import Entry
from bot.search.ranking import Hit, sureness
from tests.support.paths import ROOT, SHARED

HELPS = 2  # from this grade on a post counts for recall and the first hit
# Weights and threshold were chosen on the first three; the others were only ever measured. The
# first is not part of the repository: who reads it skips where it is absent.
FILES = (
    SHARED / "eval" / "dev_queries.jsonl",
    *(ROOT / "tests" / "eval" / f"{name}.jsonl" for name in ("second", "third", "fourth", "fifth")),
)


@dataclass(frozen=True)
class Question:
    """A question and the posts that answer it, by slug, graded 1 to 3. No posts: no answer."""

    id: str
    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What search said to a question."""

    question: Question
    hits: Sequence[Hit]

    @property
    def top(self) -> float:
        return sureness(self.hits)

    @property
    def posts(self) -> list[str]:
        return [hit.post for hit in self.hits]


def read_questions(path: Path, entries: Mapping[str, Entry]) -> list[Question]:
    """The questions of a JSON Lines file. Raises ValueError for a post that is not here."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Question(
            row["id"],
            row["kind"],
            row["query"],
            {_slug(each, entries): each["grade"] for each in row["relevant"]},
        )
        for row in rows
    ]


def _slug(wanted: Mapping[str, str], entries: Mapping[str, Entry]) -> str:
    """The post of that title; of several, or of none, the one of that day."""
    title = _letters(wanted["title"] or "")
    found = [slug for slug, entry in entries.items() if _letters(entry.facts.title or "") == title]
    if not found:
        found = [slug for slug, entry in entries.items() if entry.facts.title is None]
    day = wanted["date"] if len(wanted["date"]) == len("2009-03-30") else "undated"
    dated = [slug for slug in found if slug.startswith(day)]
    if len(found) != 1 and len(dated) != 1:
        raise ValueError(f"{wanted['title']} ({wanted['date']}) is not one post of the library")
    return dated[0] if len(dated) == 1 else found[0]


def _letters(title: str) -> str:
    return re.sub(r"\W+", "", title.casefold())


def ndcg(outcome: Outcome, depth: int = 5) -> float:
    """Normalised discounted gain, a grade g gaining 2^g - 1. 1 is the best order."""
    grades = outcome.question.grades
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(post, 0) for post in outcome.posts[:depth]]) / ideal


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def recall(outcome: Outcome, depth: int = 5) -> float:
    """The share of the helpful posts that are among the first."""
    helpful = {post for post, grade in outcome.question.grades.items() if grade >= HELPS}
    return len(helpful & set(outcome.posts[:depth])) / len(helpful) if helpful else 1.0


def reciprocal_rank(outcome: Outcome, depth: int = 10) -> float:
    """1 if the first hit helps, 1/2 if the second is the first that does, … else 0."""
    grades = outcome.question.grades
    ranks = (
        1 / place
        for place, post in enumerate(outcome.posts[:depth], 1)
        if grades.get(post, 0) >= HELPS
    )
    return next(ranks, 0.0)


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often one of `higher` is above one of `lower`; a tie counts half. 0.5 is chance."""
    wins = sum((a > b) + 0.5 * (a == b) for a in higher for b in lower)
    return wins / (len(higher) * len(lower))


def mean(values: Iterable[float]) -> float:
    every = list(values)
    return sum(every) / len(every) if every else float("nan")
