"""The huddle card in Slack: posted once, drawn anew from the database after every change."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.coach import Coach
from bot.errors import NotYet
from bot.huddles.card_message import CARD
from bot.huddles.huddle import Huddle
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.dispatch.asked import Asked
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.huddles import _announcements as announcements
from handlers.huddles import card_drawing as drawn
from handlers.huddles import private_drawing
from handlers.slack.blocks import words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Outcome, Posted, Where

log = logging.getLogger(__name__)

WAIT = timedelta(seconds=30)  # between two tries where Slack does not say how long to wait
WHO_KNOWS = (
    "I don't know whether the card was posted, and may not look. If you don't see it, try again."
)
TOO_EARLY = "Slack has not told me yet whether the card was posted. Look again in a minute."
# Slack's words for a message that can't be changed any more, whatever is tried.
_GONE = {
    *("message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"),
    *("is_inactive", "is_archived", "not_in_channel", "closed", "shared"),
}


def show(asked: Asked, begun: Mapping[str, Any]) -> None:
    """Post the card of a huddle that was asked for, unless it stands there already; then those who
    joined it are told. `begun` is what `AskingDesk.start` tells."""
    call_id = begun["call"]
    if post(asked, call_id, begun["channel"]):
        return
    there = asked.coach.huddles.get(asked.rep, call_id)
    if not (asked.again or begun.get("sent_again")):
        asked.reply(private_drawing.there_already(there))
    redraw(asked.rep, call_id, asked.coach, asked.messenger)
    joined = [person.user_id for person in there.people] if there.private else begun["joined"]
    announcements.joined(asked, call_id, joined)


def post(asked: Asked, call_id: int, channel_id: str, pressed: Huddle | None = None) -> bool:
    """Post the card; where it can't stand in the channel, in the rep's own messages.

    False if it stands there already, be it that this was not known until now. `pressed` is the
    huddle as it was when somebody pressed a button: they want another card, and have looked.
    Raises `NotYet` where it is asked `again` and may still land.
    """
    with asked.coach.cards.posting.alone(call_id):
        before = asked.coach.huddles.get(asked.rep, call_id)
        if before.stands_in(channel_id) and not (pressed and pressed.ts == before.ts):
            return False
        if before.ts and before.private and asked.rep != before.call.owner:
            asked.reply(private_drawing.somebody_elses(before.call))
            return True
        was, outcome = _brought(asked, call_id, channel_id, bool(pressed))
        if outcome.message.state != "sent":
            _explain_missing(asked, before, channel_id, was, outcome)
            return True
    found = was.attempts == outcome.message.attempts
    _follow_up(asked, before, outcome, channel_id, found)
    return not found


def _brought(
    asked: Asked, call_id: int, channel_id: str, looked: bool
) -> tuple[OutboxMessage, Outcome]:
    """The message that brings the card there as it was before, and what came of it. One that is on
    its way already is brought to its end first."""
    was = asked.coach.cards.wanted(asked.rep, call_id, channel_id)
    outcome = asked.messenger.deliver(was)
    elsewhere = outcome.message.state == "sent" and was.recipient.id != channel_id
    if elsewhere or (looked and outcome.message.state == "unknown"):
        was = asked.coach.cards.wanted(asked.rep, call_id, channel_id, looked)
        outcome = asked.messenger.deliver(was)
    return was, outcome


def _explain_missing(
    asked: Asked, before: Huddle, channel_id: str, was: OutboxMessage, outcome: Outcome
) -> None:
    """Say why there is no card, as far as that is known. Raises `NotYet`."""
    state, why = outcome.message.state, outcome.why
    if state == "unknown":
        why = WHO_KNOWS
    elif was.state == "sending":
        if asked.again and state == "sending":
            raise NotYet
        why = why or TOO_EARLY
    asked.reply(private_drawing.not_posted(before.call, why, channel_id))


def _follow_up(
    asked: Asked, before: Huddle, outcome: Outcome, channel_id: str, found: bool
) -> None:
    """What is to be said and done once a card was posted, or `found`."""
    call_id, (place, ts) = before.call.id, outcome.message.said or ("", None)
    posted, now = Posted(place, ts or "", outcome.why), asked.coach.huddles.get(asked.rep, call_id)
    _replace(before, posted, asked.rep, asked.messenger)
    if found or now.version != before.version:
        redraw(asked.rep, call_id, asked.coach, asked.messenger)
    _explain(asked, now, posted, channel_id)
    announcements.of_card(asked, call_id)
    if own := asked.coach.cards.own_memory(asked.rep, call_id):
        card = asked.coach.cards.card(asked.rep, call_id)
        asked.reply(private_drawing.own_memory(now.call, own, card))
    word(asked.rep, call_id, asked.coach, asked.messenger)


def word(rep: Rep, call_id: int, coach: Coach, messenger: Messenger, anew: bool = False) -> None:
    """Have a model word items of the card, beside all else; if it does, the card is drawn anew.

    A card with such items is left alone unless they are wanted `anew`.
    """

    def write() -> None:
        if coach.wordings.write(rep, call_id):
            redraw(rep, call_id, coach, messenger)

    if coach.wordings.may_be_written(rep, call_id, anew):
        coach.model.beside(write)


def _replace(before: Huddle, posted: Posted, rep: Rep, messenger: Messenger) -> None:
    """Where the card stood before, it says where it went."""
    if before.channel_id and before.ts:
        with suppress(NotSaid):
            note = private_drawing.moved_away(before.call, posted.channel_id)
            messenger.update(rep, Posted(before.channel_id, before.ts), note)


def _explain(asked: Asked, huddle: Huddle, posted: Posted, channel_id: str) -> None:
    if posted.why:
        asked.reply(private_drawing.elsewhere(huddle, posted.why, channel_id))
    elif asked.in_direct_message and asked.channel_id != posted.channel_id:
        asked.reply(words("The card is in your messages with me: I can't post here."))


def redraw(rep: Rep, call_id: int, coach: Coach, messenger: Messenger) -> None:
    """Show on the card what is true now. What Slack does not take is drawn at a later waking."""
    drawings = coach.cards.drawings
    if not drawings.begin(call_id, coach.clock.elapsed()):
        return
    try:
        _draw(rep, call_id, coach, messenger)
        while drawings.again(call_id):
            _draw(rep, call_id, coach, messenger)
    except NotSaid as refused:
        log.warning("card not drawn", extra={"call": call_id, "code": refused.code})
        wait = timedelta(seconds=refused.retry_after) or WAIT
        drawings.failed(call_id, coach.clock.elapsed() + wait)
    except BaseException:
        drawings.failed(call_id, coach.clock.elapsed() + WAIT)
        raise


def _draw(rep: Rep, call_id: int, coach: Coach, messenger: Messenger) -> None:
    card = coach.cards.card(rep, call_id)
    huddle = card.huddle
    if not huddle.channel_id or not huddle.ts:
        return
    try:
        messenger.update(rep, Posted(huddle.channel_id, huddle.ts), drawn.card(card))
    except NotSaid as refused:
        if refused.code not in _GONE:
            raise
        if refused.code == "shared":
            announcements.closed(huddle, coach, messenger)
    coach.cards.drawn(card)


def redraw_all(coach: Coach, messenger: Messenger) -> None:
    """Draw the cards that are behind: after a restart, a change from elsewhere, or a refusal."""
    now = coach.clock.elapsed()
    for call in coach.cards.to_draw():
        if coach.cards.drawings.wanted(call.id, now):
            redraw(call.owner, call.id, coach, messenger)


# As a message of the outbox -----------------------------------------------------------------


def _card_place(message: OutboxMessage, coach: Coach, messenger: Messenger) -> Where:
    """The channel, or where the card may not stand there, the rep's own messages."""
    rep, channel_id = message.rep, message.recipient.id
    why = "" if channel_id.startswith("D") else messenger.why_not(rep, channel_id)
    if why or channel_id.startswith("D"):
        return Where(messenger.direct(rep), "", why)
    return Where(channel_id)


def _new_card(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn:
    card = coach.cards.card(messages[0].rep, messages[0].call_id or 0, where.channel_id)
    return Drawn(drawn.card(card), then=lambda: coach.cards.drawn(card))


KINDS = {CARD: Kind(_new_card, _card_place, at_home=True)}
