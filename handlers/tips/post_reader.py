""" "Read the post": a post that the team imported, whole, in a form of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from bot.library.source import Source
from bot.tips.service import TipGone
from handlers.dispatch.asked import Asked
from handlers.slack.blocks import SECTION, clip, context
from handlers.slack.sources import READ, source_line

TITLE = 24  # docs.slack.dev/reference/views/modal-views
BLOCKS = 90  # … and a hundred blocks at most


def on_read(asked: Asked) -> None:
    asked.ack()
    source = asked.coach.tips.post(asked.words)
    if source is None or source.shelf != "original":
        raise TipGone("That post is no longer in the library.")
    asked.open_form(view(source))


def view(source: Source) -> dict[str, Any]:
    """The post's text, in blocks that Slack takes; what is longer than all of them is cut."""
    text = [SectionBlock(text=PlainTextObject(text=p, emoji=False)) for p in _pieces(source.quote)]
    blocks: list[Block] = [context(source_line(source)), *text[:BLOCKS]]
    name = clip(source.title, TITLE)
    return View(type="modal", title=name, close="Close", blocks=blocks).to_dict()


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs, together as far as one block holds them."""
    piece = ""
    for paragraph in filter(None, (part.strip() for part in text.split("\n\n"))):
        if piece and len(piece) + len(paragraph) + 2 > SECTION:
            yield piece
            piece = ""
        piece = f"{piece}\n\n{paragraph}".strip()
        while len(piece) > SECTION:
            yield piece[:SECTION]
            piece = piece[SECTION:]
    if piece:
        yield piece


ACTIONS = {READ: on_read}
