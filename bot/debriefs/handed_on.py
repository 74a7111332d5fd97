"""What was shared of a debrief, handed on to a webhook: once for each time it is shared."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.clock.now import Clock
from bot.debriefs.debrief import Debrief
from bot.fetching.address import NotFetched
from bot.fetching.fetcher import Fetcher
from bot.fetching.signed_post import GONE, hand_on
from bot.outbox.kind import Kind
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.storage.database import Database

HANDED_ON, NOT_HANDED_ON = "handed_on", "not_handed_on"  # the kinds of message
TRIED_FOR = timedelta(days=1)
PLACE = "webhook"  # nobody in Slack
TYPE = "debrief.shared"


class NotReceived(NamedTuple):
    """What did not arrive: whose account it was about, and why."""

    account: str
    why: str


class Webhook:
    """Where what is shared goes. `host` is "" where nothing is handed on."""

    def __init__(self, fetcher: Fetcher, clock: Clock, url: str, secret: str) -> None:
        self._fetcher, self._clock, self._url, self._secret = fetcher, clock, url, secret
        self.host = fetcher.read(url).host if url else ""

    def plan(self, db: Database, told: Debrief, account: str, now: datetime) -> None:
        """To be called in the transaction that shares it. The same words are handed on once."""
        if not self.host:
            return
        about = json.dumps(payload(told, account, now), ensure_ascii=False)
        said = json.dumps(payload(told, account, told.saved_at), ensure_ascii=False)
        key = f"{told.rep.workspace_id}:handed_on:{told.id}:{_digest(said)}"
        where = Recipient(told.rep.workspace_id, PLACE)
        Outbox(db).plan(Plan(
            key, HANDED_ON, where, now, now + TRIED_FOR, told.user_id, told.call_id, about,
        ))  # fmt: skip

    def send(self, message: OutboxMessage) -> None:
        """Raises NotFetched. The id is the same however often it is tried."""
        if not self.host:
            raise NotFetched("Nothing is handed on any more.", GONE)
        at = int(self._clock.now().timestamp())
        id = f"msg_{message.mark}"
        hand_on(self._fetcher, self._url, self._secret, id, at, message.about.encode())


def payload(told: Debrief, account: str, now: datetime) -> dict[str, object]:
    """What the channel reads of it, but for their step: an envelope as Standard Webhooks has it,
    `type`, `timestamp` (ISO 8601, UTC) and `data`. Days are dates where the rep is."""
    return {
        "type": TYPE,
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "data": {
            "account": account,
            "goal": told.goal,
            "outcome": told.reached,
            "achieved": told.achieved,
            "next_step": told.next_step,
            "next_step_by": told.by_when.isoformat() if told.by_when else None,
            "next_step_of": told.committed,
            "shared_by": told.user_id,
            "call": told.call_id,
        },
    }


class HandedOn(Kind):
    """On its way out of Slack; `about` is the JSON that goes. What does not arrive within a day is
    told to whoever shared it."""

    at_once = True
    owes = True

    def refused(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        rep = message.rep
        why = (Outbox(db).by_id(message.id) or message).why
        account = str(json.loads(message.about)["data"]["account"])
        about = json.dumps(NotReceived(account, why), ensure_ascii=False)
        Outbox(db).plan(Plan(
            f"{message.key}:told", NOT_HANDED_ON, Recipient(*rep), now, None, rep.user_id,
            message.call_id, about, asked=True,
        ))  # fmt: skip


class NotHandedOn(Kind):
    """For whoever shared it; `about` is a `NotReceived`."""

    title = "that something did not arrive"


KINDS: dict[str, Kind] = {HANDED_ON: HandedOn(), NOT_HANDED_ON: NotHandedOn()}


def not_received(message: OutboxMessage) -> NotReceived:
    return NotReceived(*json.loads(message.about))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
