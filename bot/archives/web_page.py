"""Archives from the web: HTML pages of a blog, and RSS or Atom files, become posts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import count
from typing import Any
from xml.sax import SAXParseException

from bot.archives.html_text import clean, one_line, paragraphs, soup
from bot.archives.line_kinds import READ_MORE, stamp
from bot.archives.plain_text import Archive, UnreadableArchive, read_archive
from bot.library.post import Post, slug_of

SNIFFED = 2_000  # bytes at the start of a file that tell what it is
_PROLOGUE = re.compile(
    r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*<!?([a-z:]+)(?:\s+(html))?", re.I | re.S
)
_FEEDS = ("rss", "feed", "rdf:rdf")
_PAGES = ("html", "head", "body", "article", "main")
_GOES_ON = re.compile(r"(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*$")
_REST = re.compile(r"(?:read\s+(?:more|on|the\s+rest)|continue\s+reading)\b", re.I)
_BY = re.compile(r"^(?:posted\s+|written\s+)?by:?\s+", re.I)
_AUTHOR = re.compile(r"^(?:author|byline|p-author|fn)$")
_DATED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')

Told = Callable[[], None]  # called after each post


def read_file(data: bytes, name: str, told: Told = lambda: None) -> Archive:
    """The posts of a file, whatever it is. `name` serves messages only. Raises UnreadableArchive.

    A file that is spoilt is refused whole.
    """
    opened = _PROLOGUE.match(_start(data))
    tag = (opened[2] or opened[1]).lower() if opened else ""
    if tag not in (*_FEEDS, *_PAGES):
        archive = read_archive(data, name)
        for _ in archive.posts:
            told()
        return archive
    try:
        found = _feed(data, name) if tag in _FEEDS else _page(data, name)
        return _archive(found, name, told)
    except RecursionError as error:
        raise UnreadableArchive(name, 1, "its elements are nested too deeply.") from error


def _start(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data[:SNIFFED].decode("utf-16" if wide else "utf-8", errors="ignore")
    return text.removeprefix("\ufeff")


def _archive(found: Iterator[Post], name: str, told: Told) -> Archive:
    """Posts with text, each under a slug of its own; a doubt for each of the others."""
    posts: dict[str, Post] = {}
    doubts = []
    for number, post in enumerate(found, 1):
        where = f"post {number}"
        if not post.body:
            doubts.append(f"{where}: there is no text in “{post.title or post.url or 'it'}”.")
            continue
        if post.published is None:
            doubts.append(f"{where}: there is no date on “{post.title or post.body[:40]}”.")
        slug = post.slug
        if slug in posts:
            slug = next(s for n in count(2) if (s := f"{post.slug}-{n}") not in posts)
            doubts.append(f"{where}: date and name are those of a post above; this is {slug}.")
        posts[slug] = replace(post, slug=slug)
        told()
    if not posts:
        raise UnreadableArchive(name, 1, "no text of a post stands in it.")
    return Archive(name, tuple(posts.values()), (), tuple(doubts))


def _post(
    title: str | None,
    body: str,
    published: date | None,
    author: str | None,
    blog: str | None,
    url: str | None,
    cut: bool = False,
) -> Post:
    text = READ_MORE.sub("", body, count=1)
    teaser = cut or text != body or bool(_GOES_ON.search(text))
    url = url if url and re.match(r"https?://", url) else None
    slug = slug_of(title, published, text)
    return Post(slug, title, author, blog, published, url, teaser, False, text)


# Feeds --------------------------------------------------------------------------------------


def _feed(data: bytes, name: str) -> Iterator[Post]:
    import feedparser  # late: only imports of feeds need it

    # A stream, because a text may be taken for an address and fetched.
    feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    error = feed.get("bozo_exception")
    if isinstance(error, SAXParseException):
        reason = f"the feed is not well-formed XML ({error.getMessage()})."
        added = "<?xml" not in _start(data)[:10]  # the parser puts one, on a line of its own
        raise UnreadableArchive(name, max(1, (error.getLineNumber() or 1) - added), reason)
    if not feed.version:
        raise UnreadableArchive(name, 1, "the file is neither RSS nor Atom.")
    blog = one_line(feed.feed.get("title", "")) or None
    return (_entry(entry, blog) for entry in feed.entries)


def _entry(entry: Any, blog: str | None) -> Post:
    whole = entry.get("content") or [{"value": entry.get("summary", "")}]
    tree = soup(max((part.get("value", "") for part in whole), key=len))
    clean(tree)
    when = entry.get("published") or entry.get("updated") or ""
    author = one_line(entry.get("author", ""))
    title = one_line(entry.get("title", ""))
    return _post(
        title or None, paragraphs(tree), _day(when), author or None, blog, entry.get("link")
    )


# Pages --------------------------------------------------------------------------------------


def _page(data: bytes, name: str) -> Iterator[Post]:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableArchive(name, 1, "the file is not text.")
    tree = soup(data)
    parts = _articles(tree)
    alone = len(parts) == 1
    return (_article(part, tree, alone) for part in parts)


def _articles(tree: Any) -> Sequence[Any]:
    """The elements that hold a post each; the one that the page is about, if it says so."""
    found = [a for a in tree.find_all("article") if a.find_parent(("article", "aside")) is None]
    about_one = _meta(tree, "og:type") == "article" or _meta(tree, "article:published_time")
    if found and about_one:
        return [max(found, key=lambda article: len(article.get_text()))]
    main = tree.find("main") or tree.find(role="main") or tree.body or tree
    return found or [main]


def _article(part: Any, page: Any, alone: bool) -> Post:
    """The post in `part`; what the page says of itself counts only if the post stands alone."""
    heading = _heading(part, page, alone)
    title = one_line(heading.decode_contents()) if heading else _page_title(page) if alone else ""
    published = _published(part) or (_page_day(page) if alone else None)
    author = _author(part) or (_page_author(page) if alone else "")
    link = heading.find("a", href=True) if heading and not alone else None
    url = link["href"] if link else _canonical(page) if alone else None
    if heading:
        heading.decompose()
    for element in part.find_all(("time", "article")):  # an article inside one is a comment
        element.decompose()
    clean(part)
    cut = _without_links_to_the_rest(part)
    blog = _meta(page, "og:site_name") or None
    return _post(title or None, paragraphs(part), published, author or None, blog, url, cut)


def _without_links_to_the_rest(part: Any) -> bool:
    """Whether there was a link to the rest of the post; it is taken out."""
    links = [a for a in part.find_all("a") if _REST.match(one_line(a.get_text(" ")))]
    for link in links:
        link.decompose()
    return bool(links)


def _heading(part: Any, page: Any, alone: bool) -> Any:
    names = ("h1",) if alone else ("h1", "h2", "h3")
    found = part.find(names)
    if found is None and alone and not (_meta(page, "og:title") or page.title):
        found = page.find("h1") or part.find("h2")
    return found


def _page_title(page: Any) -> str:
    """What the page calls itself, without the name of the blog behind a bar or dash."""
    if told := _meta(page, "og:title"):
        return told
    whole = one_line(page.title.get_text()) if page.title else ""
    blog = _meta(page, "og:site_name")
    return re.sub(rf"\s+[|–—·»-]\s+{re.escape(blog)}$", "", whole) if blog else whole


def _published(part: Any) -> date | None:
    times = part.find_all("time", datetime=True)
    said = [
        t for t in times if "published" in f"{t.get('itemprop', '')} {t.get('class', '')}".lower()
    ]
    return next((day for t in (*said, *times) if (day := _day(t["datetime"]))), None)


def _page_day(page: Any) -> date | None:
    names = ("article:published_time", "datePublished", "date", "dc.date", "dcterms.created")
    told = [_meta(page, name) for name in names]
    for script in page.find_all("script", type="application/ld+json"):
        told += _DATED.findall(script.get_text())
    times = page.find_all("time", datetime=True)
    return next((d for text in (*told, *(t["datetime"] for t in times)) if (d := _day(text))), None)


def _author(part: Any) -> str:
    """Who wrote it, as a line in `part` says; that line is taken out."""
    found = part.find(rel="author") or part.find(itemprop="author") or part.find(class_=_AUTHOR)
    if found is None:
        return ""
    name = _BY.sub("", one_line(found.get_text(" ")))
    line = found.parent if _BY.sub("", one_line(found.parent.get_text(" "))) == name else found
    if line is not part:
        line.decompose()
    return name


def _page_author(page: Any) -> str:
    told = _meta(page, "author") or _meta(page, "article:author")
    return "" if told.startswith(("http:", "https:")) else told


def _canonical(page: Any) -> str | None:
    link = page.find("link", rel="canonical", href=True)
    return link["href"] if link else _meta(page, "og:url") or None


def _meta(page: Any, name: str) -> str:
    """The content of a meta element by its property, name or itemprop; "" if there is none."""
    for key in ("property", "name", "itemprop"):
        if found := page.find("meta", attrs={key: name}, content=True):
            return one_line(found["content"])
    return ""


def _day(text: str) -> date | None:
    """The day of an ISO date, of an RFC 822 date or of one in words, where it was written."""
    text = text.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        found = stamp(text)
        return found.date if found else None
