"""The judge: a model's second look at statements and what they rest on.

Among them it is shown planted pairs, of which we know whether they stand. A judge that is wrong
about one of those says yes too easily, or does not read: its word on the others counts for nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """A statement and the text that it rests on; `known` is whether a planted one stands."""

    statement: str
    quote: str
    known: bool | None = None


# Those that stand are free in their words: a judge that always says no is no better than none.
# Those that fall are close to their quotes: they are what our own check can't always tell.
PLANTED = (
    Pair(
        "Write down what was promised before you leave the room.",
        "Promises are best noted while everybody is still sitting at the table.",
        True,
    ),
    Pair(
        "Let the person who will use the machine try it first.",
        "The author hands the equipment to its future operator before anybody else touches it.",
        True,
    ),
    Pair(
        "Ring the customer yourself when a delivery will be late.",
        "A late delivery is announced by a call from the salesperson, in person.",
        True,
    ),
    Pair(
        "Name somebody to take notes before a visit starts.",
        "Who writes things down is settled ahead of the visit.",
        True,
    ),
    Pair(
        "Show the price before you ask what the delay costs.",
        "Ask what the delay costs before you show the price.",
        False,
    ),
    Pair(
        "Engineers should prepare the seller for the visit.",
        "Sellers should prepare the engineer for the visit.",
        False,
    ),
    Pair(
        "Offer the buyer a pilot.",
        "Offer the buyer a pilot only when it is agreed how it will be measured.",
        False,
    ),
    Pair(
        "A second meeting always settles the matter.",
        "A second meeting sometimes settles the matter.",
        False,
    ),
    Pair(
        "Send the summary to the buyer and to the buyer's lawyer.",
        "Send the summary to the buyer on the day of the meeting.",
        False,
    ),
    Pair(
        "Keep quiet about the gap until the contract is signed.",
        "It is a mistake to keep quiet about the gap until the contract is signed.",
        False,
    ),
    Pair(
        "Small accounts deserve more visits than large ones.",
        "Large accounts deserve more visits than small ones.",
        False,
    ),
)
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
