"""A message and a form with every block and element that the coach may draw."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(name: str) -> Json:
    return {"text": plain(name.title()), "value": name}


OPTIONS = [option("one"), option("two"), option("three")]
CONFIRM = {
    "title": plain("Cancel it?"),
    "text": plain("It is off for everybody."),
    "confirm": plain("Cancel it"),
    "deny": plain("Keep it"),
}
TEXT = (
    "*bold* _italic_ ~struck~ `code` <@U2> <#C1> <https://example.com/a_b_c|a link> :tada:\n"
    "> quoted\n• first\n• second\n```\nfenced *not bold*\n```"
    "<!date^1795446000^{date_short_pretty} {time}|fallback> &lt;b&gt; &amp; "
)
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> <javascript:alert(3)|press>"

MESSAGE: list[Json] = [
    {"type": "header", "text": plain("A header")},
    {"type": "section", "text": {"type": "mrkdwn", "text": TEXT}},
    {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": "*Left* field"}, plain("Right field")],
        "accessory": {
            "type": "overflow",
            "action_id": "demo.overflow",
            "options": [option("open"), option("shut")],
        },
    },
    {
        "type": "context",
        "elements": [
            {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "a chart"},
            {"type": "mrkdwn", "text": "small _print_"},
        ],
    },
    {"type": "divider"},
    {"type": "image", "image_url": "https://example.com/y.png", "alt_text": "a big chart"},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": "demo.plain", "text": plain("Plain"), "value": "p"},
            {
                "type": "button",
                "action_id": "demo.primary",
                "text": plain("Primary"),
                "style": "primary",
                "value": "q",
            },
            {
                "type": "button",
                "action_id": "demo.danger",
                "text": plain("Danger"),
                "style": "danger",
                "value": "d",
                "confirm": CONFIRM,
            },
        ],
    },
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            {"type": "checkboxes", "action_id": "demo.boxes", "options": OPTIONS},
            {"type": "radio_buttons", "action_id": "demo.radio", "options": OPTIONS},
        ],
    },
    {
        "type": "actions",
        "block_id": "menus",
        "elements": [
            {"type": "static_select", "action_id": "demo.menu", "options": OPTIONS},
            {"type": "users_select", "action_id": "demo.user"},
            {"type": "conversations_select", "action_id": "demo.place"},
            {"type": "datepicker", "action_id": "demo.date"},
            {"type": "timepicker", "action_id": "demo.time"},
            {"type": "datetimepicker", "action_id": "demo.moment"},
        ],
    },
    {
        "type": "section",
        "block_id": "several",
        "text": plain("Several"),
        "accessory": {
            "type": "multi_static_select",
            "action_id": "demo.several",
            "options": OPTIONS,
        },
    },
    {
        "type": "section",
        "block_id": "suggested",
        "text": plain("Suggested"),
        "accessory": {"type": "external_select", "action_id": "demo.external"},
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "rich", "style": {"bold": True}},
                    {"type": "user", "user_id": "U3"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "point"}],
                    }
                ],
            },
        ],
    },
    {"type": "markdown", "text": "# Title\n**strong** and [a page](https://example.com)\n- item"},
]


def ask(name: str, label: str, element: Json, **more: Any) -> Json:
    element = {"action_id": "field", **element}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element, **more}


FORM: Json = {
    "type": "modal",
    "callback_id": "demo.form",
    "title": plain("Every field"),
    "submit": plain("Save"),
    "close": plain("Not now"),
    "blocks": [
        ask("name", "Name", {"type": "plain_text_input", "min_length": 3, "max_length": 20}),
        ask("story", "Story", {"type": "plain_text_input", "multiline": True}, optional=True),
        ask(
            "length",
            "Length",
            {
                "type": "number_input",
                "is_decimal_allowed": False,
                "min_value": "5",
                "max_value": "90",
            },
        ),
        ask("day", "Day", {"type": "datepicker"}, optional=True),
        ask("moment", "Moment", {"type": "datetimepicker"}, optional=True),
        ask("people", "People", {"type": "multi_users_select"}, optional=True),
        ask("radio", "Radio", {"type": "radio_buttons", "options": OPTIONS}, optional=True),
        ask("menu", "Menu", {"type": "static_select", "options": OPTIONS}, optional=True),
    ],
}
