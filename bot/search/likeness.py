"""Whether two questions ask alike, and what they ask alike about in the library's own words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.library.library import Library
from bot.search._sureness import EVERYDAY
from bot.search.index_table import Index
from bot.search.indexing import Indexing
from bot.search.ranking import FEW_ASKS, _either, _rarity
from bot.storage.database import Database
from bot.text.stems import query_words, stem

# Of the 592 questions of tests/eval and real_dev, 43 pairs in which one at least has an answer are
# as near as this, and 74 % of them have a post in common; at .6 19 pairs are, and 68 % of those.
ALIKE = 0.5  # of the weight of the one that weighs less
AT_LEAST = 2  # telling words, below which nobody can say what was asked


class Bag(NamedTuple):
    """The telling words of a question: each stem's weight, rare ones more, in their order."""

    weights: Mapping[str, float]

    def is_like(self, other: Bag) -> bool:
        """Whether both ask about the same, by the words that search would weigh."""
        shared = self.weights.keys() & other.weights.keys()
        least = min(sum(self.weights.values()), sum(other.weights.values()))
        found = sum(self.weights[each] for each in shared)
        return len(shared) >= AT_LEAST and found >= ALIKE * least


class Likeness:
    """Weighs words as search does; nothing is asked of a model."""

    def __init__(self, db: Database) -> None:
        self._index = Index(db)
        self._asks = max(self._index.asks(), FEW_ASKS)
        self._weights: dict[str, float] = {}

    def bag(self, text: str) -> Bag:
        """What tells of a text; empty where nothing does."""
        words = (word for word in query_words(text) if word not in EVERYDAY)
        return Bag({stem(word): self._weight(word) for word in words})

    def _weight(self, word: str) -> float:
        key = stem(word)
        if key not in self._weights:
            asks = self._index.asks_with(_either([word]))
            self._weights[key] = _rarity(sum(asks.values()), self._asks)
        return self._weights[key]


def own_words(library: Library, indexing: Indexing) -> dict[str, str]:
    """For each stem that stands in a card, or in a topic outside, the form that is used most."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in _texts(library, indexing):
        for word in query_words(text):
            if word.isalpha():
                forms[stem(word)][word] += 1
    return {each: min(found, key=lambda w: (-found[w], w)) for each, found in forms.items()}


def _texts(library: Library, indexing: Indexing) -> Iterable[str]:
    for card in library.cards.values():
        yield from (*card.lessons, *card.asks, *card.keywords)
    for asks in indexing.outside.values():
        yield from asks
