"""How a kind of message is said in Slack: where, after what, and drawn how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bot.coach import Coach
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.slack.blocks import Message
from handlers.slack.messenger import Messenger, Where
from handlers.slack.sources import StreamedPart


class Drawn(NamedTuple):
    """What is said: whole, or in a thread in `parts`. `then` is done once it stands there; lost in
    a crash, nothing comes of that."""

    message: Message
    parts: Sequence[StreamedPart] = ()
    then: Callable[[], object] = lambda: None


def usual_place(message: OutboxMessage, coach: Coach, messenger: Messenger) -> Where:
    """A rep's DM, or the conversation itself after a look at who reads there. Raises `NotSaid`:
    nothing was said, and the code tells for how long."""
    recipient = message.recipient
    if not recipient.is_rep:
        messenger.check_open(message.rep, recipient.id)
        return Where(recipient.id, message.thread)
    rep = Rep(*recipient)
    messenger.profile(rep)  # a changed zone counts from now on
    known = None if message.why else coach.outbox.conversation(recipient)  # refused: look anew
    return Where(known or messenger.direct(rep), "")


def colleagues_place(message: OutboxMessage, coach: Coach, messenger: Messenger) -> Where:
    """Like `usual_place`, for somebody whom a rep named: never an outsider. Raises `NotSaid`."""
    if message.recipient.is_rep:
        messenger.check_colleague(Rep(*message.recipient))
    return usual_place(message, coach, messenger)


class Kind(NamedTuple):
    """`draw(messages, where, prepared, coach)` tells what one message in Slack shows, None for
    nothing; where it was cut off it is asked again, with None prepared.

    `place` says where. What takes time before anybody may claim it is done by `prepare(message,
    where, in_a_hurry, coach, messenger)`. `at_home`: what can't be said in a channel is said to
    whoever it is. `send` brings it elsewhere than to Slack instead, and raises NotFetched; whoever
    gets it knows a second one by its mark.
    """

    draw: Callable[[Sequence[OutboxMessage], Where, Any, Coach], Drawn | None]
    place: Callable[[OutboxMessage, Coach, Messenger], Where] = usual_place
    prepare: Callable[[OutboxMessage, Where, bool, Coach, Messenger], Any] | None = None
    at_home: bool = False
    send: Callable[[OutboxMessage, Coach], None] | None = None
