"""Lines after `/huddle` that ask for something else than a new call: change it, cancel it, list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from bot.huddles._tokens import Token
from bot.huddles._vocabulary import (
    ADD,
    ASKS_FOR_LIST,
    AUXILIARY,
    BEFORE_NAME,
    BY_HOW_MUCH,
    CANCEL,
    CANCELLED,
    CHANGE,
    CHANGED,
    FILLER,
    GREETINGS,
    LENGTHEN,
    LISTS,
    USAGE,
)  # fmt: skip

Wanted = Literal["start", "change", "cancel", "list", "usage"]


class Command(NamedTuple):
    """`rest` is the line without the command's words. `sized`: a length in it is the new one."""

    wanted: Wanted
    rest: list[Token]
    sized: bool = False


def read_command(tokens: Sequence[Token], kept: int) -> Command:
    """What a line asks for. Its first `kept` tokens are a known account, and no command."""
    plain = [token for token in tokens if token.kind != "mark" or token.key == "?"]
    if plain and not kept and all(token.kind in ("word", "mark") for token in plain):
        keys = {token.key.strip("?!") or "?" for token in plain}
        if (keys & USAGE and keys <= USAGE | GREETINGS) or keys <= GREETINGS:
            return Command("usage", [])
        if keys & LISTS and keys <= ASKS_FOR_LIST:
            return Command("list", [])
        if len(plain) == 1 and plain[0].key in CHANGE | CANCEL:
            return Command("change" if plain[0].key in CHANGE else "cancel", [])
    if tokens and tokens[0].key == "/huddle":
        tokens = tokens[1:]
    if not kept and (leading := _leading(tokens)):
        return leading
    return _inside(tokens, max(kept, 1)) or Command("start", list(tokens))


def _leading(tokens: Sequence[Token]) -> Command | None:
    """ "move acme to 4pm", "cancel acme", "add @kim to acme"."""
    if len(tokens) < 2 or tokens[0].kind != "word":
        return None
    first, second = tokens[0], tokens[1]
    keys = [token.key for token in tokens]
    if first.key in ADD and any(t.kind == "person" for t in tokens):
        at = next((n for n, key in enumerate(keys) if key == "to"), 0)
        return Command("change", [*tokens[1:at], *tokens[at + 1 :]]) if at else None
    if first.key == "call" and second.key == "off":
        return Command("cancel", list(tokens[2:]))
    like_a_name = first.is_title and second.is_title and second.kind == "word"
    if first.key in CHANGE and (not like_a_name or "to" in keys):
        return Command("change", [t for t in _bare(tokens[1:]) if not _is_adverb(t)])
    if first.key in LENGTHEN and first.is_lower and any(t.text[:1].isdecimal() for t in tokens[2:]):
        return Command("change", _bare(tokens[1:]), sized=True)
    if first.key in CANCEL and not (like_a_name and any(c.isdecimal() for k in keys for c in k)):
        if any(t.kind == "person" for t in tokens):
            return Command(
                "change", [t for t in tokens[1:] if t.key not in ("from",) and t.kind != "person"]
            )
        return Command("cancel", _bare(tokens[1:]))
    return None


def _is_adverb(token: Token) -> bool:
    return token.kind == "word" and token.is_lower and token.key in BY_HOW_MUCH


def _bare(tokens: Sequence[Token]) -> list[Token]:
    """Without “the call with” at the start."""
    rest = list(tokens)
    while len(rest) > 1 and rest[0].is_lower and rest[0].key in BEFORE_NAME:
        rest = rest[1:]
    return rest


def _inside(tokens: Sequence[Token], first: int) -> Command | None:
    """ "acme moved to fri", "acme is cancelled", "acme not 15:00 but 16:00"."""
    keys = [token.key for token in tokens]
    if "not" in keys[first:] and "but" in keys and keys.index("not", first) < keys.index("but"):
        at, but = keys.index("not", first), keys.index("but")
        return Command("change", [*tokens[:at], *tokens[but + 1 :]])
    if "instead" in keys[first:]:
        at = keys.index("instead", first)
        return Command("change", list(tokens[:at]))
    for n in range(first, len(tokens)):
        token = tokens[n]
        if token.kind != "word" or not token.is_lower:
            continue
        wanted: Wanted | None = (
            "cancel" if token.key in CANCELLED else "change" if token.key in CHANGED else None
        )
        if token.key == "off" and (tokens[n - 1].key == "is" or len(tokens) == 2):
            wanted = "cancel"
        if wanted and n >= 1:
            before = list(tokens[:n])
            while len(before) > 1 and before[-1].is_lower and before[-1].key in AUXILIARY:
                before.pop()
            behind = list(tokens[n + 1 :])
            while wanted == "cancel" and behind and behind[0].key in FILLER:
                behind = behind[1:]
            return Command(wanted, [*before, *behind])
    return None
