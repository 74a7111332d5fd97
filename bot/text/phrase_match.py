"""Phrases: the names and signs of plays and forms, found again in what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from bot.text.sentences import words

SPELLED_ALIKE = 0.8  # difflib's ratio: “negociation” is 0.91 from “negotiation”
LONG_ENOUGH = 6  # letters: shorter names are too near to other words (“trail” and “trial”)

T = TypeVar("T")


class PhraseHit(NamedTuple):
    """How well a phrase was met; the larger one is the better."""

    words: int
    named: bool
    letters: int


@lru_cache(maxsize=8192)  # the plays' own names come again with every command
def fold(text: str) -> str:
    """The words of `text` for comparing: lower case, no punctuation, no plural s."""
    return " ".join(_singular(word) for word in words(text))


def best_hit(names: Iterable[str], signs: Iterable[str], said: str) -> PhraseHit | None:
    """The best of the phrases that stand in `said` as whole words in a row; None if none does."""
    within = f" {fold(said)} "
    phrases = [(fold(name), True) for name in names] + [(fold(sign), False) for sign in signs]
    hits = [
        PhraseHit(len(phrase.split()), named, len(phrase))
        for phrase, named in phrases
        if phrase and f" {phrase} " in within
    ]
    return max(hits, default=None)


def closest(known: Mapping[str, T], name: str) -> T | None:
    """What is known under `name` or one spelled much like it. The keys of `known` are folded."""
    wanted = fold(name)
    if wanted in known:
        return known[wanted]
    if len(wanted) < LONG_ENOUGH:
        return None
    from difflib import get_close_matches  # late: only slips need it

    near = get_close_matches(wanted, list(known), 1, SPELLED_ALIKE)
    return known[near[0]] if near else None


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word
