"""Two layouts of a blog page: title first with a comment count, and day and month with a footer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.archives._line_kinds import (
    READ_MORE,
    Stamp,
    day_first,
    day_of_month,
    heading_month,
    is_comments,
    is_footer,
    is_heading,
    month_name,
    posted_on,
    stamp,
)
from bot.archives._title_detection import TITLE, Block, ends_a_sentence, opens
from bot.archives._worksheet import Draft, Worksheet, before_the_first, check_day

_FOOTER = 6  # lines with words that may stand below the date of a footer
_BYLINE = re.compile(
    r"(?:posted\s+|written\s+)?by:?\s+(?P<author>\S.{1,60}?[^.!?])|author:\s*(?P<name>.{2,60})",
    re.I,
)
_BY = re.compile(r"(?:posted\s+)?by:?\s+|author:\s*", re.I)


# Title first: the title, `31.03.2009 No comments`, an opening that ends in `Read more…`.


def teasers(sheet: Worksheet, days: dict[int, Stamp]) -> list[Draft]:
    """The posts of a page of openings. A post without a date line follows the end of another."""
    heading = next((line for line in sheet.bare if is_heading(line)), "")
    numbers = [day for day in days.values() if day.ambiguous]
    swap = not day_first(numbers, heading_month(heading))
    for at, line in enumerate(sheet.bare):
        if at in days or (is_heading(line) and "archive" in line.lower()):
            sheet.mark(at, "date" if at in days else "furniture")
    starts = sorted({_title_above(sheet, at) for at in days} | _after_read_more(sheet))
    if not starts:
        return []
    blog, drafts = before_the_first(sheet, starts[0])
    for start, stop in pairwise([*starts, len(sheet.bare)]):
        author = sheet.trim(start, stop) or _author_in(sheet, start, stop)
        drafts.append(Draft(start, stop, _day_in(sheet, days, start, stop, swap), author))
    return [replace(draft, blog=blog) for draft in drafts]


def _author_in(sheet: Worksheet, start: int, stop: int) -> str | None:
    """The author that the line of a post's day names."""
    lines = [sheet.bare[at] for at in range(start, stop) if sheet.kinds[at] == "date"]
    if found := next(filter(None, map(_BYLINE.fullmatch, lines)), None):
        return found["author"] or found["name"]
    return next((posted.author for line in lines if (posted := posted_on(line))), None)


def stand_above(sheet: Worksheet, days: dict[int, Stamp]) -> bool:
    """Whether on most days the title stands in the line above the date, and text below it."""
    fit = [at for at in days if _has_title_above(sheet, at)]
    return len(fit) * 2 > len(days)


def _top(sheet: Worksheet, at: int) -> int:
    """The line of a day, or of the byline right above it."""
    return at - 1 if at > 1 and _BYLINE.fullmatch(sheet.bare[at - 1]) else at


def _has_title_above(sheet: Worksheet, day: int) -> bool:
    at = _top(sheet, day)
    above = at > 0 and bool(sheet.bare[at - 1]) and (at < 2 or not sheet.bare[at - 2])
    below = next((line for line in sheet.bare[day + 1 :] if line), "")
    return above and _may_open(sheet, at - 1) and (len(below) > TITLE or ends_a_sentence(below))


def _title_above(sheet: Worksheet, at: int) -> int:
    """Where the post of a date line starts: at the title above it, or at the date itself."""
    if (top := _top(sheet, at)) != at:
        sheet.mark(top, "date")
        at = top
    above = next((n for n in range(at - 1, -1, -1) if sheet.kinds[n] != "blank"), None)
    if above is None or sheet.kinds[above] != "body" or not _may_open(sheet, above):
        return at
    sheet.mark(above, "title")
    return above


def _after_read_more(sheet: Worksheet) -> set[int]:
    """Where posts start without a date of their own: at a title below the end of an opening."""
    found = set()
    body = sheet.body(0, len(sheet.bare))
    for at, below in pairwise(n for n in body if not is_footer(sheet.bare[n])):
        if not READ_MORE.search(sheet.bare[at]) or "date" in sheet.kinds[at:below]:
            continue
        if "title" in sheet.kinds[at:below]:
            continue
        if _may_open(sheet, below):
            sheet.mark(below, "title")
            sheet.doubt(below, f"“{sheet.bare[below]}” has no date of its own.")
            found.add(below)
        else:
            sheet.doubt(below, "text below “Read more” was kept in the post above it.")
    return found


def _may_open(sheet: Worksheet, at: int) -> bool:
    line = sheet.bare[at]
    return opens(Block(at, (line,)), more_below=True) and not READ_MORE.search(line)


def _day_in(
    sheet: Worksheet, days: dict[int, Stamp], start: int, stop: int, swap: bool
) -> date | None:
    """The date of the one date line between `start` and `stop`; None if there is none."""
    for at in range(start, stop):
        if at in days:
            day = days[at].swapped if swap and days[at].ambiguous else days[at]
            return check_day(sheet, at, day)
    return None


# Day and month: `18`, `Mar`, the title, the text; then date, author, categories and comments.


def footed(sheet: Worksheet, corners: list[int]) -> list[Draft]:
    """The posts of a page whose posts have a day and a month above and the full date below."""
    blog, drafts = before_the_first(sheet, corners[0])
    for at in corners:
        sheet.mark(at, "date")
        sheet.mark(at + 1, "date")
    names: list[list[str]] = [[]] * len(drafts)
    for at, stop in pairwise([*corners, len(sheet.bare)]):
        footer = _footer(sheet, at + 2, stop)
        names.append(_names_below(sheet, footer, stop))
        sheet.trim(at + 2, footer)
        sheet.open_post(at + 2, footer)
        drafts.append(Draft(at + 2, footer, _published(sheet, at, footer, stop)))
    known = {lines[0] for lines in names if len(lines) > 1}
    authors = [lines[0] if lines and lines[0] in known else None for lines in names]
    return [
        replace(draft, author=author, blog=blog)
        for draft, author in zip(drafts, authors, strict=True)
    ]


def _footer(sheet: Worksheet, start: int, stop: int) -> int:
    """The line of a footer's date, else `stop`: below it stand only a few short lines."""
    for at in reversed(sheet.body(start, stop)):
        below = sheet.body(at + 1, stop)
        if len(below) > _FOOTER:
            break
        if stamp(sheet.bare[at]) and all(_is_short(sheet.bare[n]) for n in below):
            return at
    return stop


def _is_short(line: str) -> bool:
    return len(line) <= TITLE or is_comments(line)


def _names_below(sheet: Worksheet, footer: int, stop: int) -> list[str]:
    """The lines of a footer that are no date, tag or count: the author, then the categories."""
    below = sheet.body(footer + 1, stop)
    for at in below:
        sheet.mark(at, "furniture")
    lines = [sheet.bare[at] for at in below if not is_footer(sheet.bare[at])]
    return [_BY.sub("", line, count=1) for line in lines]


def _published(sheet: Worksheet, corner: int, footer: int, stop: int) -> date | None:
    """The date of the footer; None without one, for day and month have no year."""
    day = stamp(sheet.bare[footer]) if footer < stop else None
    if day is None:
        sheet.doubt(corner, "no footer gives the year of this date; the post has no date.")
        return None
    sheet.mark(footer, "date")
    if (day.day, day.month) != (int(sheet.bare[corner]), month_name(sheet.bare[corner + 1])):
        sheet.doubt(footer, "day or month are not those above the post; this line was believed.")
    return check_day(sheet, footer, day)


def is_corner(sheet: Worksheet, at: int) -> bool:
    """Whether a line is a day of the month and the next one a month."""
    below = at + 1 < len(sheet.bare) and month_name(sheet.bare[at + 1])
    return bool(day_of_month(sheet.bare[at]) and below)
