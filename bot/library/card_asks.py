"""Adding asks to the file of a card, all else in it left as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.errors import CoachError
from bot.library.post import read_card

_BEGINS, _ENDS = re.compile(r"asks\s*=\s*\["), re.compile(r"\s*\]\s*(#.*)?$")


class NewAsk(NamedTuple):
    """An ask to add, of plain words, and what speaks for it."""

    text: str
    evidence: str


def with_asks(text: str, slug: str, asks: Sequence[NewAsk]) -> str:
    """The text of a card's file with these asks after its own, each with its evidence as a comment.

    Raises `CoachError` where the file is no card, or its list of asks has not a line for each.
    """
    before = read_card(text, slug).asks
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if _BEGINS.match(line)), len(lines))
    last = next((n for n, line in enumerate(lines) if n > first and _ENDS.match(line)), first)
    added = [f'  "{ask.text}",  # {ask.evidence}\n' for ask in asks]
    changed = "".join([*lines[:last], *added, *lines[last:]])
    if read_card(changed, slug).asks != (*before, *(ask.text for ask in asks)):
        raise CoachError(f"{slug}.md: write the asks one a line, the last with a comma.")
    return changed
