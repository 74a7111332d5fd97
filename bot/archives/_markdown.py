"""Markdown as text that can be quoted: no marks, no code of the site, whole sentences."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from bot.archives._furniture import drop_links_to_the_rest, trimmed
from bot.archives._html_text import clean, paragraphs, tree_of

_HUGO_WITH_TEXT = re.compile(
    r"\{\{([<%])\s*(figure|highlight|gallery|mermaid|gist|form|button|math|chart|cta|video)\b[^{}]*?"
    r"\1?[>%]\}\}.*?\{\{[<%]\s*/\s*\2\s*[>%]\}\}",
    re.S,
)
_LIQUID_WITH_TEXT = re.compile(
    r"\{%-?\s*(comment|highlight|mermaid|capture|figure|schema|gallery|video|button)\b.*?"
    r"\{%-?\s*end\1\s*-?%\}",
    re.S,
)
_SITE_CODE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{\{\{?.*?\}?\}\}", re.S)
_ATTRIBUTES = re.compile(r"[ \t]*\{:[^{}\n]*\}|(?<=\S)[ \t]*\{[#.][^{}\n]*\}[ \t]*$", re.M)
_COMMENT = re.compile(r"%%.*?%%|\{/\*.*?\*/\}|^[ \t]*\$\$.*?\$\$[ \t]*$", re.S | re.M)
# Notion's callouts are the author's own words; the sign in front of them is not.
_ASIDE = re.compile(r"</?aside>(?:\s*[^\w\s<\[(\"'“*_#>-]+\s)?")
_FIELD = re.compile(  # Dataview's, and Templater's code
    r"^[ \t]*(?:[-*+][ \t]+)?\w[\w -]{0,30}::[ \t][^\n]*$|[\[(]\w[\w -]{0,30}::[^\])\n]*[\])]"
    r"|`\$?=[^`\n]*`|<%[^\n]*?%>",
    re.M,
)
_EMBED = re.compile(r"!\[\[[^\]]*\]\]")
_WIKI = re.compile(r"\[\[(?:[^\]|#]*[#^])?([^\]|]*)(?:\|([^\]]*))?\]\]")
_CALLOUT = re.compile(r"^([ \t]*>+[ \t]*)\[![\w-]+\][+-]?[ \t]*", re.M)
_MARK = re.compile(r"==(?=\S)(.+?)(?<=\S)==")
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[[ xX/-]\][ \t]+", re.M)
_ANCHOR = re.compile(r"[ \t]\^[\w-]+[ \t]*$", re.M)
_ADMONITION = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?|:::+)[^\n]*$", re.M)
_TOC = re.compile(r"^[ \t]*(?:\[\[?_?TOC_?\]?\]|\{:toc\}|\*[ \t]+TOC)[ \t]*$", re.M | re.I)
_MODULE = re.compile(
    r"^(?:import\s.+?from\s+['\"].+?['\"];?|export\s+(?:const|default)\s.*)$", re.M
)
_TAGS = re.compile(r"(?:(?:^|(?<=\s))#[^\W\d][\w/-]*[ \t]*)+$", re.M)
_MORE = re.compile(r"<!--\s*(?:more|excerpt|truncate|end[-_ ]excerpt|/?\w[^>]*?)\s*-->", re.I)
_FENCE = re.compile(r"^(?P<mark>[ \t]*(?:`{3,}|~{3,})).*?(?:^[ \t]*(?:`{3,}|~{3,})[ \t]*$|\Z)",
                    re.S | re.M)  # fmt: skip
# What stands in such a fence is asked of a program, or drawn by it: nobody reads it as text.
_QUERY = re.compile(
    r"(?:dataview(?:js)?|query|tasks|base|button|toc|mermaid|plantuml|math)\b", re.I
)
_HEADING = re.compile(
    r"\s*(?:#[ \t]+(?P<atx>[^\n]+?)[ \t#]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?:\n|\Z)"
)


class Read(NamedTuple):
    """The text of a page; `heading` is what stood above all of it; `cut` that it goes on."""

    text: str
    heading: str | None
    cut: bool


def read_markdown(source: str, titled: bool = False) -> Read:
    """The text of Markdown. A heading at its top is its title, unless it is `titled` elsewhere."""
    plain = without_site_code(source)
    heading = None
    found = _HEADING.match(plain)
    if found and not titled:
        heading = inline(found["atx"] or found["setext"])
        plain = plain[found.end() :]
    tree = tree_of(html_of_markdown(plain))
    clean(tree)
    cut = drop_links_to_the_rest(tree)
    text, more = trimmed(paragraphs(tree))
    return Read(text, heading, cut or more)


def html_of_markdown(source: str) -> str:
    return str(_parser().render(source))


def inline(source: str) -> str:
    """A title that may hold marks, as plain text."""
    text = paragraphs(tree_of(_parser().renderInline(without_site_code(source))))
    return " ".join(text.split())


def without_site_code(source: str) -> str:
    """Markdown without shortcodes, Liquid, attributes and the marks of note-taking programs.

    What stands in a fence of code is left as it is.
    """
    kept, at = [], 0
    for fence in _FENCE.finditer(source):
        info = fence.group()[len(fence["mark"]) :].lstrip(" {.")
        kept += [_outside(source[at : fence.start()]), "" if _QUERY.match(info) else fence.group()]
        at = fence.end()
    return "".join([*kept, _outside(source[at:])])


def _outside(text: str) -> str:
    for code in (
        _MORE,
        _HUGO_WITH_TEXT,
        _LIQUID_WITH_TEXT,
        _SITE_CODE,
        _COMMENT,
        _EMBED,
        _ASIDE,
        _FIELD,
    ):
        text = code.sub("", text)
    for line in (_TOC, _ADMONITION, _MODULE, _TAGS):
        text = line.sub("", text)
    text = _WIKI.sub(lambda m: m[2] or m[1], text)
    for marks in (_CALLOUT, _TASK):
        text = marks.sub(r"\1", text)
    return _ANCHOR.sub("", _MARK.sub(r"\1", _ATTRIBUTES.sub("", text)))


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt  # late: only imports of Markdown need it
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True})
    parser.enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin)
