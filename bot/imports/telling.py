"""A manager is told of an offer: planned in the transaction in which there is something to tell."""

from __future__ import annotations

from datetime import datetime

from bot.imports.offer import KEPT, Offer
from bot.imports.table import Offers
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.storage.database import Database

OFFER = "library_offer"


def plan_telling(db: Database, offer: Offer, due: datetime) -> OutboxMessage:
    """Plan that whoever dropped it, or follows the feed, hears what is in it, or why nothing is.

    An import that could not be done is news of an offer of which they know.
    """
    now = Offers(db).get(offer.rep.workspace_id, offer.id) or offer
    key = f"{offer.rep.workspace_id}:{OFFER}:{offer.id}:{now.state}"
    to = Recipient(*offer.rep)
    return Outbox(db).plan(
        Plan(key, OFFER, to, due, due + KEPT, to.id, about=str(offer.id), thread=offer.thread_ts)
    )
