"""The library: each post as its card, its original, or both, and the quotes that stand in them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.library._shipped_cards import shipped, to_text
from bot.library.citation import Citation, digest_of
from bot.library.entry import Entry, _quotable
from bot.library.identity import Named
from bot.library.post import Post, PostCard
from bot.library.source import Source
from bot.library.table import Plan, PostsTable
from bot.storage.database import Database
from bot.storage.store import Store
from bot.text.sentences import sentences

TURN = 50  # posts that are written in one go, for others to write in between


class Library:
    """All posts, re-read when an import changed them. Safe to use from several threads."""

    def __init__(self, store: Store, cards: Path) -> None:
        self._store = store
        kept = partial(PostsTable(store.read).state, "shipped")
        self._shipped = shipped(cards, kept)
        self.faults = [*self._shipped.faults]
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._fingerprint: str | None = None

    @property
    def digest(self) -> str:
        """Changes with every byte of a card."""
        return self._shipped.digest

    @property
    def cards(self) -> Mapping[str, PostCard]:
        return self._shipped.cards

    def kept_cards(self) -> str:
        """The cards as text, for a note that spares the next start their reading."""
        return to_text(self._shipped)

    def entries(self) -> Mapping[str, Entry]:
        """Every post by slug, in the order of the slugs."""
        fingerprint = PostsTable(self._store.read).fingerprint()
        with self._lock:
            if fingerprint != self._fingerprint:
                self._entries = self._joined()
                self._fingerprint = fingerprint
            return self._entries

    def source(self, citation: Citation) -> Source | None:
        """The quote, checked once more; None when its text is gone."""
        entry = self.entries().get(citation.post)
        if entry is None or (text := self._text(entry, citation)) is None:
            return None
        post = entry.as_post()
        return Source(
            *(entry.slug, entry.name, post.author, post.blog, post.published),
            quote=text[citation.start : citation.end],
            shelf=citation.shelf,
            clipped=_goes_on(text, citation.end),
        )

    def put(self, posts: Iterable[Post], now: datetime) -> list[str]:
        """Import posts in one transaction; says of each "new", "changed" or "same"."""
        kept = list(posts)
        return self._store.write(lambda db: PostsTable(db).put(kept, now))

    def put_in_turns(self, posts: Iterable[Post], now: datetime) -> None:
        """Like `put`, but a few at a time, for others to write in between. Each turn is kept; none
        is seen before the last."""
        plans = PostsTable(self._store.read).plan(posts)
        for at in range(0, len(plans), TURN):
            self._keep(plans[at : at + TURN], now)
        if plans:
            self._store.write(lambda db: PostsTable(db).raise_version())

    def _keep(self, plans: list[Plan], now: datetime) -> None:
        self._store.write(lambda db: PostsTable(db).keep(plans, now, more=True))

    def plan(self, posts: Iterable[Post]) -> list[str]:
        """What `put` would say, without keeping anything."""
        return [plan.outcome for plan in PostsTable(self._store.read).plan(posts)]

    def still_in(self, left_out: Iterable[Named], posts: Iterable[Post]) -> list[Entry]:
        """The posts that came in before anybody knew that they must not; `posts` are sure to be."""
        joiner = PostsTable(self._store.read).joiner()
        sure = {slug for slug, known in joiner.join(list(posts)) if known}
        found = {known.slug for one in left_out if (known := joiner.left(one))} - sure
        entries = self.entries()
        return [entries[slug] for slug in sorted(found) if slug in entries]

    def as_before(self, file: str, digest: str) -> str | None:
        """What was noted of a file that is as it was then, if no post was reworked since."""
        shelf = PostsTable(self._store.read)
        kept, _, lines = (shelf.state(f"file {file}") or "").partition("\n")
        return lines if kept == f"{digest} {shelf.reworked()}" else None

    def note(self, file: str, digest: str, lines: str) -> None:
        """Keep what is to be said if the file comes again as it is."""
        self._store.write(
            lambda db: PostsTable(db).set_state(
                f"file {file}", f"{digest} {PostsTable(db).reworked()}\n{lines}"
            )
        )

    def remove(self, slugs: Iterable[str], also: Callable[[Database, int], None]) -> int:
        """Take imported posts out, in one transaction; a card of ours stays. Says how many, and
        tells `also` in that transaction.

        The index knows of it after its next update."""
        cards, asked = self._shipped.cards, list(slugs)

        def work(db: Database) -> int:
            gone = PostsTable(db).remove(asked, cards)
            also(db, gone)
            return gone

        return self._store.write(work)

    def _joined(self) -> dict[str, Entry]:
        originals = PostsTable(self._store.read).originals()
        cards = self._shipped.cards
        slugs = sorted(cards.keys() | originals.keys())
        return {s: Entry(s, cards.get(s), originals.get(s)) for s in slugs}

    def _text(self, entry: Entry, citation: Citation) -> str | None:
        if citation.shelf == "original":
            return PostsTable(self._store.read).text(entry.slug, citation.digest)
        text = _quotable(entry.card) if entry.card else ""
        return text if digest_of(text) == citation.digest else None


def _goes_on(text: str, end: int) -> bool:
    """Whether a sentence of `text` starts before `end` and stops after it."""
    line = text.rfind("\n", 0, end) + 1
    stop = text.find("\n", end)
    here = sentences(text[line : stop if stop >= 0 else len(text)])
    return any(s.start < end - line < s.end for s in here)
