"""Posts and cards: what the library says about a post, its own text, and our words about it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.files.toml_table import TomlTable, load_markdown, read_markdown
from bot.text.sentences import words

LESSON = 280  # characters: the most that a lesson may have
MOMENTS = ("before", "during", "after", "review", "management", "daily")

_FACT = 300  # characters: the most that a title, an address or a question may have
_KEYS = (
    *("title", "author", "blog", "published", "url", "teaser", "announcement"),
    *("lessons", "rests_on", "cues", "asks", "keywords", "moments", "practices"),
)


@dataclass(frozen=True)
class Facts:
    """What is known about a post. None means that its page does not say."""

    slug: str
    title: str | None
    author: str | None
    blog: str | None
    published: date | None
    url: str | None
    teaser: bool
    announcement: bool


@dataclass(frozen=True)
class Post(Facts):
    """A post as its author wrote it; `body` keeps a blank line between paragraphs.

    `guid` names it for good, in every export and feed of its blog; None if its file has no such
    name. `file` is where it came from last; "" if nobody knows.
    """

    body: str
    guid: str | None = None
    file: str = ""


@dataclass(frozen=True)
class PostCard(Facts):
    """A post in our words. `rests_on` has one entry per lesson: the hash of a sentence of the
    original (`citations.sentence_hash`), or an empty text. `cues` has one as well: words of
    people who need this lesson rather than another of the post."""

    lessons: tuple[str, ...]
    rests_on: tuple[str, ...]
    cues: tuple[str, ...]
    asks: tuple[str, ...]
    keywords: tuple[str, ...]
    moments: tuple[str, ...]
    practices: tuple[str, ...]
    body: str

    @property
    def text(self) -> str:
        """All that may be quoted from the card: its lessons and its body, a blank line between."""
        return "\n\n".join(part for part in (*self.lessons, self.body) if part)


def slug_of(title: str | None, published: date | None, body: str) -> str:
    """`2011-03-11-first-and-ten`: the date or `undated`, then the title or six words of text."""
    named = _ascii_words(title or "") or _ascii_words(body)[:6] or ["untitled"]
    return "-".join([published.isoformat() if published else "undated", *named])


def _ascii_words(text: str) -> list[str]:
    """Words for a slug: lower case, accents off where a plain letter is left."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return words(plain.replace("_", " "))


def load_cards(folder: Path) -> tuple[dict[str, PostCard], list[str]]:
    """The cards of a folder by slug, in the order of their files, and a sentence for each fault."""
    return load_markdown(folder, read_card)


def read_card(text: str, slug: str) -> PostCard:
    """The card of the file `<slug>.md`. Raises CoachError with the file, the line and the key."""
    table, body = read_markdown(text, f"{slug}.md", "a card")
    table.only(*_KEYS)
    lessons = table.texts("lessons", LESSON)
    card = PostCard(
        slug=slug,
        title=table.text("title", _FACT, default="") or None,
        author=table.text("author", _FACT, default="") or None,
        blog=table.text("blog", _FACT, default="") or None,
        published=_published(table),
        url=table.text("url", _FACT, default="") or None,
        teaser=table.flag("teaser"),
        announcement=table.flag("announcement"),
        lessons=lessons,
        rests_on=_rests_on(table, len(lessons)),
        cues=_cues(table, lessons),
        asks=table.texts("asks", _FACT),
        keywords=table.texts("keywords", _FACT),
        moments=_moments(table),
        practices=table.texts("practices"),
        body=body.strip(),
    )
    _check_name(card, table)
    return card


def _published(table: TomlTable) -> date | None:
    value = table.values.get("published")
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise table.fault("published", "“published” is a date; write it like 2011-03-11.")
    return value


def _rests_on(table: TomlTable, lessons: int) -> tuple[str, ...]:
    """One hash or empty text per lesson; a card that says nothing rests each on nothing."""
    found = table.values.get("rests_on", [""] * lessons)
    if not isinstance(found, list) or not all(_is_hash(each) for each in found):
        raise table.fault("rests_on", "“rests_on” is a list of twelve hex digits or empty texts.")
    if len(found) != lessons:
        raise table.fault("rests_on", f"“rests_on” has {len(found)} parts for {lessons} lessons.")
    return tuple(found)


def _cues(table: TomlTable, lessons: tuple[str, ...]) -> tuple[str, ...]:
    """Some words per lesson; in a card that says nothing, the lesson's own."""
    found = table.texts("cues", LESSON) or lessons
    if len(found) != len(lessons):
        raise table.fault("cues", f"“cues” has {len(found)} parts for {len(lessons)} lessons.")
    return found


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([0-9a-f]{12})?", value) is not None


def _moments(table: TomlTable) -> tuple[str, ...]:
    moments = table.texts("moments")
    for moment in moments:
        if moment not in MOMENTS:
            known = ", ".join(MOMENTS)
            raise table.fault("moments", f"“moments” can't hold “{moment}”; use one of: {known}.")
    return moments


def _check_name(card: PostCard, table: TomlTable) -> None:
    """A card is found by its post's slug. For an untitled post our words tell the date only."""
    slug = slug_of(card.title, card.published, card.body)
    dated = slug[: len("2011-03-30-")] if card.published else "undated-"
    if card.slug != slug and (card.title or not card.slug.startswith(dated)):
        wanted = slug if card.title else f"{dated}…"
        raise table.fault("title", f"by its title and date this card's file is {wanted}.md.")
