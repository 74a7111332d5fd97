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
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)


# Who comes along ----------------------------------------------------------------------------


def joined(
    asked: Request, call_id: int, user_ids: Sequence[str], coach: Coach, messenger: Messenger
) -> None:
    """Write to those who joined, each once; who can't be reached is named to who asked."""
    if asked.again:
        _look_up(asked, call_id, user_ids, coach, messenger)
    if not (to_tell := coach.cards.tell(asked.rep, call_id, user_ids)):
        return
    card = coach.cards.card(asked.rep, call_id)
    call, link = card.huddle.call, _link(card.huddle, messenger)
    people = {person.user_id: person for person in card.huddle.people}
    for user_id in to_tell:
        who, mark = Rep(call.owner.workspace_id, user_id), coach.cards.mark(call, user_id)
        message = private_drawing.invited(card, people[user_id], asked.rep.user_id, link)
        refused = say_once(
            partial(messenger.to_colleague, who, message, [mark]),
            partial(coach.cards.not_told, call, user_id),
        )
        if refused:
            _name(asked, user_id, refused, messenger)


def _look_up(
    asked: Request, call_id: int, user_ids: Sequence[str], coach: Coach, messenger: Messenger
) -> None:
    """Who counts as told since it was asked, and was not, is to be told yet."""
    huddle = coach.huddles.get(asked.rep, call_id)
    for person in huddle.people:
        since = person.told
        if person.user_id in user_ids and since and asked.again and since >= asked.again:
            mark = coach.cards.mark(huddle.call, person.user_id)
            if not _heard(asked, person.user_id, mark, since, messenger):
                coach.cards.not_told(huddle.call, person.user_id)


def in_channel_now(asked: Request, call_id: int, coach: Coach, messenger: Messenger) -> None:
    """Write to those who were told of a card that they could not see, once it is in a channel."""
    if not (to_tell := coach.cards.tell_where(asked.rep, call_id)):
        return
    huddle = coach.huddles.get(asked.rep, call_id)
    message = private_drawing.in_channel_now(huddle, _link(huddle, messenger))
    for user_id in to_tell:
        who = Rep(huddle.call.owner.workspace_id, user_id)
        say_once(
            partial(messenger.to_colleague, who, message),
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


def _link(huddle: Huddle, messenger: Messenger) -> str:
    """The address of a card in a channel; "" for a private one, and where Slack tells none."""
    card = _card(huddle)
    return messenger.link(huddle.call.owner, card) if card else ""


# What became of the call --------------------------------------------------------------------


def cancelled(asked: Request, call_id: int, coach: Coach, messenger: Messenger) -> None:
    """Tell the others that the call is off."""
    huddle = coach.huddles.get(asked.rep, call_id)
    who, zone = _who(asked, messenger), coach.cards.zone(huddle.call.owner)
    said = partial(private_drawing.cancelled, who, huddle.call, zone)
    _tell(asked, huddle, (), said, coach, messenger)


def moved(
    asked: Request, call_id: int, move: Sequence[str], coach: Coach, messenger: Messenger
) -> None:
    """Tell the others of the new time, while it is true; who joined with it hears it anyway."""
    if not (found := coach.huddles.moved(asked.rep, call_id, move)):
        return
    huddle, was = found
    who, zone = _who(asked, messenger), coach.cards.zone(was.owner)
    said = partial(private_drawing.moved, who, was, huddle.call, zone)
    _tell(asked, huddle, payloads.begun(asked)["joined"], said, coach, messenger)


def _who(asked: Request, messenger: Messenger) -> str:
    """By name: a mention would call the one who did it."""
    return messenger.profile(asked.rep).name or "A colleague"


def _tell(
    asked: Request,
    huddle: Huddle,
    but: Sequence[str],
    said: Callable[[str], Message],
    coach: Coach,
    messenger: Messenger,
) -> None:
    """One message under a card in a channel; otherwise one to each of the others.

    `said` takes the names that stand behind it.
    """
    known = (*but, asked.rep.user_id)
    others = [person.user_id for person in huddle.people if person.user_id not in known]
    mark = coach.cards.news_mark(asked.rep, asked.trigger_id)
    others = _not_yet_told(asked, huddle, others, mark, messenger)
    if others:
        coach.inbox.keep(payloads.telling(asked, coach.now()), asked.rep.user_id)
        if not _under_the_card(asked, huddle, others, said, mark, messenger):
            _to_each(asked, others, said(""), mark, messenger)


def _to_each(
    asked: Request, others: Sequence[str], message: Message, mark: str, messenger: Messenger
) -> None:
    for user_id in others:
        try:
            messenger.to_colleague(Rep(asked.rep.workspace_id, user_id), message, [mark])
        except NotSaid as refused:
            _name(asked, user_id, refused, messenger)


def _not_yet_told(
    asked: Request, huddle: Huddle, others: Sequence[str], mark: str, messenger: Messenger
) -> list[str]:
    """Those of the others whom no process that ended has told. Raises `NotYet`."""
    since, card = payloads.told_since(asked), _card(huddle)
    if not since:
        return [*others]
    try:
        if card and messenger.stands(asked.rep, mark, since, card):
            return []
    except NotSaid:
        messenger.tell_privately(asked, private_drawing.unsure(huddle.call))
        return []
    return [user_id for user_id in others if not _heard(asked, user_id, mark, since, messenger)]


def _heard(asked: Request, user_id: str, mark: str, since: datetime, messenger: Messenger) -> bool:
    """Whether it stands in their own messages; where that can't be known, it is not repeated."""
    try:
        return messenger.stands(Rep(asked.rep.workspace_id, user_id), mark, since)
    except NotSaid as refused:
        _name(asked, user_id, refused, messenger, perhaps=True)
        return True


def _under_the_card(
    asked: Request,
    huddle: Huddle,
    others: Sequence[str],
    said: Callable[[str], Message],
    mark: str,
    messenger: Messenger,
) -> bool:
    """Say it under a card in a channel; False if it can't be said there."""
    card = _card(huddle)
    if not card or messenger.why_not(asked.rep, card.channel_id):
        return False
    message = said("".join(f" <@{user_id}>" for user_id in others))
    try:
        messenger.say_once(asked.rep, card.channel_id, message, [mark], thread_ts=card.ts)
    except NotSaid as refused:
        if refused.code not in UNCERTAIN:
            return False
        messenger.tell_privately(asked, private_drawing.unsure(huddle.call))
    return True


def _card(huddle: Huddle) -> Posted | None:
    """Where all who come along see the card."""
    if huddle.private or not huddle.channel_id or not huddle.ts:
        return None
    return Posted(huddle.channel_id, huddle.ts)


def _name(
    asked: Request, user_id: str, refused: NotSaid, messenger: Messenger, perhaps: bool = False
) -> None:
    """Tell who asked that somebody was not told, as far as that is known."""
    perhaps = perhaps or refused.code in UNCERTAIN
    was = "may not have been told" if perhaps else "was not told"
    messenger.tell_privately(asked, words(f"<@{user_id}> {was}. {refused}"))
