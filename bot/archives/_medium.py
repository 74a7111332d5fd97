"""Medium's export: one page for each story, draft and response, beside an account's other files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.archives._dates import day_in_name, day_of
from bot.archives._furniture import trimmed, without_title
from bot.archives._html_text import clean, one_line, paragraphs, text_of, tree_of
from bot.archives._names import author_of
from bot.archives.archive import Harvest, LeftOut, post_of
from bot.archives.bundle import Bundle

_ACCOUNT = ("profile", "sessions", "ips", "claps", "bookmarks", "blocks", "highlights", "lists",
            "interests", "pubs-following", "topics-following", "users-following", "twitter",
            "partner-program", "series", "reading-history")  # fmt: skip
_MARKS = (b'class="p-canonical"', b'Exported from <a href="https://medium.com"', b"graf--")


def is_medium(data: bytes) -> bool:
    """Whether a page is one of such an export."""
    return b"Exported from" in data and any(mark in data for mark in _MARKS)


def roots(bundle: Bundle) -> Iterator[str]:
    """The folders, each ending in "/" or empty, that hold such an export."""
    found = {name[: at.start(1)] for name in bundle.names
             if (at := re.search(r"(?:^|/)(posts/)[^/]+\.html$", name))}  # fmt: skip
    for root in sorted(found):
        if any(name.startswith(f"{root}{part}/") for part in _ACCOUNT for name in bundle.names):
            yield root


def read_medium(bundle: Bundle, root: str, harvest: Harvest) -> None:
    """Add the published stories of an export. Raises UnreadableArchive."""
    for name in bundle.names:
        if not name.startswith(root) or not name.endswith(".html"):
            continue
        if name.startswith(f"{root}posts/"):
            take_page(bundle.read(name), name, harvest)
        else:
            harvest.leave(LeftOut("account files", file=name))


def take_page(data: bytes, name: str, harvest: Harvest) -> None:
    """Add one story, or say why it is none."""
    page = tree_of(data)
    title = _said(page, ".//h1[@class='p-name']") or _said(page, ".//title")
    when = page.find(".//time[@class='dt-published']")
    shown = text_of(when) if when is not None else ""
    stated = when.get("datetime") if when is not None else ""
    published = day_of(shown) or day_of(stated) or day_in_name(name)
    url = _link(page, "p-canonical")
    subtitle = _said(page, ".//section[@data-field='subtitle']")
    file = name.rpartition("/")[2]
    if file.startswith("draft_") or when is None:
        harvest.leave(LeftOut("drafts", title, published, url, file=name))
        return
    body = page.find(".//section[@data-field='body']")
    text = _text(body) if body is not None else ""
    if title and _is_response(body, title, text):
        harvest.leave(LeftOut("responses", title, published, url, file=name))
        return
    names = [author_of(text_of(a)) for a in page.iter("a") if "p-author" in (a.get("class") or "")]
    author = ", ".join(dict.fromkeys(filter(None, names))) or None
    text = without_title(text, title, subtitle)
    harvest.add(post_of(title, text, published, author, None, url, file=name))


def _text(body: Any) -> str:
    clean(body)
    return trimmed(paragraphs(body)).text


def _is_response(body: Any, title: str, text: str) -> bool:
    """A response has no title of its own; Medium calls it by its first words."""
    if body is None or any(
        "graf--title" in (e.get("class") or "") for e in body.iter("h3", "h2", "h1")
    ):
        return False
    first = " ".join(text.split())
    return first.startswith(title.rstrip("….").strip()) and len(first) > len(title)


def _said(page: Any, path: str) -> str | None:
    found = page.find(path)
    return one_line(text_of(found)) or None if found is not None else None


def _link(page: Any, name: str) -> str | None:
    found = next((a for a in page.iter("a") if name in (a.get("class") or "").split()), None)
    return found.get("href") if found is not None else None
