"""Drawing the daily tip, and why it was chosen."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock

from bot.tips.tip import Tip
from handlers.slack.blocks import Message, button, context, escape, section, words
from handlers.slack.sources import source_line

HELPFUL, NOT_HELPFUL, WHY = "daily.helpful", "daily.not_helpful", "daily.why"


def daily_tip(tip: Tip) -> Message:
    """One line of advice and its source: no greeting."""
    value = str(tip.id)
    advice = escape(tip.headline)
    buttons = [
        button("Helpful", HELPFUL, value),
        button("Not helpful", NOT_HELPFUL, value),
        button("Why this?", WHY, value),
    ]
    return Message(
        advice,
        [section(f"*{advice}*"), context(source_line(tip.source)), ActionsBlock(elements=buttons)],
    )


def why_this(tip: Tip) -> Message:
    """Private: the sentence that the tip rests on, and how it came up."""
    quote = escape(" ".join(tip.source.quote.split()))
    return words(
        f"> {quote}\n{source_line(tip.source)}\n"
        "Its turn had come: tips go round by post, author and moment, and none comes again before"
        " all were said."
    )
