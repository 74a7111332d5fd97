"""Order: whether a statement says things in the order of its quote.

In English it is the order that tells who does what to whom, and what comes before what. A
statement may leave words out, but no two of the words that it keeps may change places, except for
what turns a description into advice (“references should be checked”, “check references”).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.writing._vocabulary import (
    AMOUNTS,
    ARTICLES,
    FLOATING,
    GLUE,
    LINKS,
    MARKS,
    MODALS,
    NEGATORS,
    OPENERS,
    SAME,
    VERBS,
    opposed,
)
from bot.writing.negation import CheckedWord

MARKED = 2  # words after a “before” or “without”, of which the next one has to be one

_PERSONS = {
    word: person
    for person, words in (("you", "you your yours"), ("they", "they them their theirs"))
    for word in words.split()
}
# Endings that make a noun or an adjective of a word, which then stands elsewhere.
_DERIVED = re.compile(r"(?:[st]ion|ment|ness|ity|ian|edge|[ae]nce|al|ive|able|ful|en)(?=s?$)")


class _Step(NamedTuple):
    """A word whose place counts, and how many such words stand before it.

    `opens` is whether nothing that matters stands before it in its clause, `before` are the two
    words before it there.
    """

    word: CheckedWord
    key: str
    at: int
    opens: bool
    before: tuple[str, ...]


def moved(said: Sequence[CheckedWord], held: Sequence[CheckedWord]) -> bool:
    """Whether no reading of `said` keeps to the order of `held`.

    A reading pairs each word of `said` that `held` has with one place there; `ends` are the pairs
    that one in good order can have come to.
    """
    both = all({_PERSONS.get(w.text) for w in words} >= {"you", "they"} for words in (said, held))
    given = _steps(held, both)
    ends: list[tuple[_Step, _Step]] = []
    for step in _steps(said, both):
        places = _places(step, given)
        good = [
            (step, place)
            for place in places
            if not ends or any(_follows(*end, step, place) for end in ends)
        ]
        if all(_derived(step) != _derived(place) for place in places):
            good += ends  # it needs no place of its own
        elif not good:
            return True
        ends = good
    return False


def _steps(words: Sequence[CheckedWord], persons: bool) -> list[_Step]:
    found: list[_Step] = []
    for n, word in enumerate(words):
        if key := MARKS.get(word.text) or (_PERSONS.get(word.text) if persons else None):
            pass
        elif word.text in NEGATORS or word.text in FLOATING or word.text.endswith("ly"):
            continue
        elif word.stem not in GLUE or word.stem in VERBS:
            key = word.stem
        else:
            continue
        lead = [w.text for w in words[:n] if w.clause == word.clause]
        opens = OPENERS.issuperset(lead)
        found.append(_Step(word, key, len(found), opens, tuple(lead[-2:])))
    return found


def _places(step: _Step, given: Collection[_Step]) -> list[_Step]:
    """Where a step may stand in the quote: the word itself, else a word like it or its opposite."""
    if itself := [place for place in given if place.key == step.key]:
        return itself
    if step.word.text in MARKS or step.key in VERBS:
        return []
    alike = SAME.get(step.key, frozenset())
    return [place for place in given if place.key in alike or opposed(step.key, place.key)]


def _derived(step: _Step) -> str:
    found = _DERIVED.search(step.word.text)
    return found.group() if found else ""


def _follows(said: _Step, held: _Step, also: _Step, then: _Step) -> bool:
    """Whether two steps that follow each other in the statement may stand so in the quote."""
    if held.word.text in MARKS and then.at - held.at > MARKED:
        return False
    if held.at < then.at:
        return said.word.clause != also.word.clause or held.word.part == then.word.part
    return held is not then and said.opens and _advised(said, held)


def _advised(said: _Step, held: _Step) -> bool:
    """Whether an order's verb, which stands in front, comes from where a description has it."""
    form = held.word.text
    return (
        (form != said.word.text and not form.endswith(("s", "ing")))
        or not MODALS.isdisjoint(held.before)
        or held.before[-1:] in (("they",), ("you",), ("one",), ("he",), ("she",), ("it",))
    )


def relinked(said: Sequence[CheckedWord], held: Sequence[CheckedWord]) -> bool:
    """Whether a word hangs on another preposition or amount: “within capacity” for “beyond” it."""
    known = [word.stem for word in held]
    for n, word in enumerate(said):
        if word.stem in GLUE or known.count(word.stem) != 1:
            continue
        one, other = _link(said, n), _link(held, known.index(word.stem))
        if one and other and one != other and (one in AMOUNTS) == (other in AMOUNTS):
            return True
    return False


def _link(words: Sequence[CheckedWord], n: int) -> str:
    """The line of `LINKS` that the word before is of, articles aside; "" if it is of none."""
    before = [w.text for w in words[:n] if w.text not in ARTICLES][-1:]
    return LINKS.get(before[0], "") if before else ""
