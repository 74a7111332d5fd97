"""The forms of huddles: what is asked for, what should change, one answer, one goal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.calls.call import Call
from bot.files.toml_table import HINT
from bot.huddles.huddle import (
    ANSWER,
    GOAL,
    ITEM,
    LENGTHS,
    MOST_PEOPLE,
    PARTS,
    Huddle,
    Item,
    Part,
    Person,
)
from bot.huddles.play import Play
from bot.huddles.start_service import Understood
from bot.huddles.understanding import Understanding
from handlers.huddles.card_drawing import PART_NAMES, account
from handlers.slack.blocks import clip, context, escape, mrkdwn_text, section

HUDDLE_START = "huddle.start"
HUDDLE_CHANGED = "huddle.changed"
HUDDLE_CANCELLED = "huddle.cancelled"
HUDDLE_ANSWERED = "huddle.answered"
HUDDLE_GOAL_SET = "huddle.goal_set"
HUDDLE_ITEM_ADDED = "huddle.item_added"
HUDDLE_PEOPLE_ADDED = "huddle.people_added"
HUDDLE_PART = "huddle.part"

FIELD = "field"  # the action_id of every input; the block_id says which one it is
ACCOUNT = 150  # characters of an account that are kept
KNOWN = 8  # accounts that the form names
OPTION = 75  # docs.slack.dev/reference/block-kit/composition-objects/option-object


# The forms ----------------------------------------------------------------------------------


def start(
    heard: Understood, plays: Mapping[str, Play], known: Sequence[str], channel_id: str
) -> dict[str, Any]:
    """The form that asks for a huddle, filled with what was understood."""
    plan, play = heard.plan, plays[heard.plan.play]
    calls = {slug: each for slug, each in plays.items() if each.serves == "calls"}
    blocks: list[Block] = [
        *(context(escape(doubt)) for doubt in heard.doubts),
        _which_account(heard.said) if heard.said.near else _account(plan.account, known),
        _goal(plan.goal, play),
        _play(calls, play.slug, heard.why_play),
        _starts(plan.starts),
        _length(plan.length),
        _people(plan.people),
    ]
    return _view(HUDDLE_START, "Get ready for a call", "Start", blocks, {"channel": channel_id})


def change(
    huddle: Huddle, plays: Mapping[str, Play], may_change: bool, said: Understanding | None = None
) -> dict[str, Any]:
    """The form that changes a huddle: without account and time for those who may not.

    Filled with what somebody `said` should change. What the call is now goes along in the note.
    """
    call = huddle.call
    new = said if said and may_change else Understanding("change")
    why = said.why if said else ()
    starts, length = new.starts or call.starts, new.length or call.length
    others = _others(huddle)
    play = plays.get(call.play)
    serves = "review" if call.review else "calls"
    fitting = {slug: each for slug, each in plays.items() if each.serves == serves}
    blocks: list[Block] = [
        *(context(escape(each)) for each in why),
        _account(call.account, ()) if may_change else _whose(call),
        _goal(new.goal or call.goal, play),
        _play(fitting, new.play if new.play in fitting else call.play),
        *([_starts(starts), _length(length)] if may_change and not call.review else []),
        *(
            _with_people(huddle, (*others, *(said.people if said else ())))
            if not call.review
            else []
        ),
    ]
    was = {
        "starts": str(int(call.starts.timestamp())), "length": str(_minutes(call.length)),
        "people": " ".join(others), "play": call.play, "goal": call.goal,
    } if said else {}  # fmt: skip
    note = {"call": call.id} | ({"was": was} if was else {})
    return _view(HUDDLE_CHANGED, "Change the huddle", "Save", blocks, note)


def cancel(call: Call, when: str, why: Sequence[str]) -> dict[str, Any]:
    """The question whether a call is off; `when` as the rep would say it."""
    blocks: list[Block] = [
        section(f"*{escape(clip(call.account, ACCOUNT))}* · {when}"),
        *(context(escape(each)) for each in why),
        context("Those who were to come along are told."),
    ]
    return _view(
        HUDDLE_CANCELLED, "Cancel this call?", "Cancel the call", blocks, {"call": call.id}
    )


def answer(call: Call, item: Item) -> dict[str, Any]:
    """One line for one item."""
    field = PlainTextInputElement(
        action_id=FIELD, initial_value=item.answer or None, max_length=ANSWER, focus_on_load=True
    )
    blocks = [_input("answer", item.shown, field, optional=bool(item.answer))]
    return _view(HUDDLE_ANSWERED, "Answer", "Save", blocks, {"call": call.id, "item": item.id})


def goal(call: Call, play: Play | None) -> dict[str, Any]:
    blocks = [_goal(call.goal, play, optional=bool(call.goal))]
    return _view(HUDDLE_GOAL_SET, "Set the goal", "Save", blocks, {"call": call.id})


def add_item(call: Call) -> dict[str, Any]:
    field = PlainTextInputElement(action_id=FIELD, max_length=ITEM, focus_on_load=True)
    blocks = [_input("item", "Item", field, "What has to be ready before the call?")]
    return _view(HUDDLE_ITEM_ADDED, "Add an item", "Add", blocks, {"call": call.id})


def add_people(call: Call) -> dict[str, Any]:
    field = UserMultiSelectElement(action_id=FIELD, max_selected_items=MOST_PEOPLE)
    blocks = [_input("people", "People", field, "They support; Change gives another part.")]
    return _view(HUDDLE_PEOPLE_ADDED, "Add people", "Add", blocks, {"call": call.id})


def _view(
    name: str, title: str, submit: str, blocks: Sequence[Block], note: Mapping[str, Any]
) -> dict[str, Any]:
    return View(
        type="modal",
        callback_id=name,
        title=title,
        submit=submit,
        close="Not now",
        private_metadata=json.dumps(note),
        blocks=list(blocks),
    ).to_dict()


# Fields -------------------------------------------------------------------------------------


def _input(
    name: str,
    label: str,
    field: InputInteractiveElement,
    hint: str | None = None,
    optional: bool = False,
) -> InputBlock:
    words = PlainTextObject(text=label, emoji=False)
    return InputBlock(block_id=name, label=words, element=field, hint=hint, optional=optional)


def _account(name: str, known: Iterable[str]) -> InputBlock:
    """A line to type in: Slack's menus that suggest take no new names.

    So the hint names those that are known; another spelling of one is the same account.
    """
    field = PlainTextInputElement(
        action_id=FIELD, initial_value=clip(name, ACCOUNT) or None, max_length=ACCOUNT
    )
    names = ", ".join(clip(" ".join(each.split()), 40) for each in list(known)[:KNOWN])
    return _input("account", "Account", field, f"Known: {names}" if names else None)


def _which_account(said: Understanding) -> InputBlock:
    """A known account, or a new one: one question, with a choice for each."""
    known = {name: _option(name, clip(name, ACCOUNT)) for name in said.near}
    new = _option(f"{said.typed}, a new account", clip(said.typed, ACCOUNT))
    field = RadioButtonsElement(
        action_id=FIELD, options=[*known.values(), new], initial_option=known.get(said.account)
    )
    return _input("account", "Account", field)


def _play(plays: Mapping[str, Play], chosen: str, why: str = "") -> InputBlock:
    options = {slug: _option(play.title, slug) for slug, play in plays.items()}
    field = StaticSelectElement(
        action_id=FIELD, options=list(options.values()), initial_option=options.get(chosen)
    )
    return _input("play", "Play", field, why or None)


def _starts(starts: datetime | None) -> InputBlock:
    field = DateTimePickerElement(
        action_id=FIELD, initial_date_time=int(starts.timestamp()) if starts else None
    )
    return _input("starts", "Starts", field)


def _length(length: timedelta) -> InputBlock:
    least, most = LENGTHS
    field = NumberInputElement(
        action_id=FIELD,
        is_decimal_allowed=False,
        initial_value=str(_minutes(length)),
        min_value=str(least),
        max_value=str(most),
    )
    return _input("length", "Length (minutes)", field)


def _people(chosen: Iterable[str]) -> InputBlock:
    field = UserMultiSelectElement(
        action_id=FIELD, initial_users=list(chosen) or None, max_selected_items=MOST_PEOPLE
    )
    return _input("people", "People", field, optional=True)


def _goal(goal: str, play: Play | None, optional: bool = True) -> InputBlock:
    field = PlainTextInputElement(
        action_id=FIELD,
        initial_value=clip(goal, GOAL) or None,
        max_length=GOAL,
        placeholder=clip(play.goal_hint, HINT) if play and play.goal_hint else None,
    )
    return _input("goal", "Goal", field, optional=optional)


def _others(huddle: Huddle) -> list[str]:
    return [p.user_id for p in huddle.people if p.user_id != huddle.call.owner.user_id]


def _with_people(huddle: Huddle, chosen: Iterable[str]) -> list[Block]:
    people = list(dict.fromkeys(chosen))
    return [_people(people), *(_part(person) for person in huddle.people)]


def _part(person: Person) -> SectionBlock:
    options: dict[Part, Option] = {part: _option(PART_NAMES[part], part) for part in PARTS}
    menu = StaticSelectElement(
        action_id=HUDDLE_PART,
        options=list(options.values()),
        initial_option=options[person.part],
    )
    name = f"part:{person.user_id}"
    return SectionBlock(block_id=name, text=mrkdwn_text(f"<@{person.user_id}>"), accessory=menu)


def _whose(call: Call) -> Block:
    return context(
        f"{account(call)} · <@{call.owner.user_id}> or a manager changes account and time."
    )


def _option(label: str, value: str) -> Option:
    return Option(text=PlainTextObject(text=clip(label, OPTION), emoji=False), value=value)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
