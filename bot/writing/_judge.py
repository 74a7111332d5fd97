"""The judge: a model's second look at statements and what they rest on.

Among them it is shown planted pairs, of which we know whether they stand. A judge that is wrong
about one of those says yes too easily, or does not read: its word on the others counts for nothing.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """A statement and the text that it rests on; `known` is whether a planted one stands."""

    statement: str
    quote: str
    known: bool | None = None


def _planted() -> tuple[Pair, ...]:
    kept = Path(__file__).with_name("planted_pairs.toml").read_text(encoding="utf-8")
    pairs = tomllib.loads(kept)
    return tuple(
        Pair(**each, known=known)
        for name, known in (("stands", True), ("falls", False))
        for each in pairs[name]
    )


PLANTED = _planted()
_DRAWN = ((True, 1), (False, 3))  # so many that stand, and that fall, on a sheet


class JudgeSheet:
    """What a judge is shown at once: pairs, with planted ones among them in an order of its own.

    The same pairs always give the same sheet.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        chance = random.Random(repr(pairs))
        self._asked = [Pair(*pair) for pair in pairs]
        self._shown = list(self._asked)
        for known, many in _DRAWN:
            self._shown += chance.sample([pair for pair in PLANTED if pair.known is known], many)
        chance.shuffle(self._shown)

    @property
    def text(self) -> str:
        """The sheet as it stands in a prompt: two lines for each pair, whatever is in it."""
        return "\n\n".join(
            f"{n}. Statement: {_in_a_line(pair.statement)}\nQuote: {_in_a_line(pair.quote)}"
            for n, pair in enumerate(self._shown, 1)
        )

    def fault(self, answer: Mapping[str, Any]) -> str:
        """Why a judge's answer is not to be believed, as a code of the writer; "" if it is."""
        said = answer.get("verdicts")
        if not isinstance(said, list) or len(said) != len(self._shown):
            return "rubbish"
        if not all(isinstance(word, bool) for word in said):
            return "rubbish"
        words = zip(self._shown, said, strict=True)
        return "misjudged" if any(pair.known not in (None, word) for pair, word in words) else ""

    def verdicts(self, answer: Mapping[str, Any] | None) -> list[bool]:
        """For each pair, whether the judge takes it to stand; without a good answer none does."""
        if answer is None or self.fault(answer):
            return [False] * len(self._asked)
        words = zip(self._shown, answer["verdicts"], strict=True)
        fallen = {pair for pair, word in words if not word}
        return [pair not in fallen for pair in self._asked]


def _in_a_line(text: str) -> str:
    """So that a post with lines like “3. Statement: …” is one quote, and brings in no pair."""
    return " / ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
