"""The huddle card in Slack: posted once, drawn anew from the database after every change."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.coach import Coach
from bot.errors import NotYet
from bot.huddles.card_service import Card
from bot.huddles.huddle import Huddle
from bot.people.rep import Rep
from handlers.huddles import announcements, private_drawing
from handlers.huddles import card_drawing as drawn
from handlers.slack.blocks import words
from handlers.slack.client import UNCERTAIN, NotSaid
from handlers.slack.messenger import SKEW_S, Messenger, Posted, marking
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)

WAIT = timedelta(seconds=30)  # between two tries to draw a card that Slack did not take
WHO_KNOWS = (
    "I don't know whether the card was posted, and may not look. If you don't see it, try again."
)
TOO_EARLY = "Slack has not told me yet whether the card was posted. Look again in a minute."
# Slack's words for a message that can't be changed any more, whatever is tried.
_GONE = {
    *("message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"),
    *("is_inactive", "is_archived", "not_in_channel", "closed", "shared"),
}


def show(asked: Request, begun: Mapping[str, Any], coach: Coach, messenger: Messenger) -> None:
    """Post the card of a huddle that was asked for, unless it stands there already; then those who
    joined it are told. `begun` is what `AskingDesk.start` tells."""
    call_id = begun["call"]
    if post(asked, call_id, begun["channel"], coach, messenger):
        return
    there = coach.huddles.get(asked.rep, call_id)
    if not asked.again:
        messenger.reply(asked, private_drawing.there_already(there))
    redraw(asked.rep, call_id, coach, messenger)
    joined = [person.user_id for person in there.people] if there.private else begun["joined"]
    announcements.joined(asked, call_id, joined, coach, messenger)


def post(
    asked: Request,
    call_id: int,
    channel_id: str,
    coach: Coach,
    messenger: Messenger,
    pressed: Huddle | None = None,
) -> bool:
    """Post the card; where it can't stand in the channel, in the rep's own messages.

    False if it stands there already, be it that this was not known until now. `pressed` is the
    huddle as it was when somebody pressed a button: they want another card, and have looked.
    """
    with coach.cards.posting.alone(call_id):
        before = coach.huddles.get(asked.rep, call_id)
        if before.stands_in(channel_id) and not (pressed and pressed.ts == before.ts):
            return False
        if before.ts and before.private and asked.rep != before.call.owner:
            messenger.reply(asked, private_drawing.somebody_elses(before.call))
            return True
        card = coach.cards.card(asked.rep, call_id, channel_id)
        try:
            found = _found(asked, before, channel_id, bool(pressed), coach, messenger)
            posted = found or _posted(asked, card, channel_id, coach, messenger)
        except NotSaid as refused:
            told = private_drawing.not_posted(before.call, str(refused), channel_id)
            messenger.reply(asked, told)
            return True
        coach.cards.placed(card, posted.channel_id, posted.ts, posted.channel_id.startswith("D"))
    _replace(before, posted, asked.rep, messenger)
    _follow_up(asked, card, posted, channel_id, bool(found), coach, messenger)
    return not found


def _posted(
    asked: Request, card: Card, channel_id: str, coach: Coach, messenger: Messenger
) -> Posted:
    """A new card. Raises `NotSaid`; where Slack left open whether it was posted, that is kept."""
    call, mark = card.huddle.call, marking([coach.cards.mark(card.huddle.call)])
    coach.cards.begun(call)
    try:
        return messenger.to_channel(asked.rep, channel_id, drawn.card(card), metadata=mark)
    except NotSaid as refused:
        if refused.code not in UNCERTAIN:
            coach.cards.not_posted(call)
        raise


def _found(
    asked: Request,
    before: Huddle,
    channel_id: str,
    pressed: bool,
    coach: Coach,
    messenger: Messenger,
) -> Posted | None:
    """The card of which it was not known yet whether it was posted; None to post it.

    Raises `NotSaid` where nobody can know, and `NotSaid` or `NotYet` where that is to be seen.
    """
    if before.begun is None:
        return None
    settled = coach.now() - before.begun >= messenger.settle
    mark = coach.cards.mark(before.call)
    private = channel_id.startswith("D") or messenger.why_not(asked.rep, channel_id)
    try:
        place = messenger.direct(asked.rep) if private else channel_id
        seen = messenger.seen(asked.rep, place, before.begun.timestamp() - SKEW_S)
    except NotSaid as refused:
        if pressed and settled:
            return None
        raise NotSaid(WHO_KNOWS if settled or asked.again else TOO_EARLY, "no_answer") from refused
    found = [each.ts for each in seen if mark in each.marks and each.ts > (before.ts or "")]
    if not found and not settled:
        raise NotYet if asked.again else NotSaid(TOO_EARLY, "no_answer")
    return Posted(place, found[-1]) if found else None


def _follow_up(
    asked: Request,
    card: Card,
    posted: Posted,
    channel_id: str,
    found: bool,
    coach: Coach,
    messenger: Messenger,
) -> None:
    """What is to be said and done once a card was posted, or `found`."""
    call_id = card.huddle.call.id
    now = coach.huddles.get(asked.rep, call_id)
    if found or now.private != card.huddle.private or now.version != card.huddle.version:
        redraw(asked.rep, call_id, coach, messenger)
    _explain(asked, now, posted, channel_id, messenger)
    announcements.in_channel_now(asked, call_id, coach, messenger)
    if now.private:
        everybody = [person.user_id for person in now.people]
        announcements.joined(asked, call_id, everybody, coach, messenger)
    if own := coach.cards.own_memory(asked.rep, call_id):
        messenger.reply(asked, private_drawing.own_memory(now.call, own, card))
    word(asked.rep, call_id, coach, messenger)


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


def _explain(
    asked: Request, huddle: Huddle, posted: Posted, channel_id: str, messenger: Messenger
) -> None:
    if posted.why:
        messenger.reply(asked, private_drawing.elsewhere(huddle.call, posted.why, channel_id))
    elif asked.in_direct_message and asked.channel_id != posted.channel_id:
        messenger.reply(asked, words("The card is in your messages with me: I can't post here."))


def redraw(rep: Rep, call_id: int, coach: Coach, messenger: Messenger) -> None:
    """Show on the card what is true now. What Slack does not take is drawn at a later waking."""
    drawings = coach.cards.drawings
    if not drawings.begin(call_id):
        return
    try:
        _draw(rep, call_id, coach, messenger)
        while drawings.again(call_id):
            _draw(rep, call_id, coach, messenger)
    except NotSaid as refused:
        log.warning("card not drawn", extra={"call": call_id, "code": refused.code})
        wait = max(WAIT, timedelta(seconds=refused.retry_after))
        drawings.failed(call_id, coach.now() + wait)
    except BaseException:
        drawings.failed(call_id, coach.now() + WAIT)
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
            _tell_closed(huddle, coach, messenger)
    coach.cards.drawn(card)


def _tell_closed(huddle: Huddle, coach: Coach, messenger: Messenger) -> None:
    """Tell the owner, once, that outsiders read the channel and what to do."""
    owner = huddle.call.owner
    if not owner.user_id or not coach.cards.tell_closed(huddle):
        return

    def say() -> None:
        note = private_drawing.closed(huddle.call, huddle.channel_id or "", messenger.direct(owner))
        messenger.to_rep(owner, note)

    announcements.say_once(say, lambda: coach.cards.not_told_closed(huddle))


def redraw_all(coach: Coach, messenger: Messenger) -> None:
    """Draw the cards that are behind: after a restart, a change from elsewhere, or a refusal."""
    now = coach.now()
    for call in coach.cards.to_draw():
        if coach.cards.drawings.wanted(call.id, now):
            redraw(call.owner, call.id, coach, messenger)
