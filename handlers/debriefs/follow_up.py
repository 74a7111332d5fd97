"""What a rep answers to the question after a call: a tap, a snooze, that it moved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from bot.calls.call import Call
from bot.coach import Coach
from bot.debriefs.follow_up import DEBRIEF, IT_MOVED, NEXT_STEP
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.debriefs import follow_up_drawing
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then, in_time
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.huddles import command as huddle_command
from handlers.slack.blocks import escape
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted, Where

log = logging.getLogger(__name__)


def _on_settled(settle: Callable[[Coach, Rep, int], OutboxMessage]) -> Callable[..., Then]:
    """A listener for a button that settles one part of a message."""

    def on_button(asked: Asked) -> Then:
        nudge = settle(asked.coach, asked.rep, int(asked.words))
        asked.ack()
        return in_time(partial(show, nudge, asked))

    return on_button


def on_moved(asked: Asked) -> Then:
    nudge, moved = asked.coach.huddles.it_moved(asked.rep, int(asked.words))
    asked.ack()
    if moved:
        form = partial(huddle_command.change_form, asked, moved)
        errors.show(form, _no_form(moved.call, asked.coach), asked)
    return in_time(partial(show, nudge, asked))


def _no_form(call: Call, coach: Coach) -> str:
    name = escape(call.account).replace("`", "'")
    return (
        f"{IT_MOVED} The form for its new time did not open. Type"
        f" `{coach.commands['huddle']} {name}` and the time, and I ask after that."
    )


def on_stop(asked: Asked) -> Then:
    return _turn(asked, False)


def on_start(asked: Asked) -> Then:
    return _turn(asked, True)


def _turn(asked: Asked, on: bool) -> Then:
    nudge = asked.coach.follow_ups.nudge(asked.rep, int(asked.words))
    asked.coach.outbox.turn(asked.rep, on)
    asked.ack()
    draw = partial(switched, asked.rep, asked.coach, asked.messenger, nudge)
    kept = f"Nudges are {'on' if on else 'off'}. {errors.NOT_SHOWN}"
    return in_time(partial(errors.show, draw, kept, asked))


def switched(
    rep: Rep, coach: Coach, messenger: Messenger, pressed: OutboxMessage | None = None
) -> None:
    """Nudges are on now, or off: every message that still asks something says which. Raises
    `NotSaid` for the one whose button was pressed."""
    for nudge in coach.follow_ups.still_open(rep):
        if pressed and nudge.said == pressed.said:
            continue
        try:
            redraw(nudge, coach, messenger)
        except NotSaid as refused:  # the switch is turned all the same
            log.warning("a nudge was not drawn", extra={"nudge": nudge.id, "code": refused.code})
    if pressed:
        redraw(pressed, coach, messenger)


def show(nudge: OutboxMessage, asked: Asked) -> None:
    """Draw the message that holds the nudge; where Slack does not take that, say what was kept."""
    outcome = escape(asked.coach.follow_ups.nudge(asked.rep, nudge.id).outcome or "Kept.")
    draw = partial(redraw, nudge, asked.coach, asked.messenger)
    errors.show(draw, f"{outcome} {errors.NOT_SHOWN}", asked)


def redraw(nudge: OutboxMessage, coach: Coach, messenger: Messenger) -> None:
    """Draw the message that holds the nudge as things stand now."""
    channel_id, ts = nudge.said or ("", None)
    if ts and (parts := coach.follow_ups.message_of(nudge)):
        messenger.update(nudge.rep, Posted(channel_id, ts), follow_up_drawing.nudge(parts))


def answered(
    rep: Rep, call: Call, coach: Coach, messenger: Messenger, in_words: bool = False
) -> None:
    """Show at the questions about the call that they have their answer."""
    for nudge in coach.follow_ups.answered(rep, call, in_words):
        try:
            redraw(nudge, coach, messenger)
        except NotSaid as refused:  # the answer is kept, and was confirmed
            log.warning("a nudge was not drawn", extra={"nudge": nudge.id, "code": refused.code})


def _draw(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn | None:
    """One message for all that is due to a rep."""
    lines = coach.follow_ups.lines(messages)
    return Drawn(follow_up_drawing.nudge(lines)) if lines else None


KINDS = {DEBRIEF: Kind(_draw), NEXT_STEP: Kind(_draw)}
ACTIONS = {
    follow_up_drawing.SNOOZE: _on_settled(lambda coach, rep, id: coach.follow_ups.snooze(rep, id)),
    follow_up_drawing.SKIP: _on_settled(lambda coach, rep, id: coach.follow_ups.skip(rep, id)),
    follow_up_drawing.NO_SHOW: _on_settled(lambda coach, rep, id: coach.huddles.no_show(rep, id)),
    follow_up_drawing.DONE: _on_settled(
        lambda coach, rep, id: coach.follow_ups.answer_step(rep, id, True)
    ),
    follow_up_drawing.NOT_YET: _on_settled(
        lambda coach, rep, id: coach.follow_ups.answer_step(rep, id, False)
    ),
    follow_up_drawing.MOVED: on_moved,
    follow_up_drawing.STOP: on_stop,
    follow_up_drawing.START: on_start,
}
