"""`/coach calendar`: connecting a calendar, changing what is wished of it, turning it off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bot.calendars.service import Found, MeetingGone
from bot.calendars.telling import FAILING, FOUND
from bot.coach import Coach
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.calendars import drawing, forms
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import IN_THE_WAY, SETTINGS, Then
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.slack import payloads
from handlers.slack.blocks import Message, escape, words
from handlers.slack.messenger import Messenger, Where

LOOKING = "Looking … I say here what I find."
KEPT = "Kept. I look at your calendar every 10 minutes."
OFF = "Your calendar is forgotten, its address and its meetings. Cards that stand stay."
IN_MESSAGES = "What is in your calendar stands in your messages with me."
NONE = "No calendar is connected. `{coach} calendar` connects one."
NOT_HERE = "An address that is typed after a command can be seen. Paste it here; I took none."


def on_calendar(asked: Asked) -> Then:
    typed = payloads.plain(asked.words).casefold()
    if typed in ("off", "stop", "forget"):
        return _end(asked)
    asked.ack()
    if typed in ("list", "show", "found"):
        return partial(_show, asked)
    asked.messenger.profile(asked.rep)  # times that name no zone are read in the rep's
    why = NOT_HERE if ":" in typed or "." in typed else ""
    asked.open_form(forms.calendar(asked.coach.calendars.of(asked.rep), why))
    return None


def on_form(asked: Asked) -> Then:
    """The address is sealed and kept before the ack; what Slack sent is kept nowhere."""
    filled = payloads.filled(asked.body)
    wishes = forms.wishes(filled)
    address = payloads.plain(filled.get(forms.ADDRESS, ""))
    form_id = payloads.sent_form(asked)
    new = asked.coach.calendars.connect(asked.rep, address, wishes, forms.ADDRESS, form_id)
    asked.ack()
    return partial(errors.say_kept, LOOKING if new else KEPT, asked)


def _end(asked: Asked) -> Then:
    said = OFF if asked.coach.calendars.end(asked.rep) else _none(asked.coach)
    asked.ack()
    return partial(_over, asked, partial(errors.say_kept, said, asked))


def on_off(asked: Asked) -> Then:
    """The form's own button; pressed once more, the form says so already."""
    ended = asked.coach.calendars.end(asked.rep)
    asked.ack()
    if not ended:
        return None
    draw = partial(asked.change_form, forms.over(OFF))
    return partial(_over, asked, partial(errors.show, draw, OFF, asked))


def _over(asked: Asked, say: Callable[[], object]) -> Then:
    say()
    return asked.coach.calendars.erase_leftovers


def on_show(asked: Asked) -> Then:
    """What was found comes as a message, where its switches stay at hand."""
    asked.ack()

    def show() -> None:
        _show(asked)
        asked.change_form(forms.over(IN_MESSAGES))

    return show


def _show(asked: Asked) -> None:
    asked.reply(_found(asked.rep, asked.coach) or words(_none(asked.coach)))


def _none(coach: Coach) -> str:
    return NONE.format(**coach.commands)


def _found(rep: Rep, coach: Coach) -> Message | None:
    if (found := coach.calendars.found(rep)) is None:
        return None
    zone = coach.people.profile(rep, lambda: None).zone
    return drawing.found(found, zone, coach.now(), coach.commands["coach"])


def on_is(asked: Asked) -> Then:
    return _choose(asked, customer=True)


def on_is_not(asked: Asked) -> Then:
    return _choose(asked, customer=False)


def _choose(asked: Asked, customer: bool) -> Then:
    """The switch beside a meeting: kept for its whole series."""
    try:
        meeting = asked.coach.calendars.choose(asked.rep, int(asked.words), customer)
    except MeetingGone as gone:
        asked.ack()
        sentence = words(escape(str(gone)))
        return lambda: asked.reply(sentence)
    asked.ack()
    sort = "a customer's meeting" if customer else "no customer's meeting"
    title = escape(meeting.title or drawing.UNTITLED)
    kept = f"Kept: “{title}” is {sort}."

    def draw() -> None:
        asked.reply(_found(asked.rep, asked.coach) or words(kept), replace=True)

    return partial(errors.show, draw, kept, asked)


def status(asked: Asked) -> list[tuple[str, str]]:
    """What is connected, and what is in its way."""
    found = asked.coach.calendars.found(asked.rep)
    if found is None:
        return []
    lines = [(SETTINGS, drawing.standing(found))]
    if found.calendar.failing:
        lines.append(
            (IN_THE_WAY, f"• {drawing.failing(found, asked.coach.commands['coach']).text}")
        )
    return lines


# As messages of the outbox -------------------------------------------------------------------


def look(coach: Coach, messenger: Messenger) -> None:
    """Look at the calendars that are due; what they bring is told by the outbox."""
    coach.looks.look_at_due()


def _draw(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn | None:
    rep = Rep(*messages[0].recipient)
    message = _found(rep, coach)
    return Drawn(message) if message else None


def _draw_failing(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn | None:
    found: Found | None = coach.calendars.found(Rep(*messages[0].recipient))
    return Drawn(drawing.failing(found, coach.commands["coach"])) if found else None


KINDS = {FOUND: Kind(_draw), FAILING: Kind(_draw_failing)}
JOBS = {"calendars.look": look}
SUBCOMMANDS = {"calendar": on_calendar}
VIEWS = {forms.CALENDAR_FORM: on_form}
ACTIONS = {
    forms.CALENDAR_SHOW: on_show,
    forms.CALENDAR_OFF: on_off,
    drawing.IS: on_is,
    drawing.IS_NOT: on_is_not,
}
STATUS = (status,)
HELP = (("coach", "calendar", "connect your calendar: I write before each meeting"),)
