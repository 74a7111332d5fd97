"""What Slack refuses in blocks, views and metadata, each rule beside the page that states it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Chars:
    """A string of `least` to `most` characters, of a form if one is given."""

    most: int
    least: int = 0
    form: str = ""
    need: bool = False


@dataclass(frozen=True)
class TextRule:
    """A text object: never empty, at most `most` characters, `kind` if only one is allowed."""

    most: int
    kind: str = ""
    need: bool = False


@dataclass(frozen=True)
class One:
    """One object of these types; `None` stands for any."""

    of: frozenset[str] | None
    need: bool = False


@dataclass(frozen=True)
class Many:
    """A list of `least` to `most` objects of these types."""

    most: int
    of: frozenset[str] | None = None
    least: int = 1
    need: bool = False


@dataclass(frozen=True)
class Free:
    """Anything at all: what this Slack does not look into."""

    need: bool = False


Rule = Chars | TextRule | One | Many | Free

PLAIN = "plain_text"
ANY = Free()


def types(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Which elements stand where: docs.slack.dev/reference/block-kit/block-elements, "Works with"
MENUS = types("static_select external_select users_select conversations_select channels_select")
MULTI = frozenset("multi_" + name for name in MENUS)
CHOICES = types("checkboxes radio_buttons datepicker timepicker") | MENUS
PRESSED = types("button overflow workflow_button")
TYPED = types("plain_text_input email_text_input url_text_input number_input rich_text_input")
IN_SECTION = CHOICES | MULTI | PRESSED | {"image"}
IN_ACTIONS = CHOICES | PRESSED | {"datetimepicker"}
IN_INPUT = CHOICES | MULTI | TYPED | {"datetimepicker", "file_input"}
IN_CONTEXT = types("image mrkdwn plain_text")

# Elements that some surfaces lack: the same page, "Available in surfaces"
MODAL_ONLY = types("email_text_input url_text_input number_input file_input")
NOT_IN = {
    "message": MODAL_ONLY | {"rich_text_input"},
    "home": MODAL_ONLY | {"datetimepicker"},
    "modal": types("workflow_button feedback_buttons icon_button"),
}

# Blocks per surface: docs.slack.dev/reference/block-kit/blocks, "Available in surfaces"
EVERYWHERE = types("actions context divider header image input rich_text section video")
IN_MESSAGES = types("context_actions file markdown table plan task_card card carousel container")
IN_MESSAGES |= types("data_table data_visualization")
BLOCKS = {
    "message": EVERYWHERE | IN_MESSAGES,
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE,
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}  # the same page
MESSAGE_CHARS = 12_000  # over all blocks, undocumented: github.com/slackapi/bolt-js/issues/2509
MARKDOWN_CHARS = 12_000  # docs.slack.dev/reference/block-kit/blocks/markdown-block, all together
VIEW_BYTES = 250_000  # docs.slack.dev/reference/methods/views.open, view_too_large
TEXT_CHARS = 40_000  # docs.slack.dev/changelog/2018-04-truncating-really-long-messages
UPDATE_CHARS = 4_000  # docs.slack.dev/reference/methods/chat.update, msg_too_long
METADATA_NAME = r"[A-Za-z0-9._:-]+"

ACTION: dict[str, Rule] = {"type": ANY, "action_id": Chars(255, 1)}
CONFIRM: dict[str, Rule] = {"confirm": One(types("confirm"))}
FOCUS: dict[str, Rule] = {"focus_on_load": ANY}
HOLDER: dict[str, Rule] = {"placeholder": TextRule(150, PLAIN)}
MENU = ACTION | CONFIRM | FOCUS | HOLDER
OPTIONS = types("option")
DATE = r"\d{4}-\d\d-\d\d"
TIME = r"([01]\d|2[0-3]):[0-5]\d"


def block(**fields: Rule) -> dict[str, Rule]:
    return {"type": ANY, "block_id": Chars(255, 1), **fields}


# type → its fields; the page of each is docs.slack.dev/reference/block-kit/blocks/<type>-block
LAYOUT: dict[str, dict[str, Rule]] = {
    "section": block(
        text=TextRule(3000),
        fields=Many(10, types("mrkdwn plain_text")),
        accessory=One(IN_SECTION),
        expand=ANY,
    ),
    "header": block(text=TextRule(150, PLAIN, need=True), level=ANY),
    "divider": block(),
    "context": block(elements=Many(10, IN_CONTEXT, need=True)),
    "actions": block(elements=Many(25, IN_ACTIONS, need=True)),
    "context_actions": block(elements=Many(5, types("feedback_buttons icon_button"), need=True)),
    "image": block(
        image_url=Chars(3000, 1), slack_file=ANY, alt_text=Chars(2000, need=True),
        title=TextRule(2000, PLAIN),
    ),
    "input": block(
        label=TextRule(2000, PLAIN, need=True),
        element=One(IN_INPUT, need=True),
        hint=TextRule(2000, PLAIN), optional=ANY, dispatch_action=ANY,
    ),
    "markdown": block(text=Chars(MARKDOWN_CHARS, 1, need=True)),
    "table": block(rows=Many(100, need=True), column_settings=Many(20)),
    "rich_text": block(elements=Many(1000, need=True)),
}  # fmt: skip

# type → its fields; docs.slack.dev/reference/block-kit/block-elements/<type>-element
ELEMENTS: dict[str, dict[str, Rule]] = {
    "button": ACTION | CONFIRM | {
        "text": TextRule(75, PLAIN, need=True), "value": Chars(2000), "url": Chars(3000),
        "style": Chars(7, form="primary|danger"), "accessibility_label": Chars(75),
    },
    "checkboxes": ACTION | CONFIRM | FOCUS | {
        "options": Many(10, OPTIONS, need=True), "initial_options": Many(10, OPTIONS),
    },
    "radio_buttons": ACTION | CONFIRM | FOCUS | {
        "options": Many(10, OPTIONS, need=True), "initial_option": One(OPTIONS),
    },
    "static_select": MENU | {
        "options": Many(100, OPTIONS), "option_groups": Many(100, types("option_group")),
        "initial_option": One(OPTIONS),
    },
    "multi_static_select": MENU | {
        "options": Many(100, OPTIONS), "option_groups": Many(100, types("option_group")),
        "initial_options": Many(100, OPTIONS), "max_selected_items": ANY,
    },
    "overflow": ACTION | CONFIRM | {"options": Many(5, OPTIONS, need=True)},
    "users_select": MENU | {"initial_user": Chars(255)},
    "channels_select": MENU | {"initial_channel": Chars(255), "response_url_enabled": ANY},
    "conversations_select": MENU | {
        "initial_conversation": Chars(255), "default_to_current_conversation": ANY,
        "response_url_enabled": ANY, "filter": ANY,
    },
    "multi_users_select": MENU | {"initial_users": ANY, "max_selected_items": ANY},
    "multi_channels_select": MENU | {"initial_channels": ANY, "max_selected_items": ANY},
    "multi_conversations_select": MENU | {
        "initial_conversations": ANY, "max_selected_items": ANY, "filter": ANY,
        "default_to_current_conversation": ANY,
    },
    "datepicker": MENU | {"initial_date": Chars(10, form=DATE)},
    "timepicker": MENU | {"initial_time": Chars(5, form=TIME), "timezone": ANY},
    "datetimepicker": ACTION | CONFIRM | FOCUS | {"initial_date_time": ANY},
    "plain_text_input": ACTION | FOCUS | HOLDER | {
        "initial_value": Chars(3000), "multiline": ANY, "min_length": ANY, "max_length": ANY,
        "dispatch_action_config": ANY,
    },
    "feedback_buttons": ACTION | {
        "positive_button": One(types("feedback_button"), need=True),
        "negative_button": One(types("feedback_button"), need=True),
    },
    "image": {
        "type": ANY, "image_url": Chars(3000, 1), "slack_file": ANY,
        "alt_text": Chars(2000, need=True),
    },
    "mrkdwn": {"type": ANY, "text": Chars(3000, 1, need=True), "verbatim": ANY},
    "plain_text": {"type": ANY, "text": Chars(3000, 1, need=True), "emoji": ANY},
}  # fmt: skip

# Composition objects have no `type`: docs.slack.dev/reference/block-kit/composition-objects
OBJECTS: dict[str, dict[str, Rule]] = {
    "option": {
        "text": TextRule(75, need=True), "value": Chars(150, need=True),
        "description": TextRule(75), "url": Chars(3000),
    },
    "option_group": {
        "label": TextRule(75, PLAIN, need=True), "options": Many(100, OPTIONS, need=True),
    },
    # docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element
    "feedback_button": {
        "text": TextRule(75, PLAIN, need=True), "value": Chars(2000, 1, need=True),
        "accessibility_label": Chars(75),
    },
    "confirm": {
        "title": TextRule(100, PLAIN, need=True), "text": TextRule(300, need=True),
        "confirm": TextRule(30, PLAIN, need=True), "deny": TextRule(30, PLAIN, need=True),
        "style": ANY,
    },
}  # fmt: skip

# docs.slack.dev/reference/views/modal-views and /home-tab-views
VIEW: dict[str, Rule] = {
    "type": ANY, "blocks": Free(need=True), "private_metadata": Chars(3000),
    "callback_id": Chars(255), "external_id": Chars(255),
}  # fmt: skip
VIEWS: dict[str, dict[str, Rule]] = {
    "home": VIEW,
    "modal": VIEW | {
        "title": TextRule(24, PLAIN, need=True),
        "submit": TextRule(24, PLAIN), "close": TextRule(24, PLAIN),
        "clear_on_close": ANY, "notify_on_close": ANY, "submit_disabled": ANY,
    },
}  # fmt: skip


def wrong_blocks(blocks: Any, surface: str) -> list[str]:
    """What is wrong with a list of blocks on a surface (message, modal, home); empty if nothing."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    wrong = [f"no more than {MOST_BLOCKS[surface]} items allowed [json-pointer:/blocks]"]
    wrong = wrong if len(blocks) > MOST_BLOCKS[surface] else []
    for number, one in enumerate(blocks):
        wrong += _wrong_block(one, surface, f"/blocks/{number}")
    # docs.slack.dev/reference/block-kit/blocks: `block_id` should be unique within a message
    ids = [one.get("block_id") for one in blocks if isinstance(one, dict)]
    wrong += [f"`block_id` already exists: {twice} [json-pointer:/blocks]" for twice in _twice(ids)]
    # docs.slack.dev/reference/block-kit/blocks/table-block: one table a message
    if sum(isinstance(one, dict) and one.get("type") == "table" for one in blocks) > 1:
        wrong.append("only_one_table_allowed [json-pointer:/blocks]")
    return wrong


def too_long(blocks: list[Json]) -> bool:
    """Whether the blocks of a message hold more text than Slack takes, all together."""
    return sum(map(_chars, blocks)) > MESSAGE_CHARS


def wrong_view(view: Any, kinds: frozenset[str]) -> list[str]:
    """What is wrong with a view, which must be of one of these kinds."""
    if not isinstance(view, dict) or view.get("type") not in kinds:
        return [f"must be one of: {', '.join(sorted(kinds))} [json-pointer:/view/type]"]
    wrong = list(_wrong_fields(view, VIEWS[view["type"]], "/view"))
    wrong += wrong_blocks(view.get("blocks"), view["type"]) if "blocks" in view else []
    asks = any(isinstance(b, dict) and b.get("type") == "input" for b in view.get("blocks") or ())
    # docs.slack.dev/reference/views/modal-views: `submit` is required when there are inputs
    if view["type"] == "modal" and asks and not view.get("submit"):
        wrong.append("missing required field: submit [json-pointer:/view]")
    return wrong


def wrong_metadata(metadata: Any) -> str | None:
    """The error that metadata earns, or None: docs.slack.dev/messaging/message-metadata"""
    if not isinstance(metadata, dict):
        return "invalid_metadata_format"
    name, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(name, str) or not re.fullmatch(METADATA_NAME, name):
        return "invalid_metadata_schema"
    return None if isinstance(payload, dict) else "invalid_metadata_schema"


def _wrong_block(one: Any, surface: str, at: str) -> Iterator[str]:
    if not isinstance(one, dict) or one.get("type") not in BLOCKS[surface]:
        kind = one.get("type") if isinstance(one, dict) else one
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if one["type"] in LAYOUT:
        yield from _wrong_fields(one, LAYOUT[one["type"]], at)
        yield from _wrong_section(one, at)
        yield from _wrong_elements(one, surface, at)


def _wrong_section(one: Json, at: str) -> Iterator[str]:
    """docs.slack.dev/reference/block-kit/blocks/section-block: `text`, or else `fields`."""
    if one["type"] == "section" and not one.get("text") and not one.get("fields"):
        yield f"missing required field: text [json-pointer:{at}]"
    for number, field in enumerate(one.get("fields") or () if one["type"] == "section" else ()):
        if isinstance(field, dict) and len(str(field.get("text"))) > 2000:
            yield f"must be less than 2001 characters [json-pointer:{at}/fields/{number}/text]"


def _wrong_elements(one: Json, surface: str, at: str) -> Iterator[str]:
    held = [*(one.get("elements") or ()), one.get("accessory"), one.get("element")]
    inside = [part for part in held if isinstance(part, dict)]
    for part in inside:
        if part.get("type") in NOT_IN[surface]:
            yield f"unsupported type: {part['type']} [json-pointer:{at}]"
        yield from _wrong_choice(part, at)
    # docs.slack.dev/reference/block-kit/block-elements: unique among the block's `action_id`s
    for twice in _twice([part.get("action_id") for part in inside]):
        yield f"`action_id` already exists: {twice} [json-pointer:{at}]"


def _wrong_choice(element: Json, at: str) -> Iterator[str]:
    """A menu has options or groups, its initial ones are among them; a text input fits itself."""
    groups = [group.get("options", []) for group in element.get("option_groups") or ()]
    options = [*(element.get("options") or ()), *(o for group in groups for o in group)]
    if "select" in element["type"] and "static" in element["type"] and not options:
        yield f"missing required field: options [json-pointer:{at}]"
    first = [element.get("initial_option"), *(element.get("initial_options") or ())]
    if any(option not in options for option in first if option):
        yield f"initial option must match one of the options [json-pointer:{at}]"
    if len(element.get("initial_value") or "") > int(element.get("max_length") or 3000):
        yield f"initial_value is longer than max_length [json-pointer:{at}/initial_value]"


def _wrong_fields(thing: Json, rules: dict[str, Rule], at: str) -> Iterator[str]:
    for name in thing.keys() - rules.keys():
        yield f"invalid additional property: {name} [json-pointer:{at}]"
    for name, rule in rules.items():
        if thing.get(name) is None:
            if rule.need:
                yield f"missing required field: {name} [json-pointer:{at}]"
        else:
            yield from _wrong_value(thing[name], rule, f"{at}/{name}")


def _wrong_value(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if isinstance(rule, Chars):
        yield from _wrong_chars(value, rule, at)
    elif isinstance(rule, TextRule):
        yield from _wrong_words(value, rule, at)
    elif isinstance(rule, One):
        yield from _wrong_object(value, rule.of, at)
    elif isinstance(rule, Many):
        yield from _wrong_list(value, rule, at)


def _wrong_chars(value: Any, rule: Chars, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{at}]"
    elif len(value) > rule.most:
        yield f"must be less than {rule.most + 1} characters [json-pointer:{at}]"
    elif len(value) < rule.least:
        yield f"must be more than {rule.least - 1} characters [json-pointer:{at}]"
    elif rule.form and not re.fullmatch(rule.form, value):
        yield f"must match {rule.form} [json-pointer:{at}]"


def _wrong_words(value: Any, rule: TextRule, at: str) -> Iterator[str]:
    kinds = {rule.kind} if rule.kind else {PLAIN, "mrkdwn"}
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"must be one of: {', '.join(sorted(kinds))} [json-pointer:{at}/type]"
        return
    extra = value.keys() - {"type", "text", "emoji", "verbatim"}
    yield from (f"invalid additional property: {name} [json-pointer:{at}]" for name in extra)
    yield from _wrong_chars(value.get("text"), Chars(rule.most, 1), f"{at}/text")


def _wrong_list(value: Any, rule: Many, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"must be an array [json-pointer:{at}]"
        return
    if len(value) > rule.most:
        yield f"no more than {rule.most} items allowed [json-pointer:{at}]"
    if len(value) < rule.least:
        yield f"no fewer than {rule.least} items allowed [json-pointer:{at}]"
    for number, one in enumerate(value):
        yield from _wrong_object(one, rule.of, f"{at}/{number}")


def _wrong_object(value: Any, of: frozenset[str] | None, at: str) -> Iterator[str]:
    if of is None:
        return
    if not isinstance(value, dict):
        yield f"must be an object [json-pointer:{at}]"
    elif of <= OBJECTS.keys():
        yield from _wrong_fields(value, OBJECTS[next(iter(of))], at)
    elif value.get("type") not in of:
        yield f"unsupported type: {value.get('type')} [json-pointer:{at}/type]"
    elif value["type"] in ELEMENTS:
        yield from _wrong_fields(value, ELEMENTS[value["type"]], at)


def _twice(ids: list[str | None]) -> set[str]:
    return {one for one in ids if one is not None and ids.count(one) > 1}


def _chars(value: Any) -> int:
    """How many characters of text stand in a block, at any depth."""
    if isinstance(value, list):
        return sum(map(_chars, value))
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(_chars(part) for part in value.values() if isinstance(part, dict | list))


def size(view: Json) -> int:
    """A view's bytes, as sent."""
    return len(json.dumps(view).encode())
