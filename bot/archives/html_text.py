"""The text of HTML as people read it: paragraphs, without scripts, menus and share buttons."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

# Elements that are no part of what somebody wrote, and those whose class says the same.
_JUNK = (
    *("script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button"),
    *("iframe", "svg", "dialog", "select", "figcaption"),
)
_JUNK_CLASS = re.compile(
    r"(?:.*[-_])?(?:share|sharing|social|sharedaddy|comments?|related|sidebar|breadcrumbs?|byline"
    r"|newsletter|subscribe|pagination|navigation|tags|post-meta|entry-meta|screen-reader-text)"
    r"(?:[-_].*)?"
)
_BLOCKS = (
    *("p", "div", "section", "article", "header", "main", "blockquote", "pre", "figure", "hr"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
)
_LINE, _PARAGRAPH = "\u2028", "\u2029"


def soup(html: bytes | str) -> Any:
    """A BeautifulSoup tree; comments are gone from it."""
    from bs4 import BeautifulSoup, Comment  # late: only imports of pages need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it guesses what it was given; we know
        tree = BeautifulSoup(html, "html.parser")
    for comment in tree.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    return tree


def clean(tree: Any) -> None:
    """Take out of `tree` what nobody wrote as text."""
    for element in tree.find_all(_JUNK):
        element.decompose()
    whole = len(tree.get_text())
    for element in tree.find_all(class_=lambda name: bool(name and _JUNK_CLASS.fullmatch(name))):
        if not element.decomposed and len(element.get_text()) * 2 < whole:
            element.decompose()


def paragraphs(tree: Any) -> str:
    """The text of a tree, a blank line between paragraphs."""
    text = re.sub(rf"[^\S{_LINE}{_PARAGRAPH}]+", " ", "".join(_pieces(tree)))
    found = (_lines(paragraph) for paragraph in text.split(_PARAGRAPH))
    return "\n\n".join(filter(None, found))


def _pieces(tree: Any) -> Iterator[str]:
    """The strings of a tree, with marks where a block begins or ends and a line is broken.

    Without recursion, for pages nest their elements as deep as they like.
    """
    from bs4.element import CData, NavigableString

    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node if type(node) in (NavigableString, CData, str) else ""
        elif node.name == "br":
            yield _LINE
        else:
            mark = _PARAGRAPH if node.name in _BLOCKS else ""
            yield mark
            waiting += [mark, *reversed(node.contents)]


def one_line(html: str) -> str:
    """A title or a name that may hold mark-up, as plain text."""
    return " ".join(soup(html).get_text(" ").split()) if re.search(r"[<&]", html) else _even(html)


def _lines(paragraph: str) -> str:
    """Lines of a paragraph; two breaks in a row are how old pages end one."""
    parts = re.split(rf"{_LINE}\s*{_LINE}[\s{_LINE}]*", paragraph)
    lines = ("\n".join(filter(None, map(_even, part.split(_LINE)))) for part in parts)
    return "\n\n".join(filter(None, lines))


def _even(text: str) -> str:
    return " ".join(text.split())
