"""Feedback on a debrief, as a model writes it: the rep's own record, and advice from the posts.

Neither rests on what the other does. A sentence of the record repeats what the rep typed, and says
which answer that was; it is never advice. Advice stands on a post, as a tip does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.debriefs.debrief import Debrief, says_something, situations
from bot.text.sentences import sentences, words
from bot.writing.statement import SUPPORTED, TEXT, Written, many, one_line, rows_of, schema

if TYPE_CHECKING:
    from bot.tips.tip import Sourced

TYPED = 1_000  # characters of one answer that a model is shown
RECORD, ADVICE = 3, 2  # sentences of each at most: a phone's screen

# How a sentence of the record begins, by the answer that it repeats: so it is no advice, and what
# was wanted is not told as what was reached.
OPENINGS: Mapping[str, tuple[str, ...]] = {
    "goal": ("The goal was",),
    "forgot": ("You forgot to ask",),
    "next_step": ("The next step is",),
    "their_step": ("Their step is",),
}
NOTED = ("You noted that", "You noted")  # any other answer
_SMALL = frozenset(
    "a an the to of and that it is are was were be been had has have in on for with at".split()  # noqa: SIM905
)
_YOU = frozenset("you your yours".split())  # noqa: SIM905
_SELF = _YOU | frozenset("i we me us my our ours mine".split())  # noqa: SIM905

SCHEMA = schema(
    record=many(schema(answer=TEXT, statement=TEXT, quote=TEXT)), advice=many(SUPPORTED)
)


class Recalled(NamedTuple):
    """A sentence on what the rep noted; `quote` is what they typed, as the answer `answer`."""

    text: str
    answer: str
    quote: str

    @property
    def rests_on(self) -> str:
        """What they typed, under what it answers: as a judge is shown it."""
        return f"{OPENINGS.get(self.answer, NOTED)[0]}: {self.quote}"


class Looked(NamedTuple):
    """Feedback as it is kept. `on` names the state of the debrief that it was written on."""

    record: tuple[Recalled, ...]
    advice: Written
    on: str


class Feedback(NamedTuple):
    """Feedback as it is shown, to the rep alone."""

    record: tuple[Recalled, ...]
    advice: tuple[Sourced, ...]


class OwnWords(NamedTuple):
    """What a rep typed into a debrief, by question id, each answer on one line; and two choices.

    `situations` are what to ask the library about them.
    """

    typed: Mapping[str, str]
    reached: str
    committed: str
    situations: tuple[str, ...]

    @property
    def state(self) -> str:
        """A name for exactly these words: feedback written on others does not fit them."""
        words = json.dumps([dict(self.typed), self.reached, self.committed])
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def laid_out(self) -> str:
        """As they stand in a prompt, each answer under its id."""
        chosen = f"Goal reached: {self.reached}. Committed to the next step: {self.committed}."
        return "\n\n".join([chosen, *(f"[{id}]\n{text}" for id, text in self.typed.items())])


def own_words(debrief: Debrief, said: Mapping[str, str], typed: Iterable[str]) -> OwnWords:
    """The words of a debrief. `said` are its answers, `typed` the ids of those that were typed."""
    texts = {id: said.get(id, "") for id in sorted(typed)} | {"goal": debrief.goal}
    lines = {id: " ".join(text.split())[:TYPED] for id, text in texts.items()}
    kept = {id: line for id, line in lines.items() if says_something(line)}
    reached, committed = debrief.reached or "not said", debrief.committed or "not said"
    return OwnWords(kept, reached, committed, tuple(situations(said)))


# The record -----------------------------------------------------------------------------------


def recalled(answer: Mapping[str, Any], own: OwnWords) -> list[Recalled]:
    """The sentences of a model's record that repeat what the rep typed, one for each answer."""
    found: dict[str, Recalled] = {}
    for text, id, quote in rows_of(answer, "record", "statement", "answer", "quote"):
        if one := _repeated(one_line(text), id.strip().strip("[]"), quote, own):
            found.setdefault(one.answer, one)
    return list(found.values())[:RECORD]


def _repeated(text: str, id: str, quote: str, own: OwnWords) -> Recalled | None:
    """The sentence with the whole sentences of the answer that it stands on, if it does."""
    from bot.writing.verification import (  # late: as `statements_of`
        QUOTE_WORDS,
        find_quote,
        unsupported,
    )

    typed = own.typed.get(id, "")
    opening = next((o for o in OPENINGS.get(id, NOTED) if _opens(text, o)), "")
    place = find_quote(typed, quote)
    if not opening or place is None:
        return None
    start, end = place
    touched = [s for s in sentences(typed) if s.start < end and s.end > start]
    whole = typed[min(start, touched[0].start) : max(end, touched[-1].end)] if touched else ""
    if len(words(quote)) < min(QUOTE_WORDS[0], len(words(whole))):
        return None
    framed = f"{opening}: {whole}"
    if unsupported(text, framed, framed) or not _echoes(text[len(opening) :], whole):
        return None
    return Recalled(text, id, whole)


def _opens(text: str, opening: str) -> bool:
    return bool(re.match(rf"{opening}\b", text))


def _echoes(text: str, typed: str) -> bool:
    """Whether every word but the smallest is the rep's, said to them as “you”."""
    from bot.writing.negation import spoken  # late: as `statements_of`

    known, yours = {word.stem for word in spoken(typed)}, _as_you(typed)
    return all(
        word.stem in known or word.text in _SMALL or word.text in yours for word in spoken(text)
    )


def _as_you(typed: str) -> set[str]:
    """How somebody is spoken to who said “I” or “we're”: with “you”, or “you're”."""
    from bot.writing.negation import even

    plain = even(typed).replace("’", "'").casefold()
    parts = [word.partition("'") for word in re.findall(r"[\w']+", plain)]
    short = {"you" + ("re" if rest == "m" else rest) for me, _, rest in parts if me in _SELF}
    return short | _YOU if short else set()
