"""The layout with the date first: `Thursday, March 31, 2011`, the title, the text; a day may hold
a second post, whose title only looks different from a line of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.archives._line_kinds import Stamp, is_comments, is_footer, stamp
from bot.archives._title_detection import SURE, Candidate, candidates, ends_a_sentence, opens
from bot.archives._worksheet import Draft, Worksheet, before_the_first, check_day

_SECTION = 500  # characters: so much stands below each of several second titles of one day

Span = tuple[int, int]


def day_lines(sheet: Worksheet) -> dict[int, Stamp]:
    """Lines that are a date and nothing else; if any names its weekday, those that do."""
    found = {at: day for at, line in enumerate(sheet.bare) if (day := stamp(line))}
    named = {at: day for at, day in found.items() if day.weekday}
    return named or found


def dated(sheet: Worksheet, days: dict[int, Stamp]) -> list[Draft]:
    """The posts of a page whose posts stand below the line of their day."""
    starts = sorted(days)
    blog, drafts = before_the_first(sheet, starts[0])
    for at in starts:
        sheet.mark(at, "date")
    usual = _usual_gap(sheet, starts)
    for at, stop in pairwise([*starts, len(sheet.bare)]):
        day = check_day(sheet, at, days[at])
        _open_day(sheet, at, stop, usual)
        for first, last in _spans(sheet, at + 1, stop):
            drafts.append(Draft(first, last, day, sheet.trim(first, last)))
    return [replace(draft, blog=blog) for draft in _with_second_posts(sheet, drafts)]


def _usual_gap(sheet: Worksheet, starts: Sequence[int]) -> int:
    """How many blank lines stand between a day and its title on most days."""
    gaps = Counter(_gap(sheet, at) for at in starts)
    return max(gaps, key=lambda gap: (gaps[gap], -gap))


def _gap(sheet: Worksheet, at: int) -> int:
    below = next((n for n in range(at + 1, len(sheet.bare)) if sheet.bare[n]), len(sheet.bare))
    return below - at - 1


def _open_day(sheet: Worksheet, at: int, stop: int, usual: int) -> None:
    """Mark the title of a day's first post. A missing title leaves its blank line behind."""
    first = sheet.blocks(at + 1, stop)[:1]
    if _gap(sheet, at) <= usual or (first and not ends_a_sentence(first[0].lines[0])):
        sheet.open_post(at + 1, stop)


def _spans(sheet: Worksheet, start: int, stop: int) -> list[Span]:
    """A day, cut below each comment count that more text follows."""
    spans = [(start, stop)]
    for at in sheet.body(start, stop):
        below = [part for part in sheet.blocks(at + 1, stop) if not is_footer(part.lines[0])]
        if not is_comments(sheet.bare[at]) or not below:
            continue
        if opens(below[0], more_below=len(below) > 1):
            first, _ = spans.pop()
            sheet.mark(below[0].at, "title")
            spans += [(first, below[0].at), (below[0].at, stop)]
        else:
            sheet.doubt(below[0].at, "text below a comment count was kept in the post above it.")
    return spans


def _with_second_posts(sheet: Worksheet, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, cut at lines in their middle that are titles of further posts of the day."""
    spans = [(draft.start, draft.stop) for draft in drafts]
    found = candidates([(sheet.title(*span), sheet.blocks(*span)) for span in spans])
    posts = []
    for draft in drafts:
        inside = [line for line in found if draft.start <= line.at < draft.stop]
        cuts = [draft.start, *_titles(sheet, inside, draft.stop), draft.stop]
        posts += [replace(draft, start=first, stop=last) for first, last in pairwise(cuts)]
    return posts


def _titles(sheet: Worksheet, lines: Sequence[Candidate], stop: int) -> list[int]:
    """Which candidates of a post are titles. Several with short parts below are sub-headings."""
    likely = [line for line in lines if line.points >= SURE]
    ends = [*(line.at for line in likely[1:]), stop]
    if len(likely) > 1:
        likely = [
            line
            for line, end in zip(likely, ends, strict=True)
            if len(sheet.text(line.at + 1, end)) >= _SECTION
        ]
    for line in lines:
        if line in likely:
            sheet.mark(line.at, "title")
            sheet.doubt(
                line.at, f"“{line.text}” was taken for the title of a second post that day."
            )
        elif line.looks_like_one:
            sheet.doubt(line.at, f"“{line.text}” reads like a title; it was kept as text.")
    return [line.at for line in likely]
