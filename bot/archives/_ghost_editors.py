"""Posts of Ghost as its two editors keep them (Mobiledoc, Lexical), as HTML, where that is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

# Other cards of either editor hold no text of the post: pictures, embeds, buttons, forms.
_TEXT_KEYS = ("html", "calloutText", "heading", "content")


def html_of(mobiledoc: object, lexical: object) -> str:
    """The HTML of a post by what an editor kept of it; "" if that is nothing, or damaged."""
    for kept, read in ((lexical, _lexical), (mobiledoc, _mobiledoc)):
        try:
            found = json.loads(str(kept)) if kept else None
            if isinstance(found, Mapping):
                return read(found)
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
    return ""


def _mobiledoc(doc: Mapping[str, Any]) -> str:
    """Sections of text (1), lists (3) and cards (10), by mobiledoc-kit's MOBILEDOC.md."""
    parts = []
    for kind, *rest in doc["sections"]:
        if kind == 1:
            parts.append(f"<{rest[0]}>{_markers(rest[1])}</{rest[0]}>")
        elif kind == 3:
            items = "".join(f"<li>{_markers(item)}</li>" for item in rest[1])
            parts.append(f"<{rest[0]}>{items}</{rest[0]}>")
        elif kind == 10:
            name, payload = doc["cards"][rest[0]]
            parts.append(_card(name, payload))
    return "".join(parts)


def _markers(markers: Iterable[Sequence[Any]]) -> str:
    """Only what is text (0): an atom (1) is a line's end in Ghost."""
    return "".join(escape(each[3]) if each[0] == 0 else "<br>" for each in markers)


def _lexical(doc: Mapping[str, Any]) -> str:
    return "".join(map(_node, doc["root"]["children"]))


def _node(node: Mapping[str, Any]) -> str:
    kind = str(node.get("type")).removeprefix("extended-")
    if kind == "text":
        return escape(str(node.get("text") or ""))
    if kind == "linebreak":
        return "<br>"
    if "children" not in node:
        return _card(kind, node)
    tag = {"heading": str(node.get("tag")), "list": "ul", "listitem": "li", "link": "span",
           "quote": "blockquote"}.get(kind, "p")  # fmt: skip
    return f"<{tag}>{''.join(map(_node, node['children']))}</{tag}>"


def _card(kind: str, payload: Mapping[str, Any]) -> str:
    if kind in ("markdown", "card-markdown"):
        from bot.archives._markdown import html_of_markdown

        return html_of_markdown(str(payload.get("markdown") or ""))
    if kind in ("html", "callout", "toggle"):
        return "".join(f"<div>{payload[key]}</div>" for key in _TEXT_KEYS if payload.get(key))
    return "<!--members-only-->" if kind == "paywall" else ""
