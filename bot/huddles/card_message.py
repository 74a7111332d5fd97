"""The card as a message of the outbox: posted once, and what follows from where it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calls.call import Call
from bot.huddles import announcement
from bot.huddles.table import Huddles
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import AT_ONCE, OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database

CARD = "card"  # the kind of message
OF_USE = timedelta(hours=1)  # a card that Slack does not take is tried for so long, or to the end


class CardMessage(Kind):
    """A card on its way to a channel, or to who asked for it. `nth` is which one of its call."""

    at_once = True

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        huddle = Huddles(db).get(message.recipient.workspace_id, message.call_id or 0)
        gone = huddle is None or huddle.call.state == "cancelled"
        return Skip("the call was cancelled") if gone else None

    def said(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        """It stands there; those on it who can't know that are to be told."""
        (channel_id, ts), call_id = message.said or ("", None), message.call_id or 0
        huddle = Huddles(db).find(message.rep, call_id)
        Huddles(db).place(huddle.call, channel_id, ts or "", channel_id.startswith("D"))
        placed = Huddles(db).find(message.rep, call_id)
        announcement.of_card(db, placed, message.user_id or "", now)


def plan(
    db: Database, call: Call, channel_id: str, by: Rep, last: OutboxMessage | None, now: datetime
) -> OutboxMessage:
    """One more card; or the `last` one, if it was not tried yet, to this channel."""
    nth = (last.nth + (last.state != "pending")) if last else 1
    key = f"{by.workspace_id}:card:{call.id}:{call.ends:%Y%m%dT%H%MZ}:{nth}"
    if last and last.state == "pending":
        Outbox(db).forget(last.key)
    return Outbox(db).plan(Plan(
        key, CARD, Recipient(by.workspace_id, channel_id), now + AT_ONCE,
        max(call.ends, now + OF_USE), by.user_id, call.id, nth=nth, asked=True,
    ))  # fmt: skip


def last(db: Database, call: Call) -> OutboxMessage | None:
    """The latest card of the call, however far it has come."""
    return next(reversed(Outbox(db).of_call(call.owner.workspace_id, call.id, CARD)), None)
