"""What the coach knows of people: their name and zone, what was handled, where it can't speak."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock.local_time import read_zone
from bot.debriefs import follow_up_service
from bot.debriefs.replies_table import Replies
from bot.errors import NotYet
from bot.house import House
from bot.inbox.event import Event, Inbox
from bot.nudges.table import Nudges
from bot.people.rep import Profile, Rep
from bot.people.table import People, Trouble
from bot.storage.database import Database
from bot.storage.store import NotSaved

log = logging.getLogger(__name__)

PROFILE_KEPT = timedelta(hours=12)  # how long a zone is believed; Slack also tells of changes
# A replay older than Slack's signature window (300 s) is refused before it gets here.
TRIGGER_KEPT = timedelta(hours=1)
EVENT_KEPT = timedelta(days=7)  # Slack gives an event up after hours; a week is safe
TIDIED_EVERY = timedelta(hours=1)
_ONES_OWN = "UWD"  # how Slack's ids of people and of direct messages begin


class PeopleDesk:
    """Profiles, triggers, troubles and the inbox."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._handled: dict[tuple[str, str], datetime] | None = None
        self._tidied: datetime | None = None

    def first_time(self, workspace_id: str, trigger_id: str) -> bool:
        """Whether this command or click is new; from now on it is not.

        The note goes along with what the command writes, in one commit, and keeps nobody waiting:
        the file is read once, for what came before a restart.
        """
        key, now = (workspace_id, trigger_id), self._house.clock.now()
        with self._lock:
            if self._handled is None:
                self._handled = People(self._house.store.read).handled()
            if key in self._handled:
                return False
            self._handled[key] = now
        self._house.store.ride_along(lambda db: People(db).put_handled(*key, now))
        return True

    def profile(self, rep: Rep, ask: Callable[[], Profile | None]) -> Profile:
        """The rep's name and zone: as kept, else what `ask` learns from Slack, else UTC."""
        now = self._house.clock.now()
        kept = People(self._house.store.read).profile(rep)
        if kept and now - kept[1] < PROFILE_KEPT:
            return kept[0]
        told = ask()
        if told is None:
            return kept[0] if kept else Profile("", "UTC")
        with contextlib.suppress(NotSaved):  # it will be asked for again
            self._house.store.write(lambda db: _learn(db, rep, told, now))
        return told

    def changed(self, rep: Rep, profile: Profile) -> None:
        """Slack says that the rep's name or zone is another now; what waits follows the zone.

        Slack says so of everybody; who never spoke with the coach is none of its business.
        """
        now = self._house.clock.now()
        if People(self._house.store.read).profile(rep) is None:
            return
        self._house.store.write(lambda db: _learn(db, rep, profile, now))

    def is_manager(self, rep: Rep) -> bool:
        return rep.user_id in self._house.settings.managers

    def greet(self, rep: Rep) -> bool:
        """True when this is the first contact, and it is noted."""
        if People(self._house.store.read).greeted(rep):
            return False
        now = self._house.clock.now()
        return self._house.store.write(lambda db: People(db).greet(rep, now))

    def tidy(self) -> None:
        """Forget, once an hour, what only told a repetition from the first time."""
        now = self._house.clock.now()
        if self._tidied and now - self._tidied < TIDIED_EVERY:
            return
        self._tidied = now
        since = now - TRIGGER_KEPT
        with self._lock:
            if self._handled:
                self._handled = {key: at for key, at in self._handled.items() if at >= since}

        def work(db: Database) -> None:
            People(db).drop_handled(since)
            Inbox(db).drop_handled(now - EVENT_KEPT)
            Replies(db).drop_deleted(now - EVENT_KEPT)

        self._house.store.later(work)

    # Where the coach can't speak ------------------------------------------------------------

    def trouble(self, workspace_id: str, place: str, why: str) -> None:
        """Stop speaking at `place`, and have `/coach status` say why."""
        now = self._house.clock.now()
        self._house.store.write(lambda db: People(db).put_trouble(workspace_id, place, why, now))

    def trouble_over(self, workspace_id: str, *places: str) -> None:
        """It worked again at these places."""
        now = self._house.clock.now()
        over = {trouble.place for trouble in self._troubles(workspace_id)} & {*places}

        def work(db: Database) -> None:
            for place in over:
                People(db).clear_trouble(workspace_id, place, now)

        if over:
            self._house.store.later(work)  # what was said is said, noted or not

    def troubles(self, rep: Rep) -> list[Trouble]:
        """What stands in the way, as far as it is this rep's business: not about other people."""
        return [
            trouble
            for trouble in self._troubles(rep.workspace_id)
            if trouble.place[:1] not in _ONES_OWN
            or trouble.place == rep.user_id
            or self.is_manager(rep)
        ]

    def _troubles(self, workspace_id: str) -> list[Trouble]:
        return People(self._house.store.read).troubles(workspace_id)

    # Events and commands -------------------------------------------------------------------

    def receive(self, event: Event, user_id: str | None) -> bool:
        """Commit an event or a command before it is acked; False if it came before."""
        return self._house.store.write(lambda db: Inbox(db).put(event, user_id))

    def keep(self, event: Event, user_id: str) -> None:
        """Commit how far it has come."""
        self._house.store.write(lambda db: Inbox(db).keep(event, user_id))

    def waiting(self) -> list[Event]:
        """What was received and is not handled yet, oldest first."""
        return Inbox(self._house.store.read).waiting()

    def set_aside(self, rep: Rep) -> int:
        """How many events could not be handled, for managers; 0 for everybody else."""
        db = self._house.store.read
        return Inbox(db).set_aside(rep.workspace_id) if self.is_manager(rep) else 0

    def handle(self, event: Event, handle: Callable[[Event], object]) -> bool:
        """Hand a waiting event to `handle`; whether it is over.

        If not, it goes on waiting; one whose handling raises is tried again a few times in all.
        """
        now = self._house.clock.now()
        try:
            handle(event)
            self._house.store.write(lambda db: Inbox(db).done(event, now))
        except (NotSaved, NotYet):
            return False
        except Exception:
            self._house.store.write(lambda db: Inbox(db).failed(event))
            log.exception("event failed", extra={"event": event.event_id})
            return False
        return True


def _learn(db: Database, rep: Rep, profile: Profile, now: datetime) -> None:
    """Keep the profile; in another zone what was put off is looked at again."""
    before = People(db).profile(rep)
    People(db).put_profile(rep, profile, now)
    if before and before[0].zone != profile.zone:
        Nudges(db).recheck(rep)
        follow_up_service.follow(db, rep, read_zone(profile.zone) or "UTC", now)
