"""Where a quote stands in a text, and the digest that names the text."""

from __future__ import annotations

import hashlib
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


def digest_of(text: str) -> str:
    """Sixteen hex digits that name a text, letter for letter."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
