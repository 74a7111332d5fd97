"""The form of a rep's calendar: its address, and what is wished of it."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.calendars.calendar import MINUTES, Calendar, Which, Wishes
from handlers.slack.blocks import button, context, escape, section

CALENDAR_FORM = "calendar.form"
CALENDAR_SHOW, CALENDAR_OFF = "calendar.show", "calendar.off"
ADDRESS, BEFORE, WHICH, WHERE, EACH = "address", "minutes", "which", "channel", "each"

WHERE_IT_IS = (
    "*Google:* settings of the calendar in a browser, “Integrate calendar”, “Secret address in iCal"
    " format”.\n"
    "*Outlook:* settings, “Shared calendars”, “Publish a calendar” with all details, the ICS"
    " link.\n"
    "*iCloud:* the person beside the calendar, “Public Calendar”, “Copy Link”."
)
SECRET = (
    "Whoever has this address can read your calendar. I show it to nobody; what I read of meetings"
    " is for your own messages."
)
_WHICH: dict[Which, str] = {
    "customers": "All that look like customers; where I'm unsure, I ask",
    "known": "Only those of accounts that I know",
}
_OPTION = 75  # docs.slack.dev/reference/block-kit/composition-objects/option-object


def calendar(now: Calendar | None, why: str = "") -> dict[str, Any]:
    """Filled with what holds; the address itself is shown to nobody."""
    wishes = now.wishes if now else Wishes()
    blocks: list[Block] = [
        *([context(escape(why))] if why else []),
        *([_standing(now)] if now else []),
        _address(now),
        context(f"{WHERE_IT_IS}\n{SECRET}"),
        _input(BEFORE, "I write before a meeting", _before(wishes)),
        _input(WHICH, "Which meetings", _which(wishes)),
        _input(WHERE, "Where cards go", _where(wishes), optional=True, hint="Empty: my messages."),
        _input(EACH, "How many a day", _each(wishes), optional=True),
    ]
    return View(
        type="modal", callback_id=CALENDAR_FORM, title="Your calendar", submit="Save",
        close="Not now", blocks=blocks,
    ).to_dict()  # fmt: skip


def over(sentence: str) -> dict[str, Any]:
    """What takes the form's place once one of its buttons was pressed."""
    blocks = [section(escape(sentence))]
    return View(type="modal", title="Your calendar", close="Close", blocks=blocks).to_dict()


def _standing(now: Calendar) -> ActionsBlock:
    show = button("What is in it", CALENDAR_SHOW)
    off = button("Turn off", CALENDAR_OFF, style="danger")
    return ActionsBlock(block_id=f"calendar:{now.id}", elements=[show, off])


def _address(now: Calendar | None) -> InputBlock:
    held = "Paste it only to change it" if now and not now.failing else "https://….ics"
    field = PlainTextInputElement(action_id=ADDRESS, placeholder=held, max_length=2_000)
    return _input(ADDRESS, "Private address in iCal format", field, optional=now is not None)


def _before(wishes: Wishes) -> StaticSelectElement:
    offered = sorted({*MINUTES, wishes.minutes})
    options = {n: Option(value=str(n), text=f"{n} minutes before") for n in offered}
    return StaticSelectElement(
        action_id=BEFORE, options=[*options.values()], initial_option=options[wishes.minutes]
    )


def _which(wishes: Wishes) -> RadioButtonsElement:
    options = {which: Option(value=which, text=said[:_OPTION]) for which, said in _WHICH.items()}
    return RadioButtonsElement(
        action_id=WHICH, options=[*options.values()], initial_option=options[wishes.which]
    )


def _where(wishes: Wishes) -> ConversationSelectElement:
    return ConversationSelectElement(
        action_id=WHERE,
        initial_conversation=wishes.channel_id or None,
        filter=ConversationFilter(
            include=["public", "private"], exclude_external_shared_channels=True,
            exclude_bot_users=True,
        ),
    )  # fmt: skip


def _each(wishes: Wishes) -> CheckboxesElement:
    every = Option(value="each", text="Write before each, even if there are more than three")
    return CheckboxesElement(
        action_id=EACH, options=[every], initial_options=[every] if wishes.each else None
    )


def _input(
    name: str, label: str, element: InputInteractiveElement, optional: bool = False, hint: str = ""
) -> InputBlock:
    return InputBlock(
        block_id=name, label=label, element=element, optional=optional, hint=hint or None
    )


def wishes(filled: dict[str, str]) -> Wishes:
    """A form as it came back."""
    which: Which = "known" if filled.get(WHICH) == "known" else "customers"
    minutes = int(filled.get(BEFORE) or Wishes.minutes)
    return Wishes(minutes, which, filled.get(WHERE, ""), filled.get(EACH) == "each")
