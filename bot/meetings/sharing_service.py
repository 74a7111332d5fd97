"""What a card's owner says of a colleague who may have the same meeting."""

from __future__ import annotations

import json

from bot.huddles.huddle import HuddleChange
from bot.huddles.service import HuddleService
from bot.inbox.event import Event
from bot.meetings.offer import OfferGone
from bot.outbox.message import OutboxMessage, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.store import Store

ON_IT, APART = "They are on the card.", "Kept: another meeting."
GONE = "I can't find that question any more."


class SharingService:
    """Questions to owners, and their answers."""

    def __init__(self, store: Store, huddles: HuddleService) -> None:
        self._store, self._huddles = store, huddles

    def put_on(self, rep: Rep, message_id: int, click: Event) -> Event:
        """The colleague is on the call, too. Raises `OfferGone`."""
        message, who = self.asked(rep, message_id)
        wish, call_id = HuddleChange(added=(who,)), message.call_id or 0
        begun = self._huddles.change(rep, call_id, wish, click.going_on(offer=message.id))
        self._settle(message, ON_IT)
        return begun

    def keep_apart(self, rep: Rep, message_id: int) -> OutboxMessage:
        """It is another meeting. Raises `OfferGone`."""
        message, _ = self.asked(rep, message_id)
        self._settle(message, APART)
        return message

    def asked(self, rep: Rep, message_id: int) -> tuple[OutboxMessage, str]:
        """The question to this owner, and about whom it is. Raises `OfferGone`."""
        message = Outbox(self._store.read).get(rep.workspace_id, message_id)
        if message is None or message.recipient != Recipient(*rep) or not message.call_id:
            raise OfferGone(GONE)
        who = str(json.loads(message.about)[0])
        if not who:  # they wanted to be forgotten
            raise OfferGone(GONE)
        return message, who

    def _settle(self, message: OutboxMessage, outcome: str) -> None:
        self._store.write(lambda db: Outbox(db).set_outcome(message, outcome))
