"""Who has to be told of what around a call, and what of it is still to be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.clock.now import Clock
from bot.huddles import announcement
from bot.huddles.announcement import CARD_HERE, INVITATION, News
from bot.huddles.huddle import Huddle
from bot.huddles.table import Huddles
from bot.outbox.message import UNDECIDED, OutboxMessage
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.store import Store

Planning = Callable[[Database, Huddle, datetime], list[OutboxMessage]]


class AnnouncementService:
    """Each plans what is to be said, once however often it is asked, and returns the messages."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def invite(self, rep: Rep, call_id: int, user_ids: Sequence[str]) -> list[OutboxMessage]:
        """To those of these who come along and were not told yet."""
        by_id = rep.user_id
        return self._plan(
            rep, call_id, lambda db, h, now: announcement.invite(db, h, user_ids, by_id, now)
        )

    def tell(
        self, rep: Rep, call_id: int, kind: str, trigger_id: str, news: News
    ) -> list[OutboxMessage]:
        """The news of a move or a cancellation, which came with that trigger."""
        return self._plan(
            rep, call_id, lambda db, h, now: announcement.tell(db, h, kind, trigger_id, news, now)
        )

    def _plan(self, rep: Rep, call_id: int, plan: Planning) -> list[OutboxMessage]:
        now = self._clock.now()
        return self._store.write(lambda db: plan(db, Huddles(db).find(rep, call_id), now))

    def closed(self, huddle: Huddle) -> OutboxMessage:
        """To the owner: outsiders read where the card stands."""
        now = self._clock.now()
        return self._store.write(lambda db: announcement.close(db, huddle, now))

    def of_card(self, rep: Rep, call_id: int) -> list[OutboxMessage]:
        """What was planned when the card was posted, and is not said yet."""
        db = self._store.read
        planned = Outbox(db).of_call(rep.workspace_id, call_id, INVITATION, CARD_HERE)
        return [message for message in planned if message.state in UNDECIDED]

    def instead(self, message: OutboxMessage) -> list[OutboxMessage]:
        """To each, what could not be said under the card."""
        where, call_id = message.recipient.workspace_id, message.call_id or 0
        planned = Outbox(self._store.read).of_call(where, call_id, message.kind)
        return [each for each in planned if each.key.startswith(f"{message.key}:")]
