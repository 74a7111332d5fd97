"""Strength: whether a statement claims more than its quote.

It does with an absolute or a comparison of its own, and where it leaves out what the quote hedges
with: “may”, “some”, “only when time runs out”.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.writing._vocabulary import (
    ABSOLUTE_KIN,
    ABSOLUTES,
    CAUSES,
    CONCEDES,
    CONDITIONS,
    FLOATING,
    GLUE,
    HEDGES,
    SAME,
    SHARP,
)
from bot.writing.negation import CheckedWord


def stronger(said: Sequence[CheckedWord], held: Sequence[CheckedWord]) -> bool:
    """Whether a statement is stronger than its quote, by the words that make it so."""
    told, given = _texts(said), _texts(held)
    if any(words & told and not words & given for words in SHARP):
        return True
    if ABSOLUTES & told and not ABSOLUTE_KIN & given:
        return True
    if CONCEDES & given and not (CONCEDES | {"but", "yet", "while"}) & told and CAUSES & told:
        return True
    stems = {w.stem for w in said}
    stems |= {alike for each in stems for alike in SAME.get(each, ())}
    return (not told & (HEDGES | {"can", "let"}) and _unhedged(held, stems)) or (
        CONDITIONS.isdisjoint(told) and _unconditional(held, stems)
    )


def _texts(words: Sequence[CheckedWord]) -> set[str]:
    """The words but for those of “above all”, “most of all” and “at all”."""
    texts = [w.text for w in words]
    return {
        text for was, text in zip(["", *texts], texts, strict=False)
        if was not in ("above", "of", "at")
    }  # fmt: skip


def _unhedged(held: Sequence[CheckedWord], stems: set[str]) -> bool:
    """Whether a statement has a word that the quote hedges; it has no hedge itself."""
    for hedge in (word for word in held if word.text in HEDGES):
        clause = [w for w in held if w.clause == hedge.clause and w.stem not in GLUE]
        clause = [w for w in clause if w.text not in FLOATING and not w.text.endswith("ly")]
        hedged = [w for w in clause if w.place > hedge.place][:1] or clause[-1:]
        if any(w.stem in stems for w in hedged):
            return True
    return False


def _unconditional(held: Sequence[CheckedWord], stems: set[str]) -> bool:
    """Whether a statement leaves out a condition of the quote; it has none itself."""
    clauses: dict[int, list[CheckedWord]] = {}
    for word in held:
        clauses.setdefault(word.clause, []).append(word)
    conditions = [words for words in clauses.values() if words[0].text in CONDITIONS]
    return any(
        not stems & {w.stem for w in words[1:] if w.stem not in GLUE} for words in conditions
    )
