"""The text of HTML as people read it: paragraphs, without scripts, menus, captions and buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

Element = Any  # lxml ships no types

# Elements that are no part of what somebody wrote, and those whose class says the same.
_JUNK = frozenset(
    (
        *("script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button"),
        *("iframe", "svg", "dialog", "select", "figcaption", "head", "object", "embed", "video"),
        *("audio", "canvas", "input", "textarea", "math", "map"),
    )
)
_JUNK_CLASS = re.compile(
    r"(?:.*[-_])?(?:share|sharing|shares|social|sharedaddy|comments?|commentlist|respond|related"
    r"|relatedposts|sidebar|breadcrumbs?|byline|newsletter|subscribe|subscription|pagination"
    r"|navigation|tags|post-meta|entry-meta|entry-utility|screen-reader-text|feedflare|author-box"
    r"|about-author|author-bio|authorbox|cookies?|advertisement|adsbygoogle|printfriendly|addtoany"
    r"|wp-caption-text|imagecaption|image-caption|gallery-caption|gallery|wp-block-buttons?"
    r"|button-wrapper|wp-block-embed|wp-block-file|footnotes?|wp-block-footnotes|reflist|mejs"
    r"|blogger-post-footer|post-footer|postmetadata|entry-footer|jp-relatedposts|toc|ez-toc.*"
    r"|table-of-contents|mc[-_]embed[-_]signup|skip-link|pagenav|post-nav|edit-link|email-signup"
    r"|tr-caption|property-row|page-header-icon|contact-form"
    # Embeds are other people's words, and cards of Ghost, Substack and Medium point to other posts.
    r"|twitter-tweet|tweet|instagram-media|mixtapeembed|digest-post-embed"
    r"|embedded-(?:post|publication)"
    r"|kg-(?:bookmark|signup|cta|embed|button|file|product|header|audio|video|email)-card"
    r"|kg-callout-emoji)"
    r"(?:[-_].*)?",
    re.I,
)
_KEPT_CLASS = re.compile(r"(?:has|no|with|without|is|tag|category)-.*", re.I)  # say of the post
_BUTTON = re.compile(r"(?:.*[-_ ])?(?:btn|button|cta)(?:[-_ ].*)?", re.I)
_NOTE = re.compile(r"(?:.*[-_])?(?:fn|fnref|footnote|footnoteref|noteref|endnote|sdfootnote)"
                   r"(?:[-_].*)?", re.I)  # fmt: skip
_NOTE_TARGET = re.compile(
    r"#(?:_?fn|_?ftn|_?edn|footnote|note|cite[-_]|easy-footnote|sdfootnote|r\d+$|\d+$)", re.I
)
_NOTE_MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}|[*†‡§]{1,3}|[ivx]{1,4}|[a-z])\s*[\])]?")
_BACK = re.compile(r"[\s\[]*[↩↵^⤴⏎︎️\ufe0e]+[\s\]]*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # 10² is not 102
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "header", "main", "blockquote", "pre", "figure", "hr"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "caption", "center"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "address", "details", "summary", "cite-block"),
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MARKED_UP = re.compile(r"<(?:/?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?|!--.*?--)>", re.S)
_ESCAPED = re.compile(r"&lt;(?:/?(?:p|div|em|strong|a|b|i|br|ul|ol|li|span|h[1-6]|blockquote|img)"
                      r"(?:\s|&gt;|/))", re.I)  # fmt: skip
LINE, PARAGRAPH, SOFT = "\u2028", "\u2029", "\x1f"
_TWO_BREAKS = re.compile(rf"{LINE}\s*{LINE}[\s{LINE}]*")
_CLOSED = re.compile(r"[.!?…:;]['\"”’)\]]*$")
# A line that nobody wrote as a sentence: an address alone (most often an embed), a reading time.
_NO_TEXT = re.compile(r"(?:https?://\S+|\d+\s+min(?:ute)?s?\s+read)", re.I)
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad\u2060\ufeff"))  # where a line may break, or not
_WRAPPED = range(45, 100)  # characters of a line that its author's program may have broken


def tree_of(html: bytes | str) -> Element:
    """An element tree of a page or of a piece of one; it always has a body."""
    from lxml import etree  # late: only imports of pages need it
    from lxml.html import HTMLParser, fromstring

    data = html.encode("utf-8", errors="replace") if isinstance(html, str) else html
    code = "utf-8" if isinstance(html, str) else encoding_of(data)
    parser = HTMLParser(encoding=code, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return fromstring(b"<html>" + data if _is_piece(data) else data, parser=parser)
    except (etree.ParserError, AssertionError):  # nothing in it
        return fromstring("<html><body></body></html>")


def _is_piece(data: bytes) -> bool:
    return not re.match(
        rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype|html)", data[:2000], re.I | re.S
    )


def encoding_of(data: bytes) -> str:
    """UTF-8 if it is that, whatever the page says; else what it says; else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        said = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", data[:4000], re.I)
    try:
        found = said[1].decode("ascii").lower() if said else "windows-1252"
        data[:0].decode(found)
    except LookupError:
        return "windows-1252"
    return "windows-1252" if found in ("iso-8859-1", "latin1", "utf-8", "ascii") else found


def classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def labels(element: Element) -> list[str]:
    """All by which a theme says what an element is: classes, id, and marks of site builders."""
    more = (element.get(key) for key in ("id", "data-hook", "data-testid"))
    return [*classes(element), *filter(None, more)]


def clean(tree: Element) -> None:
    """Take out of `tree` what nobody wrote as text."""
    whole = 0
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element is tree:
            continue
        if element.tag in _JUNK or _is_hidden(element) or _is_note(element):
            remove(element)
        elif (name := element.get("class")) and _is_junk(name):
            whole = whole or len(text_of(tree))
            if len(text_of(element)) * 2 < whole or element.tag in ("a", "span"):
                remove(element)


def _is_junk(name: str) -> bool:
    return any(_JUNK_CLASS.fullmatch(each) and not _KEPT_CLASS.fullmatch(each)
               for each in name.split())  # fmt: skip


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def _is_note(element: Element) -> bool:
    """Whether it is the mark of a footnote, or a footnote's way back, or a button."""
    tag = element.tag
    if tag == "sup":
        text = text_of(element).strip()
        linked = element.find(".//a") is not None or _NOTE.fullmatch(element.get("class") or "x")
        if _NOTE_MARK.fullmatch(text) and (linked or re.fullmatch(r"[\[(].*|[*†‡§]+", text)):
            return True
        return text.isdecimal() and _follows_a_word(element)
    if tag != "a":
        return False
    text, target = text_of(element).strip(), element.get("href") or ""
    if _BACK.fullmatch(text) and text:
        return True
    if _NOTE_MARK.fullmatch(text) and (
        _NOTE_TARGET.search(target) or any(_NOTE.fullmatch(c) for c in classes(element))
    ):
        return True
    return any(_BUTTON.fullmatch(each) for each in classes(element))


def _follows_a_word(element: Element) -> bool:
    """Whether a small raised number is a footnote's: behind a number it is a power of it."""
    before = element.getprevious()
    above = element.getparent()
    told = (before.tail if before is not None else above.text if above is not None else "") or ""
    return bool(re.search(r"[^\W\d][.,;:!?\"'”’)]*\s*$", told))


def remove(element: Element) -> None:
    """Take an element out; what follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def text_of(element: Element) -> str:
    return "".join(element.itertext())


def paragraphs(tree: Element, breaks: bool = False) -> str:
    """The text of a tree, a blank line between paragraphs.

    With `breaks` a line end is one, and a blank line ends a paragraph, as in old WordPress posts.
    """
    text = "".join(_pieces(tree, breaks))
    found = (_lines(paragraph) for paragraph in text.split(PARAGRAPH))
    return "\n\n".join(filter(None, found))


def unescaped(html: str) -> str:
    """HTML that was escaped twice over, escaped once."""
    if not _MARKED_UP.search(html) and _ESCAPED.search(html):
        return unescape(html)
    return html


def has_markup(html: str) -> bool:
    return _MARKED_UP.search(html) is not None


def _pieces(tree: Element, breaks: bool) -> Iterator[str]:
    """The strings of a tree, with marks where a block begins or ends and a line is broken.

    Without recursion, for pages nest their elements as deep as they like.
    """
    from lxml.etree import iterwalk

    kept = 0  # how many <pre> we are in
    for event, element in iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == "br":
                yield LINE
            elif tag in _BLOCKS:
                yield PARAGRAPH
                kept += tag == "pre"
            if element.text:
                told = element.text.translate(_RAISED) if tag == "sup" else element.text
                yield _string(told, kept, breaks)
        else:
            if tag in _BLOCKS:
                yield PARAGRAPH
                kept -= tag == "pre"
            if element.tail and element is not tree:
                yield _string(element.tail, kept, breaks)


def _string(text: str, kept: int, breaks: bool) -> str:
    if kept:
        return text.replace("\n", LINE)
    if breaks and "\n" in text:
        return text.replace("\r\n", SOFT).replace("\n", SOFT)
    return text


def one_line(html: str) -> str:
    """A title or a name that may hold mark-up, as plain text."""
    if "<" in html:
        html = (
            _TAG.sub("", html) if not re.search(r"<(?:br|p|div)\b", html) else _TAG.sub(" ", html)
        )
    return _even(unescape(unescape(html)) if "&" in html else html)


def _lines(paragraph: str) -> str:
    """Lines of a paragraph; two breaks in a row are how old pages end one."""
    if SOFT in paragraph:
        paragraph = _hardened(paragraph)
    parts = _TWO_BREAKS.split(paragraph) if LINE in paragraph else [paragraph]
    lines = ("\n".join(filter(is_text, map(_even, part.split(LINE)))) for part in parts)
    return "\n\n".join(filter(None, lines))


def is_text(line: str) -> bool:
    """Whether a line is more than an address or a reading time."""
    return bool(line) and _NO_TEXT.fullmatch(line) is None


def _hardened(paragraph: str) -> str:
    """Line ends that are one for the reader as such; those of a program that wraps as spaces."""
    whole = re.sub(rf"{SOFT}\s*{SOFT}[\s{SOFT}]*", LINE * 2, paragraph)
    runs = whole.split(LINE * 2)
    return (LINE * 2).join(unwrapped(run.split(SOFT), LINE) for run in runs)


def unwrapped(lines: list[str], between: str = "\n") -> str:
    """Lines of one paragraph, `between` where a line ends for the reader, else a space."""
    text = ""
    for line in filter(is_text, map(str.strip, lines)):
        last = text.rpartition(between)[2].strip()
        text += ("" if not last else between if _ends(last, line) else " ") + line
    return text


def _ends(last: str, following: str) -> bool:
    if _CLOSED.search(last):
        return True
    return not (following[0].islower() or last[-1] in ",–—-" or len(last) in _WRAPPED)


def _even(text: str) -> str:
    return " ".join(text.translate(_UNSEEN).split())
