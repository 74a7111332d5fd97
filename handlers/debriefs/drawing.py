"""Drawing of what is said after a debrief, and of what is shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.calls.call import Call
from bot.clock.local_time import say_day
from bot.debriefs.debrief import ACCOUNT_CHARS, Debrief, lacks_only_the_day, lacks_their_step
from bot.debriefs.feedback import Feedback
from bot.debriefs.filled_form import Kept
from bot.debriefs.handed_on import NotReceived
from handlers.huddles.card_drawing import HUDDLE_CHANGE
from handlers.slack.blocks import Message, button, clip, context, escape, section, words
from handlers.slack.sources import WRITTEN, source_line, supported

DEBRIEF_OPEN = "debrief.open"
DEBRIEF_NEW = "debrief.new"
DEBRIEF_CHANGE = "debrief.change"  # like open, on the message that is drawn anew afterwards
DEBRIEF_SHARE = "debrief.share"
WAS_A_QUESTION = "reply.question"
DEBRIEF_THEIR_STEP = "debrief.their_step"
BUTTON = 75  # docs.slack.dev/reference/block-kit/block-elements/button-element
SHOWN = 500  # characters of one answer in a message
TYPED = 300  # … under a sentence that repeats it
WRITTEN_ON_WORDS = "Written by a model from your debrief and the posts named."


def kept(kept: Kept) -> Message:
    """What the rep reads after saving: measured against the goal, and one tip at most."""
    said = f"*{escape(kept.call.account)}* · {verdict(kept)}"
    value = str(kept.call.id)
    debrief = kept.debrief
    where = [context(f"Shared in <#{debrief.shared_channel_id}>")] if debrief.shared else []
    share = "Share the change" if debrief.shared_ts else "Share"
    step_missing = lacks_their_step(debrief) and not lacks_only_the_day(debrief)
    buttons = [
        *([button("Add their step", DEBRIEF_THEIR_STEP, value)] if step_missing else []),
        *([] if debrief.shared else [button(share, DEBRIEF_SHARE, value)]),
        button("Change", DEBRIEF_CHANGE, value),
    ]
    also = not debrief.shared and kept.handed_to
    below = [
        *([context(goes_also(kept.handed_to))] if also else []),
        *_tip(kept),
        *_feedback(kept.feedback),
    ]
    return Message(
        words(said).text, [section(said), *where, ActionsBlock(elements=buttons), *below]
    )


def goes_also(host: str) -> str:
    """Said beside “Share”, before anybody presses it."""
    return f"Share also sends goal, outcome and next step to {escape(host)}."


def not_handed_on(missing: NotReceived, host: str) -> Message:
    """For whoever shared it, once it is given up."""
    account = escape(clip(missing.account, ACCOUNT_CHARS))
    host = host or "where it was to go"
    return words(
        f"What you shared of *{account}* did not reach {escape(host)}:"
        f" {escape(missing.why)} It stands in the channel. Whoever runs me can mend the way;"
        " “Share the change” sends it again once you change it."
    )


def _tip(kept: Kept) -> list[Block]:
    if kept.tip is None:
        return []
    advice = section(f"For the next call: *{escape(kept.tip.headline)}*")
    return [advice, context(source_line(kept.tip.source))]


def _feedback(feedback: Feedback | None) -> list[Block]:
    """What a model wrote: the record over the rep's own words, advice over the posts'."""
    if feedback is None:
        return []
    record: list[Block] = []
    if feedback.record:
        typed = " · ".join(f"“{escape(clip(each.quote, TYPED))}”" for each in feedback.record)
        said = " ".join(escape(each.text) for each in feedback.record)
        record = [section(said), context(f"From your debrief: {typed}")]
    note = WRITTEN_ON_WORDS if record else WRITTEN
    return [*record, *supported(feedback.advice), context(f"{note} Only you see this.")]


_GOAL_WAS = {
    "yes": "You reached the goal",
    "partly": "You reached part of the goal",
    "no": "The goal is still open",
    None: "How it went is not said yet",
}
_STEP_IS = {
    "us": "the next step is yours: {}",
    "them": "they committed to the next step: {}",
    "both": "you both committed to the next step: {}",
    "nobody": "nobody has committed to the next step yet: {}",
    None: "the next step is: {}",
}


def verdict(kept: Kept) -> str:
    """A few sentences, escaped: what was kept, what the rep tapped first, and what is missing."""
    debrief = kept.debrief
    if not debrief.next_step:
        step = "there is no next step yet"
    else:
        by = _by(debrief.by_when, kept.today)
        alone = kept.point_out and debrief.committed == "us"
        form = "the next step is yours alone: {}" if alone else _STEP_IS[debrief.committed]
        step = form.format(f"_{_shown(debrief.next_step)}_{by}")
    theirs = f" They: {_their_step(debrief, kept.today)}." if debrief.their_step else ""
    ask = " By when?" if lacks_only_the_day(debrief) else " What will they do, and by when?"
    return f"{_measured(debrief, step)}.{theirs}{ask if kept.point_out else ''}"


def _measured(debrief: Debrief, step: str) -> str:
    """How it went, by its goal if it had one, and the next step."""
    if debrief.goal:
        return f"Kept. {_GOAL_WAS[debrief.reached]}, and {step}"
    said = f": {debrief.reached}" if debrief.reached else ""
    return f"Kept{said}. {step[0].upper()}{step[1:]}"


def shared(kept: Kept) -> Message:
    """What the channel reads: the goal, the outcome and the next step, and nothing else."""
    debrief = kept.debrief
    outcome = {"yes": "reached", "partly": "partly reached", "no": "not reached"}
    how = outcome.get(debrief.reached or "", "not said")
    goal = f" · Goal: {_shown(debrief.goal)}" if debrief.goal else " · No goal was set"
    lines = [f"*{escape(kept.call.account)}*{goal} · *{how}*"]
    if debrief.achieved:
        lines.append(_shown(debrief.achieved))
    if debrief.next_step:
        who = {"us": "ours", "them": "theirs", "both": "both of us", "nobody": "nobody's yet"}
        whose = who.get(debrief.committed or "")
        lines.append(
            f"Next step: {_shown(debrief.next_step)}{_by(debrief.by_when, kept.today)}"
            + (f" ({whose})" if whose else "")
        )
    if debrief.their_step:
        lines.append(f"Their step: {_their_step(debrief, kept.today)}")
    text, blocks = words("\n".join(lines))
    return Message(text, [*blocks, context(f"Shared by <@{debrief.user_id}> after the call")])


def kept_under(
    account: str, call_id: int, place: tuple[str, str], first: bool = True, beside: str = ""
) -> Message:
    """The answer to a message that was kept as a reply. `place` is its `ts` and its thread's;
    `beside` names what in it was no words."""
    text = f"{'Kept' if first else 'Kept too'}, under *{escape(account)}*."
    left = f" I keep words only: the {beside} stays in Slack." if beside else ""
    asked = button("That was a question", WAS_A_QUESTION, ":".join(place))
    opened = button("Open the form", DEBRIEF_OPEN, str(call_id))
    return Message(text + left, [section(text + left), ActionsBlock(elements=[opened, asked])])


def too_late(account: str, call_id: int) -> Message:
    """Slack gave up on the form before it came."""
    text = f"That took too long for a form. Open it here, for *{escape(account)}*."
    return Message(text, [section(text), *_open(call_id)])


def which(why: str, calls: Sequence[tuple[Call, str]], new: str) -> Message:
    """A question with a button for each call that may be meant, its moment beside it. `new` is an
    account for a call that had no huddle, "" for none."""
    buttons = [
        button(clip(f"{call.account}, {at}", BUTTON), f"{DEBRIEF_OPEN}:{n}", str(call.id))
        for n, (call, at) in enumerate(calls)
    ]
    if new:
        label = clip(f"Another call, with {new}", BUTTON)
        buttons.append(button(label, DEBRIEF_NEW, clip(new, ACCOUNT_CHARS)))
    text = escape(why)
    return Message(text, [section(text), *([ActionsBlock(elements=buttons)] if buttons else [])])


def not_held(why: str, call: Call) -> Message:
    """Whether a call took place that words say did not."""
    value = str(call.id)
    buttons = [
        button("It took place", DEBRIEF_OPEN, value),
        button("Move or cancel it", HUDDLE_CHANGE, value),
    ]
    text = escape(why)
    return Message(text, [section(text), ActionsBlock(elements=buttons)])


def _open(call_id: int) -> list[Block]:
    return [ActionsBlock(elements=[button("Open the form", DEBRIEF_OPEN, str(call_id))])]


def _their_step(debrief: Debrief, today: date) -> str:
    return f"{_shown(debrief.their_step or '')}{_by(debrief.their_by_when, today)}"


def _by(day: date | None, today: date) -> str:
    if day == today:
        return ", today"
    return f", by {say_day(day, today)}" if day else ""


def _shown(text: str) -> str:
    return escape(clip(" ".join(text.split()), SHOWN))
