"""Ghost's export, a JSON file: posts that are published for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.archives._dates import day_of
from bot.archives._feeds import body_of
from bot.archives._ghost_editors import html_of
from bot.archives._html_text import one_line
from bot.archives._markdown import read_markdown
from bot.archives._names import authors_of
from bot.archives.archive import Archive, Harvest, LeftOut, Told, post_of

_STATES = {"draft": "drafts", "scheduled": "scheduled posts", "sent": "newsletters sent by mail"}
_OPEN = ("", "public")

Row = Mapping[str, Any]


def tables_of(found: object) -> Row | None:
    """The tables of an export, wherever its version keeps them; None if it is none."""
    if isinstance(found, Mapping) and isinstance(found.get("db"), list) and found["db"]:
        found = found["db"][0]
    if isinstance(found, Mapping) and isinstance(found.get("data"), Mapping):
        found = found["data"]
    if isinstance(found, Mapping) and isinstance(found.get("posts"), list):
        return found
    return None


def read_ghost(tables: Row, name: str, told: Told = lambda: None) -> Archive:
    """The published posts. Raises UnreadableArchive."""
    harvest = Harvest(name, told)
    settings = {str(r.get("key")): r.get("value") for r in _rows(tables, "settings")}
    zone = _zone(settings.get("timezone") or settings.get("active_timezone"))
    blog = one_line(str(settings.get("title") or "")) or None
    names = {str(r.get("id")): r.get("name") for r in _rows(tables, "users")}
    mailed = {str(r.get("post_id")) for r in _rows(tables, "posts_meta") if r.get("email_only")}
    by_post: dict[str, list[Row]] = {}
    for row in _rows(tables, "posts_authors"):
        by_post.setdefault(str(row.get("post_id")), []).append(row)
    for row in _rows(tables, "posts"):
        ids = [
            r.get("author_id")
            for r in sorted(
                by_post.get(str(row.get("id")), []), key=lambda r: r.get("sort_order") or 0
            )
        ]
        if str(row.get("id")) in mailed:
            row = {**row, "status": "sent"}
        found = authors_of(names.get(str(i)) for i in ids or [row.get("author_id")])
        _take(row, harvest, found, blog, zone)
    return harvest.archive()


def _rows(tables: Row, name: str) -> Iterator[Row]:
    return (row for row in tables.get(name) or () if isinstance(row, Mapping))


def _take(
    row: Row, harvest: Harvest, author: str | None, blog: str | None, zone: ZoneInfo | None
) -> None:
    title = one_line(str(row.get("title") or "")) or None
    published = _day(row.get("published_at"), zone)
    url = next((u for key in ("url", "canonical_url")
                if re.match(r"https?://", u := str(row.get(key) or ""))), None)  # fmt: skip
    guid = str(row.get("uuid") or row.get("comment_id") or "") or None
    if kind := _left_out(row):
        harvest.leave(LeftOut(kind, title, published, url, guid))
        return
    text, cut = _body(row, blog)
    harvest.add(post_of(title, text, published, author, blog, url, cut, guid))


def _left_out(row: Row) -> str | None:
    """What a row is, if it is not a post that is published for everybody."""
    state = str(row.get("status") or "published")
    if state != "published":
        return _STATES.get(state, "drafts")
    if row.get("type") == "page" or row.get("page") in (1, True, "1"):
        return "pages"
    return None if str(row.get("visibility") or "") in _OPEN else "posts for members"


def _body(row: Row, blog: str | None) -> tuple[str, bool]:
    if html := str(row.get("html") or "") or html_of(row.get("mobiledoc"), row.get("lexical")):
        return body_of(html, blog, whole=True)
    if source := str(row.get("markdown") or ""):
        read = read_markdown(source, titled=True)
        return read.text, read.cut
    plain = str(row.get("plaintext") or "").replace("&", "&amp;").replace("<", "&lt;")
    return body_of(plain, blog, whole=True)


def _day(value: object, zone: ZoneInfo | None) -> date | None:
    """The day in the blog's own zone; Ghost keeps UTC, in older versions as milliseconds."""
    if zone is None or value is None:
        return day_of(value)
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value / 1000, zone).date()
        moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return day_of(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).date()


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
