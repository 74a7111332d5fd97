"""Movable Type's and TypePad's export: one text file, entries between rules of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.archives._dates import day_of
from bot.archives._furniture import drop_links_to_the_rest, trimmed
from bot.archives._html_text import clean, one_line, paragraphs, tree_of
from bot.archives._markdown import read_markdown
from bot.archives._names import author_of
from bot.archives.archive import Archive, Harvest, LeftOut, Told, UnreadableArchive, post_of

_KEY = re.compile(r"([A-Z][A-Z ]{2,30}):[ \t]?(.*)")
_START = re.compile(
    r"\s*(?:-{8}[ \t]*\n\s*)?(?:AUTHOR|TITLE|STATUS|BASENAME|UNIQUE URL|DATE|ALLOW COMMENTS"
    r"|CONVERT BREAKS|CATEGORY|PRIMARY CATEGORY|TAGS):.*\n(?:[A-Z][A-Z ]{2,30}:.*\n|[ \t]*\n)+"
    r"-----[ \t]*\n[A-Z ]+:"
)
_STATES = {"publish": None, "published": None, "": None, "future": "scheduled posts",
           "scheduled": "scheduled posts", "private": "private posts"}  # fmt: skip
_TWICE = ("COMMENT", "PING", "REPLY")


class Entry(NamedTuple):
    """An entry: its keys, its parts by name, and how many comments and pings hang on it."""

    keys: dict[str, str]
    parts: dict[str, str]
    remarks: int


def is_movable_type(text: str) -> bool:
    """Whether a text opens as such an export does."""
    return _START.match(text.replace("\r\n", "\n")) is not None


def read_movable_type(text: str, name: str, told: Told = lambda: None) -> Archive:
    """The published entries. Raises UnreadableArchive if the file is cut off."""
    text = re.sub(r"\r\n?", "\n", text)
    if not re.search(r"^-{5,}[ \t]*\s*\Z", text, re.M):
        reason = "this Movable Type export is cut off: it ends within an entry. Export it again."
        raise UnreadableArchive(name, text.count("\n") + 1, reason)
    harvest = Harvest(name, told)
    for entry in _entries(text):
        _take(entry, harvest)
    return harvest.archive()


def _entries(text: str) -> Iterator[Entry]:
    for whole in re.split(r"^-{8}[ \t]*$", text, flags=re.M):
        head, *rest = re.split(r"^-{5}[ \t]*$", whole, flags=re.M)
        found = (_KEY.fullmatch(line.strip()) for line in head.strip().split("\n"))
        keys = {pair[1]: pair[2].strip() for pair in found if pair}
        if not keys:
            continue
        parts: dict[str, str] = {}
        remarks = 0
        for each in rest:
            named = _KEY.match(each.lstrip("\n"))
            if named and named[1] in _TWICE:
                remarks += 1
            elif named:
                parts.setdefault(named[1], each.lstrip("\n").partition(":")[2].strip())
        yield Entry(keys, parts, remarks)


def _take(entry: Entry, harvest: Harvest) -> None:
    keys = entry.keys
    title = one_line(keys.get("TITLE", "")) or None
    published = day_of(keys.get("DATE"), month_first=True)
    url = keys.get("UNIQUE URL") or keys.get("PERMALINK") or ""
    address = url if re.match(r"https?://", url) else None
    for _ in range(entry.remarks):
        harvest.leave(LeftOut("comments"))
    state = keys.get("STATUS", "").lower()
    if kind := _STATES.get(state, "drafts"):
        harvest.leave(LeftOut(kind, title, published, address))
        return
    if keys.get("TYPE", "").lower() == "page":
        harvest.leave(LeftOut("pages", title, published, address))
        return
    text, cut = _body(entry)
    author = author_of(one_line(keys.get("AUTHOR", "")), login=True)
    harvest.add(post_of(title, text, published, author, None, address, cut))


def _body(entry: Entry) -> tuple[str, bool]:
    """Body and extended body; without either the excerpt, which is only a part."""
    breaks = entry.keys.get("CONVERT BREAKS", "1").strip().lower()
    parts = [entry.parts.get(key, "") for key in ("BODY", "EXTENDED BODY")]
    cut = not any(parts)
    texts = [_text(part, breaks) for part in parts if part]
    if cut:
        texts = [_text(entry.parts.get("EXCERPT", ""), breaks)]
    return "\n\n".join(filter(None, texts)), cut and bool(texts[0])


def _text(html: str, breaks: str) -> str:
    if "markdown" in breaks:
        return read_markdown(html, titled=True).text
    tree = tree_of(html)
    clean(tree)
    drop_links_to_the_rest(tree)
    lines = breaks not in ("0", "richtext", "") and not re.search(r"<p[\s>]", html, re.I)
    return trimmed(paragraphs(tree, breaks=lines)).text
