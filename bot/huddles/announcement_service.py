"""Who has to be told of what around a call, and what of it is still to be said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock.now import Clock
from bot.huddles import announcement
from bot.huddles.announcement import CANCELLED, CARD_HERE, INVITATION, MOVED, News
from bot.huddles.huddle import Huddle
from bot.huddles.table import Huddles
from bot.outbox.message import UNDECIDED, OutboxMessage
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.store import Store


class AnnouncementService:
    """Each plans what is to be said, once however often it is asked, and returns the messages."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def invite(self, rep: Rep, call_id: int, user_ids: Sequence[str]) -> list[OutboxMessage]:
        """To those of these who come along and were not told yet."""
        now = self._clock.now()

        def work(db: Database) -> list[OutboxMessage]:
            huddle = Huddles(db).find(rep, call_id)
            if huddle.call.state == "cancelled":
                return []
            return announcement.invite(db, huddle, user_ids, rep.user_id, now)

        return self._store.write(work)

    def moved(
        self, rep: Rep, call_id: int, trigger_id: str, joined: Sequence[str], move: Sequence[str]
    ) -> list[OutboxMessage]:
        """The news of a move; those who joined with it hear the new time anyway."""
        return self._tell(rep, call_id, MOVED, trigger_id, News(rep.user_id, joined, move))

    def cancelled(self, rep: Rep, call_id: int, trigger_id: str) -> list[OutboxMessage]:
        return self._tell(rep, call_id, CANCELLED, trigger_id, News(rep.user_id))

    def _tell(
        self, rep: Rep, call_id: int, kind: str, trigger_id: str, news: News
    ) -> list[OutboxMessage]:
        now = self._clock.now()

        def work(db: Database) -> list[OutboxMessage]:
            huddle = Huddles(db).find(rep, call_id)
            return announcement.tell(db, huddle, kind, trigger_id, news, now)

        return self._store.write(work)

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
