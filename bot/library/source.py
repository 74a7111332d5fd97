"""A quote with all that is shown beside it, and how a source is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple


class Source(NamedTuple):
    """A quote with all that is shown beside it. `shelf` is "original" or "card".

    `clipped` tells that the sentence goes on after the quote.
    """

    post: str
    title: str
    author: str | None
    blog: str | None
    published: date | None
    quote: str
    shelf: str
    clipped: bool = False


def said_on(day: date | None) -> str:
    """`11 Mar 2011`, or "undated"."""
    return f"{day.day} {day:%b %Y}" if day else "undated"


def label(source: Source, drawn: Callable[[str], str] = str, mark: str = "") -> str:
    """`Our note on First and Ten · Will · 11 Mar 2011`, the title between marks."""
    title = f"{mark}{drawn(source.title)}{mark}"
    about = title if source.shelf == "original" else f"Our note on {title}"
    who = source.author or source.blog
    return " · ".join(filter(None, [about, who and drawn(who), said_on(source.published)]))
