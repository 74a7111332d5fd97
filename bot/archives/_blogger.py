"""Blogger's export (one Atom file) and Google Takeout's: posts that are live, and nothing else."""

from __future__ import annotations

import re

from bot.archives._dates import day_of
from bot.archives._furniture import drop_links_to_the_rest, trimmed
from bot.archives._html_text import clean, has_markup, one_line, paragraphs, tree_of
from bot.archives._names import author_of, authors_of
from bot.archives._xml_source import Node, mended, nodes
from bot.archives.archive import Archive, Harvest, LeftOut, Told, post_of

_KIND = "schemas.google.com/g/2005#kind"
_TAKEOUT = {"POST": "post", "PAGE": "page", "COMMENT": "comment"}
_STATES = {
    "DRAFT": "drafts",
    "SCHEDULED": "scheduled posts",
    "SOFT_TRASHED": "trashed posts",
    "TRASHED": "trashed posts",
}


def is_blogger(start: str) -> bool:
    """Whether the beginning of an Atom file is that of a blog's export, not of its feed."""
    export = "schemas.google.com/blogger/2008/kind#" in start or ".archive</id>" in start
    return export or "schemas.google.com/blogger/2018" in start


def read_blogger(data: bytes, name: str, told: Told = lambda: None) -> Archive:
    """The published posts of an export. Raises UnreadableArchive."""
    source = mended(data, name, "export")
    harvest = Harvest(name, told, doubts=list(source.doubts))
    blog, base = None, ""
    for node in nodes(source.data, "atom:entry", "atom:title", "atom:link"):
        if node.name == "atom:entry":
            _take(node, harvest, blog, base)
        elif node.name == "atom:title":
            blog = blog or one_line(node.element.text or "") or None
        elif node.element.get("rel") == "alternate":
            base = base or node.element.get("href", "")
    return harvest.archive()


def _take(node: Node, harvest: Harvest, blog: str | None, base: str) -> None:
    title = one_line(node.text("atom:title")) or None
    published = day_of(node.text("atom:published"))
    url, guid = _address(node, base), node.text("atom:id") or None
    if kind := _left_out(node):
        harvest.leave(LeftOut(kind, title, published, url, guid))
        return
    content = node.text("atom:content") or node.text("atom:summary")
    tree = tree_of(content)
    clean(tree)
    cut = drop_links_to_the_rest(tree)
    text, more = trimmed(paragraphs(tree, breaks=not has_markup(content)), blog)
    names = [e.text for author in node.all("atom:author") for e in author if e.tag.endswith("name")]
    author = authors_of(map(author_of, names))
    harvest.add(post_of(title, text, published, author, blog, url, cut or more, guid))


def _left_out(node: Node) -> str | None:
    """What an entry is, if it is not a published post."""
    kind = _kind(node)
    if kind != "post":
        return "settings" if kind == "settings" else f"{kind}s"
    state = node.text("blogger:status").upper()
    if state and state != "LIVE":
        return _STATES.get(state, "drafts")
    control = node.first("app:control")
    said = "".join(control.itertext()).strip().lower() if control is not None else ""
    return "drafts" if said == "yes" else None


def _kind(node: Node) -> str:
    if said := node.text("blogger:type").upper():
        return _TAKEOUT.get(said, "other item")
    for category in node.all("atom:category"):
        if _KIND in category.get("scheme", ""):
            return category.get("term", "").rpartition("#")[2] or "other item"
    return "comment" if node.first("thr:in-reply-to") is not None else "post"


def _address(node: Node, base: str) -> str | None:
    for link in node.all("atom:link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return link.get("href")
    path = node.text("blogger:filename")
    home = re.match(r"https?://[^/]+", base)
    return f"{home[0]}{path}" if home and path.startswith("/") else None
