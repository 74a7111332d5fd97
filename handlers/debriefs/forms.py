"""Drawing of the debrief form, and of the two small ones that follow it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import (
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

from bot.clock.local_time import say_time
from bot.debriefs.debrief import (
    ACCOUNT_CHARS,
    GOAL,
    GOAL_CHARS,
    STEP_CHARS,
    THEIR_BY_WHEN,
    THEIR_STEP,
)
from bot.debriefs.filled_form import ACCOUNT, WHEN, Kept, OpenForm
from bot.debriefs.form import DEFAULT, FormQuestion
from handlers.slack.blocks import button, clip, context, escape, section

DEBRIEF_SAVE = "debrief.save"
DEBRIEF_KIND = "debrief.kind"
DEBRIEF_ANOTHER = "debrief.another"
THEIR_STEP_SAVE = "debrief.their_step_save"
SHARE_IN = "debrief.share_in"
CHANNEL = "channel"
ANSWER = "answer"  # the action_id of every field; the block_id is the question's id

TITLE = 24  # docs.slack.dev/reference/views/modal-views
LABEL = 2_000
ONE_LINE = {"next_step": STEP_CHARS, THEIR_STEP.id: STEP_CHARS, GOAL.id: GOAL_CHARS}
TYPED = 3_000  # docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element

NO_GOAL = "With no goal: did it bring you further?"
ONLY_YOU = "Only you see this unless you share it; whoever runs the database could."


def form(sheet: OpenForm, note: Mapping[str, Any]) -> dict[str, Any]:
    """The debrief form, filled with what is kept. `note` comes back with it."""
    call_id = sheet.call.id if sheet.call else None
    note = {**note, "call": call_id, "form": sheet.form.slug}
    questions = [*sheet.form.questions, *sheet.more]
    blocks = [
        *([context(escape(sheet.why))] if sheet.why else []),
        *_which_call(sheet),
        *_kind(sheet),
        *_goal(sheet),
        *(_field(_put(each, sheet), sheet.answers.get(each.id, "")) for each in questions),
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


def share_form(note: Mapping[str, Any], handed_to: str = "") -> dict[str, Any]:
    """There is no huddle to answer to: the rep chooses a channel."""
    menu = ConversationSelectElement(
        action_id=ANSWER,
        filter=ConversationFilter(
            include=["public", "private"],
            exclude_external_shared_channels=True,
            exclude_bot_users=True,
        ),
    )
    also = f" They also go to {escape(handed_to)}." if handed_to else ""
    told = context(f"It reads the goal, the outcome and the next step, and nothing else.{also}")
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


def _which_call(sheet: OpenForm) -> list[Block]:
    if call := sheet.call:
        when = say_time(call.starts, sheet.zone, sheet.now)
        goal = f"\n*Goal:* {escape(call.goal)}" if call.goal else ""
        other = button("Another call", DEBRIEF_ANOTHER, str(call.id))
        text = section(f"*{escape(call.account)}* · {when}{goal}").text
        return [SectionBlock(text=text, accessory=other)]
    account = _typed(clip(sheet.answers.get(ACCOUNT, sheet.account), ACCOUNT_CHARS), ACCOUNT_CHARS)
    day = DatePickerElement(action_id=ANSWER, initial_date=sheet.answers.get(WHEN) or None)
    return [
        _input(ACCOUNT, "Account", account),
        _input(WHEN, "When was it?", day, "Left empty, it was today.", optional=True),
    ]


def _kind(sheet: OpenForm) -> list[Block]:
    if len(sheet.kinds) < 2:
        return []
    usual_first = sorted(sheet.kinds.items(), key=lambda each: each[0] != DEFAULT)
    kinds = [_option(kind.title, slug) for slug, kind in usual_first]
    here = next((each for each in kinds if each.value == sheet.form.slug), None)
    menu = StaticSelectElement(action_id=DEBRIEF_KIND, options=kinds, initial_option=here)
    return [SectionBlock(block_id="kind", text="Kind of debrief", accessory=menu)]


def _goal(sheet: OpenForm) -> list[Block]:
    if sheet.call and sheet.call.goal:
        return []
    return [_field(GOAL, sheet.answers.get(GOAL.id, ""))]


def _put(question: FormQuestion, sheet: OpenForm) -> FormQuestion:
    """The question as it is put: without a goal set before, there is none to point at."""
    if question.id != "reached" or (sheet.call and sheet.call.goal):
        return question
    return replace(question, hint=NO_GOAL)


def _field(question: FormQuestion, said: str) -> Block:
    return _input(
        question.id, question.label, _element(question, said), question.hint, not question.required
    )


def _element(question: FormQuestion, said: str) -> InputInteractiveElement:
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
