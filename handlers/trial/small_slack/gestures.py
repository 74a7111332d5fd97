"""What a hand can do on a screen: find a button, choose an option, type into a field."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.trial.small_slack.screen import STATEFUL, entry
from handlers.trial.small_slack.world import CantDo, Json, Message, User, View, World, elements

MOST_TYPED = 3000  # docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
REQUIRED = "Please complete this required field."


def find(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> tuple[str, Json]:
    """The element with this action_id and the block_id around it."""
    found = [
        (block, element)
        for block in blocks
        for element in elements(block)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    if len(found) > 1 and value is not None:
        found = [pair for pair in found if pair[1].get("value") == value] or found
    if len(found) != 1:
        have = sorted({e["action_id"] for block in blocks for e in elements(block)})
        raise CantDo(f"{len(found)} elements are {action_id!r} here; there are {have}")
    block, element = found[0]
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise CantDo(f"{action_id!r} sends nothing until the form is submitted: use fill")
    return block["block_id"], element


def button(target: Message | View, label: str) -> tuple[str, str, str | None]:
    """block_id, action_id and value of the button with this label."""
    buttons = [
        (block["block_id"], part["action_id"], part.get("value"), part["text"]["text"])
        for block in target.blocks
        for part in elements(block)
        if part["type"] == "button"
    ]
    for block_id, action_id, value, text in buttons:
        if text == label:
            return block_id, action_id, value
    raise CantDo(f"no button says {label!r}; there are {[text for *_, text in buttons]}")


def pressed(element: Json, value: Any) -> Json:
    """What a press sends of an element without state: a button, a menu of actions, thumbs."""
    if element["type"] == "overflow":
        return {"selected_option": option(element, value)}
    if element["type"] == "feedback_buttons":
        return {"value": _thumb(element, value)}
    return {"value": element["value"]} if "value" in element else {}


def entered(element: Json, value: Any, held: Json, toggle: bool = False) -> Json:
    """An input's entry after a person enters `value` (None empties it).

    A group of checkboxes or a multi-menu takes a list; with `toggle`, one string flips that box.
    """
    key = STATEFUL[element["type"]][0]
    if key == "selected_options":
        return entry(element, _several(element, value, held[key], toggle))
    if value is None:
        return entry(element, [] if key.endswith("s") else None)
    if key == "selected_option":
        return entry(element, option(element, value))
    return entry(element, _written(element["type"], value))


def option(element: Json, value: Any) -> Json:
    """The option with this value, or this label; what the app suggested is taken as it is."""
    if element["type"].endswith("external_select") and isinstance(value, dict):
        return dict(value)
    groups = [group["options"] for group in element.get("option_groups") or ()]
    options = [*(element.get("options") or ()), *(one for group in groups for one in group)]
    for one in options:
        if value in (one, one["value"], html.unescape(one["text"]["text"])):
            return dict(one)
    raise CantDo(f"no option is {value!r}; there are {[one['value'] for one in options]}")


def field(blocks: list[Json], name: str) -> tuple[str, Json]:
    """The input under a block_id, a label or an action_id, with its block_id."""
    for block in blocks:
        label = block.get("label", {}).get("text")
        for element in elements(block):
            named = name in (block["block_id"], label, element["action_id"])
            if named and element["type"] in STATEFUL:
                return block["block_id"], element
    raise CantDo(f"no field is {name!r}; there are {[b['block_id'] for b in blocks]}")


def unfit(view: View, user: str) -> dict[str, str]:
    """What Slack's own client objects to before it sends a form: block_id → words."""
    wrong = {}
    for block in view.blocks:
        element = block.get("element")
        if block["type"] == "input" and element and element["type"] in STATEFUL:
            held = view.screen.get(user, (block["block_id"], element["action_id"]))
            words = _objection(element, held, bool(block.get("optional")))
            if words:
                wrong[block["block_id"]] = words
    return wrong


def typed(world: World, team: str, text: str, labelled: bool) -> str:
    """Words as a client sends them: mentions by id, `& < >` escaped.

    "@Ann Lee" and "#deals" become mentions, as does the id in brackets of someone who exists
    (<@U1>). Commands carry a label with each (docs.slack.dev/interactivity/implementing-slash-
    commands, "should_escape"); messages do not (docs.slack.dev/messaging/formatting-message-text).
    """
    names = _mentionable(world, team)
    longest_first = sorted(names, key=len, reverse=True)
    mention = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, longest_first))})(?![\w-])")
    parts = mention.split(text)
    sent = [html.escape(part, quote=False) for part in parts]
    for place in range(1, len(parts), 2):
        sent[place] = _mention(world, names[parts[place]], labelled)
    return "".join(sent)


def _mentionable(world: World, team: str) -> dict[str, str]:
    """What someone of this workspace may type to mention a person or a channel, and its id."""
    others = world.workspaces.keys() - {team}
    people = [user for user in world.users.values() if user.team not in others]
    rooms = [room for room in world.channels.values() if room.name and room.team == team]
    names = {f"@{user.name}": f"@{user.id}" for user in people}
    names |= {f"<@{user.id}>": f"@{user.id}" for user in people}
    names |= {f"@{user.handle}": f"@{user.id}" for user in people if user.is_bot}
    names |= {f"#{room.name}": f"#{room.id}" for room in rooms}
    return names | {f"<#{room.id}>": f"#{room.id}" for room in rooms}


def _mention(world: World, target: str, labelled: bool) -> str:
    person: User | None = world.users.get(target[1:])
    name = person.handle if person else world.channels[target[1:]].name
    return f"<{target}|{name}>" if labelled or not person else f"<{target}>"


def _several(element: Json, value: Any, held: list[Json], toggle: bool) -> list[Json]:
    if toggle and isinstance(value, str):
        one = option(element, value)
        chosen = [o for o in held if o != one] if one in held else [*held, one]
    else:
        wanted = [] if value is None else [value] if isinstance(value, str | dict) else value
        chosen = [option(element, one) for one in wanted]
    return [one for one in element.get("options", chosen) if one in chosen]


def _written(kind: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if kind == "rich_text_input":
        text = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [text]}
    return list(value) if kind.startswith("multi_") else value


def _thumb(element: Json, value: Any) -> str:
    for side in ("positive_button", "negative_button"):
        thumb = element[side]
        if value in (thumb["value"], thumb["text"]["text"]):
            return str(thumb["value"])
    raise CantDo(f"no such thumb: {value!r}")


def _objection(element: Json, held: Json, optional: bool) -> str | None:
    value = held[STATEFUL[element["type"]][0]]
    if value in (None, "", []):
        return None if optional else REQUIRED
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", MOST_TYPED)
        if not least <= len(value) <= most:
            return f"Between {least} and {most} characters."
    if element["type"] == "number_input":
        return _no_such_number(element, value)
    return None


def _no_such_number(element: Json, value: str) -> str | None:
    """docs.slack.dev/reference/block-kit/block-elements/number-input-element"""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Type a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Type a whole number."
    if number < Decimal(element.get("min_value", "-Infinity")):
        return f"At least {element['min_value']}."
    if number > Decimal(element.get("max_value", "Infinity")):
        return f"At most {element['max_value']}."
    return None
