"""Plain text of blog pages becomes posts, and every line is accounted for."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

from bot.archives._layout_by_day import dated, day_lines
from bot.archives._layout_by_title import footed, is_corner, stand_above, teasers
from bot.archives._line_kinds import MONTHS, READ_MORE, counted_stamp, is_heading, posted_on
from bot.archives._worksheet import Draft, Worksheet
from bot.archives.archive import Archive, UnreadableArchive
from bot.library.post import Post, slug_of

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16


def read_archive(data: bytes, name: str) -> Archive:
    """The posts of a file's bytes. `name` serves messages only. Raises UnreadableArchive."""
    lines, doubts = decoded(data, name)
    sheet = Worksheet(lines, doubts=doubts)
    posts = _pages(sheet)
    if not posts:
        reason = "no post was found; no line is a date as blog pages write it above their posts."
        raise UnreadableArchive(name, 1, reason)
    said = tuple(f"line {at + 1}: {sentence}" for at, sentence in sorted(sheet.doubts))
    return Archive(name, tuple(posts), tuple(sheet.kinds), said)


# Pages: a layout finds where posts stand, here they become posts.


def _pages(sheet: Worksheet) -> list[Post]:
    posts: list[Post] = []
    for draft in _drafts(sheet):
        if post := _post(sheet, draft):
            taken = {each.slug for each in posts}
            slug = post.slug
            if slug in taken:
                slug = next(s for n in count(2) if (s := f"{post.slug}-{n}") not in taken)
                sheet.doubt(
                    draft.start, f"date and name are those of a post above; this is {slug}."
                )
            posts.append(replace(post, slug=slug))
    return posts


def _drafts(sheet: Worksheet) -> list[Draft]:
    """Where posts stand by the layout that the lines speak for; nowhere if they speak for none."""
    corners = [at for at in range(len(sheet.bare)) if is_corner(sheet, at)]
    counted = {at: day for at, line in enumerate(sheet.bare) if (day := counted_stamp(line))}
    posted = {at: said.day for at, line in enumerate(sheet.bare) if (said := posted_on(line))}
    clocks = {at: day for at, day in posted.items() if sheet.bare[at][:1].isdigit() or day.weekday
              or sheet.bare[at][:3].lower() in MONTHS}  # fmt: skip
    if clocks and len(clocks) == len(posted) and not counted and not stand_above(sheet, clocks):
        return dated(sheet, clocks)
    counted = posted | counted
    days = day_lines(sheet)
    weekdays = any(day.weekday for day in days.values())
    headed = is_heading(next((line for line in sheet.bare if line), ""))
    if corners and not (weekdays and len(days) > len(corners)):
        return footed(sheet, corners)
    if (counted and len(counted) >= len(days)) or (headed and not days):
        return teasers(sheet, counted | days)
    if days and stand_above(sheet, days):
        return teasers(sheet, days)
    return dated(sheet, days) if days else []


def _post(sheet: Worksheet, draft: Draft) -> Post | None:
    """The post of a draft; None, and a doubt, if neither title nor text stands there."""
    teaser = sheet.cut_read_more(draft.start, draft.stop)
    text = sheet.text(draft.start, draft.stop)
    body = READ_MORE.sub("", text, count=1) if teaser else text
    title = sheet.title(draft.start, draft.stop)
    if not title and not body:
        sheet.doubt(max(draft.start - 1, 0), "no post stands below this date.")
        return None
    if not title or not body:
        lack = "text below this title" if title else "title; its first words name the post"
        first = next(at for at in range(draft.start, draft.stop) if sheet.kinds[at] != "blank")
        sheet.doubt(first, f"there is no {lack}.")
    return Post(
        slug=slug_of(title, draft.published, body),
        title=title,
        author=draft.author,
        blog=draft.blog,
        published=draft.published,
        url=None,
        teaser=teaser,
        announcement=False,
        body=body,
    )


# Bytes: UTF-8, or Windows-1252 line by line, or UTF-16 with its mark.


def decoded(data: bytes, name: str) -> tuple[list[str], list[tuple[int, str]]]:
    """The lines of a file without their ends, and a doubt if some were not UTF-8."""
    if data.startswith(_WIDE):
        data = _from_utf16(data, name)
    _refuse_binary(data, name)
    raw = re.sub(rb"\r*\n|\r", b"\n", data.removeprefix(b"\xef\xbb\xbf")).split(b"\n")
    lines, legacy = [], []
    for at, line in enumerate(raw if raw[-1] else raw[:-1]):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = _legacy(line)
            legacy.append(at)
        lines.append(text.replace("\ufeff", ""))
    if not any(line.strip() for line in lines):
        raise UnreadableArchive(name, 1, "the file is empty.")
    doubt = f"this line is not UTF-8; it was read as Windows-1252 ({len(legacy)} in all)."
    return lines, [(legacy[0], doubt)] if legacy else []


def _from_utf16(data: bytes, name: str) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise UnreadableArchive(name, 1, "the file says that it is UTF-16 and is not.") from error


def _legacy(line: bytes) -> str:
    """Windows-1252, the Latin-1 of real files; its five unused bytes as Latin-1 has them."""
    return "".join(_CP1252[byte] for byte in line)


_CP1252 = [bytes([n]).decode("cp1252", errors="ignore") or chr(n) for n in range(256)]


def _refuse_binary(data: bytes, name: str) -> None:
    """Text has next to no control characters, and never a zero."""
    found = [match.start() for match in _CONTROL.finditer(data)]
    if found and (b"\0" in data or len(found) * 100 > len(data)):
        line = data.count(b"\n", 0, found[0]) + 1
        raise UnreadableArchive(name, line, "the file is not text.")
