"""Drawing the form of when a rep may be asked, and what was kept of it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from bot.clock.local_time import DAYS, say_clock, say_day
from bot.outbox.manners import RepHours
from handlers.slack.blocks import Message, context, escape, words

HOURS_FORM = "nudges.hours"


ON, WORKING, FROM, TO = "on", "working_days", "from", "to"


QUIET_FROM, QUIET_TO, HOLIDAYS, AWAY = "quiet_from", "quiet_to", "holidays", "away_until"
BEFORE = "before_minutes"
MINUTES = (0, 5, 10, 15, 30, 60)


def hours_form(hours: RepHours, why: str = "") -> dict[str, Any]:
    """Nudges on or off, working days and hours, quiet hours, holidays, and being away.

    `why` tells what it is filled with, where that is not what holds.
    """
    on = [_option("Nudges on", "on"), _option("Nudges off", "off")]
    days = [_option(name, str(n)) for n, name in enumerate(DAYS)]
    chosen = [days[n] for n in sorted(hours.working_days)]
    quiet = hours.quiet or (None, None)
    away = hours.away_until.isoformat() if hours.away_until else None
    offered = sorted({*MINUTES, hours.before_minutes})
    before = {n: _option(f"{n} minutes before" if n else "Not at all", str(n)) for n in offered}
    fields = [
        _input(ON, "Questions after a call, and reminders of next steps", {
            "type": "radio_buttons", "options": on, "initial_option": on[not hours.nudges_on],
        }),
        _input(BEFORE, "Before a call that I am on", {
            "type": "static_select", "options": [*before.values()],
            "initial_option": before[hours.before_minutes],
        }),
        _input(WORKING, "Working days", {
            "type": "checkboxes", "options": days, "initial_options": chosen or None,
        }, optional=True),
        _input(FROM, "Working hours from", _clock(hours.start)),
        _input(TO, "Working hours to", _clock(hours.end)),
        _input(QUIET_FROM, "Quiet hours from", _clock(quiet[0]), optional=True),
        _input(QUIET_TO, "Quiet hours to", _clock(quiet[1]), optional=True),
        _input(HOLIDAYS, "Public holidays of", {
            "type": "plain_text_input", "initial_value": hours.holidays, "max_length": 10,
            "placeholder": _plain("DE, GB, US-CA …"),
        }, optional=True),
        _input(AWAY, "I'm away until, that day included", {
            "type": "datepicker", "initial_date": away,
        }, optional=True),
    ]  # fmt: skip
    return {
        "type": "modal",
        "callback_id": HOURS_FORM,
        "title": _plain("When I may ask"),
        "submit": _plain("Save"),
        "close": _plain("Cancel"),
        "blocks": [*([context(escape(why)).to_dict()] if why else []), *fields],
    }


def hours_kept(hours: RepHours, today: date) -> Message:
    """What holds now, once the form was saved with nudges on."""
    days = ", ".join(DAYS[n] for n in sorted(hours.working_days))
    but = [f"between {say_clock(a)} and {say_clock(b)}" for a, b in filter(None, [hours.quiet])]
    but += [f"on public holidays of {escape(hours.holidays)}"] if hours.holidays else []
    away = hours.away_until
    but += [f"until {say_day(away, today)} is over"] if away and away >= today else []
    never = f" Not {', nor '.join(but)}." if but else ""
    at = f"{say_clock(hours.start)} to {say_clock(hours.end)}"
    return words(f"Kept. I ask on {days}, {at}.{never}")


def _input(name: str, label: str, element: dict[str, Any], optional: bool = False) -> Any:
    kept = {key: value for key, value in element.items() if value is not None}
    return {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": _plain(label),
        "element": kept | {"action_id": name},
    }


def _clock(at: time | None) -> dict[str, Any]:
    return {"type": "timepicker", "initial_time": f"{at:%H:%M}" if at else None}


def _option(label: str, value: str) -> dict[str, Any]:
    return {"text": _plain(label), "value": value}


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
