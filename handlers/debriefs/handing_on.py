"""What was shared goes on to the webhook, and whoever shared it hears if it did not arrive."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coach import Coach
from bot.debriefs.handed_on import HANDED_ON, NOT_HANDED_ON, not_received
from bot.outbox.message import OutboxMessage
from handlers.debriefs import drawing
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.slack.messenger import Where


def _send(message: OutboxMessage, coach: Coach) -> None:
    coach.webhook.send(message)


def _nothing(
    messages: Sequence[OutboxMessage], where: Where, prepared: object, coach: Coach
) -> None:
    """It is not said in Slack."""


def _told(messages: Sequence[OutboxMessage], where: Where, prepared: object, coach: Coach) -> Drawn:
    return Drawn(drawing.not_handed_on(not_received(messages[0]), coach.webhook.host))


KINDS = {HANDED_ON: Kind(_nothing, send=_send), NOT_HANDED_ON: Kind(_told)}
