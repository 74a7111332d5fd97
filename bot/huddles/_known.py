"""Known accounts in a line: the longest at its start stays whole, a similar one is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from bot.calls.account import account_key
from bot.huddles._tokens import Token, joined

ALIKE = 0.85  # difflib's ratio: “globx” and “globex” have 0.91, “acme” and “acne” 0.75
LEAST = 3  # letters that may be the beginning of a known name
NAMED = 4  # names in one question


class Match(NamedTuple):
    """The account to go on with; where it may be one of `near`, `question` is a sentence."""

    account: str
    is_known: bool = False
    question: str = ""
    near: tuple[str, ...] = ()


def match_known(tokens: Sequence[Token], known: Sequence[str]) -> int:
    """How many tokens at the start are a known account, in any spelling; 0 for none."""
    keys = {account_key(name) for name in known} - {""}
    most = min(len(tokens), 12)
    for count in range(most, 0, -1):
        if any(token.kind in ("person", "group") for token in tokens[:count]):
            continue
        if account_key(joined(tokens[:count]).rstrip(":|")) in keys:
            return count
    return 0


def spelled(name: str, known: Sequence[str]) -> str | None:
    """A known account as it is spelled."""
    key = account_key(name)
    return next((each for each in known if account_key(each) == key), None)


def similar(typed: str, known: Sequence[str], ask: bool = True) -> Match:
    """The account that was typed; with a question where known ones are much like it."""
    if not typed:
        return Match(typed)
    if name := spelled(typed, known):
        return Match(name, True)
    near = near_ones(typed, known) if ask else []
    if not near:
        return Match(typed)
    question = f"{', '.join(near[:NAMED])}, or a new account?"
    begins = account_key(near[0]).startswith(account_key(typed)) or not _longer(typed, near[0])
    taken = near[0] if begins and len(near) == 1 else typed
    return Match(taken, question=question, near=tuple(near[:NAMED]))


def near_ones(typed: str, known: Sequence[str]) -> list[str]:
    """Known accounts that begin so, that the typed one begins with, or that are spelled alike."""
    return [each for each in known if _is_near(account_key(typed), account_key(each))]


def _is_near(typed: str, known: str) -> bool:
    if not typed or not known or typed == known:
        return False
    if known.startswith(f"{typed} ") or typed.startswith(f"{known} "):
        return True
    if known.startswith(typed) and len(typed) >= LEAST:
        return True
    if re.sub(r"\D", "", typed) != re.sub(r"\D", "", known) or min(len(typed), len(known)) < 4:
        return False
    return SequenceMatcher(None, typed, known).ratio() >= ALIKE


def _longer(typed: str, known: str) -> bool:
    return account_key(typed).startswith(f"{account_key(known)} ")
