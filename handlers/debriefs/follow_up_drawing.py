"""Drawing the question after a call, and the reminder of a next step."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.debriefs.follow_up import FollowUpLine
from handlers.debriefs.drawing import DEBRIEF_OPEN
from handlers.slack.blocks import SECTION, Message, button, clip, context, escape, section

YES, PARTLY, NO = "debrief.yes", "debrief.partly", "debrief.no"
SNOOZE, MOVED, SKIP, STOP = "nudge.snooze", "nudge.moved", "nudge.skip", "nudge.stop"
START = "nudge.start"
NO_SHOW = "nudge.no_show"
DONE, NOT_YET = "nudge.done", "nudge.not_yet"

NO_GOAL = "Did it bring you further?"  # so that Yes and No are answers
GOAL = 300  # characters of a goal that a nudge repeats


def nudge(parts: Sequence[FollowUpLine]) -> Message:
    """One message for all that is due to a rep: a part for each call, and what came of each."""
    blocks: list[Block] = []
    last = next((part for part in reversed(parts) if not part.outcome), None)
    for part in parts:
        words = _words(part, bold=True, timed=len(parts) > 1)
        blocks += [section(words), *_below(part, part is last)]
    said = " … ".join(_words(part, timed=len(parts) > 1) for part in parts)
    return Message(clip(said, SECTION), blocks)


def _words(part: FollowUpLine, bold: bool = False, timed: bool = False) -> str:
    """`timed`: with its time, by which two calls of one message are told apart."""
    account = escape(clip(part.call.account, 80))
    account = f"*{account}*" if bold else account
    if part.nudge.kind == "next_step":
        day = f"Due {part.when}" if part.when else "Today"
        return f"{day}: {escape(clip(part.step, GOAL)).rstrip('.')} ({account})."
    at = f" at {part.at}" if part.at and (timed or part.when) else ""
    asked = f"How did the call with {account}{at} go?" if at else f"How did {account} go?"
    if part.when:
        asked = f"Your call with {account} was {part.when}{at}. How did it go?"
    goal = " ".join(clip(part.call.goal, GOAL).split()).rstrip(".")
    return f"{asked} Goal: {escape(goal)}." if goal else f"{asked} {NO_GOAL}"


def _below(part: FollowUpLine, last: bool) -> list[Block]:
    """What came of it, or the buttons; "Stop these" stands once, under the last open part."""
    value = str(part.nudge.id)
    if part.outcome:
        return [context(escape(part.outcome)), *_more(part)]
    if not part.nudges_on:
        again = button("Nudges are off. Turn them on again", START, value)
        return [ActionsBlock(elements=[again])] if last else []
    stop = [button("Stop these", STOP, value)] if last else []
    if part.nudge.kind == "next_step":
        done = [button("Done", DONE, value), button("Not yet", NOT_YET, value)]
        return [ActionsBlock(elements=[*done, *stop])]
    return [_answers(part), ActionsBlock(elements=[*_instead(value), *stop])]


def _more(part: FollowUpLine) -> list[Block]:
    """The way back to the form that a tap opened, for whoever put it away."""
    if part.nudge.kind != "debrief" or part.call.state != "held" or part.debriefed:
        return []
    return [ActionsBlock(elements=[button("Open the form", DEBRIEF_OPEN, str(part.call.id))])]


def _answers(part: FollowUpLine) -> Block:
    both = f"{part.call.id}:{part.nudge.id}"
    said = [("Yes", YES), ("Partly", PARTLY), ("No", NO)]
    return ActionsBlock(elements=[button(label, action, both) for label, action in said])


def _instead(value: str) -> list[ButtonElement]:
    """What a rep may do who has no answer: a row of its own, below."""
    others = [("Snooze 1 h", SNOOZE), ("It moved", MOVED), ("No show", NO_SHOW)]
    others.append(("Skip", SKIP))
    return [button(label, action, value) for label, action in others]
