"""What the outbox asks of each kind of message: one class, and one line in `bot/coach.py`."""

from __future__ import annotations

from datetime import datetime

from bot.outbox.manners import Skip
from bot.outbox.message import OutboxMessage
from bot.storage.database import Database


class Kind:
    """A kind overrides what is not as usual. All runs inside the transaction that it is about.

    `polite`: unasked, so by the rep's hours, and several in one message. `counts`: unasked, but by
    a time of its own; of both a rep gets a few a day. `at_once`: somebody waits
    for it, so it has a lane of its own and goes out when it is planned. `title` is how
    `/coach status` calls what is stuck; "" for what whoever waits is told of at once. `owes`: what
    became too late is `refused`, even if it was never tried.
    """

    polite = False
    counts = False
    at_once = False
    owes = False
    title = ""

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        """None if it is; asked right before it is said. Its deadline is looked after elsewhere."""

    def said(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        """It stands where `message.said` tells, since `now`."""

    def refused(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        """Slack won't take it: what else follows from that."""

    def has_other_way(self, message: OutboxMessage) -> bool:
        """Whether `refused` says it elsewhere, so that nobody waits until its place is open."""
        return False
