"""Pages that Notion writes as HTML: properties in a table at their head, the text below it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from bot.archives._furniture import trimmed
from bot.archives._html_text import clean, labels, one_line, paragraphs, remove, text_of
from bot.archives._markdown import Read
from bot.archives._matter import Matter
from bot.archives._static_page import Found, Page, found_of


def body_of_notion(tree: Any) -> Any:
    """The element that holds the text of such a page; None for any other page."""
    page = next((a for a in tree.iter("article") if "page" in labels(a)), None)
    if page is None or page.find("./header//h1[@class='page-title']") is None:
        return None
    return page.find("./div[@class='page-body']")


def read_notion(tree: Any, body: Any, name: str, today: date) -> Found:
    """The post of a page, or why it is none. Raises FaultyMatter for one without text."""
    title = tree.find(".//h1[@class='page-title']")
    facts: dict[str, Any] = {"title": one_line(text_of(title))}
    for row in tree.findall(".//table[@class='properties']//tr"):
        key, value = row.find("th"), row.find("td")
        if key is not None and value is not None:
            facts[one_line(text_of(key)).lower()] = one_line(text_of(value)).lstrip("@")
    return found_of(Matter(facts, "", 1, {}), Page(name, "", today), partial(_read, body))


def _read(body: Any, titled: bool) -> Read:
    for sign in [e for e in body.iter("span") if "icon" in labels(e)]:
        remove(sign)
    clean(body)
    return Read(trimmed(paragraphs(body)).text, None, False)
