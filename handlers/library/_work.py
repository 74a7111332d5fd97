"""What is done with offers and feeds at each waking, on threads for which nobody waits."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.coach import Coach
from bot.imports.offer import Offer
from handlers.library import drawing
from handlers.library._files import NoFile, fetch
from handlers.slack.blocks import Message
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)


def offers(coach: Coach, messenger: Messenger) -> None:
    """Look at what was dropped, say what is in it, and import what was accepted."""
    while offer := coach.imports.next("received"):
        _look(offer, coach, messenger)
    while offer := coach.imports.next("found", "refused"):
        _tell(offer, coach, messenger)
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


def redraw(asked: Request, message: Message, messenger: Messenger) -> None:
    """Put something else in the place of the message whose button was pressed."""
    messenger.reply(asked, message, replace=True)


def _look(offer: Offer, coach: Coach, messenger: Messenger) -> None:
    if not coach.imports.begin(offer):
        return
    try:
        data = fetch(offer, messenger)
    except NoFile as error:
        coach.imports.refuse(offer, str(error))
    else:
        coach.imports.look(offer, data)


def _tell(offer: Offer, coach: Coach, messenger: Messenger) -> None:
    """Say it once: it counts as told before it is, and not where Slack certainly refused it."""
    coach.imports.telling(offer)
    drawn = drawing.offered(offer) if offer.state == "found" else drawing.refused(offer)
    thread = {"thread_ts": offer.thread_ts} if offer.thread_ts else {}
    try:
        posted = messenger.to_rep(offer.rep, drawn, **thread)
    except NotSaid as refused:
        log.warning("an offer was not told", extra={"offer": offer.id, "code": refused.code})
        if not refused.means.open:
            coach.imports.not_told(offer)
        return
    coach.imports.told(offer, posted.channel_id, posted.ts)


def _redraw(offer: Offer, draw: Callable[[Offer], Message], messenger: Messenger) -> None:
    """Change the message that asked; where it is gone, say it anew."""
    if not offer.ts:
        return
    try:
        messenger.update(offer.rep, Posted(offer.channel_id, offer.ts), draw(offer))
    except NotSaid as refused:
        log.warning("an offer was not redrawn", extra={"offer": offer.id, "code": refused.code})
