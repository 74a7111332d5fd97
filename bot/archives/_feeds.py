"""Feeds: RSS of every version, Atom, and JSON Feed, become posts, whole ones and teasers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urljoin

from bot.archives._dates import day_of
from bot.archives._furniture import GOES_ON, drop_links_to_the_rest, trimmed, without_title
from bot.archives._html_text import clean, has_markup, one_line, paragraphs, tree_of, unescaped
from bot.archives._names import author_of, authors_of
from bot.archives._paid import without_paid
from bot.archives._shortcodes import without_shortcodes
from bot.archives._xml_source import mended
from bot.archives.archive import Archive, Harvest, LeftOut, Told, UnreadableArchive, post_of
from bot.library.post import Post

_TRACKER = re.compile(
    r"https?://(?:feeds?\.|feedproxy\.|rss\.|[\w.-]*feedburner|[\w.-]*feedsportal|click\.|track)",
    re.I,
)
_COUNTED = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|source|ref|_hs\w+|feed)$", re.I)
_GLOBAL = re.compile(r"https?://|tag:|urn:|[0-9a-f-]{16,}", re.I)
_READ = re.compile(r"read|continu|more|full", re.I)


def read_feed(data: bytes, name: str, told: Told = lambda: None) -> Archive:
    """The posts of an RSS or Atom file. Raises UnreadableArchive."""
    import feedparser  # late: only imports of feeds need it

    source = mended(data, name)
    # A stream, because a text may be taken for an address and fetched.
    feed = feedparser.parse(BytesIO(source.data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version:
        raise UnreadableArchive(name, 1, "the file is neither RSS nor Atom.")
    harvest = Harvest(name, told, doubts=list(source.doubts))
    about = About(one_line(feed.feed.get("title", "")) or None, _authors(feed.feed),
                  _base(feed.feed))  # fmt: skip
    for entry in feed.entries:
        if kind := _left_out(entry, about):
            title = one_line(entry.get("title", "")) or None
            harvest.leave(LeftOut(kind, title, url=entry.get("link"), guid=entry.get("id")))
        else:
            harvest.add(_entry(entry, about))
    return harvest.archive()


def _base(feed: Mapping[str, Any]) -> str:
    """The address to which those of a feed's posts are relative: the blog's, else its own."""
    links = [feed.get("link"), *(each.get("href") for each in feed.get("links") or ()),
             feed.get("id")]  # fmt: skip
    return next((str(each) for each in links if re.match(r"https?://", str(each))), "")


class About(NamedTuple):
    """What a feed says of all its posts: the blog's name, its authors, and its address."""

    blog: str | None
    authors: str | None
    base: str


def _left_out(entry: Mapping[str, Any], about: About) -> str | None:
    """What an entry is, if it is not a published post."""
    if re.match(r"comments (?:on|for)\b", about.blog or "", re.I):  # WordPress has such feeds
        return "comments"
    return "drafts" if str(entry.get("app_draft")).lower() == "yes" else None


def _entry(entry: Mapping[str, Any], about: About) -> Post:
    html, whole = _content(entry)
    title = one_line(entry.get("title", "")) or None
    text, cut = body_of(html, about.blog, whole)
    when = entry.get("published") or entry.get("created") or entry.get("updated") or ""
    url = address_of(entry, about.base)
    return post_of(
        title,
        without_title(text, title),
        day_of(when),
        _authors(entry) or about.authors,
        about.blog,
        url,
        cut,
        identity(str(entry.get("id") or ""), about.blog, url),
    )


def body_of(html: str, blog: str | None, whole: bool = False) -> tuple[str, bool]:
    """The text of an entry, and whether it is only its beginning. `whole` texts may end in dots."""
    html, paid = without_paid(unescaped(html))
    tree = tree_of(without_shortcodes(html))
    clean(tree)
    cut = bool(_READ.search(html)) and drop_links_to_the_rest(tree)
    text, more = trimmed(paragraphs(tree, breaks=not has_markup(html)), blog)
    return text, paid or cut or more or (not whole and bool(GOES_ON.search(text[-20:])))


def _content(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """The longest text of an entry, and whether it came in the place for the whole of it."""
    parts = [_value(part) for part in entry.get("content") or ()]
    best = max(parts, key=len, default="")
    summary = entry.get("summary") or ""
    if entry.get("summary_detail", {}).get("type") == "text/plain" and not has_markup(summary):
        summary = summary.replace("<", "&lt;")
    if len(text_length(best)) >= len(text_length(summary)):
        return best, bool(best.strip())
    return summary, False


def _value(part: Mapping[str, Any]) -> str:
    value = str(part.get("value") or "")
    return value if part.get("type") != "text/plain" or has_markup(value) else value.replace(
        "<", "&lt;"
    )  # fmt: skip


def text_length(html: str) -> str:
    return re.sub(r"<[^>]*>|\s+", "", html)


def _authors(entry: Mapping[str, Any]) -> str | None:
    """All authors by name: the address that stands beside a name is no part of it."""
    found = [each.get("name") for each in entry.get("authors") or () if each]
    written = str(entry.get("author") or "")
    if "@" in written and len(found) < 2 and (name := author_of(written)):
        return name  # feedparser takes names and addresses apart by counting: `ple (Ida Rand`
    detail = entry.get("author_detail") or {}
    one = [detail.get("name") or entry.get("author")]
    return authors_of(found) or authors_of(one)


def address_of(entry: Mapping[str, Any], base: str = "") -> str | None:
    """The post's own address: not a counter's, and not a file that is enclosed."""
    links = [each.get("href", "") for each in entry.get("links") or ()
             if each.get("rel", "alternate") == "alternate"]  # fmt: skip
    guid = str(entry.get("id") or "")
    found = [entry.get("feedburner_origlink") or "", *links, entry.get("link") or ""]
    if entry.get("guidislink", False) or re.match(r"https?://", guid):
        found.append(guid)
    whole = [urljoin(base, each) for each in found if each]
    real = [untracked(each) for each in whole if re.match(r"https?://", each)]
    own = [each for each in real if not _TRACKER.match(each)]
    return next(iter(own), None)


def untracked(url: str) -> str:
    """An address without what only counts who came from where."""
    head, mark, query = url.strip().partition("?")
    query, hash_mark, rest = query.partition("#")
    kept = [part for part in query.split("&") if part and not _COUNTED.match(part.split("=")[0])]
    return head + ("?" + "&".join(kept) if kept and mark else "") + hash_mark + rest


def identity(guid: str, blog: str | None, url: str | None) -> str | None:
    """What names a post for good; numbers that each blog counts for itself get the blog's name."""
    if not guid or _GLOBAL.match(guid):
        return guid or None
    host = re.match(r"https?://([^/]+)", url or "")
    return f"{host[1] if host else blog or ''}#{guid}" if host or blog else None


# JSON Feed -----------------------------------------------------------------------------------


def read_json_feed(feed: Mapping[str, Any], name: str, told: Told = lambda: None) -> Archive:
    """The posts of a JSON Feed, already parsed."""
    harvest = Harvest(name, told)
    about = About(one_line(str(feed.get("title") or "")) or None, _json_authors(feed),
                  str(feed.get("home_page_url") or feed.get("feed_url") or ""))  # fmt: skip
    for item in feed.get("items") or ():
        if isinstance(item, Mapping):
            harvest.add(_item(item, about))
    return harvest.archive()


def _item(item: Mapping[str, Any], about: About) -> Post:
    title = one_line(str(item.get("title") or "")) or None
    whole = str(item.get("content_html") or "") or _plain(item.get("content_text"))
    text, cut = body_of(whole or _plain(item.get("summary")), about.blog, whole=bool(whole))
    url = untracked(urljoin(about.base, str(item["url"]))) if item.get("url") else None
    return post_of(
        title,
        without_title(text, title),
        day_of(item.get("date_published") or item.get("date_modified")),
        _json_authors(item) or about.authors,
        about.blog,
        url,
        cut,
        identity(str(item.get("id") or ""), about.blog, url),
    )


def _plain(text: object) -> str:
    return str(text or "").replace("&", "&amp;").replace("<", "&lt;")


def _json_authors(item: Mapping[str, Any]) -> str | None:
    found: Sequence[Any] = item.get("authors") or [item.get("author")]
    return authors_of(author_of(each.get("name")) for each in found if isinstance(each, Mapping))
