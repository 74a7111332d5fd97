"""What a saved page says of itself: title, author, day, address and the name of its blog."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from bot.archives._dates import day_of
from bot.archives._feeds import untracked
from bot.archives._html_text import classes, labels, one_line, remove, text_of
from bot.archives._line_kinds import posted_on, stamp
from bot.archives._names import author_of, authors_of

_DAYS = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "date",
    "pubdate",
    "dc.date",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dcterms.issued",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publication_date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "created",
    "article:published",
    "published_time",
    "og:article:published_time",
    "bt:pubdate",
)
_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "article:author_name",
    "byl",
    "citation_author",
    "dcterms.creator",
    "cxenseparse:author",
)
_ARTICLES = frozenset(
    (
        "article",
        "blogposting",
        "newsarticle",
        "report",
        "techarticle",
        "socialmediaposting",
        "reportagenewsarticle",
        "opinionnewsarticle",
    )
)
_TITLE = re.compile(
    r"(?:entry|post|article|page|single|blog-?post|story|p)[-_]{0,2}(?:title|name|headline"
    r"|heading)|headline|title|elementor-heading-title",
    re.I,
)
_AUTHOR = re.compile(
    r"author(?:[-_]?(?:name|link|url))?|wp-block-post-author__name|[\w-]*--author|byline(?:[-_]?(?:name|author))?|p-author|fn"
    r"|(?:entry|post|article)[-_]{1,2}author(?:[-_]{1,2}(?:name|link))?|posted-?by|user-name|profile-name"
    r"|by-?author|autor|verfasser",
    re.I,
)
_DATE = re.compile(
    r"(?:\w+[-_]{1,2})*?(?:date|date-header|time|timestamp|time-ago|posted-on|published|dateline|datum"
    r"|created|postdate|pubdate|published-date|\w*publishdate|datetime|dt-published)(?:[-_]published)?",
    re.I,
)
_DATE_TAGS = ("time", "abbr", "span", "div", "p", "h2", "a", "meta", "li", "small")
_META = re.compile(
    r"(?:.*[-_])?(?:meta|metadata|postmeta|byline|(?:post|entry|article|blog)-?info|dateline|posted)"
    r"(?:[-_].*)?",
    re.I,
)
_POSTED_BY = re.compile(
    r"(?:posted|written|published)\s+by:?\s+(.{2,40}?)\s*(?:\bon\b|\bat\b|\bin\b|[|,·•–—]|$)", re.I
)
_PUBLISHED = re.compile(r"publish|pubdate|created|dt-published|entry-date|posted", re.I)
_UPDATED = re.compile(r"updat|modif|expire", re.I)
_WRITTEN = re.compile(
    r"(?:posted|published|written|erstellt|publié)(?:\s+(?:on|at|by\s.{2,40}\son|am|le))?"
    r"[:\s]",
    re.I,
)
_BETWEEN = r"\s+[|–—·»«›-]+\s+|\s*[|»«:]\s+"
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:/|-|$)")
_NO_NAME = re.compile(
    r"\b(?:posts?|comments?|reply|read|more|about|view all|share|follow|minutes?|ago)\b", re.I
)
MOST_AUTHORS = 5


@dataclass(frozen=True)
class PageFacts:
    """Taken before anything is removed from the page; "" and None are what it does not say."""

    stated: str
    whole: str
    blog: str | None
    author: str | None
    day: date | None
    url: str | None
    is_article: bool

    @classmethod
    def of(cls, tree: Any, saved_from: str | None = None) -> PageFacts:
        metas = _metas(tree)
        site = list(_said(tree))
        data = [each for each in site if _kinds(each) & _ARTICLES or _is_bare(each)]
        stated = metas.get("og:title") or metas.get("twitter:title") or metas.get("dc.title") or ""
        title = tree.find(".//title")
        whole = one_line(text_of(title)) if title is not None else ""
        url = untracked(_address(tree, metas, data) or saved_from or "") or None
        kind = metas.get("og:type", "").lower() == "article"
        return cls(
            stated or next((t for d in data if (t := _text(d.get("headline")))), ""),
            whole,
            _blog(metas, stated, whole, tree) or _site_name(site, stated),
            _author(metas, data),
            _day(metas, data) or _day_in_address(url),
            url,
            kind or "article:published_time" in metas or bool(data),
        )

    def is_title(self, text: str) -> bool:
        """Whether a heading is what the page calls itself, with or without the blog's name."""
        said = _folded(text)
        if not said or (self.blog and said == _folded(self.blog)):
            return False
        return any(
            _folded(each).startswith(said) or _folded(each).endswith(said)
            for each in ((self.stated,) if self.stated else (self.whole,))
            if each
        )

    def heading(self, part: Any, page: Any) -> Any:
        """The element that holds the title of a post that stands alone; None if there is none."""
        for where in (part, page):
            every = [h for h in where.iter("h1", "h2", "h3") if one_line(text_of(h))]
            fit = [h for h in every if self.is_title(one_line(text_of(h)))]
            fit = [h for h in fit if not _at_root(h)] or fit
            named = [h for h in fit or every if _is_named_title(h)]
            if fit:
                return max(named or fit, key=lambda h: (len(text_of(h)), h.tag == "h1"))
            if where is part and named and not self.stated:
                return named[0]
        if self.stated:
            return None
        own = [h for h in part.iter("h1") if not self._is_blog(h)] or [
            h for h in page.iter("h1") if not self._is_blog(h)
        ]
        if own or self.whole:
            return next(iter(own), None)
        return next(iter([*part.iter("h2")]), None)

    def _is_blog(self, heading: Any) -> bool:
        said = _folded(text_of(heading))
        return not said or bool(self.blog and said == _folded(self.blog))

    def title(self, heading: Any) -> str:
        """The title of the post, without the blog's name."""
        if heading is not None:
            return one_line(text_of(heading))
        said = self.stated or self.whole
        if self.blog:
            name = re.escape(self.blog)
            said = re.sub(rf"(?:{_BETWEEN}){name}\s*$|^{name}(?:{_BETWEEN})", "", said, flags=re.I)
            if _folded(said) == _folded(self.blog):
                return ""
        return said


def _is_named_title(heading: Any) -> bool:
    return heading.get("itemprop") in ("headline", "name") or any(
        _TITLE.fullmatch(each) for each in classes(heading)
    )


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        if content := meta.get("content"):
            for key in ("property", "name", "itemprop"):
                if name := meta.get(key):
                    found.setdefault(name.lower(), one_line(content))
    return found


def _said(tree: Any) -> Iterator[dict[str, Any]]:
    """What the page says of itself in JSON-LD: its article, its site."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            found = json.loads(text_of(script), strict=False)
        except ValueError:
            if day := re.search(r'"datePublished"\s*:\s*"([^"]+)"', text_of(script)):
                yield {"datePublished": day[1]}
            continue
        waiting = [found]
        while waiting:
            each = waiting.pop(0)
            if isinstance(each, list):
                waiting += each
            elif isinstance(each, dict):
                yield each
                waiting += [each[k] for k in ("@graph", "mainEntity") if k in each]


def _kinds(said: dict[str, Any]) -> set[str]:
    kinds = said.get("@type")
    return {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _is_bare(said: dict[str, Any]) -> bool:
    return said.get("@type") is None and "datePublished" in said


def _site_name(site: list[dict[str, Any]], stated: str) -> str | None:
    """The name of the blog, where nothing but JSON-LD tells it."""
    named = [_text(each.get("name")) for each in site if _kinds(each) & {"website", "blog"}]
    publishers = (each.get("publisher") for each in site)
    named += [_text(each.get("name")) for each in publishers if isinstance(each, dict)]
    return next((name for name in named if name and name != stated), None)


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _blog(metas: dict[str, str], stated: str, whole: str, tree: Any) -> str | None:
    if name := metas.get("og:site_name") or metas.get("application-name"):
        return name
    titles = [stated] if stated else []
    headings = [h for h in tree.iter("h1", "h2", "h3") if one_line(text_of(h))]
    ours = [one_line(text_of(h)) for h in headings if _at_root(h)]
    if not titles:
        titles = [one_line(text_of(h)) for h in headings if not _at_root(h)]
    for title in titles:
        behind = re.fullmatch(rf"{re.escape(title)}(?:{_BETWEEN})(.{{2,60}})", whole, re.I)
        before = re.fullmatch(rf"(.{{2,60}}?)(?:{_BETWEEN}){re.escape(title)}", whole, re.I)
        if found := behind or before:
            return found[1] if not re.search(_BETWEEN, found[1]) else None
    return next(iter(ours), None)


def _at_root(heading: Any) -> bool:
    link = heading.find(".//a")
    return (
        link is not None and re.fullmatch(r"/|https?://[^/]+/?", link.get("href") or "") is not None
    )


def _author(metas: dict[str, str], data: list[dict[str, Any]]) -> str | None:
    for each in data:
        found = each.get("author")
        people = found if isinstance(found, list) else [found]
        named = [p.get("name") if isinstance(p, dict) else p for p in people]
        if name := authors_of(n for n in named if isinstance(n, str)):
            return name
    return next((name for key in _AUTHORS if (name := author_of(metas.get(key), login=True))), None)


def _day(metas: dict[str, str], data: list[dict[str, Any]]) -> date | None:
    told = [metas.get(name) for name in _DAYS]
    told += [_text(each.get("datePublished")) for each in data]
    return next((day for text in told if (day := day_of(text))), None)


def _day_in_address(url: str | None) -> date | None:
    found = _IN_ADDRESS.search(url or "")
    return day_of("-".join(found.groups())) if found else None


def _address(tree: Any, metas: dict[str, str], data: list[dict[str, Any]]) -> str | None:
    link = next(
        (
            each.get("href")
            for each in tree.iter("link")
            if (each.get("rel") or "").lower() == "canonical" and each.get("href")
        ),
        None,
    )
    base = metas.get("og:url", "")
    told = [urljoin(base, link) if link else base]
    for each in data:
        page = each.get("mainEntityOfPage")
        told += [_text(page.get("@id")) if isinstance(page, dict) else _text(page)]
        told += [_text(each.get("url"))]
    return next((found for found in told if re.match(r"https?://", found or "")), None)


# What stands in the post itself ---------------------------------------------------------------


def heading_in(part: Any, names: tuple[str, ...]) -> Any:
    """The heading of a post among others: the one its theme marks, else the first."""
    every = [h for h in part.iter(*names) if one_line(text_of(h))]
    return next((h for h in every if _is_named_title(h)), next(iter(every), None))


def heading_link(heading: Any, facts: PageFacts) -> str | None:
    """The address that a heading links to."""
    if heading is None:
        return None
    above = heading.getparent()
    link = heading if heading.tag == "a" else heading.find(".//a[@href]")
    if link is None and above is not None and above.tag == "a":
        link = above
    found = urljoin(facts.url or "", link.get("href") or "") if link is not None else ""
    return found if re.match(r"https?://", found) else None


def day_in(part: Any, loose: bool = True) -> date | None:
    """The day that stands in or at a post, as the blog shows it."""
    marked = sorted(filter(_is_date, part.iter(*_DATE_TAGS)), key=lambda e: not _is_published(e))
    if day := next((day for element in marked if (day := _shown(element))), None):
        return day
    near = [part.getprevious(), *part.iter("p", "span", "div", "small", "em", "i")] if loose else []
    lines = ((e, " ".join(text_of(e).split())) for e in near if e is not None and _is_element(e))
    said = (text for e, text in lines if len(text) < 120 and (_is_dateline(text) or _is_meta(e)))
    return next((day for text in said if (day := day_of(text))), None)


def _is_dateline(text: str) -> bool:
    """Whether a line tells the day of a post, and at most who wrote it."""
    return bool(_WRITTEN.match(text) or stamp(text) or posted_on(text))


def _is_element(node: Any) -> bool:
    return isinstance(node.tag, str)


def _told(element: Any) -> str:
    return " ".join(filter(None, (element.get(key) for key in ("itemprop", "class", "id"))))


def _is_date(element: Any) -> bool:
    """Whether an element holds the day on which a post came out, and not when it was changed."""
    said = _told(element)
    if _UPDATED.search(said) and not re.search(r"publish", said, re.I):
        return False
    if element.tag == "time" or element.get("itemprop") == "datePublished":
        return True
    return any(map(_DATE.fullmatch, labels(element))) and len(text_of(element)) < 120


def _is_published(element: Any) -> bool:
    return bool(_PUBLISHED.search(_told(element))) or element.get("pubdate") is not None


def _is_meta(element: Any) -> bool:
    return element is not None and any(
        "date" in each or _META.fullmatch(each) for each in labels(element)
    )


def _shown(element: Any) -> date | None:
    """The day as its text has it in words, else as its attributes say it."""
    text = " ".join(text_of(element).split())
    if len(text) < 120 and re.search(r"[A-Za-z]{3}", text) and (day := day_of(text)):
        return day
    told = (element.get("datetime"), element.get("content"), element.get("title"), text)
    return next((day for each in told if each and len(each) < 120 and (day := day_of(each))), None)


def author_in(part: Any) -> str | None:
    """Who wrote it, as lines in `part` say; those lines are taken out."""
    found: list[str] = []
    for element in list(
        part.iter(
            *("a", "span", "p", "div", "cite", "address", "em", "strong", "li", "b", "h4", "h5")
        )
    ):
        rel = (element.get("rel") or "").split()
        prop = element.get("itemprop") or ""
        if not (
            "author" in rel
            or "author" in prop.split()
            or any(_AUTHOR.fullmatch(c) for c in labels(element))
        ):
            continue
        if element.getparent() is None or part not in element.iterancestors():
            continue
        text = one_line(text_of(element))
        name = author_of(text, login="@" in text)
        if not name or len(name) > 60 or _NO_NAME.search(name) or len(found) >= MOST_AUTHORS:
            continue
        if day_of(name):
            continue
        if not any(name in each or each in name for each in found):
            found.append(name)
        _drop_line(element, name, part)
    return ", ".join(found) or _in_words(part)


def named_author(page: Any) -> str | None:
    """The one name to which a page links as that of its author; None for none or several."""
    links = [a for a in page.iter("a") if "author" in (a.get("rel") or "").split()]
    names = {name for a in links if (name := author_of(one_line(text_of(a)), login=True))}
    return names.pop() if len(names) == 1 else None


def _in_words(part: Any) -> str | None:
    """The name in a line `Posted by Lena Fox on June 3`, `June 3rd, 2008 by Lena Fox`."""
    for element in part.iter("p", "div", "span", "li", "small"):
        text = one_line(text_of(element)) if len(text_of(element)) < 300 else ""
        if said := _POSTED_BY.match(text):
            return author_of(said[1])
        if (line := posted_on(text)) and line.author:
            return author_of(line.author)
    return None


def _drop_line(element: Any, name: str, part: Any) -> None:
    line = element.getparent()
    if line is not None and line is not part and len(one_line(text_of(line))) < len(name) + 25:
        element = line
    if element is not part and len(text_of(element)) < len(name) + 40:
        remove(element)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold().strip()
