"""Verification: which of a model's statements stand on the quotes that it gives for them.

A quote has to stand in the passage that the model was shown, word for word. A statement has to say
no more than its quote: no number, name, time or other content word of its own, nothing stronger
(`strength.py`), nothing turned round (`negation.py`) and nothing that changed places (`order.py`).
No score without a model tells a reversed meaning (our measurements: chance level), so all of this
is looked at word by word. `python -m tests.eval.verifier` measures it.

What fails only by words of its own, its order, its strength or what it seems to deny is doubtful:
it may be put freely, or be wrong. It falls, unless a judge is asked (`judge.py`) and says that it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from bot.text.sentences import sentences
from bot.writing._overstatement import stronger
from bot.writing._vocabulary import GLUE, MEASURES, NEGATORS, NUMBERS, OPPOSITES, SAME, opposed
from bot.writing._word_order import moved, relinked
from bot.writing.negation import CheckedWord, fold, spoken

QUOTE_WORDS = (5, 80)  # fewer prove nothing, more cover anything
SENTENCES = 1_000  # characters of the sentences around a quote: as many as are shown with it
STATEMENT_WORDS = 60
LEAST_CONTENT = 2  # content words; with fewer a statement says nothing that can be checked
COVERED = 0.2  # share of the content words below which a statement is not in doubt but made up
DOUBTS = frozenset(["reversed", "stronger", "exchanged", "added"])

# A statement is letters, digits and these: no link, no mention, no mark that Slack could read.
_FORM = re.compile(r"(?:[^\W_]|[ .,;:!?'’\"“”‘()–—…%$€£¥&+-])+")
_LINK = re.compile(r"://|\w\.\w*[^\W\d]|\bdot\b", re.I)  # “at evil dot example” too


@dataclass(frozen=True)
class Statement:
    """What a model says, and the post and the quote that it says so by."""

    text: str
    post: str
    quote: str


class Verdict(NamedTuple):
    """Whether a statement stands. `why` is "" if it does, else a code of one word.

    `start` and `end` are where the whole sentences that hold the quote stand in the passage.
    """

    statement: Statement
    why: str
    start: int = 0
    end: int = 0

    @property
    def doubtful(self) -> bool:
        """Whether a statement that falls may be looked at by a judge."""
        return self.why in DOUBTS


def verify(statements: Iterable[Statement], passages: Mapping[str, str]) -> list[Verdict]:
    """A verdict on each statement; `passages` are the texts that the model was shown, by post."""
    return [_verdict(each, passages.get(each.post, "")) for each in statements]


def _verdict(statement: Statement, passage: str) -> Verdict:
    if not passage:
        return Verdict(statement, "no_post")
    wanted = [text for _, text in _pieces(statement.quote)]
    if not QUOTE_WORDS[0] <= len(wanted) <= QUOTE_WORDS[1]:
        return Verdict(statement, "quote_length")
    if (found := find_quote(passage, statement.quote)) is None:
        return Verdict(statement, "not_verbatim")
    start, end = _whole_sentences(passage, *found)
    if end - start > SENTENCES:
        return Verdict(statement, "quote_length")
    why = unsupported(statement.text, passage[slice(*found)], passage[start:end])
    return Verdict(statement, why, start, end)


# Quotes ---------------------------------------------------------------------------------------


def find_quote(passage: str, quote: str) -> tuple[int, int] | None:
    """Where the words of `quote` stand in `passage`, in a row; typography and case aside."""
    wanted = [text for _, text in _pieces(quote)]
    pieces = _pieces(passage)
    texts = [text for _, text in pieces]
    for at in range(len(texts) - len(wanted) + 1 if wanted else 0):
        if texts[at : at + len(wanted)] == wanted:
            return pieces[at][0].start(), pieces[at + len(wanted) - 1][0].end()
    return None


def _pieces(text: str) -> list[tuple[re.Match[str], str]]:
    """Each word with its place; a run of letters that folds into several words gives several."""
    found = []
    for match in re.finditer(r"[\w\u00ad\u200b-\u200f\u2060\ufeff]+(?:['’ʼ`]\w+)*", text):
        found += [(match, word) for word in _folded(match.group())]
    return found


@lru_cache(maxsize=4096)
def _folded(run: str) -> tuple[str, ...]:
    """The words of a run of letters. A text has few that it does not repeat."""
    return tuple(re.findall(r"\w+", fold(run)))


def _whole_sentences(passage: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold `passage[start:end]`, so that no quote hides what it leaves out."""
    touched = [s for s in sentences(passage) if s.start < end and s.end > start]
    return min([start, *(s.start for s in touched)]), max([end, *(s.end for s in touched)])


# Statements -----------------------------------------------------------------------------------


def unsupported(statement: str, quote: str, around: str) -> str:
    """Why `statement` is more than `quote` says, as a code; "" if it is not.

    `around` are the whole sentences that the quote stands in; their negations count.
    """
    said, given = spoken(statement), spoken(around)
    quoted = {text for _, text in _pieces(quote)}
    if not said or len(said) > STATEMENT_WORDS:
        return "statement_length"
    if not _FORM.fullmatch(statement) or _LINK.search(statement):
        return "form"
    if _facts(statement, said) - _facts(quote, spoken(quote), every=True):
        return "facts"
    held = [word for word in given if word.text in quoted]
    covered = _covered(said, held)
    least = min([covered, *(_covered(part, held) for part in _sentences(said))])
    checks = (
        ("made_up", least < COVERED),
        ("reversed", _reversed(said, held)),
        ("stronger", stronger(said, held)),
        ("exchanged", moved(said, held) or relinked(said, held)),
        ("added", covered < 1),
    )
    return next((code for code, failed in checks if failed), "")


def _facts(text: str, words: Sequence[CheckedWord], every: bool = False) -> set[str]:
    """Numbers, measures, money signs and names. With `every`, any word may be a name."""
    found = {NUMBERS.get(w.text, w.text) for w in words if _is_number(w.text)}
    found |= {w.stem for w in words if w.text in MEASURES}
    found |= {w.stem for w in words if every or w.named}
    signs = {"%" if sign in ("%", "percent") else sign for sign in re.findall(r"[%$€£¥]", text)}
    if re.search(r"\bper ?cent\b", text, re.I):
        signs.add("%")
    return found | signs


def _is_number(text: str) -> bool:
    return text in NUMBERS or any(c.isdigit() for c in text)


def _covered(said: Sequence[CheckedWord], held: Sequence[CheckedWord]) -> float:
    """The share of a statement's content words that its quote has, or has a word like; 0 if the
    statement has too few to be checked."""
    stems = {word.stem for word in held}
    content = {word.stem for word in _content(said)}
    if len(content) < LEAST_CONTENT:
        return 0
    return sum(_held(word, stems) for word in content) / len(content)


def _sentences(said: Sequence[CheckedWord]) -> list[list[CheckedWord]]:
    """The parts of a statement that are long enough to be checked each for itself."""
    parts = [list(words) for _, words in groupby(said, attrgetter("part"))]
    return [part for part in parts if len(_content(part)) > LEAST_CONTENT]


def _held(wanted: str, stems: set[str]) -> bool:
    alike = {wanted} | SAME.get(wanted, frozenset())
    return bool(alike & stems) or any(opposed(wanted, s) for s in stems)


def _content(words: Sequence[CheckedWord]) -> list[CheckedWord]:
    return [w for w in words if w.stem not in GLUE and w.text not in NEGATORS]


def _reversed(said: Sequence[CheckedWord], held: Sequence[CheckedWord]) -> bool:
    """Whether a word of the statement is affirmed where the quote denies it, or the other way."""
    for word in _weighed(said):
        alike = {word.stem} | SAME.get(word.stem, frozenset())
        kept = [w.negated == word.negated for w in held if w.stem in alike]
        kept += [
            w.negated != word.negated
            for w in held
            if w.stem not in alike and opposed(word.stem, w.stem)
        ]
        if kept and not any(kept):
            return True
    return False


def _weighed(words: Sequence[CheckedWord]) -> list[CheckedWord]:
    return [
        w for w in words
        if (w.stem not in GLUE or w.stem in OPPOSITES) and w.text not in NEGATORS
    ]  # fmt: skip
