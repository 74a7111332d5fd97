"""Drawing the answer to a question in plain words: whole, and in the parts that it arrives in."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
)

from bot.tips.tip import Answer, Tip
from handlers.slack import sources
from handlers.slack.blocks import Message, button, clip, context
from handlers.slack.sources import StreamedPart
from handlers.tips import drawing as tip_drawing

FEEDBACK = "tip.feedback"
YES, NO = "yes", "no"
KEEP = "reply.keep"
ACCOUNT = 50  # of an account on a button


def answer(tip: Tip, private: bool, why: str = "") -> Message:
    """A tip in a conversation. `private`: only the one who asked may press `Another`.

    `why` is a sentence of the messenger's: why it is not said where it was asked.
    """
    first = [context(why)] if why else []
    return Message(
        tip_drawing.summary(tip),
        [*first, *tip_drawing.advice(tip), *_buttons(tip, private or bool(why))],
    )


def parts(tip: Tip, private: bool) -> list[StreamedPart]:
    """What a model wrote, a sentence at a time, and what closes it."""
    return [
        *sources.stated(tip.written),
        StreamedPart("", [context(sources.WRITTEN), *_buttons(tip, private)]),
    ]


def without_a_tip(found: Answer, why: str = "") -> Message:
    """What is offered instead, or that there is nothing; `why` as above."""
    draw = tip_drawing.choice if found.offered else tip_drawing.nothing_found
    text, drawn = draw(found)
    return Message(text, [*([context(why)] if why else []), *drawn])


def keep(question_id: int, call_id: int, account: str) -> list[Block]:
    """The offer to keep as an answer what was read as a question."""
    label = f"Keep this under {clip(account, ACCOUNT)}"
    return [ActionsBlock(elements=[button(label, KEEP, f"{question_id}:{call_id}")])]


def _buttons(tip: Tip, private: bool) -> list[Block]:
    """Feedback is a switch that never says “off”: the last press counts."""
    feedback = FeedbackButtonsElement(
        action_id=FEEDBACK,
        positive_button=FeedbackButtonObject(text="Helpful", value=f"{tip.id} {YES}"),
        negative_button=FeedbackButtonObject(text="Not helpful", value=f"{tip.id} {NO}"),
    )
    another = ActionsBlock(elements=[button("Another", tip_drawing.TIP_ANOTHER, str(tip.id))])
    return [ContextActionsBlock(elements=[feedback]), *([another] if private else [])]
