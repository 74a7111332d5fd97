"""What was received: kept before it is acked, handled once, and forgotten after a while."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock.now import Clock
from bot.errors import NotYet
from bot.inbox.event import Event
from bot.inbox.table import Inbox
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)

# A replay older than Slack's signature window (300 s) is refused before it gets here.
TRIGGER_KEPT = timedelta(hours=1)
EVENT_KEPT = timedelta(days=7)  # Slack gives an event up after hours; a week is safe
TIDIED_EVERY = timedelta(hours=1)
TOLD = " told"  # behind its id: where that is said


class InboxService:
    """Triggers and events: what came before is known, what was not handled waits."""

    def __init__(self, store: Store, clock: Clock, people: PeopleService) -> None:
        self._store, self._clock, self._people = store, clock, people
        self._lock = threading.Lock()
        self._handled: dict[tuple[str, str], datetime] | None = None
        self._tidied: datetime | None = None

    def is_first_delivery(self, workspace_id: str, trigger_id: str) -> bool:
        """Whether this command or click is new; from now on it is not.

        The note rides along with what the command writes, in one commit, and keeps nobody waiting:
        the file is read once, for what came before a restart.
        """
        key, now = (workspace_id, trigger_id), self._clock.now()
        with self._lock:
            if self._handled is None:
                self._handled = Inbox(self._store.read).triggers()
            if key in self._handled:
                return False
            self._handled[key] = now
        self._store.ride_along(lambda db: Inbox(db).put_trigger(*key, now))
        return True

    def tidy(self) -> None:
        """Forget, once an hour, what only told a repetition from the first time."""
        now = self._clock.now()
        if self._tidied and now - self._tidied < TIDIED_EVERY:
            return
        self._tidied = now
        since = now - TRIGGER_KEPT
        with self._lock:
            if self._handled:
                self._handled = {key: at for key, at in self._handled.items() if at >= since}

        def work(db: Database) -> None:
            Inbox(db).drop_triggers(since)
            Inbox(db).drop_handled(now - EVENT_KEPT)
            Inbox(db).drop_made(now - EVENT_KEPT)
            Inbox(db).drop_deleted(now - EVENT_KEPT)

        self._store.later(work)

    def receive(self, event: Event, user_id: str | None) -> bool:
        """Commit an event or a command before it is acked; False if it came before."""
        return self._store.write(lambda db: Inbox(db).put(event, user_id))

    def keep(self, event: Event, user_id: str) -> None:
        """Commit how far it has come."""
        self._store.write(lambda db: Inbox(db).keep(event, user_id))

    def told_of(self, rep: Rep, sent_id: str) -> tuple[str, str] | None:
        """Channel and ts of what was said of a form or a button; None before that."""
        told = Inbox(self._store.read).made_by(rep.workspace_id, f"{sent_id}{TOLD}")
        channel_id, _, ts = told.partition(" ")
        return (channel_id, ts) if ts else None

    def tell_of(self, rep: Rep, sent_id: str, channel_id: str, ts: str) -> None:
        """Keep where that stands."""
        about, told = f"{sent_id}{TOLD}", f"{channel_id} {ts}"
        now = self._clock.now()
        self._store.later(lambda db: Inbox(db).put_made(rep.workspace_id, about, told, now))

    def waiting(self) -> list[Event]:
        """What was received and is not handled yet, oldest first."""
        return Inbox(self._store.read).waiting()

    def set_aside(self, rep: Rep) -> int:
        """How many events could not be handled, for managers; 0 for everybody else."""
        db = self._store.read
        return Inbox(db).set_aside(rep.workspace_id) if self._people.is_manager(rep) else 0

    def handle(self, event: Event, handle: Callable[[Event], object]) -> bool:
        """Hand a waiting event to `handle`; whether it is over.

        If not, it goes on waiting; one whose handling raises is tried again a few times in all.
        """
        now = self._clock.now()
        try:
            handle(event)
            self._store.write(lambda db: Inbox(db).done(event, now))
        except (NotSaved, NotYet):
            return False
        except Exception:
            self._store.write(lambda db: Inbox(db).failed(event))
            log.exception("event failed", extra={"event": event.event_id})
            return False
        return True
