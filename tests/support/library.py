"""A library and its index, without a coach around them."""

from __future__ import annotations

from pathlib import Path

from bot.library.library import Library
from bot.search.indexing import Indexing
from bot.storage.store import Store
from tests.support.paths import ROOT

WORDS = ROOT / "prompts"


def index(store: Store, library: Library, words: Path = WORDS) -> Indexing:
    """Bring the index of the library up to date."""
    indexing = Indexing(store, library, words)
    indexing.update()
    return indexing
