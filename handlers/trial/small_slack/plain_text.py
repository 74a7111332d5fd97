"""What a person reads in a message or a view: its text without markup, its mentions by name."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Names = Callable[[str], str]

# docs.slack.dev/messaging/formatting-message-text: <@U1>, <#C1|name>, <!here>, <url|label>,
# <!date^…|label>
ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str, blocks: list[Json], name_of: Names) -> str:
    """All visible text, one line a part: the blocks, or the text where there are no blocks.

    A message with blocks shows them and keeps `text` for notifications
    (docs.slack.dev/reference/methods/chat.postMessage); a notification can be read too, so the
    text comes first, as far as the blocks do not repeat it.
    """
    lines = [readable(line, name_of) for block in blocks for line in words(block, name_of)]
    shown = bare("\n".join(lines))
    first = readable(text, name_of).splitlines()
    unsaid = [line for line in first if bare(line) not in shown]
    return "\n".join(line for line in unsaid + lines if line)


def bare(text: str) -> str:
    """Text without emphasis and white space, to tell whether two say the same."""
    return re.sub(r"[*_~`\s]", "", text)


def readable(text: str, name_of: Names) -> str:
    """mrkdwn as it reads on the screen: entities by name, `&amp; &lt; &gt;` as characters."""
    return html.unescape(ENTITY.sub(lambda found: _entity(found, name_of), text))


def _entity(found: re.Match[str], name_of: Names) -> str:
    sign, target, label = found.groups()
    if sign in ("@", "#"):
        return name_of(target)
    if sign == "!" and not target.startswith("date"):
        return "@" + target
    return label or target


def words(value: Any, name_of: Names) -> list[str]:
    """Every piece of text inside a block, in reading order."""
    if isinstance(value, list):
        return [line for part in value for line in words(part, name_of)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("text"), str):
        return [value["text"]]
    if value.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return ["".join(_rich(part, name_of) for part in value["elements"])]
    shown = [line for key in ORDER for line in words(value.get(key), name_of)]
    return shown + [value[key] for key in ("alt_text",) if isinstance(value.get(key), str)]


# The keys of blocks and elements under which something can be read, in reading order.
ORDER = (
    *("title", "text", "label", "fields", "elements", "rows", "element", "accessory"),
    *("options", "option_groups", "placeholder", "hint", "positive_button", "negative_button"),
)


def _rich(part: Json, name_of: Names) -> str:
    kind = part.get("type")
    if kind in ("user", "channel"):
        return name_of(part[f"{kind}_id"])
    if kind == "broadcast":
        return "@" + str(part["range"])
    return str(part.get("text") or part.get("url") or part.get("name") or "")
