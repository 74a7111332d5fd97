"""Substack's export: pieces of HTML, and `posts.csv`, which says what each of them is."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from bot.archives._dates import day_of
from bot.archives._feeds import body_of
from bot.archives._furniture import without_title
from bot.archives.archive import Harvest, LeftOut, UnreadableArchive, post_of
from bot.archives.bundle import Bundle

TABLE = "posts.csv"
_POSTS = ("newsletter", "podcast", "video", "audio", "")
_OPEN = ("everyone", "")

Row = Mapping[str, str]


def roots(bundle: Bundle) -> Iterator[str]:
    """The folders, each ending in "/" or empty, that hold such an export."""
    for name in bundle.names:
        named = name == TABLE or name.endswith(f"/{TABLE}")
        if named and b"post_id" in bundle.read(name)[:200]:
            yield name.removesuffix(TABLE)


def read_substack(bundle: Bundle, root: str, harvest: Harvest) -> None:
    """Add the published posts of an export. Raises UnreadableArchive."""
    table = bundle.read(root + TABLE).decode("utf-8-sig", errors="replace")
    csv.field_size_limit(10_000_000)
    files = {
        name.rpartition("/")[2].removesuffix(".html"): name
        for name in bundle.names
        if name.startswith(root) and name.endswith(".html")
    }
    for row in csv.DictReader(StringIO(table)):
        key = row.get("post_id") or ""
        _take(row, files.pop(key, None), bundle, harvest)
    for name in files.values():
        harvest.doubts.append(f"{name}: posts.csv does not name this page; it was left out.")
        harvest.leave(LeftOut("unknown pages", file=name))


def _take(row: Row, file: str | None, bundle: Bundle, harvest: Harvest) -> None:
    title = " ".join((row.get("title") or "").split()) or None
    published = day_of(row.get("post_date"))
    key = row.get("post_id") or ""
    guid = f"substack#{key.partition('.')[0]}" if key else None
    if kind := _left_out(row):
        harvest.leave(LeftOut(kind, title, published, None, guid, file or ""))
        return
    if file is None:
        harvest.doubts.append(f"posts.csv: the page of “{title or key}” is not in the export.")
        return
    try:
        html = bundle.read(file).decode("utf-8", errors="replace")
    except UnreadableArchive as error:
        harvest.doubts.append(str(error))
        return
    text, cut = body_of(html, None, whole=True)
    text = without_title(text, title, row.get("subtitle"))
    harvest.add(post_of(title, text, published, None, None, None, cut, guid, file))


def _left_out(row: Row) -> str | None:
    """What a row is, if it is not a post that is published for everybody."""
    if (row.get("is_published") or "").strip().lower() != "true":
        return "drafts"
    kind = (row.get("type") or "").strip().lower()
    if kind not in _POSTS:
        return f"{kind}s"
    return None if (row.get("audience") or "").strip() in _OPEN else "posts for subscribers"
