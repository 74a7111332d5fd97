"""What a model wrote: statements, each with the citation that it stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.citations import Citation

if TYPE_CHECKING:
    from bot.verify import Statement

QUESTION = 2_000  # characters of what somebody typed
PART = 6_000  # characters of a statement or a quote; what is longer is no such thing
LOOKED_AT = 8  # statements of one answer that are verified
LEAST, MOST = 2, 4  # statements of an answer that is said

_TEXT = {"type": "string"}
_STATEMENT = {
    "type": "object",
    "properties": {"statement": _TEXT, "post": _TEXT, "quote": _TEXT},
    "required": ["statement", "post", "quote"],
    "additionalProperties": False,
}
# What a model has to answer, as JSON Schema in the strict form (platform.openai.com/docs/guides/
# structured-outputs: every property required, none more).
STATEMENTS: Mapping[str, Any] = {
    "type": "object",
    "properties": {"statements": {"type": "array", "items": _STATEMENT}},
    "required": ["statements"],
    "additionalProperties": False,
}
VERDICTS: Mapping[str, Any] = {
    "type": "object",
    "properties": {"verdicts": {"type": "array", "items": {"type": "boolean"}}},
    "required": ["verdicts"],
    "additionalProperties": False,
}


class Supported(NamedTuple):
    """One statement that was verified, and the sentences that it stands on."""

    text: str
    citation: Citation


class Written(NamedTuple):
    """A verified answer, the prompt and version that brought it, and the posts it was given."""

    statements: tuple[Supported, ...]
    prompt: str
    posts: tuple[str, ...]


def statements_of(answer: Mapping[str, Any]) -> list[Statement]:
    """The statements of a model's answer; what has another form than `STATEMENTS` is left out."""
    from bot.verify import Statement  # late: only what a model wrote is verified

    listed = answer.get("statements")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    found = []
    for row in rows[:LOOKED_AT]:
        parts = [row.get(key) for key in ("statement", "post", "quote")]
        if all(isinstance(part, str) and len(part) <= PART for part in parts):
            text, post, quote = map(str, parts)
            found.append(Statement(_line(text), post.strip().strip("[]"), quote))
    return found


def _line(text: str) -> str:
    """One line without the marks for bold, italics and code, which models like to add."""
    return re.sub(r"[*_~`]", "", " ".join(text.split()))
