"""The work sheet on which an archive is read: its lines, what each was taken for, and doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.archives._line_kinds import (
    READ_MORE,
    Stamp,
    folded,
    is_feed,
    is_footer,
    is_heading,
    posted_by,
)
from bot.archives._title_detection import TITLE, Block, ends_a_sentence, opens

Kind = Literal["body", "title", "date", "furniture", "blank"]
MOTTO = 60  # characters: a longer sentence above the first post is text
KINDS: tuple[Kind, ...] = ("body", "title", "date", "furniture", "blank")


@dataclass(frozen=True)
class Draft:
    """Where a post stands: among lines `start` to `stop` (from 0), those marked title and body."""

    start: int
    stop: int
    published: date | None = None
    author: str | None = None
    blog: str | None = None


@dataclass
class Worksheet:
    """Lines are counted from 0 here; what people read counts from 1."""

    lines: Sequence[str]
    bare: list[str] = field(init=False)
    kinds: list[Kind] = field(init=False)
    doubts: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bare = [folded(line) for line in self.lines]
        self.kinds = ["body" if line else "blank" for line in self.bare]

    def mark(self, at: int, kind: Kind) -> None:
        """Take a line for something; a blank line stays one."""
        if self.kinds[at] != "blank":
            self.kinds[at] = kind

    def doubt(self, at: int, sentence: str) -> None:
        self.doubts.append((at, sentence))

    def body(self, start: int, stop: int) -> list[int]:
        """The lines that are text of a post, so far."""
        return [at for at in range(start, stop) if self.kinds[at] == "body"]

    def blocks(self, start: int, stop: int) -> list[Block]:
        """Runs of body lines between `start` and `stop`."""
        return [
            Block(run[0], tuple(self.bare[at] for at in run)) for run in self._runs(start, stop)
        ]

    def _runs(self, start: int, stop: int) -> Iterator[list[int]]:
        run: list[int] = []
        for at in range(start, stop + 1):
            if at < stop and self.kinds[at] == "body":
                run.append(at)
            elif run:
                yield run
                run = []

    def open_post(self, start: int, stop: int) -> None:
        """Mark the title at the head of a post, if it has one."""
        blocks = self.blocks(start, stop)
        if blocks and opens(blocks[0], more_below=len(blocks) > 1 or len(blocks[0].lines) > 1):
            self.mark(blocks[0].at, "title")

    def title(self, start: int, stop: int) -> str | None:
        return next((self.bare[at] for at in range(start, stop) if self.kinds[at] == "title"), None)

    def trim(self, start: int, stop: int) -> str | None:
        """Mark the footer at the end of a post; the author, if the footer names one."""
        author = None
        for at in reversed(self.body(start, stop)):
            if not is_footer(self.bare[at]):
                break
            self.mark(at, "furniture")
            author = posted_by(self.bare[at]) or author
        return author

    def cut_read_more(self, start: int, stop: int) -> bool:
        """Whether the text ends in a link to the rest; a line that is only that link is marked."""
        last = self.body(start, stop)[-1:]
        found = READ_MORE.search(self.bare[last[0]]) if last else None
        if found and found.start() == 0:
            self.mark(last[0], "furniture")
        return found is not None

    def text(self, start: int, stop: int) -> str:
        """The text of a post: its lines as they stand, one blank line between paragraphs."""
        paragraphs = []
        for run in self._runs(start, stop):
            paragraphs.append("\n".join(self.lines[at].rstrip() for at in run))
        return "\n\n".join(paragraphs)


def before_the_first(sheet: Worksheet, stop: int) -> tuple[str | None, list[Draft]]:
    """The blog's name above the first post, and what else stands there, if that is a post too."""
    tops = [at for at in range(stop) if _is_top(sheet.bare[at])]
    for at in tops:
        sheet.mark(at, "furniture")
    edge = tops[-1] if tops else 0
    blog, drafts = None, []
    for first, last in ((0, edge), (edge, stop)):
        rest = sheet.body(first, last)
        if rest and _are_names([sheet.bare[at] for at in rest]):
            name = _name_of_the_blog(sheet, rest, stop)
            blog = blog or name
        elif rest:
            sheet.open_post(rest[0], last)
            sheet.doubt(rest[0], "this text above the first date was taken for an undated post.")
            drafts.append(Draft(rest[0], last))
    return blog, drafts


def _is_top(line: str) -> bool:
    return is_heading(line) or is_feed(line) or is_footer(line)


def _are_names(lines: Sequence[str]) -> bool:
    """Whether lines may be a blog's name and motto: a few, and no sentence of any length."""
    sentence = any(ends_a_sentence(line) and len(line) > MOTTO for line in lines)
    return len(lines) <= 3 and not sentence and all(len(line) <= TITLE for line in lines)


def _name_of_the_blog(sheet: Worksheet, rest: Sequence[int], stop: int) -> str:
    for at in rest:
        sheet.mark(at, "furniture")
    name = sheet.bare[rest[0]]
    if not any(is_feed(line) for line in sheet.bare[:stop]):
        sheet.doubt(rest[0], f"“{name}” was taken for the name of the blog.")
    return name


def check_day(sheet: Worksheet, at: int, day: Stamp) -> date | None:
    """The date that a line gives; None, and a doubt, if there is no such day."""
    if day.date is None:
        sheet.doubt(at, f"“{sheet.bare[at]}” is no day of the calendar; the post has no date.")
    elif day.weekday_is_wrong:
        sheet.doubt(at, f"“{sheet.bare[at]}” was another day of the week; the date was believed.")
    return day.date
