"""Order: whether a statement says things in the order of its quote.

In English it is the order that tells who does what to whom, and what comes before what. A
statement may leave words out and may take the clauses of its quote in another order. Within a
clause no two words may change places, but for what turns a description into advice (“references
should be checked”, “check references”).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.negation import Word
from bot.verify_words import (
    FLOATING,
    GLUE,
    JOINTS,
    MARKS,
    MODALS,
    NEGATORS,
    SAME,
    VERBS,
    opposed,
)

READINGS = 100  # kept at once, the ones with most before them; real sentences have a few

_OPENERS = JOINTS | frozenset(  # what may stand in front of an order
    "dont not never also always do to of be let keep try".split()  # noqa: SIM905
)
_SEQUENCE = frozenset("then next later afterwards finally".split())  # noqa: SIM905
_DERIVED = re.compile(r"(?:[st]ion|ment|ness|ity|ian|edge|[ae]nce|al|ive|able|ful|en)(?=s?$)")
_THE = {(word,) for word in ("the", "a", "your", "their", "this", "these")}
_PRONOUN = "it"  # stands for any word that came before
# What a word hangs on. Each line: small words that may stand for each other.
_LINKS = {
    word: line
    for line in (
        "to into at in on onto towards", "from out", "within inside", "beyond outside", "with",
        "without", "for", "against", "by", "of", "over above", "under below", "between", "through",
        "all every each both any", "most many", "some few several", "one single", "no",
        "other others another",
    )
    for word in line.split()
}  # fmt: skip
_AMOUNT = frozenset(_LINKS[word] for word in ("all", "most", "some", "one", "no", "other"))
_ARTICLES = frozenset("the a an your their its his her our ones own".split())  # noqa: SIM905
_PERSONS = {
    word: person
    for person, words in (("you", "you your yours"), ("they", "they them their theirs"))
    for word in words.split()
}


class _Step(NamedTuple):
    """A word whose place counts, whether it opens its clause, and the two words before it."""

    word: Word
    key: str
    opens: bool
    before: tuple[str, ...]


class _End(NamedTuple):
    """Where a reading has come to: the last step, its place in the quote, the clauses it used."""

    said: _Step
    held: _Step
    used: frozenset[int]


def moved(said: Sequence[Word], held: Sequence[Word]) -> bool:
    """Whether no reading of `said` keeps to the order of `held`.

    A reading pairs each word of `said` that `held` has with one place there.
    """
    both = all({_PERSONS.get(w.text) for w in words} >= {"you", "they"} for words in (said, held))
    rigid = not _SEQUENCE.isdisjoint(w.text for w in said)
    given = _steps(held, both, pronouns=True)
    ends: list[_End] = []
    for step in _steps(said, both):
        places = _places(step, given)
        good = [
            _End(step, place, _used(end, step, place))
            for place in places
            for end in ends or (None,)
            if not end or _follows(end, step, place, rigid)
        ]
        if step.key == "if" or all(_derived(step) != _derived(place) for place in places):
            good += ends  # a noun made of a verb may stand elsewhere, and “when” for “where”
        if places and not good:
            return True
        if good:
            ends = sorted(dict.fromkeys(good), key=lambda end: len(end.used))[:READINGS]
    return False


def _used(end: _End | None, step: _Step, place: _Step) -> frozenset[int]:
    """The clauses of the quote that a reading has used up; an order's verb uses up none."""
    used = end.used if end else frozenset()
    return used if step.opens else used | {place.word.clause}


def _derived(step: _Step) -> str:
    """The ending that makes a noun or an adjective of a word, or ""."""
    found = _DERIVED.search(step.word.text)
    return found.group() if found else ""


def _steps(words: Sequence[Word], persons: bool, pronouns: bool = False) -> list[_Step]:
    found = []
    for n, word in enumerate(words):
        if key := MARKS.get(word.text) or (_PERSONS.get(word.text) if persons else None):
            pass
        elif pronouns and _is_subject(words, n):
            key = _PRONOUN
        elif word.text in NEGATORS or word.text in FLOATING or word.text.endswith("ly"):
            continue
        elif word.stem not in GLUE or word.stem in VERBS:
            key = word.stem
        else:
            continue
        lead = [w.text for w in words[:n] if w.clause == word.clause]
        found.append(_Step(word, key, _OPENERS.issuperset(lead), tuple(lead[-2:])))
    return found


def _is_subject(words: Sequence[Word], n: int) -> bool:
    """Whether a word is a pronoun that does something."""
    after = words[n + 1].text if n + 1 < len(words) else ""
    does = after in MODALS or after.endswith("s")
    return words[n].text in ("they", "he", "she") or (words[n].text == "it" and does)


def _places(step: _Step, given: Collection[_Step]) -> list[_Step]:
    """Where a step may stand in the quote: the word itself, else a word like it or its opposite."""
    if itself := [place for place in given if place.key == step.key]:
        plural = step.opens and step.word.text.endswith("s")
        if step.word.text in MARKS or not (plural or step.before[-1:] in _THE):
            return itself
        first = itself[0].word.place
        return itself + [p for p in given if p.key == _PRONOUN and p.word.place > first]
    if step.word.text in MARKS or step.key in VERBS:
        return []
    alike = SAME.get(step.key, frozenset())
    return [place for place in given if place.key in alike or opposed(step.key, place.key)]


def _follows(end: _End, also: _Step, then: _Step, rigid: bool) -> bool:
    """Whether a step may follow on where a reading has come to. `rigid`: no clause may move."""
    said, held = end.said, end.held
    new_clause = said.word.clause != also.word.clause
    if held is then:
        return new_clause
    elsewhere = held.word.clause != then.word.clause
    if elsewhere and then.word.clause in end.used:
        return False
    if held.word.place < then.word.place:
        return new_clause or held.word.part == then.word.part
    return (
        (new_clause and elsewhere and not rigid)
        or (then.word.text in MARKS and not elsewhere)
        or (said.word.part != also.word.part and then.opens)
        or (said.opens and _advised(said, held))
        or _compound(said, held, also, then)
    )


def _advised(said: _Step, held: _Step) -> bool:
    """Whether an order's verb, which stands in front, comes from where a description has it."""
    form = held.word.text
    return (
        (form != said.word.text and not form.endswith(("s", "ing")))
        or not MODALS.isdisjoint(held.before)
        or held.before[-1:] in (("they",), ("you",), ("one",), ("he",), ("she",), ("it",))
    )


def _compound(said: _Step, held: _Step, also: _Step, then: _Step) -> bool:
    """“Late orders” for “orders that go out late”, “a deal's size” for “the size of a deal”."""
    linked = held.word.clause != then.word.clause or "of" in held.before
    beside = also.word.place - said.word.place == 1
    return linked and beside and 1 < held.word.place - then.word.place <= 4


def relinked(said: Sequence[Word], held: Sequence[Word]) -> bool:
    """Whether a word hangs on another preposition or amount: “within capacity” for “beyond” it."""
    known = [word.stem for word in held]
    for n, word in enumerate(said):
        if word.stem in GLUE or known.count(word.stem) != 1:
            continue
        one, other = _link(said, n), _link(held, known.index(word.stem))
        if one and other and one != other and (one in _AMOUNT) == (other in _AMOUNT):
            return True
    return False


def _link(words: Sequence[Word], n: int) -> str:
    """The line of `_LINKS` that the word before is of, articles aside; "" if it is of none."""
    before = [w.text for w in words[:n] if w.text not in _ARTICLES][-1:]
    return _LINKS.get(before[0], "") if before else ""
