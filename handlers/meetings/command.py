"""What a rep taps before a meeting: start its huddle, leave it, hear of it later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.calendars.offered import MEETING_OFFER
from bot.coach import Coach
from bot.huddles.start_service import Understood
from bot.inbox.event import Event
from bot.meetings.offer import MEETING_MOVED, MEETING_OFF, MEETING_SHARED, read_about
from bot.outbox.message import OutboxMessage
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.huddles import command as huddle_command
from handlers.huddles import forms as huddle_forms
from handlers.meetings import drawing
from handlers.slack import payloads
from handlers.slack.blocks import Message, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Posted, Where

log = logging.getLogger(__name__)

ASK = "Type the account's name."


def start(asked: Asked, click: Event) -> Event:
    """Kept before the ack: account, time, play, people and goal as the calendar and the account's
    memory have them."""
    channels = asked.coach.people.channels(asked.rep)
    where = asked.channel_id or asked.messenger.direct(asked.rep)
    return asked.coach.meetings.start(asked.rep, int(asked.words), where, channels, click)


def started(asked: Asked, at: datetime) -> Then:
    """Bring the card, or tell those whom it concerns; the offer then says what came of it."""
    if payloads.begun(asked).get("form"):
        _ask(asked)
        return None
    return partial(_bring, asked, at)


def _bring(asked: Asked, at: datetime) -> None:
    begun = payloads.begun(asked)
    if begun.get("on_it"):
        _run(huddle_command.changed(asked, at))
    elif "call" in begun:
        _run(huddle_command.show(asked, at))
    _redraw(begun["offer"], asked)


def _run(then: Then) -> None:
    if then:
        then()


def _ask(asked: Asked) -> None:
    """The account is not known: the form asks for it, and is filled with all else."""
    _, meeting, calendar = asked.coach.meetings.mine(asked.rep, int(asked.words))
    channels = asked.messenger.channels(asked.rep)
    where = calendar.wishes.channel_id or asked.channel_id
    plan = asked.coach.meetings.to_start(asked.rep, meeting, where, channels).plan
    if plan is None:
        return
    known = asked.coach.asking.accounts(asked.rep, channels)
    heard = Understood(plan, (ASK,), ready=False)
    asked.open_form(huddle_forms.start(heard, asked.coach.asking.plays, known, where))


def _on_settled(settle: Callable[[Asked, int], OutboxMessage]) -> Callable[..., Then]:
    """A button that settles an offer, or a question."""

    def on_button(asked: Asked) -> Then:
        message = settle(asked, int(asked.words))
        asked.ack()
        return partial(_show, message.id, asked)

    return on_button


def _show(message_id: int, asked: Asked) -> None:
    found = asked.coach.meetings.outcome(asked.rep, message_id)
    errors.show(partial(_draw_anew, message_id, asked), f"{found} {errors.NOT_SHOWN}", asked)


def put_on(asked: Asked, click: Event) -> Event:
    return asked.coach.sharing.put_on(asked.rep, int(asked.words), click)


def was_put_on(asked: Asked, at: datetime) -> Then:
    """The card shows them, and they are told."""

    def then() -> None:
        _run(huddle_command.changed(asked, at))
        _redraw(payloads.begun(asked)["offer"], asked)

    return then


def _redraw(message_id: int, asked: Asked) -> None:
    """What the card shows is true whether or not the offer says so, too."""
    try:
        _draw_anew(message_id, asked)
    except NotSaid as refused:
        log.warning("an offer was not drawn", extra={"offer": message_id, "code": refused.code})


def _draw_anew(message_id: int, asked: Asked) -> None:
    message = asked.coach.meetings.message(asked.rep, message_id)
    if message is None or message.said is None or message.said[1] is None:
        return
    drawn = _offer(message, asked.coach) if message.kind == MEETING_OFFER else None
    drawn = drawn or _shared(message, asked.coach) or words(drawing.GONE)
    asked.messenger.update(asked.rep, Posted(message.said[0], message.said[1]), drawn)


# Drawing ------------------------------------------------------------------------------------


def _offer(message: OutboxMessage, coach: Coach) -> Message | None:
    offered = coach.meetings.offered(message)
    zone = coach.cards.zone(message.rep)
    return drawing.offer(offered, zone, coach.now()) if offered else None


def _off(message: OutboxMessage, coach: Coach) -> Message:
    call, zone = coach.meetings.call_of(message), coach.cards.zone(message.rep)
    return drawing.off(read_about(message), call, zone, coach.now())


def _moved(message: OutboxMessage, coach: Coach) -> Message:
    return drawing.moved(read_about(message), coach.cards.zone(message.rep), coach.now())


def _shared(message: OutboxMessage, coach: Coach) -> Message | None:
    call = coach.meetings.call_of(message)
    if call is None or message.kind != MEETING_SHARED:
        return None
    who, zone = coach.sharing.asked(message.rep, message.id)[1], coach.cards.zone(message.rep)
    return drawing.shared(message, who, call, zone, coach.now())


def _kind(draw: Callable[[OutboxMessage, Coach], Message | None]) -> Kind:
    def drawn(
        messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
    ) -> Drawn | None:
        message = draw(messages[0], coach)
        return Drawn(message) if message else None

    return Kind(drawn)


KINDS = {
    MEETING_OFFER: _kind(_offer),
    MEETING_OFF: _kind(_off),
    MEETING_MOVED: _kind(_moved),
    MEETING_SHARED: _kind(_shared),
}
COMMITTED_FORMS = {
    drawing.START: (start, started),
    drawing.PUT_ON: (put_on, was_put_on),
}
ACTIONS: dict[str, Callable[..., Then]] = {
    drawing.LEAVE: _on_settled(lambda asked, id: asked.coach.meetings.leave(asked.rep, id)),
    drawing.LATER: _on_settled(lambda asked, id: asked.coach.meetings.later(asked.rep, id)),
    drawing.APART: _on_settled(lambda asked, id: asked.coach.sharing.keep_apart(asked.rep, id)),
}
