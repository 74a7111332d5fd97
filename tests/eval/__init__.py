"""How good search is: questions with graded posts, and the figures that sum the answers up."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

from bot.library.entry import Entry
from bot.search._sureness import Shape
from bot.search.ranking import Hit, answers, nearest, surest
from tests.support.paths import ROOT, SHARED

HELPS = 2  # from this grade on a post counts for recall and the first hit
HERE, BESIDE = ROOT / "tests" / "eval", SHARED / "eval"
# What real sellers asked, in our own words; thresholds are set on the first, by cross-validation.
REAL = (BESIDE / "real_dev.jsonl", HERE / "real_new.jsonl")
# Our own: weights were chosen on the first three; the others were only ever measured.
FILES = (
    BESIDE / "dev_queries.jsonl",
    *(HERE / f"{name}.jsonl" for name in ("second", "third", "fourth", "fifth")),
)
DRAWS = 1_000  # of the bootstrap


@dataclass(frozen=True)
class Question:
    """A question and the posts that answer it, by slug, graded 1 to 3: from 2 on one helps."""

    id: str
    kind: str
    text: str
    grades: Mapping[str, int]

    @property
    def answerable(self) -> bool:
        return max(self.grades.values(), default=0) >= HELPS

    def helped_by(self, posts: Iterable[str]) -> bool:
        """Whether one of the posts helps."""
        return any(self.grades.get(post, 0) >= HELPS for post in posts)


@dataclass(frozen=True)
class Outcome:
    """What search said to a question."""

    question: Question
    hits: Sequence[Hit]

    @property
    def top(self) -> float:
        return surest(self.hits)

    @property
    def shape(self) -> Shape:
        """What is said, as the coach decides it."""
        if answers(self.hits):
            return "tip"
        return "three" if nearest(self.hits) else "nothing"

    @property
    def shown(self) -> list[str]:
        """The post of the tip, or those of the choice."""
        return [hit.post for hit in answers(self.hits)[:1] or nearest(self.hits)]

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
    told = wanted["date"] or ""
    day = told if len(told) == len("2009-03-30") else "undated"
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


def interval(
    outcomes: Sequence[Outcome], figure: Callable[[Sequence[Outcome]], float]
) -> tuple[float, float]:
    """95 % of the figures of as many questions, drawn with replacement (percentile bootstrap)."""
    chance, found = random.Random(1), list[float]()
    for _ in range(DRAWS):
        drawn = figure(chance.choices(outcomes, k=len(outcomes)))
        if drawn == drawn:  # no figure without a question of the kind
            found.append(drawn)
    found.sort()
    return (found[len(found) // 40], found[-1 - len(found) // 40]) if found else (0.0, 1.0)


# The figures of a set -----------------------------------------------------------------------


def at_once(outcomes: Iterable[Outcome]) -> float:
    """The share of the answerable that get a tip."""
    return mean(o.shape == "tip" for o in outcomes if o.question.answerable)


def fitting(outcomes: Iterable[Outcome]) -> float:
    """The share of the tips to answerable questions that help."""
    tips = [o for o in outcomes if o.question.answerable and o.shape == "tip"]
    return mean(o.question.helped_by(o.shown) for o in tips)


def helped(outcomes: Iterable[Outcome]) -> float:
    """The share of the answerable that see a post that helps: as the tip or among the three."""
    return mean(o.question.helped_by(o.shown) for o in outcomes if o.question.answerable)


def wrong(outcomes: Iterable[Outcome]) -> float:
    """The share of the unanswerable that get a tip all the same."""
    return mean(o.shape == "tip" for o in outcomes if not o.question.answerable)


def offered(outcomes: Iterable[Outcome]) -> float:
    """The share of the unanswerable that are offered three."""
    return mean(o.shape == "three" for o in outcomes if not o.question.answerable)


def order(outcomes: Iterable[Outcome]) -> float:
    """The mean nDCG@5 of the answerable."""
    return mean(ndcg(o) for o in outcomes if o.question.answerable)


def apart(outcomes: Iterable[Outcome]) -> float:
    """AUROC: how well sureness tells the answerable from the others."""
    every = list(outcomes)
    higher = [o.top for o in every if o.question.answerable]
    lower = [o.top for o in every if not o.question.answerable]
    return auroc(higher, lower) if higher and lower else float("nan")


FIGURES: Mapping[str, Callable[[Sequence[Outcome]], float]] = {
    "at once": at_once,
    "of these fit": fitting,
    "helped": helped,
    "wrong": wrong,
    "three of none": offered,
    "nDCG@5": order,
    "AUROC": apart,
}
