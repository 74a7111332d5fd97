"""The library: each post as its card, its original, or both, and the quotes that stand in them."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from bot.library.citation import Citation
from bot.library.identity import Named
from bot.library.post import Post, PostCard
from bot.library.shipped_cards import OUTSIDE, SYNONYMS, shipped, to_text
from bot.library.table import Document, Shelf, digest_of
from bot.search.outside_topics import load_outside
from bot.search.ranking import stems_of
from bot.search.synonyms import load_synonyms
from bot.storage.database import Database
from bot.storage.store import Store
from bot.text.advice import ADVISES, advice
from bot.text.sentences import Sentence, find_sentence, sentences, words

# A sentence that is quoted should read alone on a phone.
QUOTE_CHARS = (30, 320)
TIP = 500  # characters of lesson, quote and source together
_CLAUSE = re.compile(r"(?<=[\w\"”’)])(?=[,;:.]? [–—-]+ |[,;:] )")  # where a quote may be cut
DERIVED_LESSONS = 5
DERIVED_CHARS = (38, 280)
_WHOLE = re.compile(r"(?<![.…])[.!?:][\"”’')\]]*$")  # a sentence that is not cut off
_LABEL = 60  # characters beside the title in a source: "Our note on", author and day


class Source(NamedTuple):
    """A quote with all that is shown beside it. `shelf` is "original" or "card".

    `clipped` tells that the sentence goes on after the quote.
    """

    post: str
    title: str
    author: str | None
    blog: str | None
    published: date | None
    quote: str
    shelf: str
    clipped: bool = False


def said_on(day: date | None) -> str:
    """`11 Mar 2011`, or "undated"."""
    return f"{day.day} {day:%b %Y}" if day else "undated"


def label(source: Source, drawn: Callable[[str], str] = str, mark: str = "") -> str:
    """`Our note on First and Ten · Will · 11 Mar 2011`, the title between marks."""
    title = f"{mark}{drawn(source.title)}{mark}"
    about = title if source.shelf == "original" else f"Our note on {title}"
    who = source.author or source.blog
    return " · ".join(filter(None, [about, who and drawn(who), said_on(source.published)]))


@dataclass(frozen=True)
class Entry:
    """One post of the library. At least one of `card` and `original` is there."""

    slug: str
    card: PostCard | None
    original: Post | None

    @property
    def facts(self) -> PostCard | Post:
        """The card's facts, which a person checked, else those that the import found."""
        found = self.card or self.original
        assert found is not None
        return found

    @property
    def shelf(self) -> str:
        return "original" if self.original else "card"

    @property
    def text(self) -> str:
        """What may be quoted: the original if it was imported, else the card's own words."""
        if self.original:
            return self.original.body
        return _quotable(self.card) if self.card else ""

    @property
    def name(self) -> str:
        """The title, or the first words of a post that has none."""
        if self.facts.title:
            return self.facts.title
        start = (self.original.body if self.original else self.slug[11:].replace("-", " ")).split()
        return f"“{' '.join(start[:6]).capitalize()} …”"

    @property
    def teaches(self) -> bool:
        return not self.facts.announcement

    @cached_property
    def lessons(self) -> tuple[str, ...]:
        """The card's lessons; of a post without a card, its best sentences."""
        if self.card:
            return self.card.lessons
        return _best_sentences(self.text, self.facts.teaser) if self.teaches else ()

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """All that may be said to a question: the lessons, or every sentence that advises."""
        if self.card or not self.teaches:
            return self.lessons
        return _advice_in(self.text, self.facts.teaser) or self.lessons

    @property
    def cues(self) -> tuple[str, ...]:
        """For each lesson the words that call for it."""
        return self.card.cues if self.card else self.lessons

    def as_post(self) -> Post:
        """The facts with the body that may be quoted."""
        f = self.facts
        body = self.original.body if self.original else (self.card.body if self.card else "")
        return Post(
            self.slug,
            f.title,
            f.author or (self.original.author if self.original else None),
            f.blog or (self.original.blog if self.original else None),
            f.published,
            f.url or (self.original.url if self.original else None),
            f.teaser,
            f.announcement,
            body,
        )

    def cite(self, lesson: str) -> Citation:
        """The sentence that `lesson` rests on: the one its card names, else the nearest one.

        A sentence that would make the tip too long is cut at the end of a clause.
        """
        chosen = self._named(lesson) or _nearest(self.text, lesson)
        said = 0 if chosen.text.startswith(lesson) else len(lesson)  # `Tip.quotes_alone`
        room = TIP - said - len(self.name) - _LABEL
        end = chosen.start + len(_clipped(chosen.text, max(room, QUOTE_CHARS[0])))
        return Citation(self.slug, self.shelf, digest_of(self.text), chosen.start, end)

    def _named(self, lesson: str) -> Sentence | None:
        if not self.card:
            return next((s for s in sentences(self.text) if s.text.startswith(lesson)), None)
        if not (self.original and lesson in self.card.lessons):
            return None
        wanted = self.card.rests_on[self.card.lessons.index(lesson)]
        return find_sentence(self.original.body, wanted) if wanted else None


class Library:
    """All posts, re-read when an import changed them. Safe to use from several threads."""

    def __init__(self, store: Store, cards: Path, words: Path | None = None) -> None:
        """`words` is the folder of lists of words, by default the one shipped beside the cards."""
        self._store = store
        self._words = words or cards.parent / "prompts"
        kept = partial(Shelf(store.read).state, "shipped")
        self._shipped = shipped(cards, self._words, kept)
        self.faults = [*self._shipped.faults]
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._fingerprint: str | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Every post by slug, in the order of the slugs."""
        fingerprint = Shelf(self._store.read).fingerprint()
        with self._lock:
            if fingerprint != self._fingerprint:
                self._entries = self._joined()
                self._fingerprint = fingerprint
            return self._entries

    @cached_property
    def outside(self) -> Mapping[str, tuple[str, ...]]:
        """How people ask about what no post is on, by topic."""
        return load_outside(self._words / OUTSIDE)[0]

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
        return self._store.write(lambda db: Shelf(db).put(kept, now))

    def plan(self, posts: Iterable[Post]) -> list[str]:
        """What `put` would say, without keeping anything."""
        return [plan.outcome for plan in Shelf(self._store.read).plan(posts)]

    def still_in(self, left_out: Iterable[Named], posts: Iterable[Post]) -> list[Entry]:
        """The posts that came in before anybody knew that they must not; `posts` are sure to be."""
        joiner = Shelf(self._store.read).joiner()
        sure = {slug for slug, known in joiner.join(list(posts)) if known}
        found = {known.slug for one in left_out if (known := joiner.left(one))} - sure
        entries = self.entries()
        return [entries[slug] for slug in sorted(found) if slug in entries]

    def as_before(self, file: str, digest: str) -> str | None:
        """What was noted of a file that is as it was then, if no post was reworked since."""
        shelf = Shelf(self._store.read)
        kept, _, lines = (shelf.state(f"file {file}") or "").partition("\n")
        return lines if kept == f"{digest} {shelf.reworked()}" else None

    def note(self, file: str, digest: str, lines: str) -> None:
        """Keep what is to be said if the file comes again as it is."""
        self._store.write(
            lambda db: Shelf(db).set_state(
                f"file {file}", f"{digest} {Shelf(db).reworked()}\n{lines}"
            )
        )

    def remove(self, slugs: Iterable[str]) -> int:
        """Take imported posts out, in one transaction; a card of ours stays. Says how many."""
        gone = list(slugs)
        cards = self._shipped.cards
        done = self._store.write(lambda db: Shelf(db).remove(gone, cards))
        self.index()
        return done

    def index(self) -> None:
        """Bring the search index up to date with the files and the originals."""
        shelf = Shelf(self._store.read)
        anew = shelf.state("indexed") != self._shipped.digest
        waiting = shelf.unindexed()
        if not anew and not waiting:
            return
        cards = self._shipped.cards.items()
        entries = [Entry(s, c, shelf.original(s)) for s, c in cards if anew or s in waiting]

        def work(db: Database) -> None:
            if anew:
                Shelf(db).clear_index()
                Shelf(db).set_synonyms(load_synonyms(self._words / SYNONYMS)[0])
                Shelf(db).set_state("shipped", to_text(self._shipped))
                Shelf(db).set_state("indexed", self._shipped.digest)
                for topic, phrases in self.outside.items():
                    Shelf(db).index_card(Document.outside(topic, phrases))
            for entry in entries:
                Shelf(db).index_card(_document(entry))
            Shelf(db).index_originals()

        self._store.write(work)

    def _joined(self) -> dict[str, Entry]:
        originals = Shelf(self._store.read).originals()
        cards = self._shipped.cards
        slugs = sorted(cards.keys() | originals.keys())
        return {s: Entry(s, cards.get(s), originals.get(s)) for s in slugs}

    def _text(self, entry: Entry, citation: Citation) -> str | None:
        if citation.shelf == "original":
            return Shelf(self._store.read).text(entry.slug, citation.digest)
        text = _quotable(entry.card) if entry.card else ""
        return text if digest_of(text) == citation.digest else None


def _quotable(card: PostCard) -> str:
    return card.body or "\n".join(card.lessons)


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


def _readable(text: str, chars: tuple[int, int] = QUOTE_CHARS) -> list[Sentence]:
    """Sentences of a fit length, else whatever there is."""
    every = sentences(text)
    return [s for s in every if chars[0] <= len(s.text) <= chars[1]] or every


def _clipped(sentence: str, most: int) -> str:
    """The sentence, or as many of its clauses as `most` characters hold, or of its words."""
    if len(sentence) <= most:
        return sentence
    ends = [m.start() for m in _CLAUSE.finditer(sentence) if most / 3 <= m.start() <= most]
    if ends:
        return sentence[: ends[-1]]
    return sentence[: most + 1].rpartition(" ")[0] or sentence[:most]


def _goes_on(text: str, end: int) -> bool:
    """Whether a sentence of `text` starts before `end` and stops after it."""
    line = text.rfind("\n", 0, end) + 1
    stop = text.find("\n", end)
    here = sentences(text[line : stop if stop >= 0 else len(text)])
    return any(s.start < end - line < s.end for s in here)


def _nearest(text: str, wanted: str) -> Sentence:
    """The sentence that shares most of its stems with `wanted`; words like "the" don't count."""
    goal = stems_of(wanted)

    def nearness(sentence: Sentence) -> float:
        own = stems_of(sentence.text)
        return len(own & goal) / (len(own) + 5)

    return max(_readable(text), key=nearness, default=Sentence(0, len(text), text))


def _best_sentences(text: str, cut: bool) -> tuple[str, ...]:
    """What a post says best: what advises, and is nearest to what the whole post is about.

    They stand in their own order. Of a text without any advice they are those that are nearest.
    """
    found = _quotable_sentences(text, cut)
    advising = [s for s in found if advice(s.text) >= ADVISES] or found
    about = Counter(word for word in words(text) if len(word) > 3)
    most = max(about.values(), default=1)

    def weight(sentence: Sentence) -> float:
        own = {w for w in words(sentence.text) if len(w) > 3}
        return advice(sentence.text) + sum(about[w] for w in own) / (len(own) + 5) / most

    best = sorted(advising, key=weight, reverse=True)[:DERIVED_LESSONS]
    return tuple(_clipped(s.text, DERIVED_CHARS[1]) for s in sorted(best))


def _advice_in(text: str, cut: bool) -> tuple[str, ...]:
    """All sentences that advise, the plainest advice first."""
    advising = [s for s in _quotable_sentences(text, cut) if advice(s.text) >= ADVISES]
    best = sorted(advising, key=lambda s: -advice(s.text))
    return tuple(_clipped(s.text, DERIVED_CHARS[1]) for s in best)


def _quotable_sentences(text: str, cut: bool) -> list[Sentence]:
    """Sentences of a fit length; where only the beginning of a post is there, no half one."""
    found = _readable(text, DERIVED_CHARS)
    if cut and len(found) > 1:
        found = [s for s in found if s.end < len(text.rstrip()) or _WHOLE.search(s.text)]
    whole = [s for s in found if _WHOLE.search(s.text)]
    return whole or found
