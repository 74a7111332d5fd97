"""Keeps the search index as the library and its lists of words are: read anew when they change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bot.library.entry import Entry
from bot.library.library import Library
from bot.library.table import PostsTable
from bot.search._outside_topics import load_outside
from bot.search._synonyms import load_synonyms
from bot.search.index_table import Document, Index
from bot.storage.database import Database
from bot.storage.store import Store

SYNONYMS, OUTSIDE = "synonyms.toml", "outside.toml"  # in the folder of words
FORM = 1  # raise it when what is indexed of a card changes
TURN = 50  # posts that are written in one go
KEPT = "word_lists"  # the note that spares a start the reading of unchanged lists


class _Lists(NamedTuple):
    synonyms: set[tuple[str, str]]
    outside: dict[str, tuple[str, ...]]
    faults: tuple[str, ...]


class Indexing:
    """One for a library. `words` is the folder of synonyms and of topics outside."""

    def __init__(self, store: Store, library: Library, words: Path) -> None:
        self._store, self._library, self._words = store, library, words
        self._digest = self._digest_of_all()

    @cached_property
    def _lists(self) -> _Lists:
        synonyms, wrong = load_synonyms(self._words / SYNONYMS)
        outside, faulty = load_outside(self._words / OUTSIDE)
        return _Lists(synonyms, outside, (*wrong, *faulty))

    @property
    def outside(self) -> Mapping[str, tuple[str, ...]]:
        """How people ask about what no post is on, by topic."""
        return self._lists.outside

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each fault of the lists of words; unchanged lists are not read again."""
        digest, _, faults = (PostsTable(self._store.read).state(KEPT) or "").partition("\n")
        return tuple(json.loads(faults)) if digest == self._digest else self._lists.faults

    def update(self) -> None:
        """Bring the index up to date with the files and the originals: cards in one transaction,
        originals a few at a time, for others to write in between."""
        posts = PostsTable(self._store.read)
        anew = posts.state("indexed") != self._digest
        waiting = Index(self._store.read).unindexed()
        if not anew and not waiting:
            return
        cards = self._library.cards.items()
        entries = [Entry(s, c, posts.original(s)) for s, c in cards if anew or s in waiting]

        def work(db: Database) -> None:
            index = Index(db)
            if anew:
                self._begin_anew(db)
            for entry in entries:
                index.index_card(_document(entry))

        self._store.write(work)
        left = Index(self._store.read).unindexed() - self._library.cards.keys()
        waiting_now = sorted(left)
        for at in range(0, len(waiting_now), TURN):
            self._index(waiting_now[at : at + TURN])

    def _index(self, slugs: Sequence[str]) -> None:
        self._store.write(lambda db: Index(db).index_originals(slugs))

    def _begin_anew(self, db: Database) -> None:
        index, posts = Index(db), PostsTable(db)
        index.clear_index()
        index.set_synonyms(self._lists.synonyms)
        for topic, phrases in self.outside.items():
            index.index_card(Document.outside(topic, phrases))
        posts.set_state("shipped", self._library.kept_cards())
        posts.set_state(KEPT, f"{self._digest}\n{json.dumps(self._lists.faults)}")
        posts.set_state("indexed", self._digest)

    def _digest_of_all(self) -> str:
        """Changes with every byte of the cards and of the lists."""
        whole = hashlib.sha256(f"{FORM} {self._library.digest} ".encode())
        for name in (SYNONYMS, OUTSIDE):
            path = self._words / name
            content = path.read_bytes() if path.is_file() else b""
            whole.update(f"{name} {len(content)} ".encode() + content)
        return whole.hexdigest()[:16]


def _document(entry: Entry) -> Document:
    card = entry.card
    assert card is not None
    return Document(
        entry.slug,
        not entry.teaches,
        (card.title,) if card.title else (),
        card.lessons,
        card.asks,
        card.keywords,
        tuple(shelf.body for shelf in (card, entry.original) if shelf),
    )
