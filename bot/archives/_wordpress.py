"""WordPress exports (WXR of every version, WordPress.com's and Squarespace's): published posts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urljoin

from bot.archives._dates import day_of
from bot.archives._furniture import drop_links_to_the_rest, trimmed
from bot.archives._html_text import clean, one_line, paragraphs, tree_of
from bot.archives._names import author_of, authors_of
from bot.archives._paid import without_paid
from bot.archives._shortcodes import without_shortcodes
from bot.archives._xml_source import Node, mended, nodes
from bot.archives.archive import Archive, Harvest, LeftOut, Told, post_of
from bot.library.post import Post

_STATES = {
    "draft": "drafts",
    "auto-draft": "drafts",
    "pending": "drafts",
    "private": "private posts",
    "future": "scheduled posts",
    "trash": "trashed posts",
}
_TYPES = {
    "page": "pages",
    "attachment": "attachments",
    "nav_menu_item": "menu items",
    "revision": "revisions",
    "wp_block": "templates",
    "wp_template": "templates",
    "wp_template_part": "templates",
    "custom_css": "settings",
    "customize_changeset": "settings",
    "wp_global_styles": "settings",
    "wp_navigation": "menu items",
    "feedback": "comments",
    "elementor_library": "templates",
}
_BLOCK = re.compile(r"<!--\s*/?wp:")
_OWN_PARAGRAPHS = re.compile(r"<p[\s>]", re.I)
_BODY_HAS_LINES = re.compile(r"\n[ \t]*\n")


def is_wordpress(start: str) -> bool:
    """Whether the beginning of an XML file is an export's: a feed may declare its names, too."""
    return "<wp:" in start or ":wxr_version>" in start


def read_wordpress(data: bytes, name: str, told: Told = lambda: None) -> Archive:
    """The published posts of an export. Raises UnreadableArchive."""
    source = mended(data, name, "export")
    harvest = Harvest(name, told, doubts=list(source.doubts))
    authors: dict[str, str | None] = {}
    blog, base = None, ""
    wanted = ("item", "wp:author", "title", "link", "wp:base_blog_url")
    for node in nodes(source.data, *wanted):
        if node.name == "item":
            _take(node, harvest, authors, blog, base)
        elif node.name == "wp:author":
            _learn(node, authors)
        elif node.name == "title" and blog is None:
            blog = one_line(node.element.text or "") or None
        elif node.name in ("link", "wp:base_blog_url") and not base:
            base = (node.element.text or "").strip()
    return harvest.archive()


def _learn(node: Node, authors: dict[str, str | None]) -> None:
    """What the export says of an author: the login, and the name that the blog shows."""
    login = node.text("wp:author_login")
    shown = one_line(node.text("wp:author_display_name"))
    whole = " ".join(filter(None, map(one_line, (node.text("wp:author_first_name"),
                                                 node.text("wp:author_last_name")))))  # fmt: skip
    name = author_of(shown)
    if name is None or (name == login and " " not in name):
        name = author_of(whole) or author_of(shown, login=True)
    for key in (login, node.text("wp:author_email"), shown):
        if key:
            authors[key.casefold()] = name


def _take(
    node: Node,
    harvest: Harvest,
    authors: Mapping[str, str | None],
    blog: str | None,
    base: str,
) -> None:
    title = one_line(node.text("title")) or None
    published = _day(node)
    url = address(node.text("link"), base)
    guid = node.text("guid") or None
    if kind := _left_out(node):
        harvest.leave(LeftOut(kind, title, published, url, guid))
        return
    body, cut = _body(node.text("content:encoded"), blog)
    if not body:
        body, cut = _body(node.text("excerpt:encoded") or node.text("description"), blog)
        cut = bool(body)
    author = _author(node, authors)
    post: Post = post_of(title, body, published, author, blog, url, cut, guid)
    harvest.add(post)


def _left_out(node: Node) -> str | None:
    """What an item is, if it is not a published post."""
    kind = node.text("wp:post_type") or "post"
    if kind != "post":
        return _TYPES.get(kind, "other items")
    state = node.text("wp:status") or "publish"
    if state != "publish":
        return _STATES.get(state, "drafts")
    if _meta(node, "_jetpack_newsletter_access") not in ("", "everybody"):
        return "posts for subscribers"
    return "password-protected posts" if node.text("wp:post_password") else None


def _meta(node: Node, key: str) -> str:
    """What is kept beside a post under a name; "" if nothing is."""
    found = (Node("wp:postmeta", each) for each in node.all("wp:postmeta"))
    return next((m.text("wp:meta_value") for m in found if m.text("wp:meta_key") == key), "")


def _day(node: Node) -> date | None:
    """The author's own clock: `pubDate` is UTC in an export."""
    return day_of(node.text("wp:post_date")) or day_of(node.text("pubDate"))


def address(link: str, base: str) -> str | None:
    """A whole address; Squarespace writes only the path."""
    whole = urljoin(base, link.strip()) if link.strip() else ""
    return whole if re.match(r"https?://", whole) else None


def _author(node: Node, authors: Mapping[str, str | None]) -> str | None:
    several = [e for e in node.all("category") if e.get("domain") == "author"]
    named = [
        name
        for each in several
        for key in ((each.get("nicename") or "").removeprefix("cap-"), each.text or "")
        if (name := authors.get(key.casefold()))
    ]
    if named:
        return authors_of(named)
    creator = one_line(node.text("dc:creator"))
    if creator.casefold() in authors:
        return authors[creator.casefold()]
    return author_of(creator, login=True)


def _body(html: str, blog: str | None) -> tuple[str, bool]:
    """The text of a post, and whether it goes on elsewhere."""
    html, paid = without_paid(html)
    blocks = _BLOCK.search(html) is not None
    tree = tree_of(without_shortcodes(html))
    clean(tree)
    cut = "read" in html.lower() and drop_links_to_the_rest(tree)
    breaks = not blocks and (not _OWN_PARAGRAPHS.search(html) or bool(_BODY_HAS_LINES.search(html)))
    text, more = trimmed(paragraphs(tree, breaks=breaks), blog)
    return text, paid or cut or more
