"""What a model wrote as it stands in a row: `written`, `prompt` and `posts_used`."""

from __future__ import annotations

import json
from typing import Any

from bot.library.citation import Citation
from bot.writing.statement import Supported, Written

SET = "written = :written, prompt = :prompt, posts_used = :posts_used"


def to_row(written: Written) -> dict[str, Any]:
    """The values of `SET`."""
    statements = [[each.text, *each.citation] for each in written.statements]
    return {
        "written": json.dumps(statements),
        "prompt": written.prompt,
        "posts_used": json.dumps(written.posts),
    }


def from_row(row: dict[str, Any]) -> Written | None:
    """What was written; None if nothing was."""
    if row["written"] is None:
        return None
    statements = [Supported(text, Citation(*cited)) for text, *cited in json.loads(row["written"])]
    return Written(tuple(statements), row["prompt"], tuple(json.loads(row["posts_used"])))
