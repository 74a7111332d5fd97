"""Negation: the words of a sentence, each with whether what is said of it is affirmed or denied."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from bot.text.stems import stem
from bot.writing._vocabulary import BORDERS, BRIEF, GLUE, JOINTS, MODALS, NEGATORS, SUBJECTS

SCOPE = 4  # content words after a negation that it still covers

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’ʼ`]\w+)*|[%$€£¥]|[,;:.!?()—–]")
_APOSTROPHE = re.compile(r"['’ʼ`]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# After “is not”: what is said of all that stands before.
_ADVISED = frozenset(
    map(stem, ["needed", "advised", "necessary", "recommended", "wise", "worth", "good"])
)


class CheckedWord(NamedTuple):
    """A word as it is compared: folded, its stem and place, whether it is denied and is a name.

    `part` counts what full stops, semicolons and “but” divide, `clause` what commas and words like
    “and” or “because” divide as well.
    """

    text: str
    stem: str
    place: int
    negated: bool
    named: bool
    part: int = 0
    clause: int = 0


def even(text: str) -> str:
    """`text` with its typography evened out (NFKC), and nothing in it that can't be seen."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """`text` for comparing: evened out, lower case, without apostrophes."""
    return _APOSTROPHE.sub("", even(text)).casefold()


def spoken(text: str) -> list[CheckedWord]:
    """The words of a text, with what negates them."""
    found: list[CheckedWord] = []
    scope, opens = Scope(), True
    part = clause = 0
    for match in _TOKEN.finditer(even(text)):
        token = match.group()
        if not (folded := fold(token))[:1].isalnum():
            scope = scope if token in "–—%$€£¥" else Scope()
            opens = opens or token in ".!?:"
            part += token in ".!?;"
            clause += token not in "%$€£¥"
            continue
        before = found[-1].text if found else ""
        clause += folded in JOINTS and before not in JOINTS
        part += folded == "but"
        scope = scope.on(folded, len(found))
        named = token[0].isupper() and not opens and folded != "i"
        found.append(
            CheckedWord(folded, stem(folded), len(found), scope.holds, named, part, clause)
        )
        scope = scope.past(folded, len(found), before)
        opens = False
    return _with_predicates(found)


class Scope(NamedTuple):
    """What a negation covers: the one that is open (""), where it began, how far it reached."""

    by: str = ""
    since: int = 0
    content: int = 0
    positive: bool = False

    @property
    def holds(self) -> bool:
        return bool(self.by) and not self.positive

    def on(self, word: str, place: int) -> Scope:
        """The scope as it is at `word`: a new clause or a new verb ends it."""
        far = place - self.since
        closes = (
            (word in BORDERS and far > (2 if word == "because" else 0))
            or (word in MODALS and far > 1 and self.by not in SUBJECTS)
            or (word == "and" and self.by in BRIEF)
            or self.content >= SCOPE
        )
        return Scope() if closes else self

    def past(self, word: str, place: int, before: str) -> Scope:
        """The scope as it is after `word`: a negation opens one, two in a row undo each other."""
        warned = word == "against" and stem(before) in ("advis", "warn")
        if warned or (word in NEGATORS and not (word == "no" and stem(before) == "say")):
            return Scope(word, place, 0, bool(self.by) and place - self.since == 1)
        return self._replace(content=self.content + (stem(word) not in GLUE))


def _with_predicates(words: list[CheckedWord]) -> list[CheckedWord]:
    """“To do this is not needed”: what is not advised is denied, though it stands before."""
    turned = list(words)
    for n, word in enumerate(words[2:], 2):
        said = words[n - 1].text in ("not", "neither", "never") and words[n - 2].text in MODALS
        if said and (word.stem in _ADVISED or word.text == "be"):
            since = next(w.place for w in words if w.part == word.part)
            turned[since : n - 1] = [
                w._replace(negated=not w.negated) for w in words[since : n - 1]
            ]
    return turned
