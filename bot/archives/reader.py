"""Reading whatever a team has of its blog: which reader fits is told by what is in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from bot.archives import _medium as medium
from bot.archives import _notion as notion
from bot.archives import _substack as substack
from bot.archives._blogger import is_blogger, read_blogger
from bot.archives._feeds import read_feed, read_json_feed
from bot.archives._ghost import read_ghost, tables_of
from bot.archives._html_text import tree_of
from bot.archives._matter import FaultyMatter, read_matter
from bot.archives._movable_type import is_movable_type, read_movable_type
from bot.archives._newsletter import is_mail, read_newsletter
from bot.archives._plain_text import decoded, read_archive
from bot.archives._saved_page import read_page as read_saved_page
from bot.archives._site import read_site, sites
from bot.archives._static_page import MARKDOWN, Found, Page, read_page
from bot.archives._wordpress import is_wordpress, read_wordpress
from bot.archives.archive import Archive, Harvest, LeftOut, NotRead, Told, UnreadableArchive
from bot.archives.bundle import Bundle, Zip

SUFFIXES = frozenset(
    (
        *MARKDOWN,
        ".txt",
        ".text",
        ".html",
        ".htm",
        ".xhtml",
        ".xml",
        ".rss",
        ".atom",
        ".rdf",
        ".json",
        ".eml",
        ".mbox",
        ".zip",
        ".wxr",
    )
)
NEVER = date.max  # nothing is scheduled for later than this
_SNIFFED = 20_000  # bytes at the start of a file that tell what it is
_PROLOGUE = re.compile(
    r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*<!?([a-z:]+[1-6]?)(?:\s+(html))?", re.I | re.S
)
_FEEDS = ("rss", "feed", "rdf:rdf")
_HTML = frozenset(
    (
        "html",
        "head",
        "body",
        "article",
        "main",
        "p",
        "div",
        "section",
        "span",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "blockquote",
        "table",
        "figure",
        "img",
        "a",
        "em",
        "strong",
        "b",
        "i",
        "br",
        "hr",
        "header",
        "title",
        "meta",
        "center",
        "font",
        "pre",
        "link",
        "style",
        "script",
        "iframe",
    )
)
_NOT_POSTS = frozenset(
    (
        "readme",
        "license",
        "changelog",
        "contributing",
        "code_of_conduct",
        "security",
        "archive_browser",
    )
)
_FOREIGN = (
    (
        b"%PDF",
        "this is a PDF. Save the text as .txt or .html, or import the blog's feed or export.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "this is an old Office file. Save it as a web page (.html) or as plain text.",
    ),
    (b"{\\rtf", "this is rich text. Save it as a web page (.html) or as plain text."),
    (b"SQLite format 3", "this is a database. Export the posts from the program that made it."),
    (b"\x1f\x8b", "this is a packed file (gzip). Unpack it and import what is in it."),
    (b"7z\xbc\xaf", "this is a packed file (7z). Unpack it and import the folder."),
    (b"Rar!", "this is a packed file (RAR). Unpack it and import the folder."),
    (b"<en-export", "this is an Evernote export. Export the notes as web pages (.html)."),
)
_NO_POST = "no post was found; "


class Opened(NamedTuple):
    """What a folder or a zip held: archives, files refused with their reasons, files not read."""

    archives: list[Archive]
    refused: list[UnreadableArchive]
    not_read: list[NotRead]


def read_file(data: bytes, name: str, told: Told = lambda: None, today: date = NEVER) -> Archive:
    """The posts of a file, whatever it is. `name` serves messages, and as a last hint.

    What is dated after `today` is scheduled, where a site's program would say so. Raises
    UnreadableArchive: a file that is spoilt or cut off is refused whole.
    """
    for mark, reason in _FOREIGN:
        if data.lstrip()[: len(mark)] == mark:
            raise UnreadableArchive(name, 1, reason)
    if data.startswith(b"PK\x03\x04"):
        return _only_archive(data, name, told, today)
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnreadableArchive(name, 1, "the file is empty.")
    try:
        return _by_content(data, name, told, today)
    except RecursionError as error:
        raise UnreadableArchive(name, 1, "its elements are nested too deeply.") from error
    except FaultyMatter as fault:
        raise UnreadableArchive(name, fault.line, fault.reason) from fault


def _by_content(data: bytes, name: str, told: Told, today: date) -> Archive:
    start = _start(data)
    opened = _PROLOGUE.match(start)
    tag = (opened[2] or opened[1]).lower() if opened else ""
    if tag == "doctype" and (root := re.search(r"<(rss|feed|rdf:RDF)\b", start, re.I)):
        tag = root[1].lower()
    if tag in _FEEDS or (
        not tag and re.search(r"<(?:rss|feed|rdf:RDF)\b[^>]*(?:xmlns|version)", start[:2_000])
    ):
        return _xml(data, name, start, told)
    if tag in _HTML and PurePosixPath(name).suffix.lower() not in MARKDOWN:
        return _page(data, name, told, today)
    if tag and "<?xml" in start[:100] and tag not in _HTML:
        reason = f"this XML file holds “{tag}” and no posts. Import the blog's export or its feed."
        raise UnreadableArchive(name, 1, reason)
    if start.lstrip()[:1] in ("{", "[") and (found := _json(data, name, told)):
        return found
    if is_mail(data):
        return read_newsletter(data, name, told)
    return _text(data, name, told, today)


def _start(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data[:_SNIFFED].decode("utf-16" if wide else "utf-8", errors="ignore")
    return text.removeprefix("\ufeff")


def _xml(data: bytes, name: str, start: str, told: Told) -> Archive:
    if is_wordpress(start):
        return read_wordpress(data, name, told)
    whole = (
        start if len(data) <= _SNIFFED else data[: 40 * _SNIFFED].decode("utf-8", errors="ignore")
    )
    if is_blogger(whole):
        return read_blogger(data, name, told)
    return read_feed(data, name, told)


def _page(data: bytes, name: str, told: Told, today: date) -> Archive:
    if b'class="page-title"' in data:
        tree = tree_of(data)
        if (body := notion.body_of_notion(tree)) is not None:
            return _gathered(notion.read_notion(tree, body, name, today), Harvest(name, told))
    if not medium.is_medium(data):
        return read_saved_page(data, name, told)
    harvest = Harvest(name, told)
    medium.take_page(data, name, harvest)
    archive = harvest.archive()
    return replace(archive, posts=tuple(replace(post, file="") for post in archive.posts))


def _json(data: bytes, name: str, told: Told) -> Archive | None:
    """A Ghost export or a JSON Feed; None if it is no JSON, as where text follows an object."""
    try:
        found: Any = json.loads(data.decode("utf-8-sig", errors="replace"))
    except ValueError as error:
        if _is_cut_off(data, name):
            reason = f"this JSON file is cut off or damaged ({error}). Export it again."
            raise UnreadableArchive(name, getattr(error, "lineno", 1), reason) from error
        return None
    if isinstance(found, Mapping) and "jsonfeed.org" in str(found.get("version")):
        return read_json_feed(found, name, told)
    if (tables := tables_of(found)) is not None:
        return read_ghost(tables, name, told)
    reason = "this JSON file is neither a Ghost export nor a JSON Feed."
    raise UnreadableArchive(name, 1, reason)


def _is_cut_off(data: bytes, name: str) -> bool:
    return name.lower().endswith(".json") or (
        data.rstrip()[-1:] not in b"}]" and b'"posts"' in data[:50_000]
    )


def _text(data: bytes, name: str, told: Told, today: date) -> Archive:
    lines, doubts = decoded(data, name)
    text = "\n".join(lines)
    if is_movable_type(text):
        return read_movable_type(text, name, told)
    suffix = PurePosixPath(name).suffix.lower()
    if read_matter(text) is not None:
        return _one_page(text, name, told, today, doubts)
    if suffix not in MARKDOWN or not _is_markdown(text):
        try:
            archive = read_archive(data, name)
            if suffix not in MARKDOWN or _has_dates(archive):
                for _ in archive.posts:
                    told()
                return archive
        except UnreadableArchive:
            if suffix not in MARKDOWN and not text.lstrip().startswith("# "):
                raise
    return _one_page(text, name, told, today, doubts)


def _has_dates(archive: Archive) -> bool:
    return any(post.published for post in archive.posts)


def _is_markdown(text: str) -> bool:
    return re.search(r"^#{1,6} |\]\(|^```|\*\*\w|^> |^[-*] ", text, re.M) is not None


def _one_page(
    text: str, name: str, told: Told, today: date, doubts: list[tuple[int, str]]
) -> Archive:
    harvest = Harvest(name, told, doubts=[f"line {at + 1}: {said}" for at, said in doubts])
    return _gathered(read_page(Page(name, text, today)), harvest)


def _gathered(found: Found, harvest: Harvest) -> Archive:
    harvest.doubts += found.doubts
    if isinstance(found.what, LeftOut):
        harvest.leave(found.what)
    else:
        harvest.add(found.what)
    return harvest.archive()


# Folders and zips -----------------------------------------------------------------------------


def read_bundle(
    bundle: Bundle, told: Told = lambda: None, today: date = NEVER, inside: bool = False
) -> Opened:
    """All that a folder or a zip holds: exports and sites as one each, other files each alone."""
    opened = Opened([], [], [])
    left = dict.fromkeys(bundle.names)
    for harvest, claimed in _exports(bundle, told, today):
        for name in claimed:
            left.pop(name, None)
        try:
            opened.archives.append(harvest.archive())
        except UnreadableArchive as error:
            opened.refused.append(error)
    for name in left:
        _alone(bundle, name, opened, told, today, inside)
    return opened


def _exports(bundle: Bundle, told: Told, today: date) -> Iterator[tuple[Harvest, set[str]]]:
    taken: set[str] = set()
    for site in sites(bundle):
        harvest = Harvest(_named(bundle, site.root), told)
        claimed = read_site(bundle, site, harvest, today)
        taken |= claimed
        yield harvest, claimed
    for root in substack.roots(bundle):
        harvest = Harvest(_named(bundle, root), told)
        substack.read_substack(bundle, root, harvest)
        yield harvest, {name for name in bundle.names if name.startswith(root)}
    for root in medium.roots(bundle):
        if any(name in taken for name in bundle.names if name.startswith(root)):
            continue
        harvest = Harvest(_named(bundle, root), told)
        medium.read_medium(bundle, root, harvest)
        yield harvest, {name for name in bundle.names if name.startswith(root)}


def _named(bundle: Bundle, root: str) -> str:
    return f"{bundle.name}/{root}".rstrip("/") if root else bundle.name


def _alone(
    bundle: Bundle, name: str, opened: Opened, told: Told, today: date, inside: bool
) -> None:
    path = PurePosixPath(name)
    if path.suffix.lower() not in SUFFIXES:
        opened.not_read.append(NotRead(name, _why_not(path)))
        return
    if path.stem.lower() in _NOT_POSTS and len(bundle.names) > 1:
        opened.not_read.append(NotRead(name, "it is about the files beside it"))
        return
    try:
        data = bundle.read(name)
        if data.startswith(b"PK\x03\x04") and not inside:
            _nested(Zip(data, name), name, opened, told, today)
            return
        opened.archives.append(_in_bundle(read_file(data, name, told, today), name))
    except UnreadableArchive as error:
        opened.refused.append(error)


def _why_not(path: PurePosixPath) -> str:
    return {
        ".docx": "a Word file: save it as a web page (.html) or as plain text",
        ".doc": "a Word file: save it as a web page (.html) or as plain text",
        ".pdf": "a PDF: save its text as .txt or .html",
        ".csv": "a table",
    }.get(path.suffix.lower(), "no posts stand in such files")


def _nested(inner: Zip, name: str, opened: Opened, told: Told, today: date) -> None:
    """A zip in a zip, as notebooks export them."""
    found = read_bundle(inner, told, today, inside=True)
    opened.archives.extend(_in_bundle(each, name) for each in found.archives)
    opened.refused.extend(found.refused)
    opened.not_read.extend(found.not_read)


def _in_bundle(archive: Archive, name: str) -> Archive:
    """The archive with the file's place in each of its posts."""
    posts = tuple(replace(post, file=post.file or name) for post in archive.posts)
    return replace(archive, posts=posts)


def _only_archive(data: bytes, name: str, told: Told, today: date) -> Archive:
    """A zip where one file is asked for: all that is in it as one archive."""
    zipped = Zip(data, name)
    if any(each in ("word/document.xml", "xl/workbook.xml") for each in zipped.names):
        reason = "this is an Office file. Save it as a web page (.html) or as plain text."
        raise UnreadableArchive(name, 1, reason)
    return joined(read_bundle(zipped, told, today), name)


def joined(opened: Opened, name: str) -> Archive:
    """All archives as one. Raises UnreadableArchive if there is none."""
    if not opened.archives:
        if opened.refused:
            raise opened.refused[0]
        raise UnreadableArchive(name, 1, "there is nothing in this zip file that can be read.")
    archives = opened.archives
    return Archive(
        name,
        tuple(post for each in archives for post in each.posts),
        (),
        tuple(f"{each.name}, {doubt}" for each in archives for doubt in each.doubts),
        tuple(left for each in archives for left in each.left_out),
    )
