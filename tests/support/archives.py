"""The posts as their authors wrote them, for the tests that compare our words with theirs."""

from __future__ import annotations

from functools import cache

import pytest

from bot.text.sentences import sentences
from tests.support.paths import ROOT, SHARED

CARDS = ROOT / "posts"
FOLDER = SHARED / "posts"
WHOLE_LIBRARY = 60  # cards


def archives() -> list[str]:
    """The text of each archive. Where they are not at hand the test is skipped."""
    if not FOLDER.is_dir():
        pytest.skip("../shared/posts is not here")
    return [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))]


@cache
def sentence_hashes() -> frozenset[str]:
    return frozenset(sentence.hash for text in archives() for sentence in sentences(text))


def card_slugs() -> set[str]:
    """The slugs of the cards. While the library is being written the test is skipped."""
    slugs = {path.stem for path in CARDS.glob("*.md")}
    if len(slugs) < WHOLE_LIBRARY:
        pytest.skip("the library is not complete")
    return slugs
