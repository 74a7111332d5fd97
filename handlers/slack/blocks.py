"""Drawing: a value in, blocks out. No clock, no store, no client."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    SectionBlock,
)

from bot.library.library import Source
from bot.text.sentences import words as words_of
from bot.tips.tip import Answer, Sourced, Tip

# docs.slack.dev/reference/block-kit/blocks: limits of a message, in characters.
SECTION = 3_000
BUTTON = 75
NOTIFICATION = 3_000

READ = "post.read"
WRITTEN = "Written by a model from the posts named."

TIP_SHARE = "tip.share"
TIP_ANOTHER = "tip.another"
TIP_HELPFUL = "tip.helpful"
TIP_NOT_HELPFUL = "tip.not_helpful"


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


def said_on(day: date | None) -> str:
    """`11 Mar 2011`, or "undated"."""
    return f"{day.day} {day:%b %Y}" if day else "undated"


def source_line(source: Source) -> str:
    """Where a quote comes from, labelled for what it is."""
    title = f"*{escape(source.title)}*"
    about = title if source.shelf == "original" else f"Our note on {title}"
    who = source.author or source.blog
    return " · ".join(filter(None, [about, who and escape(who), said_on(source.published)]))


def tip(tip: Tip, sharable: bool, voted: bool | None = None, shared_in: str = "") -> Message:
    """A private tip. `voted` is the rep's last vote on it, None if there is none; `shared_in` is
    the channel in which they just repeated it."""
    value = str(tip.id)
    buttons = [
        button("Share", TIP_SHARE, value) if sharable and not shared_in else None,
        button("Another", TIP_ANOTHER, value),
        button("Helpful", TIP_HELPFUL, value) if voted is not True else None,
        button("Not helpful", TIP_NOT_HELPFUL, value) if voted is not False else None,
    ]
    note = {None: None, True: "Kept: it helped.", False: "Kept: it did not help."}[voted]
    note = f"Shared in <#{shared_in}>." if shared_in else note
    return Message(
        summary(tip),
        [*advice(tip), *([context(note)] if note else []), ActionsBlock(elements=_some(buttons))],
    )


def shared_tip(tip: Tip, user_id: str) -> Message:
    """A tip that a rep repeats to everybody in the channel."""
    return Message(
        summary(tip), [*advice(tip), context(f"Shared by <@{user_id}> from a private tip")]
    )


def tip_kept_back(tip: Tip, why: str) -> Message:
    """A tip that could not be shared, for the rep alone; `why` is a sentence of the messenger's."""
    return Message(summary(tip), [*advice(tip), context(f"Not shared. {why}")])


def summary(tip: Tip) -> str:
    """A tip as a notification."""
    said = " ".join(sentence.text for sentence in tip.written) or tip.headline
    return _whole(escape(said), NOTIFICATION)


def advice(tip: Tip) -> list[Block]:
    """What is said and what it rests on."""
    if tip.written:
        return [*supported(tip.written), context(WRITTEN)]
    drawn: list[Block] = [section(f"*{escape(_one_line(tip.headline))}*")]
    if not tip.quotes_alone:
        more = " …" if tip.source.clipped else ""
        drawn.append(section(f"> {escape(_one_line(tip.source.quote))}{more}"))
    return [*drawn, context(source_line(tip.source))]


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


def nothing_found(answer: Answer) -> Message:
    """The library has no answer: the nearest titles, and what happens with the question."""
    asked = escape(clip(_one_line(answer.words), 200))
    nearest = "; ".join(f"_{escape(entry.name)}_" for entry in answer.near)
    near = f" Nearest: {nearest}." if nearest else ""
    return words(
        f"The library has nothing on _{asked}_.{near}"
        " I noted the question for whoever keeps the library."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _some(elements: Sequence[ButtonElement | None]) -> list[ButtonElement]:
    return [e for e in elements if e is not None]
