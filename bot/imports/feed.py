"""A feed that a manager follows: its address, what was seen of it, and the posts they left."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bot.fetching.fetcher import Validators
from bot.people.rep import Rep

EVERY = timedelta(days=1)
_KINDS = ("application/rss+xml", "application/atom+xml", "application/feed+json",
          "application/json")  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """`title` is the blog's; "" before it was looked at. `unwanted` are keys of posts that were
    left. `failing` says what went wrong the last time; "" if nothing did."""

    id: int
    rep: Rep
    url: str
    title: str
    seen: Validators
    unwanted: frozenset[str]
    failing: str
    followed_at: datetime
    next_at: datetime
    looked_at: datetime | None

    @property
    def host(self) -> str:
        """All of the address that may be shown: the rest may be a secret."""
        return urlsplit(self.url).hostname or ""

    @property
    def source(self) -> str:
        """What the library calls the place of its posts, without telling the address."""
        return f"feed {self.host} {hashlib.sha256(self.url.encode()).hexdigest()[:8]}"


def source_of(name: str) -> str:
    """What the library calls the place of the posts in a file that was dropped."""
    return f"Slack: {name.replace('/', '_')}"


def feed_links(page: str, url: str) -> list[str]:
    """The feeds that a page names in its head, whole addresses, in its order."""
    finder = _Links()
    finder.feed(page)
    return list(dict.fromkeys(urljoin(finder.base or url, href) for href in finder.found))


class _Links(HTMLParser):
    """`<link rel="alternate" type="application/rss+xml" href="…">`: the HTML standard, 4.6.7.1."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = said.get("href", "")
        rel = said.get("rel", "").lower().split()
        kind = said.get("type", "").partition(";")[0].strip().lower()
        if tag == "link" and "alternate" in rel and kind in _KINDS and said.get("href"):
            self.found.append(said["href"])
