"""A Markdown file as a post: its facts from the front matter, its text from below."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.archives.line_kinds import READ_MORE, stamp
from bot.archives.worksheet import Kind, Worksheet
from bot.files.front_matter import FaultyHead, Head
from bot.library.post import Post, slug_of

_KINDS: dict[str, Kind] = {"title": "title", "published": "date", "date": "date"}


def markdown_post(sheet: Worksheet, head: Head) -> Post:
    """The one post of a file. Keys that we don't know are left alone. Raises FaultyHead."""
    for at in range(head.stop):
        sheet.mark(at, "furniture")
    for key, at in head.lines.items():
        sheet.mark(at, _KINDS.get(key, "furniture"))
    title = _text(head, "title") or _first_heading(sheet, head.stop)
    teaser = sheet.cut_read_more(head.stop, len(sheet.lines))
    text = sheet.text(head.stop, len(sheet.lines))
    if not text:
        raise FaultyHead(head.stop, "no text stands below the front matter.")
    body = READ_MORE.sub("", text, count=1) if teaser else text
    published = _published(head)
    return Post(
        slug=slug_of(title, published, body),
        title=title,
        author=_text(head, "author"),
        blog=_text(head, "blog"),
        published=published,
        url=_text(head, "url"),
        teaser=_flag(head, "teaser") or teaser,
        announcement=_flag(head, "announcement"),
        body=body,
    )


def _first_heading(sheet: Worksheet, start: int) -> str | None:
    """The text of a `# Heading` that opens the body."""
    first = next(iter(sheet.body(start, len(sheet.lines))), start)
    found = re.fullmatch(r"#\s+(.*?)[\s#]*", sheet.bare[first]) if sheet.bare[first:] else None
    if found:
        sheet.mark(first, "title")
    return found[1] if found else None


def _text(head: Head, key: str) -> str | None:
    value = head.facts.get(key)
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if value is not None and not isinstance(value, str):
        raise _fault(head, key, "is text; put it in quotes.")
    return " ".join((value or "").split()) or None


def _flag(head: Head, key: str) -> bool:
    value = head.facts.get(key, False)
    if not isinstance(value, bool):
        raise _fault(head, key, "is yes or no; write true or false.")
    return value


def _published(head: Head) -> date | None:
    """The day of `published` or `date`; a time of day is left out."""
    key = "published" if "published" in head.facts else "date"
    value = head.facts.get(key)
    if isinstance(value, str):
        day = stamp(re.sub(r"(?<=\d{4}-\d\d-\d\d)[T ].*", "", value.strip()))
        value = day and day.date
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or key not in head.facts:
        return value if isinstance(value, date) else None
    raise _fault(head, key, "is a date; write it like 2011-03-11.")


def _fault(head: Head, key: str, reason: str) -> FaultyHead:
    return FaultyHead(head.lines.get(key, 0) + 1, f"“{key}” {reason}")
