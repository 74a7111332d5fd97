"""Drawing what is said unasked: nudges, the daily tip, and the form of a rep's hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.clock.local_time import DAYS, say_clock, say_day
from bot.nudges.nudge import FollowUpLine, RepHours
from bot.tips.tip import Tip
from handlers.debriefs.drawing import DEBRIEF_OPEN
from handlers.slack.blocks import (
    SECTION,
    Message,
    button,
    clip,
    context,
    escape,
    section,
    source_line,
    words,
)

YES, PARTLY, NO = "debrief.yes", "debrief.partly", "debrief.no"
SNOOZE, MOVED, SKIP, STOP = "nudge.snooze", "nudge.moved", "nudge.skip", "nudge.stop"
START = "nudge.start"
DONE, NOT_YET = "nudge.done", "nudge.not_yet"
HELPFUL, NOT_HELPFUL, WHY = "daily.helpful", "daily.not_helpful", "daily.why"

HOURS_FORM = "nudges.hours"
ON, WORKING, FROM, TO = "on", "working_days", "from", "to"
QUIET_FROM, QUIET_TO, HOLIDAYS, AWAY = "quiet_from", "quiet_to", "holidays", "away_until"
NO_GOAL = "Did it bring you further?"  # so that Yes and No are answers
GOAL = 300  # characters of a goal that a nudge repeats


def nudge(parts: Sequence[FollowUpLine]) -> Message:
    """One message for all that is due to a rep: a part for each call, and what came of each."""
    blocks: list[Block] = []
    last = next((part for part in reversed(parts) if not part.outcome), None)
    for part in parts:
        blocks += [section(_words(part, bold=True)), *_below(part, part is last)]
    return Message(clip(" … ".join(_words(part) for part in parts), SECTION), blocks)


def _words(part: FollowUpLine, bold: bool = False) -> str:
    account = escape(clip(part.call.account, 80))
    account = f"*{account}*" if bold else account
    if part.nudge.kind == "next_step":
        day = f"Due {part.when}" if part.when else "Today"
        return f"{day}: {escape(clip(part.step, GOAL)).rstrip('.')} ({account})."
    asked = f"How did {account} go?"
    if part.when:
        asked = f"Your call with {account} was {part.when}. How did it go?"
    goal = " ".join(clip(part.call.goal, GOAL).split()).rstrip(".")
    return f"{asked} Goal: {escape(goal)}." if goal else f"{asked} {NO_GOAL}"


def _below(part: FollowUpLine, last: bool) -> list[Block]:
    """What came of it, or the buttons; "Stop these" stands once, under the last open part."""
    value = str(part.nudge.id)
    if part.outcome:
        return [context(escape(part.outcome)), *_more(part)]
    if not part.nudges_on:
        again = button("Nudges are off. Turn them on again", START, value)
        return [ActionsBlock(elements=[again])] if last else []
    stop = [button("Stop these", STOP, value)] if last else []
    if part.nudge.kind == "next_step":
        done = [button("Done", DONE, value), button("Not yet", NOT_YET, value)]
        return [ActionsBlock(elements=[*done, *stop])]
    return [_answers(part), ActionsBlock(elements=[*_instead(value), *stop])]


def _more(part: FollowUpLine) -> list[Block]:
    """The way back to the form that a tap opened, for whoever put it away."""
    if part.nudge.kind != "debrief" or part.call.state != "held" or part.debriefed:
        return []
    return [ActionsBlock(elements=[button("Open the form", DEBRIEF_OPEN, str(part.call.id))])]


def _answers(part: FollowUpLine) -> Block:
    both = f"{part.call.id}:{part.nudge.id}"
    said = [("Yes", YES), ("Partly", PARTLY), ("No", NO)]
    return ActionsBlock(elements=[button(label, action, both) for label, action in said])


def _instead(value: str) -> list[ButtonElement]:
    """What a rep may do who has no answer: a row of its own, below."""
    others = [("Snooze 1 h", SNOOZE), ("It moved", MOVED), ("Skip", SKIP)]
    return [button(label, action, value) for label, action in others]


# The daily tip ------------------------------------------------------------------------------


def daily_tip(tip: Tip) -> Message:
    """One line of advice and its source: no greeting."""
    value = str(tip.id)
    advice = escape(tip.headline)
    buttons = [
        button("Helpful", HELPFUL, value),
        button("Not helpful", NOT_HELPFUL, value),
        button("Why this?", WHY, value),
    ]
    return Message(
        advice,
        [section(f"*{advice}*"), context(source_line(tip.source)), ActionsBlock(elements=buttons)],
    )


def why_this(tip: Tip) -> Message:
    """Private: the sentence that the tip rests on, and how it came up."""
    quote = escape(" ".join(tip.source.quote.split()))
    return words(
        f"> {quote}\n{source_line(tip.source)}\n"
        "Its turn had come: tips go round by post, author and moment, and none comes again before"
        " all were said."
    )


# The form -----------------------------------------------------------------------------------


def hours_form(hours: RepHours) -> dict[str, Any]:
    """Nudges on or off, working days and hours, quiet hours, holidays, and being away."""
    on = [_option("Nudges on", "on"), _option("Nudges off", "off")]
    days = [_option(name, str(n)) for n, name in enumerate(DAYS)]
    chosen = [days[n] for n in sorted(hours.working_days)]
    quiet = hours.quiet or (None, None)
    away = hours.away_until.isoformat() if hours.away_until else None
    fields = [
        _input(ON, "Questions after a call, and reminders of next steps", {
            "type": "radio_buttons", "options": on, "initial_option": on[not hours.nudges_on],
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
        "blocks": fields,
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
