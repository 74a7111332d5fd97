"""Drawing: a value in, blocks out. No clock, no store, no client."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    SectionBlock,
)

# docs.slack.dev/reference/block-kit/blocks: limits of a message, in characters.
SECTION = 3_000
BUTTON = 75
NOTIFICATION = 3_000


class Message(NamedTuple):
    """What is said: `text` is the notification and the fallback, escaped like the blocks."""

    text: str
    blocks: Sequence[Block]


def escape(text: str) -> str:
    """Text from people, posts and models, made harmless (docs.slack.dev: & < > and no more).

    For plain text, which knows no markup, `bare` is enough.
    """
    return bare(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(text: str) -> str:
    """The text without control characters, so that none can hide, turn or break a line."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "", text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters; what is cut ends in an ellipsis. Clip before escaping."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def section(mrkdwn: str) -> SectionBlock:
    """A paragraph of text that is escaped already, within Slack's limit."""
    return SectionBlock(text=mrkdwn_text(mrkdwn))


def context(mrkdwn: str) -> ContextBlock:
    """A line in small print, of text that is escaped already."""
    return ContextBlock(elements=[mrkdwn_text(mrkdwn)])


def mrkdwn_text(mrkdwn: str) -> MarkdownTextObject:
    """Escaped text as it stands: a typed “@channel” calls nobody, as it does with verbatim off."""
    return MarkdownTextObject(text=_whole(mrkdwn, SECTION), verbatim=True)


def _whole(escaped: str, limit: int) -> str:
    """Cut escaped text without leaving half an entity behind."""
    if len(escaped) <= limit:
        return escaped
    return re.sub(r"&[a-z]*$", "", escaped[: limit - 1]) + "…"


def button(
    label: str, action_id: str, value: str = "", style: str | None = None, read_out: str = ""
) -> ButtonElement:
    """`read_out` is what a screen reader says, where several buttons have the same label."""
    return ButtonElement(
        text=clip(label, BUTTON),
        action_id=action_id,
        value=value or "-",
        style=style,
        accessibility_label=clip(read_out, BUTTON) or None,
    )


def words(sentence: str) -> Message:
    """A plain answer; `sentence` may hold Slack's markup and must be escaped by its writer."""
    return Message(_whole(sentence, NOTIFICATION), [section(sentence)])


# Tips ---------------------------------------------------------------------------------------
