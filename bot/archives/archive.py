"""What a file holds: its posts, what was left out of it and why, and what was doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import NamedTuple

from bot.archives._line_kinds import READ_MORE
from bot.archives._worksheet import KINDS, Kind
from bot.errors import CoachError
from bot.library.post import Post, slug_of

Told = Callable[[], None]  # called after each post
_END = 250  # characters of a text where a link to the rest may stand
UNTITLED = 40  # characters of a text that stand for its title in a doubt


class LeftOut(NamedTuple):
    """Something in a file that is no published post: `kind` says what, such as "drafts"."""

    kind: str
    title: str | None = None
    published: date | None = None
    url: str | None = None
    guid: str | None = None
    file: str = ""

    @property
    def slug(self) -> str:
        """What it was called if it came in before anybody knew that it must not."""
        return slug_of(self.title, self.published, "")


@dataclass(frozen=True)
class Archive:
    """What a file holds: its posts in its order, what each line was taken for, and doubts.

    `kinds` is empty for a page or a feed, which has elements and not lines.
    """

    name: str
    posts: tuple[Post, ...]
    kinds: tuple[Kind, ...] = ()
    doubts: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def lines(self) -> dict[Kind, int]:
        """How many lines were body, title, date, furniture and blank: all lines of the file."""
        found = Counter(self.kinds)
        return {kind: found[kind] for kind in KINDS}

    @property
    def left_out_by_kind(self) -> dict[str, int]:
        """How many of each kind were left out, in the order in which they were met."""
        return dict(Counter(each.kind for each in self.left_out))


class UnreadableArchive(CoachError):
    """A file that is refused whole; the message names it, the line and the reason."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason


class NotRead(NamedTuple):
    """A file among others that was not read, and why."""

    name: str
    why: str


@dataclass
class Harvest:
    """Gathers what a reader finds in one file, or in the files of one export."""

    name: str
    told: Told = lambda: None
    posts: dict[str, Post] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    _met: int = 0

    def add(self, post: Post) -> None:
        """Keep a post under a slug of its own; one without text is a doubt."""
        self._met += 1
        where = post.file or f"post {self._met}"
        if not post.body:
            self.doubts.append(f"{where}: there is no text in “{post.title or post.url or 'it'}”.")
            return
        if post.published is None:
            self.doubts.append(
                f"{where}: there is no date on “{post.title or post.body[:UNTITLED]}”."
            )
        slug = post.slug
        if slug in self.posts:
            slug = next(s for n in count(2) if (s := f"{post.slug}-{n}") not in self.posts)
            self.doubts.append(f"{where}: date and name are those of a post above; this is {slug}.")
        self.posts[slug] = replace(post, slug=slug)
        self.told()

    def leave(self, left: LeftOut) -> None:
        self.left_out.append(left)

    def archive(self) -> Archive:
        """What was gathered. Raises UnreadableArchive if there was nothing at all."""
        if not self.posts and not self.left_out:
            raise UnreadableArchive(self.name, 1, "no text of a post stands in it.")
        posts = tuple(self.posts.values())
        return Archive(self.name, posts, (), tuple(self.doubts), tuple(self.left_out))


def counted(kind: str, n: int) -> str:
    """The name of a kind after its number: kinds are named in the plural."""
    return kind.removesuffix("s") if n == 1 and kind.endswith("s") else kind


def post_of(
    title: str | None,
    body: str,
    published: date | None,
    author: str | None = None,
    blog: str | None = None,
    url: str | None = None,
    teaser: bool = False,
    guid: str | None = None,
    file: str = "",
) -> Post:
    """A post by what was found of it; a link to the rest at its end makes it a teaser."""
    end = max(0, len(body) - _END)
    text = body[:end] + READ_MORE.sub("", body[end:], count=1)
    return Post(
        slug=slug_of(title, published, text),
        title=title,
        author=author,
        blog=blog,
        published=published,
        url=url,
        teaser=teaser or text != body,
        announcement=False,
        body=text,
        guid=guid,
        file=file,
    )
