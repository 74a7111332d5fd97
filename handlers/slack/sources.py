"""Drawing what something rests on: the post, its author, its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from slack_sdk.models.blocks import (
    Block,
)

from bot.library.source import Source, label
from bot.text.sentences import words as words_of
from bot.tips.tip import Sourced
from handlers.slack.blocks import SECTION, _whole, context, escape, section

READ = "post.read"


WRITTEN = "Written by a model from the posts named."


def source_line(source: Source) -> str:
    """Where a quote comes from, labelled for what it is."""
    return label(source, escape, "*")


class StreamedPart(NamedTuple):
    """A piece of what is said: words, escaped, and the blocks under them."""

    words: str
    blocks: Sequence[Block]


def stated(sentences: Sequence[Sourced]) -> list[StreamedPart]:
    """Each sentence over the quote that it stands on, unless it is that quote, and over its source,
    which the last of several from one post names for all. Say who wrote them: `WRITTEN`.
    """
    posts = [*(source.post for _, source in sentences), ""]
    return [
        StreamedPart(escape(text), _small_print(text, source, names=source.post != posts[n]))
        for n, (text, source) in enumerate(sentences, 1)
    ]


def supported(sentences: Sequence[Sourced]) -> list[Block]:
    """The same as blocks."""
    return [block for each in stated(sentences) for block in (section(each.words), *each.blocks)]


def _small_print(text: str, source: Source, names: bool) -> list[Block]:
    quote = _whole(escape(_one_line(source.quote)), SECTION // 3)
    quoted = f"“{quote}”{' …' if source.clipped else ''}"
    lines = [quoted] if words_of(text) != words_of(source.quote) else []
    lines += [source_line(source)] if names else []
    return [context("\n".join(lines))] if lines else []


def _one_line(text: str) -> str:
    return " ".join(text.split())
