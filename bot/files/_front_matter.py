"""The head of a Markdown file: `+++` around TOML, or `---` around plain `key: value` lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import NamedTuple

from bot.errors import CoachError

_FENCES = ("+++", "---")
_KEY = re.compile(r"([A-Za-z][\w-]*)\s*[:=]")
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w-]*)\s*:(?:\s+(?P<value>.*))?$")
_YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}
_WHERE = re.compile(r"(.*) \(at line (\d+), column \d+\)$")


class Head(NamedTuple):
    """What a head says, the line on which each key stands, and the first line after it (from 0)."""

    facts: dict[str, object]
    lines: dict[str, int]
    stop: int


class FaultyHead(CoachError):
    """A head that can't be read: `line` is counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_head(lines: Sequence[str]) -> Head | None:
    """The head of a file, or None if it has none. Raises FaultyHead if its TOML is broken."""
    fence = lines[0].strip() if lines else ""
    stop = next((n for n, line in enumerate(lines) if n and line.strip() == fence), None)
    if fence not in _FENCES or stop is None:
        return None
    inside = lines[1:stop]
    facts = _toml(inside) if fence == "+++" else _plain(inside)
    if facts is None:
        return None
    named = ((n, _KEY.match(line)) for n, line in enumerate(inside, 1))
    found = {key[1]: n for n, key in named if key and key[1] in facts}
    return Head(facts, found, stop + 1)


def _toml(lines: Sequence[str]) -> dict[str, object]:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.match(str(error))
        what, line = (where[1], int(where[2]) + 1) if where else (str(error), 1)
        raise FaultyHead(line, f"the front matter is not TOML ({what}).") from error


def _plain(lines: Sequence[str]) -> dict[str, object] | None:
    """Texts and yes-or-no of `key: value` lines; lists and nested keys are left out.

    None if the lines are no head at all, as in a text that opens with a rule.
    """
    facts: dict[str, object] = {}
    for line in lines:
        if not line.strip() or line[0] in "# \t-":
            continue
        pair = _PAIR.match(line.rstrip())
        if pair is None:
            return None
        value = _unquoted((pair["value"] or "").strip())
        if value and value[0] not in "[{|>~":
            facts[pair["key"].lower()] = _YES_OR_NO.get(value.lower(), value)
    return facts


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
