"""What is done with offers and feeds at each waking, on threads for which nobody waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bot.coach import Coach
from bot.imports.offer import Offer
from bot.imports.telling import OFFER
from bot.outbox.message import OutboxMessage
from handlers.dispatch.asked import Asked
from handlers.dispatch.message_kind import Drawn, Kind, usual_place
from handlers.library import drawing
from handlers.library._files import NoFile, fetch
from handlers.slack.blocks import Message
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted, Where

log = logging.getLogger(__name__)


def offers(coach: Coach, messenger: Messenger) -> None:
    """Look at what was dropped, have it told what is in it, and import what was accepted."""
    while offer := coach.imports.next("received"):
        messenger.deliver(_look(offer, coach, messenger))
    while offer := coach.imports.next("accepted"):
        _redraw(offer, drawing.importing, messenger)
        coach.imports.bring_in(offer)
    while offer := coach.imports.next("imported"):
        _redraw(offer, drawing.imported, messenger)
        coach.imports.reported(offer)


def feeds(coach: Coach, messenger: Messenger) -> None:
    """Look at the feeds that are due; what they brought is told by `offers`."""
    while coach.feeds.look_at_next():
        pass


def tidy(coach: Coach, messenger: Messenger) -> None:
    coach.imports.tidy()


def redraw(asked: Asked, message: Message) -> None:
    """Put something else in the place of the message whose button was pressed."""
    asked.reply(message, replace=True)


def _look(offer: Offer, coach: Coach, messenger: Messenger) -> OutboxMessage:
    if interrupted := coach.imports.begin(offer):
        return interrupted
    try:
        data = fetch(offer, messenger)
    except NoFile as error:
        return coach.imports.refuse(offer, str(error))
    return coach.imports.look(offer, data)


# Telling ------------------------------------------------------------------------------------


def _place(message: OutboxMessage, coach: Coach, messenger: Messenger) -> Where:
    """The manager's messages, in the thread where the file was dropped. Raises `NotSaid`."""
    return usual_place(message, coach, messenger)._replace(thread_ts=message.thread)


def _draw(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn | None:
    """Nothing of one that was forgotten."""
    offer = coach.imports.of(messages[0])
    drawn = offer and (drawing.refused(offer) if offer.sentence else drawing.offered(offer))
    return Drawn(drawn) if drawn else None


KINDS = {OFFER: Kind(_draw, _place)}


def _redraw(offer: Offer, draw: Callable[[Offer], Message], messenger: Messenger) -> None:
    """Change the message that asked; where it is gone, say it anew."""
    if not offer.ts:
        return
    try:
        messenger.update(offer.rep, Posted(offer.channel_id, offer.ts), draw(offer))
    except NotSaid as refused:
        log.warning("an offer was not redrawn", extra={"offer": offer.id, "code": refused.code})
