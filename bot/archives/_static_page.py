"""One page of a static site, of a vault or of a notebook: its facts from its head and its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from bot.archives._dates import day_in_name, day_of
from bot.archives._furniture import drop_links_to_the_rest, trimmed, without_title
from bot.archives._html_text import clean, paragraphs, tree_of
from bot.archives._line_kinds import Posted, posted_on, stamp
from bot.archives._markdown import Read, inline, read_markdown
from bot.archives._matter import FaultyMatter, Matter, read_matter
from bot.archives._names import author_of
from bot.archives.archive import LeftOut, post_of
from bot.library.post import Post

MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd", ".rmd"))
_DATES = ("date", "publishdate", "published", "pubdate", "published_at", "datepublished",
          "date_published", "publish_date", "publisheddate", "published_date", "created",
          "created_at", "created time", "posted")  # fmt: skip
_AUTHORS = ("authors", "author", "by", "writer", "creator", "byline")
_TITLES = ("title", "headline", "name")
_ADDRESSES = ("canonical_url", "canonicalurl", "canonical", "original_url", "external_url",
              "permalink", "url", "link", "medium_url")  # fmt: skip
_BLOGS = ("blog", "site", "publication")
_NO = ("false", "no", "off", "0", "n")
_YES = ("true", "yes", "on", "1", "y")
_STATES = {
    **dict.fromkeys(("draft", "pending", "review", "in progress", "not started", "idea", "wip",
                     "to do", "unpublished", "hidden"), "drafts"),
    "private": "private posts",
    "scheduled": "scheduled posts",
    "future": "scheduled posts",
    "trash": "trashed posts",
    "trashed": "trashed posts",
    "archived": "trashed posts",
}  # fmt: skip
_PAGE_KINDS = frozenset(("page", "home", "landing", "default-page"))
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_LOOP = re.compile(r"\{%-?\s*(?:for|extends|block)\b|\{\{\s*(?:content|range|define|block)\b")
_NOTION_ID = re.compile(r"\s+[0-9a-f]{32}$")
_LOCAL_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?![a-z]+:)[^)]*\)|(?<!!)\[\[[^\]]*\]\]")
_PROPERTY = re.compile(r"(?P<key>[A-Z][\w ()/-]{0,30}):[ \t]*(?P<value>.*)")
_OPENED = re.compile(r"[ \t]*<(?:p|div|h[1-6]|ul|ol|section|article|blockquote|figure)\b", re.I)


class Page(NamedTuple):
    """A page's file: its name with folders, its text, and what its site knows of authors."""

    name: str
    text: str
    today: date
    authors: Mapping[str, str] = {}
    blog: str | None = None


class Found(NamedTuple):
    """What a page turned out to be, and doubts about it."""

    what: Post | LeftOut
    doubts: tuple[str, ...] = ()


def read_page(page: Page, site: bool = False) -> Found:
    """The post of a page, or why it is none. Raises FaultyMatter. `site` checks its templates."""
    matter = read_matter(page.text) or _without_head(page.text)
    kind = "templates" if _is_template(matter.text, site) else None
    if kind is None and _only_points(matter.text):
        kind = "pages"
    return found_of(matter, page, partial(_read, matter.text, page.name), kind)


def found_of(
    matter: Matter, page: Page, read_text: Callable[[bool], Read], kind: str | None = None
) -> Found:
    """What a page is by its head; its text is read if it is a post, and told if it is titled."""
    facts = matter.facts
    published, doubts = _published(matter, page.name)
    title = _title(facts)
    if kind := _left_out(facts, published, page.today) or kind:
        return Found(LeftOut(kind, title, published, _address(facts), file=page.name), doubts)
    read = read_text(title is not None)
    title = title or read.heading or _title_in_name(page.name)
    text, line = _dateline(without_title(read.text, title))
    published = published or (line.day.date if line else None)
    if not text:
        raise FaultyMatter(matter.stop, "no text stands below the front matter.")
    author = _authors(facts, page.authors) or (line.author if line else None)
    post = post_of(
        title, text, published, author, _text(facts, _BLOGS) or page.blog,
        _address(facts), read.cut or _flag(facts.get("teaser")) is True, file=page.name,
    )  # fmt: skip
    announcement = _flag(facts.get("announcement")) is True
    return Found(replace(post, announcement=announcement), (*matter.doubts, *doubts))


def _dateline(text: str) -> tuple[str, Posted | None]:
    """The text without a first line that tells its day, and who wrote it; and what that says."""
    first, _, rest = text.partition("\n\n")
    said = " ".join(first.split())
    day = stamp(said)
    line = Posted(day, None) if day else posted_on(said)
    return (rest, line) if rest and line else (text, None)


def _without_head(text: str) -> Matter:
    """A page that has no head; of a Notion page the properties below its title are one."""
    lines = text.lstrip("\ufeff").split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines[first].startswith("# "):
        return Matter({}, text, 0, {})
    facts: dict[str, Any] = {}
    at = first + 1
    while at < len(lines) and (not lines[at].strip() or _PROPERTY.fullmatch(lines[at])):
        if found := _PROPERTY.fullmatch(lines[at]):
            facts[found["key"].lower()] = found["value"]
        elif facts:
            break
        at += 1
    known = set(facts) & {*_DATES, *_AUTHORS, "status", "tags", "created", "last edited time"}
    if not known:
        return Matter({}, text, 0, {})
    return Matter(facts, "\n".join([lines[first], "", *lines[at:]]), at, {})


def _read(text: str, name: str, titled: bool) -> Read:
    """A page's text, by its ending: HTML as it stands, everything else as Markdown."""
    if PurePosixPath(name).suffix.lower() in (".html", ".htm", ".xhtml") or (
        _OPENED.match(text.lstrip()) and PurePosixPath(name).suffix.lower() not in MARKDOWN
    ):
        tree = tree_of(_TEMPLATE.sub("", text))
        clean(tree)
        cut = drop_links_to_the_rest(tree)
        said = trimmed(paragraphs(tree))
        return Read(said.text, None, cut or said.cut)
    return read_markdown(text, titled)


def _is_template(text: str, site: bool) -> bool:
    """Whether nothing but code of the site stands here, or a page is put together here."""
    code = _TEMPLATE.search(text)
    if code and not re.search(r"\w", re.sub(r"<[^>]*>", "", _TEMPLATE.sub("", text))):
        return True
    return site and _LOOP.search(text) is not None


def _only_points(text: str) -> bool:
    """Whether a page is a list of links to other pages beside it, as a notebook's tables are."""
    bare = _LOCAL_LINK.sub("", re.sub(r"^# .*$", "", text, count=1, flags=re.M))
    return bare != text and bool(_LOCAL_LINK.search(text)) and not re.search(r"\w", bare)


def _left_out(facts: Mapping[str, Any], published: date | None, today: date) -> str | None:
    """What a page is, if it is not a published post."""
    if _flag(facts.get("draft")) is True or _flag(facts.get("wip")) is True:
        return "drafts"
    if any(
        _flag(facts.get(key)) is False for key in ("published", "publish", "public", "permalink")
    ):
        return "drafts"
    if _flag(facts.get("private")) is True or str(facts.get("visibility")).lower() == "private":
        return "private posts"
    if facts.get("password"):
        return "password-protected posts"
    if state := _STATES.get(str(facts.get("status") or facts.get("state") or "").lower()):
        return state
    if any(
        _flag(facts.get(key)) is True
        for key in ("hidden", "unlisted", "headless", "eleventyexcludefromcollections")
    ):
        return "drafts"
    if any(key.endswith("-plugin") for key in facts):  # Obsidian's boards and drawings
        return "drawings"
    kinds = (str(facts.get(key) or "").lower() for key in ("type", "post_type", "layout"))
    if _PAGE_KINDS & set(kinds):
        return "pages"
    ends = day_of(facts.get("expirydate") or facts.get("expires"))
    if ends and ends < today:
        return "expired posts"
    days = (published, day_of(facts.get("publishdate")))
    return "scheduled posts" if any(day and day > today for day in days) else None


def _published(matter: Matter, name: str) -> tuple[date | None, tuple[str, ...]]:
    """The day in the head, else the one in the file's name; a doubt if the head's can't be read."""
    doubts: list[str] = []
    for key in _DATES:
        value = matter.facts.get(key)
        if value in (None, "") or isinstance(value, bool) or _flag(value) is not None:
            continue
        if day := day_of(value):
            return day, tuple(doubts)
        line = matter.lines.get(key, 1)
        doubts.append(f"line {line}: “{key}” is no date; write it like 2011-03-11.")
    return day_in_name(name), tuple(doubts)


def _title(facts: Mapping[str, Any]) -> str | None:
    return _text(facts, _TITLES, marked=True)


def _text(facts: Mapping[str, Any], keys: tuple[str, ...], marked: bool = False) -> str | None:
    for key in keys:
        value = facts.get(key)
        if isinstance(value, (str, int, float, date)) and not isinstance(value, bool):
            said = " ".join(str(value).split())
            if said:
                return inline(said) if marked and re.search(r"[*_`<&\[{\\]", said) else said
    return None


def _flag(value: object) -> bool | None:
    """Yes or no, however it is written; None for anything else."""
    if isinstance(value, bool):
        return value
    said = str(value).strip().lower()
    return True if said in _YES else False if said in _NO else None


def _address(facts: Mapping[str, Any]) -> str | None:
    """A whole address; what only names a path of the site is none."""
    found = (facts.get(key) for key in _ADDRESSES)
    return next((s for each in found if re.match(r"https?://\S+$", s := str(each or ""))), None)


def _authors(facts: Mapping[str, Any], known: Mapping[str, str]) -> str | None:
    for key in _AUTHORS:
        names = [name for each in _each(facts.get(key)) if (name := _author(each, known))]
        if names:
            return ", ".join(dict.fromkeys(names))
    return None


def _author(said: str, known: Mapping[str, str]) -> str | None:
    return known.get(said.casefold()) or author_of(said, login=True)


def _each(value: object) -> Iterator[str]:
    """The names in a text, a list, or tables that hold a name."""
    if isinstance(value, Mapping):
        named = value.get("name") or value.get("title") or value.get("display_name")
        yield from _each(named) if named else ()
    elif isinstance(value, list):
        for each in value:
            yield from _each(each)
    elif value is not None:
        text = re.sub(r"\[\[?([^\]]*)\]?\](?:\([^)]*\)|(?<=\]\]))", r"\1", str(value)).strip()
        inside = re.fullmatch(r"\[(.*)\]", text)
        parts = inside[1].split(",") if inside else text.split(";")
        yield from (part.strip(" \"'") for part in parts)


def _title_in_name(name: str) -> str | None:
    """The title that a file's name tells: `2014-05-06-ring-the-bell.md`, `Two chairs.md`."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem = path.stem if path.stem.lower() not in ("index", "readme") else path.parent.name
    stem = _NOTION_ID.sub("", re.sub(r"\.[a-z]{2}$", "", stem))
    dated = re.match(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}[-_ .]*", stem)
    words = (stem[dated.end() :] if dated else stem).strip()
    if " " in words:
        return words
    parts = [part for part in re.split(r"[-_]+", words) if part]
    if len(parts) < 2 and not (dated and parts):
        return None
    return " ".join(parts).capitalize()
