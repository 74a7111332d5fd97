"""TODO."""

from __future__ import annotations

from typing import NamedTuple


class Citation(NamedTuple):
    """Where a quote stands: `text[start:end]` of the post's text that has this digest.

    `shelf` is "original" (the text that the team imported) or "card" (our note on the post).
    """

    post: str
    shelf: str
    digest: str
    start: int
    end: int
