"""One post of the library: its card, its original, or both; what it teaches and may be quoted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from bot.library.citation import Citation, digest_of
from bot.library.post import Post, PostCard
from bot.text.advice import ADVISES, advice
from bot.text.sentences import Sentence, find_sentence, sentences, words
from bot.text.stems import stems_of

# A sentence that is quoted should read alone on a phone.
QUOTE_CHARS = (30, 320)


TIP = 500  # characters of lesson, quote and source together


_CLAUSE = re.compile(r"(?<=[\w\"”’)])(?=[,;:.]? [–—-]+ |[,;:] )")  # where a quote may be cut


DERIVED_LESSONS = 5


DERIVED_CHARS = (38, 280)


_WHOLE = re.compile(r"(?<![.…])[.!?][\"”’')\]]*$")  # a sentence that is not cut off


_LABEL = 60  # characters beside the title in a source: "Our note on", author and day


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


def _quotable(card: PostCard) -> str:
    return card.body or "\n".join(card.lessons)


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
    whole = [s for s in found if _WHOLE.search(s.text)]
    return whole if whole or cut else found
