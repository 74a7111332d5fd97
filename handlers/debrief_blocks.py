"""Drawing of debriefs: the form, what is said after it, and what is shared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.coach.debriefs import ACCOUNT, WHEN, Kept, Sheet
from bot.debrief_forms import Question
from bot.debriefs import (
    ACCOUNT_CHARS,
    GOAL,
    GOAL_CHARS,
    STEP_CHARS,
    THEIR_BY_WHEN,
    THEIR_STEP,
    Debrief,
    lacks_their_step,
)
from bot.times import say_day, say_time
from handlers.blocks import Message, button, clip, context, escape, section, source_line

DEBRIEF_SAVE = "debrief.save"
DEBRIEF_KIND = "debrief.kind"
DEBRIEF_OPEN = "debrief.open"
DEBRIEF_CHANGE = "debrief.change"  # like open, on the message that is drawn anew afterwards
DEBRIEF_SHARE = "debrief.share"
SHARE_IN = "debrief.share_in"
DEBRIEF_THEIR_STEP = "debrief.their_step"
THEIR_STEP_SAVE = "debrief.their_step_save"
CHANNEL = "channel"
ANSWER = "answer"  # the action_id of every field; the block_id is the question's id

TITLE = 24  # docs.slack.dev/reference/views/modal-views
LABEL = 2_000
ONE_LINE = {"next_step": STEP_CHARS, THEIR_STEP.id: STEP_CHARS, GOAL.id: GOAL_CHARS}
TYPED = 3_000  # docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
SHOWN = 500  # characters of one answer in a message

ONLY_YOU = "Only you see this unless you share it; whoever runs the database could."


# The form -----------------------------------------------------------------------------------


def form(sheet: Sheet, note: Mapping[str, Any]) -> dict[str, Any]:
    """The debrief form, filled with what is kept. `note` comes back with it."""
    call_id = sheet.call.id if sheet.call else None
    note = {**note, "call": call_id, "form": sheet.form.slug}
    questions = [*sheet.form.questions, *sheet.more]
    blocks = [
        *_which_call(sheet),
        *_kind(sheet),
        *_goal(sheet),
        *(_field(question, sheet.answers.get(question.id, "")) for question in questions),
        context(ONLY_YOU),
    ]
    return _view(DEBRIEF_SAVE, sheet.form.title, blocks, note)


def their_step_form(kept: Kept, note: Mapping[str, Any]) -> dict[str, Any]:
    """Two fields: what the customer does, and by when."""
    blocks = [
        section(f"*{escape(kept.call.account)}*"),
        _field(THEIR_STEP, kept.answers.get(THEIR_STEP.id, "")),
        _field(THEIR_BY_WHEN, kept.answers.get(THEIR_BY_WHEN.id, "")),
        context(ONLY_YOU),
    ]
    return _view(THEIR_STEP_SAVE, "Their step", blocks, note)


def share_form(note: Mapping[str, Any]) -> dict[str, Any]:
    """There is no huddle to answer to: the rep chooses a channel."""
    menu = ConversationSelectElement(
        action_id=ANSWER,
        filter=ConversationFilter(
            include=["public", "private"],
            exclude_external_shared_channels=True,
            exclude_bot_users=True,
        ),
    )
    told = context("It reads the goal, the outcome and the next step, and nothing else.")
    return _view(SHARE_IN, "Share", [_input(CHANNEL, "Channel", menu), told], note, "Share")


def _view(
    name: str, title: str, blocks: Sequence[Block], note: Mapping[str, Any], submit: str = "Save"
) -> dict[str, Any]:
    return View(
        type="modal",
        callback_id=name,
        title=clip(title, TITLE),
        submit=submit,
        close="Not now",
        private_metadata=json.dumps(note),
        blocks=list(blocks),
    ).to_dict()


def _which_call(sheet: Sheet) -> list[Block]:
    if call := sheet.call:
        when = say_time(call.starts, sheet.zone, sheet.now)
        goal = f"\n*Goal:* {escape(call.goal)}" if call.goal else ""
        return [section(f"*{escape(call.account)}* · {when}{goal}")]
    account = _typed(clip(sheet.answers.get(ACCOUNT, sheet.account), ACCOUNT_CHARS), ACCOUNT_CHARS)
    day = DatePickerElement(action_id=ANSWER, initial_date=sheet.answers.get(WHEN) or None)
    return [
        _input(ACCOUNT, "Account", account),
        _input(WHEN, "When was it?", day, "Left empty, it was today.", optional=True),
    ]


def _kind(sheet: Sheet) -> list[Block]:
    if len(sheet.kinds) < 2:
        return []
    kinds = [_option(kind.title, slug) for slug, kind in sheet.kinds.items()]
    here = next((each for each in kinds if each.value == sheet.form.slug), None)
    menu = StaticSelectElement(action_id=DEBRIEF_KIND, options=kinds, initial_option=here)
    return [SectionBlock(block_id="kind", text="Kind of debrief", accessory=menu)]


def _goal(sheet: Sheet) -> list[Block]:
    if sheet.call and sheet.call.goal:
        return []
    return [_field(GOAL, sheet.answers.get(GOAL.id, ""))]


def _field(question: Question, said: str) -> Block:
    return _input(
        question.id, question.label, _element(question, said), question.hint, not question.required
    )


def _element(question: Question, said: str) -> InputInteractiveElement:
    if question.kind == "date":
        return DatePickerElement(action_id=ANSWER, initial_date=said or None)
    if question.kind == "person":
        return UserSelectElement(action_id=ANSWER, initial_user=said or None)
    if question.kind == "text":
        one_line = ONE_LINE.get(question.id)
        return _typed(said, one_line or TYPED, multiline=not one_line)
    options = [_option(label, label) for label in question.options]
    chosen = next((each for each in options if each.value == said), None)
    few = len(options) <= 3
    if few:
        return RadioButtonsElement(action_id=ANSWER, options=options, initial_option=chosen)
    return StaticSelectElement(action_id=ANSWER, options=options, initial_option=chosen)


def _typed(said: str, most: int, multiline: bool = False) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=ANSWER, initial_value=said[:most] or None, multiline=multiline, max_length=most
    )


def _option(label: str, value: str) -> Option:
    return Option(text=clip(label, 75), value=value[:150])


def _input(
    id: str, label: str, element: InputInteractiveElement, hint: str = "", optional: bool = False
) -> InputBlock:
    return InputBlock(
        block_id=id,
        label=clip(label, LABEL),
        element=element,
        hint=clip(hint, LABEL) or None,
        optional=optional,
    )


# Afterwards ---------------------------------------------------------------------------------


def kept(kept: Kept) -> Message:
    """What the rep reads after saving: measured against the goal, and one tip at most."""
    said = f"*{escape(kept.call.account)}* · {verdict(kept)}"
    value = str(kept.call.id)
    debrief = kept.debrief
    where = [context(f"Shared in <#{debrief.shared_channel_id}>")] if debrief.shared else []
    share = "Share the change" if debrief.shared_ts else "Share"
    buttons = [
        *([button("Add their step", DEBRIEF_THEIR_STEP, value)] * lacks_their_step(debrief)),
        *([] if debrief.shared else [button(share, DEBRIEF_SHARE, value)]),
        button("Change", DEBRIEF_CHANGE, value),
    ]
    blocks = [section(said), *where, ActionsBlock(elements=buttons), *_tip(kept)]
    return Message(said, blocks)


def _tip(kept: Kept) -> list[Block]:
    if kept.tip is None:
        return []
    advice = section(f"For the next call: *{escape(kept.tip.advice)}*")
    return [advice, context(source_line(kept.tip.source))]


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
    """One or two sentences, escaped: what was kept, and what is missing."""
    debrief = kept.debrief
    measured = _GOAL_WAS[debrief.reached] if debrief.goal else "There was no goal to measure it by"
    if not debrief.next_step:
        step = "there is no next step yet"
    else:
        by = _by(debrief.by_when, kept.today)
        alone = kept.point_out and debrief.committed == "us"
        form = "the next step is yours alone: {}" if alone else _STEP_IS[debrief.committed]
        step = form.format(f"_{_shown(debrief.next_step)}_{by}")
    theirs = f" They: {_their_step(debrief, kept.today)}." if debrief.their_step else ""
    ask = " What will they do, and by when?" if kept.point_out else ""
    return f"Kept. {measured}, and {step}.{theirs}{ask}"


def shared(kept: Kept) -> Message:
    """What the channel reads: the goal, the outcome and the next step, and nothing else."""
    debrief = kept.debrief
    outcome = {"yes": "reached", "partly": "partly reached", "no": "not reached"}
    how = outcome.get(debrief.reached or "", "not said")
    goal = f" · Goal: {_shown(debrief.goal)}" if debrief.goal else ""
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
    text = "\n".join(lines)
    return Message(text, [section(text), context(f"Shared by <@{debrief.user_id}> after the call")])


def kept_under(account: str, call_id: int) -> Message:
    """The answer to a message that was kept as a reply."""
    text = f"Kept, under *{escape(account)}*."
    return Message(text, [section(text), *_open(call_id)])


def too_late(account: str, call_id: int) -> Message:
    """Slack gave up on the form before it came."""
    text = f"That took too long for a form. Open it here, for *{escape(account)}*."
    return Message(text, [section(text), *_open(call_id)])


def _open(call_id: int) -> list[Block]:
    return [ActionsBlock(elements=[button("Open the form", DEBRIEF_OPEN, str(call_id))])]


def _their_step(debrief: Debrief, today: date) -> str:
    return f"{_shown(debrief.their_step or '')}{_by(debrief.their_by_when, today)}"


def _by(day: date | None, today: date) -> str:
    return f", by {say_day(day, today)}" if day else ""


def _shown(text: str) -> str:
    return escape(clip(" ".join(text.split()), SHOWN))
