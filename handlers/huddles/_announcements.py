"""What those on a call are told: that they come along, a new time, that it is cancelled.

Each hears of each thing once, by the outbox. Who asked is told of whom it did not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.coach import Coach
from bot.errors import NotYet
from bot.huddles import announcement
from bot.huddles.announcement import (
    CANCELLED,
    CARD_CLOSED,
    CARD_HERE,
    INVITATION,
    MOVED,
    OWNER_WANTED,
    News,
)
from bot.huddles.before_call import BEFORE_CALL
from bot.huddles.huddle import Huddle
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.dispatch.asked import Asked
from handlers.dispatch.message_kind import Drawn, Kind, colleagues_place
from handlers.huddles import private_drawing
from handlers.slack import payloads
from handlers.slack.blocks import Message, words
from handlers.slack.messenger import Messenger, Outcome, Posted, Where


def joined(asked: Asked, call_id: int, user_ids: Sequence[str]) -> None:
    """Write to those who joined, each once; who can't be reached is named to who asked."""
    _say(asked, asked.coach.announcements.invite(asked.rep, call_id, user_ids))


def of_card(asked: Asked, call_id: int) -> None:
    """Write to those on a card that was just posted who can't know of it."""
    _say(asked, asked.coach.announcements.of_card(asked.rep, call_id))


def moved(asked: Asked, call_id: int, move: Sequence[str]) -> None:
    """Tell the others of the new time, while it is true; who joined with it hears it anyway."""
    news = News(asked.rep.user_id, payloads.begun(asked)["joined"], move)
    _tell(asked, call_id, MOVED, news)


def cancelled(asked: Asked, call_id: int) -> None:
    """Tell the others that the call is off."""
    _tell(asked, call_id, CANCELLED, News(asked.rep.user_id))


def _tell(asked: Asked, call_id: int, kind: str, news: News) -> None:
    messages = asked.coach.announcements.tell(asked.rep, call_id, kind, asked.trigger_id, news)
    _say(asked, messages)


def closed(huddle: Huddle, coach: Coach, messenger: Messenger) -> None:
    """Tell the owner, once, that outsiders read the channel and what to do."""
    if huddle.call.owner.user_id:
        messenger.deliver(coach.announcements.closed(huddle))


# Saying it ----------------------------------------------------------------------------------


def _say(asked: Asked, messages: Sequence[OutboxMessage]) -> None:
    """Say them at once. Raises `NotYet` where it is asked `again` and one may still land."""
    waits = False
    for message in messages:
        if message.state in ("sent", "skipped"):
            continue
        outcome = asked.messenger.deliver(message)
        if outcome.message.state == "dead" and message.thread:
            _say(asked, asked.coach.announcements.instead(message))
        elif asked.again and outcome.message.state == "sending":
            waits = True
        else:
            _account(asked, outcome)
    if waits:
        raise NotYet


def _account(asked: Asked, outcome: Outcome) -> None:
    """Tell who asked that somebody was not told, as far as that is known."""
    message, why = outcome.message, outcome.why or outcome.message.why
    if message.state in ("sent", "skipped") or message.kind == CARD_HERE:
        return
    perhaps = message.state in ("sending", "unknown")
    if message.thread and perhaps:
        call = asked.coach.huddles.get(asked.rep, message.call_id or 0).call
        asked.messenger.tell_privately(asked, private_drawing.unsure(call))
    elif not message.thread:
        was = "may not have been told" if perhaps else "was not told"
        if message.state == "pending":
            was, why = "was not told yet", outcome.why or "I try again on my own."
        asked.messenger.tell_privately(asked, words(f"<@{message.recipient.id}> {was}. {why}"))


# Drawing it ---------------------------------------------------------------------------------

Draw = Callable[[OutboxMessage, Huddle, Where, str, Coach], Message | None]
Asking = Callable[[OutboxMessage, Huddle, Messenger], str]


def _kind(draw: Draw, ask: Asking = lambda *_: "") -> Kind:
    """A kind that is about one call, and drawn from its huddle as it is; what Slack has to be
    asked for that is asked before it is claimed."""

    def prepare(
        message: OutboxMessage, where: Where, in_a_hurry: bool, coach: Coach, messenger: Messenger
    ) -> str:
        return ask(message, coach.huddles.get(message.rep, message.call_id or 0), messenger)

    def drawn(
        messages: Sequence[OutboxMessage], where: Where, asked: str, coach: Coach
    ) -> Drawn | None:
        huddle = coach.huddles.get(messages[0].rep, messages[0].call_id or 0)
        message = draw(messages[0], huddle, where, asked, coach)
        return Drawn(message) if message else None

    return Kind(drawn, colleagues_place, prepare)


def _invitation(
    message: OutboxMessage, huddle: Huddle, where: Where, link: str, coach: Coach
) -> Message | None:
    person = next((p for p in huddle.people if p.user_id == message.recipient.id), None)
    card, by_id = coach.cards.card(message.rep, huddle.call.id), announcement.invited_by(message)
    return private_drawing.invited(card, person, by_id, link) if person else None


def _card_here(
    message: OutboxMessage, huddle: Huddle, where: Where, link: str, coach: Coach
) -> Message:
    return private_drawing.in_channel_now(huddle, link)


def _card_closed(
    message: OutboxMessage, huddle: Huddle, where: Where, asked: str, coach: Coach
) -> Message:
    return private_drawing.closed(huddle.call, message.about, where.channel_id)


def _moved(message: OutboxMessage, huddle: Huddle, where: Where, who: str, coach: Coach) -> Message:
    was, names = announcement.read_news(message).before(huddle.call), _names(message, huddle)
    return private_drawing.moved(who, was, huddle.call, coach.cards.zone(was.owner), names)


def _cancelled(
    message: OutboxMessage, huddle: Huddle, where: Where, who: str, coach: Coach
) -> Message:
    zone, names = coach.cards.zone(huddle.call.owner), _names(message, huddle)
    return private_drawing.cancelled(who, huddle.call, zone, names)


def _who(message: OutboxMessage, huddle: Huddle, messenger: Messenger) -> str:
    """By name: a mention would call the one who did it."""
    by = Rep(message.recipient.workspace_id, announcement.read_news(message).by_id)
    return (messenger.profile(by).name if by.user_id else "") or "A colleague"


def _names(message: OutboxMessage, huddle: Huddle) -> str:
    """Under a card: whom it concerns."""
    told = announcement.to_tell(huddle, announcement.read_news(message))
    return "".join(f" <@{user_id}>" for user_id in told) if message.thread else ""


def _link(message: OutboxMessage, huddle: Huddle, messenger: Messenger) -> str:
    """The address of a card in a channel; "" for a private one, and where Slack tells none."""
    place = huddle.in_channel
    return messenger.link(huddle.call.owner, Posted(place, huddle.ts or "")) if place else ""


def _owner_wanted(
    message: OutboxMessage, huddle: Huddle, where: Where, asked: str, coach: Coach
) -> Message:
    return private_drawing.owner_wanted(coach.cards.card(message.rep, huddle.call.id))


def plan_before(coach: Coach, messenger: Messenger) -> None:
    coach.before_calls.plan_due()


def _before(
    message: OutboxMessage, huddle: Huddle, where: Where, link: str, coach: Coach
) -> Message | None:
    person = next((p for p in huddle.people if p.user_id == message.recipient.id), None)
    card = coach.cards.card(message.rep, huddle.call.id)
    return private_drawing.before(card, person, link, coach.now()) if person else None


KINDS = {
    BEFORE_CALL: _kind(_before, _link),
    INVITATION: _kind(_invitation, _link),
    CARD_HERE: _kind(_card_here, _link),
    CARD_CLOSED: _kind(_card_closed),
    MOVED: _kind(_moved, _who),
    CANCELLED: _kind(_cancelled, _who),
    OWNER_WANTED: _kind(_owner_wanted),
}
