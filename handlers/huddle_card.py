"""The huddle card in Slack: posted once, drawn anew from the database after every change."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from bot.coach import Coach
from bot.coach.asking import Started
from bot.errors import NotYet
from bot.huddles import Huddle
from bot.reps import Rep
from handlers import huddle_blocks as drawn
from handlers import huddle_notes
from handlers.blocks import words
from handlers.parse import Asked
from handlers.say import NotSaid, Posted, Speaker, marking

log = logging.getLogger(__name__)

WAIT = timedelta(seconds=30)  # between two tries to draw a card that Slack did not take
# Slack's words for a message that can't be changed any more, whatever is tried.
_GONE = {
    *("message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"),
    *("is_inactive", "is_archived", "not_in_channel", "closed", "shared"),
}


def show(asked: Asked, started: Started, channel_id: str, coach: Coach, speaker: Speaker) -> None:
    """Post the card of a huddle that was asked for, unless it stands there already."""
    huddle = started.huddle
    here = huddle.private if channel_id.startswith("D") else huddle.channel_id == channel_id
    if huddle.ts and here:
        if not asked.again:
            speaker.reply(asked, huddle_notes.there_already(huddle))
        redraw(asked.rep, huddle.call.id, coach, speaker)
    else:
        post(asked, huddle.call.id, channel_id, coach, speaker)


def post(asked: Asked, call_id: int, channel_id: str, coach: Coach, speaker: Speaker) -> None:
    """Post the card; where it can't stand in the channel, in the rep's own messages."""
    card = coach.cards.card(asked.rep, call_id, channel_id)
    before = coach.huddles.get(asked.rep, call_id)
    mark = coach.cards.mark(before.call)
    try:
        posted = _posted(asked, before, channel_id, mark, coach, speaker)
        if posted is None:
            coach.cards.begun(card)
            message = drawn.card(card)
            posted = speaker.to_channel(asked.rep, channel_id, message, metadata=marking([mark]))
    except NotSaid as refused:
        speaker.reply(asked, huddle_notes.not_posted(card.huddle.call, str(refused), channel_id))
        return
    private = posted.channel_id.startswith("D")
    coach.cards.placed(card, posted.channel_id, posted.ts, private)
    _replace(before, posted, asked.rep, speaker)
    now = coach.huddles.get(asked.rep, call_id)
    if private != card.huddle.private or now.version != card.huddle.version:
        redraw(asked.rep, call_id, coach, speaker)
    _explain(asked, now, posted, channel_id, speaker)
    if private:
        tell(asked, call_id, tuple(person.user_id for person in now.people), coach, speaker)
    if own := coach.cards.own_memory(asked.rep, call_id):
        speaker.reply(asked, huddle_notes.own_memory(now.call, own, card))
    word(asked.rep, call_id, coach, speaker)


def word(rep: Rep, call_id: int, coach: Coach, speaker: Speaker, anew: bool = False) -> None:
    """Have a model word items of the card, beside all else; if it does, the card is drawn anew.

    A card with such items is left alone unless they are wanted `anew`.
    """

    def write() -> None:
        if coach.wordings.write(rep, call_id):
            redraw(rep, call_id, coach, speaker)

    if coach.wordings.may_be_written(rep, call_id, anew):
        coach.house.writer.beside(write)


def _posted(
    asked: Asked, before: Huddle, channel_id: str, mark: str, coach: Coach, speaker: Speaker
) -> Posted | None:
    """The card that another process posted before it ended.

    Raises `NotSaid` where nobody can know, and `NotYet` where that is to be seen.
    """
    if not asked.again or before.ts or not before.drawn:
        return None
    private = channel_id.startswith("D") or speaker.why_not(asked.rep, channel_id)
    place = speaker.direct(asked.rep) if private else channel_id
    try:
        seen = speaker.seen(asked.rep, place, asked.again.timestamp() - 60)
    except NotSaid as refused:
        why = "I stopped while I posted the card, and can't look whether it is there."
        raise NotSaid(why, refused.code) from refused
    found = next((Posted(place, each.ts) for each in seen if mark in each.marks), None)
    if found is None and coach.house.clock.now() - asked.again < speaker.settle:
        raise NotYet  # it may still land
    return found


def _replace(before: Huddle, posted: Posted, rep: Rep, speaker: Speaker) -> None:
    """Where the card stood before, it says where it went."""
    if before.channel_id and before.ts:
        with suppress(NotSaid):
            note = huddle_notes.moved_away(before.call, posted.channel_id)
            speaker.update(rep, Posted(before.channel_id, before.ts), note)


def _explain(
    asked: Asked, huddle: Huddle, posted: Posted, channel_id: str, speaker: Speaker
) -> None:
    if posted.why:
        speaker.reply(asked, huddle_notes.elsewhere(huddle.call, posted.why, channel_id))
    elif asked.in_direct_message and asked.channel_id != posted.channel_id:
        speaker.reply(asked, words("The card is in your messages with me: I can't post here."))


def redraw(rep: Rep, call_id: int, coach: Coach, speaker: Speaker) -> None:
    """Show on the card what is true now. What Slack does not take is drawn at a later waking."""
    drawings = coach.cards.drawings
    if not drawings.begin(call_id):
        return
    try:
        _draw(rep, call_id, coach, speaker)
        while drawings.again(call_id):
            _draw(rep, call_id, coach, speaker)
    except NotSaid as refused:
        log.warning("card not drawn", extra={"call": call_id, "code": refused.code})
        wait = max(WAIT, timedelta(seconds=refused.retry_after))
        drawings.failed(call_id, coach.house.clock.now() + wait)
    except BaseException:
        drawings.failed(call_id, coach.house.clock.now() + WAIT)
        raise


def _draw(rep: Rep, call_id: int, coach: Coach, speaker: Speaker) -> None:
    card = coach.cards.card(rep, call_id)
    huddle = card.huddle
    if not huddle.channel_id or not huddle.ts:
        return
    try:
        speaker.update(rep, Posted(huddle.channel_id, huddle.ts), drawn.card(card))
    except NotSaid as refused:
        if refused.code not in _GONE:
            raise
        if refused.code == "shared":
            _tell_closed(huddle, coach, speaker)
    coach.cards.drawn(card)


def _tell_closed(huddle: Huddle, coach: Coach, speaker: Speaker) -> None:
    """Tell the owner, once, that outsiders read the channel and what to do."""
    owner = huddle.call.owner
    if not owner.user_id or not coach.cards.tell_closed(huddle):
        return
    try:
        home_id = speaker.direct(owner)
        speaker.to_rep(owner, huddle_notes.closed(huddle.call, huddle.channel_id or "", home_id))
    except NotSaid as refused:
        log.warning("owner not told", extra={"call": huddle.call.id, "code": refused.code})
        if refused.code != "no_answer":  # else it may have arrived
            coach.cards.not_told_closed(huddle)


def redraw_all(coach: Coach, speaker: Speaker) -> None:
    """Draw the cards that are behind: after a restart, a change from elsewhere, or a refusal."""
    now = coach.house.clock.now()
    for call in coach.cards.to_draw():
        if coach.cards.drawings.wanted(call.id, now):
            redraw(call.owner, call.id, coach, speaker)


def tell(
    asked: Asked, call_id: int, user_ids: tuple[str, ...], coach: Coach, speaker: Speaker
) -> None:
    """Write to those who joined, each once; who can't be reached is named to who asked."""
    card = coach.cards.card(asked.rep, call_id)
    call = card.huddle.call
    people = {person.user_id: person for person in card.huddle.people}
    for user_id in coach.cards.tell(asked.rep, call_id, user_ids):
        try:
            message = huddle_notes.invited(card, people[user_id], asked.rep.user_id)
            speaker.to_colleague(Rep(call.owner.workspace_id, user_id), message)
        except NotSaid as refused:
            coach.cards.not_told(call, user_id)
            speaker.reply(asked, words(f"<@{user_id}> was not told. {refused}"))
