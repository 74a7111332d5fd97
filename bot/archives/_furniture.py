"""What stands below a post on every page of a blog and is no part of it: links, tags, shares."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.archives._html_text import one_line, remove, text_of
from bot.archives._line_kinds import READ_MORE, is_footer

_REST = re.compile(
    r"[\[(\s]*(?:(?:click\s+here\s+to\s+)?read\s+(?:more|on|the\s+(?:rest|full|whole|entire)"
    r"|full|the\s+post|this\s+post|entire|now)"
    r"|continue\s+reading|keep\s+reading|continue|view\s+(?:the\s+)?(?:full\s+)?(?:post|article)"
    r"|more|full\s+(?:story|article|post|text))\b.{0,120}",
    re.I | re.S,
)
_MORE_CLASS = re.compile(
    r"(?:.*[-_])?(?:more-link|read-?more|readmore|moretag|continue)(?:[-_].*)?"
)
_END = 250  # characters of a text where a link to the rest may stand
_EMPTY_MARK = re.compile(r"\s*[\[(]\s*[\])]\s*$")
_NOTE = re.compile(r"\[\d{1,2}\]\s")
_NOTE_MARK = re.compile(r"\s?\[(\d{1,2})\]")
_ARROW = re.compile(r"\s*(?:→|»|›|>>|&raquo;|⟶)\s*$")
GOES_ON = re.compile(r"(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|…|\.\.\.)\s*$")
_LAST = re.compile(
    r"(?:the\s+post\s.{1,300}\s(?:appeared\s+first|first\s+appeared)\s+(?:on|at)\s.{1,200}"
    r"|.{1,200}\swas\s+originally\s+published\s+in\s.{1,100}\son\s+Medium,\s+where\s.{1,150}"
    r"|(?:this\s+(?:post|article|entry)\s+)?(?:was\s+)?(?:originally|first)\s+(?:posted|published"
    r"|appeared)\s+(?:on|at|in)\s.{1,150}"
    r"|(?:filed\s+under|posted\s+in|tagged(?:\s+(?:with|as))?|tags|categories|category|labels"
    r"|topics|technorati\s+tags?)\b\s*:?.{0,300}"
    r"|(?:share|like|tweet|related|pin|email|print)(?:\s+(?:this|on|it|posts?|articles?))?\s*:?"
    r"|(?:like\s+)?loading\s*(?:\.\.\.|…)?|share\s+(?:this|on)\b.{0,100}|permalink.{0,100}"
    r"|(?:add|leave|post|write)\s+(?:a\s+|your\s+)?(?:comment|reply|response).{0,60}"
    r"|subscribe(?:\s+now)?|(?:copyright|©).{0,150}|posted\s+(?:by|on|at)\s.{1,150}"
    r"|(?:\d+|no)\s+(?:comments?|responses?|replies)|comments?\s+(?:off|closed)\b.{0,100}"
    r"|related\s+(?:posts?|articles?|stories|reading)\s*:?|sent\s+from\s+my\s.{1,40}"
    r"|feed\s+enclosure.{0,60}|advertisements?|.{0,60}via\s+rss)\s*",
    re.I | re.S,
)


class Trimmed(NamedTuple):
    """A text without what stood below it; `cut` tells that it goes on elsewhere."""

    text: str
    cut: bool


def drop_links_to_the_rest(tree: Any) -> bool:
    """Whether there was a link to the rest of the post at the end; such links are taken out."""
    whole = text_of(tree).rstrip()
    cut = False
    for link in reversed(list(tree.iter("a"))):
        said = one_line(text_of(link))
        marked = any(_MORE_CLASS.fullmatch(each) for each in (link.get("class") or "").split())
        if not (marked or (_REST.fullmatch(said) and len(said) < 150)):
            continue
        below = whole.rpartition(text_of(link))[2]
        at_end = len(re.sub(r"[\W_]+", "", below)) < 4 or _is_furniture(below)
        if marked or at_end or _is_alone(link):
            cut = cut or marked or at_end
            remove(link)
    return cut


def _is_alone(link: Any) -> bool:
    parent = link.getparent()
    return parent is not None and text_of(parent).strip(" []()→»…\n\t") == text_of(link).strip()


def _is_furniture(text: str) -> bool:
    return all(_LAST.fullmatch(each.strip()) for each in text.split("\n") if each.strip())


def trimmed(text: str, blog: str | None = None) -> Trimmed:
    """The text without the lines that a blog sets below every post."""
    cut = False
    while text:
        head, _, last = text.rpartition("\n\n")
        if head and (_LAST.fullmatch(last) or is_footer(last) or _is_empty(last)):
            text = head
            continue
        text = without_notes(text)
        end = max(0, len(text) - _END)
        tail = _ARROW.sub("", _EMPTY_MARK.sub("", text[end:]))
        shorter = READ_MORE.sub("", tail)
        cut = cut or shorter != tail
        if shorter == text[end:]:
            break
        text = text[:end] + shorter.rstrip()
    return Trimmed(text, cut)


def without_notes(text: str) -> str:
    """The text without footnotes in plain numbers, `[1]`, and their marks, where each mark has its
    note below: brackets of the author's own stay."""
    head, notes = text, set()
    while last := _NOTE.match(head.rpartition("\n\n")[2]):
        found = re.findall(r"(?:^|\s)\[(\d{1,2})\]\s", head.rpartition("\n\n")[2])
        notes |= set(found)
        if not head.rpartition("\n\n")[0] or not last:
            break
        head = head.rpartition("\n\n")[0]
    marked = set(_NOTE_MARK.findall(head))
    if not notes or not marked <= notes:
        return text
    return _NOTE_MARK.sub("", head)


def _is_empty(line: str) -> bool:
    """A rule of dashes or dots, or brackets around a link that was taken out."""
    return not re.search(r"\w", line) and not re.search(r"[.!?…]{3}|…", line)


def without_title(text: str, *titles: str | None) -> str:
    """The text without lines at its top that only repeat a title or subtitle."""
    for title in filter(None, titles):
        head, _, rest = text.partition("\n\n")
        if rest and _folded(head) == _folded(title):
            text = rest
    return text


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold().strip()
