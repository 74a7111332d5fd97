"""The words by which a statement is compared with its quote: what negates, opposes, is alike."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.text.stems import stem

_KEPT = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_KEPT[name].split())


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


def _related(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> dict[str, frozenset[str]]:
    """For each word of one side all words of the other, but for itself."""
    found: dict[str, set[str]] = {}
    for ones, others in pairs:
        for word in ones:
            found.setdefault(word, set()).update(others - ({word} if ones == others else ones))
    return {word: frozenset(others) for word, others in found.items()}


def _opposites() -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for line in _KEPT["opposites"].splitlines():
        left, right = (_stems(side.split()) for side in line.split("/"))
        yield from ((left, right), (right, left))


def _same() -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for line in _KEPT["same"].splitlines():
        yield (group := _stems(line.split())), group


NEGATORS = _words("negators")
BRIEF = _words("brief")
SUBJECTS = _words("subjects")
MODALS = _words("modals")
BORDERS = _words("borders")
MARKS = {word: line.split()[0] for line in _KEPT["marks"].splitlines() for word in line.split()}
JOINTS = frozenset(MARKS) | _words("joints")
FLOATING = _words("floating")
ABSOLUTES = _words("absolutes")
ABSOLUTE_KIN = ABSOLUTES | _words("absolute_kin")
HEDGES = _words("hedges")
CONDITIONS = _words("conditions")
CONCEDES = _words("concedes")
CAUSES = _words("causes")
SHARP = [frozenset(line.split()) for line in _KEPT["sharp"].splitlines()]
LINKS = {word: line for line in _KEPT["links"].splitlines() for word in line.split()}
AMOUNTS = frozenset(LINKS[word] for word in _words("amounts"))
ARTICLES = _words("articles")
OPENERS = JOINTS | _words("openers")
MEASURES = _words("measures")
NUMBERS = {word: value for value, names in _KEPT["numbers"].items() for word in names.split()}
GLUE = _stems(_words("glue"))
VERBS = _stems(_words("verbs"))
OPPOSITES = _related(_opposites())
SAME = _related(_same())


def opposed(one: str, other: str) -> bool:
    """Whether two stems are opposites: by the list, or as “likely” and “unlikely” are."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    apart = len(shorter) > 3 and longer in {f + shorter for f in ("un", "in", "im", "non", "dis")}
    return apart or other in OPPOSITES.get(one, frozenset())
