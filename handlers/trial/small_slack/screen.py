"""What each person's own client holds in the inputs of a message or a view."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]
Key = tuple[str, str]  # block_id, action_id

# Per element: the key of its value in `state.values`, and its `initial_…` key
# (docs.slack.dev/reference/interaction-payloads/view-interactions-payload and the elements' pages).
STATEFUL = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


class Screen:
    """The inputs of one message or view.

    A client keeps what it shows for as long as `block_id` and `action_id` stay the same; a new
    `block_id` starts over from the `initial_…` values
    (docs.slack.dev/reference/methods/views.update, "preserving input entry").
    """

    def __init__(self) -> None:
        self.first: dict[Key, Json] = {}
        self.own: dict[str, dict[Key, Json]] = {}  # person → what they changed

    def show(self, blocks: list[Json]) -> None:
        """Draw these blocks: known inputs keep what they hold, new ones start afresh."""
        fresh = {key: initial(element) for key, element in inputs(blocks)}
        kept = {k: v for k, v in self.first.items() if k in fresh and same_kind(v, fresh[k])}
        self.first = fresh | kept
        for held in self.own.values():
            for key in [k for k in held if k not in kept]:
                del held[key]

    def put(self, user: str, key: Key, entry: Json) -> None:
        """One person's own input holds `entry` from now on."""
        self.own.setdefault(user, {})[key] = entry

    def get(self, user: str, key: Key) -> Json:
        return self.own.get(user, {}).get(key) or self.first[key]

    def values(self, user: str) -> dict[str, Json]:
        """As `state.values` in a payload: block_id → action_id → entry."""
        state: dict[str, Json] = {}
        for block_id, action_id in self.first:
            entry = copy.deepcopy(self.get(user, (block_id, action_id)))
            state.setdefault(block_id, {})[action_id] = entry
        return state


def inputs(blocks: list[Json]) -> list[tuple[Key, Json]]:
    """The stateful elements of some blocks, with their keys."""
    found = []
    for block in blocks:
        held = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for element in held:
            if isinstance(element, dict) and element.get("type") in STATEFUL:
                found.append(((block["block_id"], element["action_id"]), element))
    return found


def entry(element: Json, value: Any) -> Json:
    """An input's entry in `state.values` when it holds `value`."""
    return {"type": element["type"], STATEFUL[element["type"]][0]: value}


def initial(element: Json) -> Json:
    """An input's entry before anyone touched it: lists are empty, all else is null."""
    value, first = STATEFUL[element["type"]]
    empty: Any = [] if value.endswith("s") else None
    return entry(element, copy.deepcopy(element.get(first, empty)))


def same_kind(one: Json, other: Json) -> bool:
    return bool(one["type"] == other["type"])
