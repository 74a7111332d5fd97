"""What a model wrote: statements, each with the citation that it stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.library.citation import Citation

if TYPE_CHECKING:
    from bot.writing.verification import Statement

QUESTION = 2_000  # characters of what somebody typed
PART = 6_000  # characters of a statement or a quote; what is longer is no such thing
LOOKED_AT = 8  # statements of one answer that are verified
LEAST, MOST = 2, 3  # statements of an answer that is said


def schema(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object of a model's answer, as JSON Schema in the strict form.

    platform.openai.com/docs/guides/structured-outputs: every property required, none more.
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": item}


TEXT = {"type": "string"}
SUPPORTED = schema(statement=TEXT, post=TEXT, quote=TEXT)
STATEMENTS = schema(statements=many(SUPPORTED))
VERDICTS = schema(verdicts=many({"type": "boolean"}))


class Supported(NamedTuple):
    """One statement that was verified, and the sentences that it stands on."""

    text: str
    citation: Citation


class Written(NamedTuple):
    """A verified answer, the prompt and version that brought it, and the posts it was given."""

    statements: tuple[Supported, ...]
    prompt: str
    posts: tuple[str, ...]


def statements_of(answer: Mapping[str, Any], name: str = "statements") -> list[Statement]:
    """The statements that a model's answer has under `name`; what has another form is left out."""
    from bot.writing.verification import Statement  # late: only what a model wrote is verified

    found = []
    for text, post, quote in rows_of(answer, name, "statement", "post", "quote"):
        found.append(Statement(one_line(text), post.strip().strip("[]"), quote))
    return found


def rows_of(answer: Mapping[str, Any], name: str, *keys: str) -> list[list[str]]:
    """The texts under `keys` in each row of the list `name`; rows of another form are left out."""
    listed = answer.get(name)
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    parts = [[row.get(key) for key in keys] for row in rows[:LOOKED_AT]]
    return [
        [str(part) for part in each]
        for each in parts
        if all(isinstance(part, str) and len(part) <= PART for part in each)
    ]


def one_line(text: str) -> str:
    """One line without the marks for bold, italics and code, which models like to add."""
    return re.sub(r"[*_~`]", "", " ".join(text.split()))
