"""Drawing a tip: private, shared, kept back, or that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
)

from bot.tips.tip import Answer, Tip
from handlers.slack.blocks import (
    NOTIFICATION,
    Message,
    _whole,
    button,
    clip,
    context,
    escape,
    section,
    words,
)
from handlers.slack.sources import WRITTEN, _one_line, source_line, supported

TIP_SHARE = "tip.share"


TIP_ANOTHER = "tip.another"


TIP_HELPFUL = "tip.helpful"


TIP_NOT_HELPFUL = "tip.not_helpful"


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


def nothing_found(answer: Answer) -> Message:
    """The library has no answer: the nearest titles, and what happens with the question."""
    asked = escape(clip(_one_line(answer.words), 200))
    nearest = "; ".join(f"_{escape(entry.name)}_" for entry in answer.near)
    near = f" Nearest: {nearest}." if nearest else ""
    return words(
        f"The library has nothing on _{asked}_.{near}"
        " I noted the question for whoever keeps the library."
    )


def _some(elements: Sequence[ButtonElement | None]) -> list[ButtonElement]:
    return [e for e in elements if e is not None]
