"""What a rep does with a nudge, `/coach nudges`, and what waits or could not be said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import Any

from bot.calls.call import Call
from bot.clock.local_time import local_day, say_time
from bot.clock.working_hours import public_holidays
from bot.coach import Coach
from bot.errors import CoachError, WrongField
from bot.nudges.nudge import Nudge, Recipient, RepHours
from bot.nudges.table import Stuck
from bot.people.rep import Rep
from handlers.debriefs import follow_up_drawing
from handlers.dispatch import errors
from handlers.dispatch.coach_command import IN_THE_WAY, SETTINGS, WAITS, Then, in_time
from handlers.huddles import command as huddle_command
from handlers.slack import payloads
from handlers.slack.blocks import Message, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)


def _on_settled(settle: Callable[[Coach, Rep, int], Nudge]) -> Callable[..., Then]:
    """A listener for a button that settles one part of a message."""

    def on_button(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
        nudge = settle(coach, asked.rep, int(asked.words))
        ack()
        return in_time(partial(redraw, nudge, coach, messenger))

    return on_button


def on_moved(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    nudge, moved = coach.nudges.moved(asked.rep, int(asked.words))
    ack()
    if moved:
        errors.run(
            lambda: huddle_command.change_form(asked, moved, coach, messenger), asked, messenger
        )
    return in_time(partial(redraw, nudge, coach, messenger))


def on_stop(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _turn(ack, asked, coach, messenger, False)


def on_start(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _turn(ack, asked, coach, messenger, True)


def _turn(ack: Any, asked: Request, coach: Coach, messenger: Messenger, on: bool) -> Then:
    nudge = coach.nudges.nudge(asked.rep, int(asked.words))
    coach.nudges.turn(asked.rep, on)
    ack()
    return in_time(partial(redraw, nudge, coach, messenger))


def redraw(nudge: Nudge, coach: Coach, messenger: Messenger) -> None:
    """Draw the message that holds the nudge as things stand now."""
    channel_id, ts = nudge.said or ("", None)
    if ts and (parts := coach.nudges.message_of(nudge)):
        messenger.update(nudge.rep, Posted(channel_id, ts), follow_up_drawing.nudge(parts))


def answered(
    rep: Rep, call: Call, coach: Coach, messenger: Messenger, in_words: bool = False
) -> None:
    """Show at the questions about the call that they have their answer."""
    for nudge in coach.nudges.answered(rep, call, in_words):
        try:
            redraw(nudge, coach, messenger)
        except NotSaid as refused:  # the answer is kept, and was confirmed
            log.warning("a nudge was not drawn", extra={"nudge": nudge.id, "code": refused.code})


# `/coach nudges` ----------------------------------------------------------------------------


def on_nudges(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    word = payloads.first_word(asked.words)[0]
    if word in ("on", "off"):
        coach.nudges.turn(asked.rep, word == "on")
        ack()
        return lambda: messenger.reply(asked, words(_SWITCHED[word].format(**_names(coach))))
    ack()
    if word:
        usage = "`{coach} nudges on`, `{coach} nudges off`, or `{coach} nudges` for the form."
        return lambda: messenger.reply(asked, words(usage.format(**_names(coach))))
    _open_hours(asked, coach, messenger)
    return None


def on_own_hours(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    """`/coach hours` and `/coach away`: words that people try for what the form holds."""
    ack()
    _open_hours(asked, coach, messenger)


def _open_hours(asked: Request, coach: Coach, messenger: Messenger) -> None:
    messenger.open_form(asked, follow_up_drawing.hours_form(coach.nudges.wishes(asked.rep)))


def on_hours(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    hours = _hours(payloads.filled(asked.body), coach.now().year)
    coach.nudges.set_wishes(asked.rep, hours)
    ack()
    return lambda: messenger.reply(asked, _hours_kept(hours, asked, coach, messenger))


def _hours_kept(hours: RepHours, asked: Request, coach: Coach, messenger: Messenger) -> Message:
    if not hours.nudges_on:
        return words(_SWITCHED["off"].format(**_names(coach)))
    zone = messenger.profile(asked.rep).zone
    return follow_up_drawing.hours_kept(hours, local_day(coach.now(), zone))


def _hours(filled: dict[str, str], year: int) -> RepHours:
    """A form as it came back. Raises `WrongField`."""
    b = follow_up_drawing
    quiet = [filled.get(b.QUIET_FROM, ""), filled.get(b.QUIET_TO, "")]
    if quiet.count("") == 1:
        missing = b.QUIET_FROM if not quiet[0] else b.QUIET_TO
        raise WrongField(missing, "Give both ends of the quiet hours, or neither.")
    if not (days := filled.get(b.WORKING, "").split()):
        raise WrongField(b.WORKING, "Choose one day at least, or turn nudges off.")
    country = filled.get(b.HOLIDAYS, "").strip().upper() or None
    try:
        if country:
            public_holidays(country, year)
    except CoachError as unknown:
        raise WrongField(b.HOLIDAYS, str(unknown)) from unknown
    away = filled.get(b.AWAY, "")
    return RepHours(
        filled[b.ON] == "on",
        frozenset(map(int, days)),
        time.fromisoformat(filled[b.FROM]),
        time.fromisoformat(filled[b.TO]),
        (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if all(quiet) else None,
        country,
        date.fromisoformat(away) if away else None,
    )


_SWITCHED = {
    "on": "Nudges are on: after a call I ask how it went. `{coach} nudges` sets your hours.",
    "off": "Nudges are off. `{coach} nudges on` turns them on again;"
    " `{debrief}` works all the time.",
}


def _names(coach: Coach) -> dict[str, str]:
    return dict(coach.commands)


# Status -------------------------------------------------------------------------------------


def status(asked: Request, coach: Coach) -> list[tuple[str, str]]:
    """What waits, and what could not be said; managers see the workspace's."""
    rep = asked.rep
    everybody = coach.people.is_manager(rep)
    now = coach.now()
    zone = coach.people.profile(rep, lambda: None).zone
    standing = coach.nudges.standing(rep, everybody)
    lines = [] if standing.wishes.nudges_on else [(SETTINGS, "• Nudges are off.")]
    if standing.waiting and standing.next_at:
        count = f"{standing.waiting} nudge" + ("s wait" if standing.waiting > 1 else " waits")
        next_one = say_time(standing.next_at, zone, now)
        lines.append((WAITS, f"• {count} for you, the next one {next_one}."))
    lines += [
        (IN_THE_WAY, f"• {_stuck(s, rep)} {say_time(s.due_at, zone, now)}: {s.why}")
        for s in standing.stuck
    ]
    late = "was skipped: I was more than two hours late."
    lines += [
        (IN_THE_WAY, f"• The daily tip in {_name(place)}, due {say_time(at, zone, now)}, {late}")
        for place, at in standing.late_tips
    ]
    return lines


_KINDS = {
    "debrief": "the question how a call went",
    "next_step": "a reminder",
    "daily_tip": "the daily tip",
}


def _stuck(stuck: Stuck, rep: Rep) -> str:
    what = _KINDS[stuck.kind]
    where = "you" if stuck.place.id == rep.user_id else _name(stuck.place)
    if stuck.state == "unknown":
        return f"I can't tell whether {what} reached {where}, due"
    return f"I could not say {what} to {where}, due"


def _name(place: Recipient) -> str:
    return f"<@{place.id}>" if place.is_rep else f"<#{place.id}>"


SUBCOMMANDS = {"nudges": on_nudges, "hours": on_own_hours, "away": on_own_hours}
ACTIONS = {
    follow_up_drawing.SNOOZE: _on_settled(lambda coach, rep, id: coach.nudges.snooze(rep, id)),
    follow_up_drawing.SKIP: _on_settled(lambda coach, rep, id: coach.nudges.skip(rep, id)),
    follow_up_drawing.DONE: _on_settled(
        lambda coach, rep, id: coach.nudges.answer_step(rep, id, True)
    ),
    follow_up_drawing.NOT_YET: _on_settled(
        lambda coach, rep, id: coach.nudges.answer_step(rep, id, False)
    ),
    follow_up_drawing.MOVED: on_moved,
    follow_up_drawing.STOP: on_stop,
    follow_up_drawing.START: on_start,
}
VIEWS = {follow_up_drawing.HOURS_FORM: on_hours}
STATUS = (status,)
HELP = (("coach", "nudges", "when I may ask how a call went; or `nudges off`"),)
