"""What those on a call are told: that they come along, a new time, that it is cancelled.

Each hears of each thing once. It is said with a mark: where a process ended before it was known to
be said, the next one looks for that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.coach import Coach
from bot.huddles.huddle import Huddle
from bot.people.rep import Rep
from handlers.huddles import private_drawing
from handlers.slack import payloads
from handlers.slack.blocks import Message, words
from handlers.slack.client import UNCERTAIN, NotSaid
from handlers.slack.messenger import Posted, Speaker
from handlers.slack.payloads import Asked

log = logging.getLogger(__name__)


# Who comes along ----------------------------------------------------------------------------


def joined(
    asked: Asked, call_id: int, user_ids: Sequence[str], coach: Coach, speaker: Speaker
) -> None:
    """Write to those who joined, each once; who can't be reached is named to who asked."""
    if asked.again:
        _look_up(asked, call_id, user_ids, coach, speaker)
    if not (to_tell := coach.cards.tell(asked.rep, call_id, user_ids)):
        return
    card = coach.cards.card(asked.rep, call_id)
    call, link = card.huddle.call, _link(card.huddle, speaker)
    people = {person.user_id: person for person in card.huddle.people}
    for user_id in to_tell:
        who, mark = Rep(call.owner.workspace_id, user_id), coach.cards.mark(call, user_id)
        message = private_drawing.invited(card, people[user_id], asked.rep.user_id, link)
        refused = say_once(
            partial(speaker.to_colleague, who, message, [mark]),
            partial(coach.cards.not_told, call, user_id),
        )
        if refused:
            _name(asked, user_id, refused, speaker)


def _look_up(
    asked: Asked, call_id: int, user_ids: Sequence[str], coach: Coach, speaker: Speaker
) -> None:
    """Who counts as told since it was asked, and was not, is to be told yet."""
    huddle = coach.huddles.get(asked.rep, call_id)
    for person in huddle.people:
        since = person.told
        if person.user_id in user_ids and since and asked.again and since >= asked.again:
            mark = coach.cards.mark(huddle.call, person.user_id)
            if not _heard(asked, person.user_id, mark, since, speaker):
                coach.cards.not_told(huddle.call, person.user_id)


def in_channel_now(asked: Asked, call_id: int, coach: Coach, speaker: Speaker) -> None:
    """Write to those who were told of a card that they could not see, once it is in a channel."""
    if not (to_tell := coach.cards.tell_where(asked.rep, call_id)):
        return
    huddle = coach.huddles.get(asked.rep, call_id)
    message = private_drawing.in_channel_now(huddle, _link(huddle, speaker))
    for user_id in to_tell:
        who = Rep(huddle.call.owner.workspace_id, user_id)
        say_once(
            partial(speaker.to_colleague, who, message),
            partial(coach.cards.not_told_where, huddle.call, user_id),
        )


def say_once(say: Callable[[], object], not_said: Callable[[], None]) -> NotSaid | None:
    """Say what counts as said from before; where Slack surely did not take it, that is undone.

    Returns why it was not said, as far as that is known.
    """
    try:
        say()
    except NotSaid as refused:
        log.warning("not told", extra={"code": refused.code})
        if refused.code not in UNCERTAIN:  # else it may have arrived
            not_said()
        return refused
    return None


def _link(huddle: Huddle, speaker: Speaker) -> str:
    """The address of a card in a channel; "" for a private one, and where Slack tells none."""
    card = _card(huddle)
    return speaker.link(huddle.call.owner, card) if card else ""


# What became of the call --------------------------------------------------------------------


def cancelled(asked: Asked, call_id: int, coach: Coach, speaker: Speaker) -> None:
    """Tell the others that the call is off."""
    huddle = coach.huddles.get(asked.rep, call_id)
    who, zone = _who(asked, speaker), coach.cards.zone(huddle.call.owner)
    said = partial(private_drawing.cancelled, who, huddle.call, zone)
    _tell(asked, huddle, (), said, coach, speaker)


def moved(asked: Asked, call_id: int, move: Sequence[str], coach: Coach, speaker: Speaker) -> None:
    """Tell the others of the new time, while it is true; who joined with it hears it anyway."""
    if not (found := coach.huddles.moved(asked.rep, call_id, move)):
        return
    huddle, was = found
    who, zone = _who(asked, speaker), coach.cards.zone(was.owner)
    said = partial(private_drawing.moved, who, was, huddle.call, zone)
    _tell(asked, huddle, payloads.begun(asked)["joined"], said, coach, speaker)


def _who(asked: Asked, speaker: Speaker) -> str:
    """By name: a mention would call the one who did it."""
    return speaker.profile(asked.rep).name or "A colleague"


def _tell(
    asked: Asked,
    huddle: Huddle,
    but: Sequence[str],
    said: Callable[[str], Message],
    coach: Coach,
    speaker: Speaker,
) -> None:
    """One message under a card in a channel; otherwise one to each of the others.

    `said` takes the names that stand behind it.
    """
    known = (*but, asked.rep.user_id)
    others = [person.user_id for person in huddle.people if person.user_id not in known]
    mark = coach.cards.news_mark(asked.rep, asked.trigger_id)
    others = _not_yet_told(asked, huddle, others, mark, speaker)
    if others:
        coach.inbox.keep(payloads.telling(asked, coach.now()), asked.rep.user_id)
        if not _under_the_card(asked, huddle, others, said, mark, speaker):
            _to_each(asked, others, said(""), mark, speaker)


def _to_each(
    asked: Asked, others: Sequence[str], message: Message, mark: str, speaker: Speaker
) -> None:
    for user_id in others:
        try:
            speaker.to_colleague(Rep(asked.rep.workspace_id, user_id), message, [mark])
        except NotSaid as refused:
            _name(asked, user_id, refused, speaker)


def _not_yet_told(
    asked: Asked, huddle: Huddle, others: Sequence[str], mark: str, speaker: Speaker
) -> list[str]:
    """Those of the others whom no process that ended has told. Raises `NotYet`."""
    since, card = payloads.told_since(asked), _card(huddle)
    if not since:
        return [*others]
    try:
        if card and speaker.stands(asked.rep, mark, since, card):
            return []
    except NotSaid:
        speaker.tell_privately(asked, private_drawing.unsure(huddle.call))
        return []
    return [user_id for user_id in others if not _heard(asked, user_id, mark, since, speaker)]


def _heard(asked: Asked, user_id: str, mark: str, since: datetime, speaker: Speaker) -> bool:
    """Whether it stands in their own messages; where that can't be known, it is not repeated."""
    try:
        return speaker.stands(Rep(asked.rep.workspace_id, user_id), mark, since)
    except NotSaid as refused:
        _name(asked, user_id, refused, speaker, perhaps=True)
        return True


def _under_the_card(
    asked: Asked,
    huddle: Huddle,
    others: Sequence[str],
    said: Callable[[str], Message],
    mark: str,
    speaker: Speaker,
) -> bool:
    """Say it under a card in a channel; False if it can't be said there."""
    card = _card(huddle)
    if not card or speaker.why_not(asked.rep, card.channel_id):
        return False
    message = said("".join(f" <@{user_id}>" for user_id in others))
    try:
        speaker.say_once(asked.rep, card.channel_id, message, [mark], thread_ts=card.ts)
    except NotSaid as refused:
        if refused.code not in UNCERTAIN:
            return False
        speaker.tell_privately(asked, private_drawing.unsure(huddle.call))
    return True


def _card(huddle: Huddle) -> Posted | None:
    """Where all who come along see the card."""
    if huddle.private or not huddle.channel_id or not huddle.ts:
        return None
    return Posted(huddle.channel_id, huddle.ts)


def _name(
    asked: Asked, user_id: str, refused: NotSaid, speaker: Speaker, perhaps: bool = False
) -> None:
    """Tell who asked that somebody was not told, as far as that is known."""
    perhaps = perhaps or refused.code in UNCERTAIN
    was = "may not have been told" if perhaps else "was not told"
    speaker.tell_privately(asked, words(f"<@{user_id}> {was}. {refused}"))
