"""How long things are kept: who may say so, when it counts, and deleting what is too old."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.audit.table import Audit
from bot.calls.account import account_key
from bot.clock.local_time import local_day
from bot.clock.now import Clock
from bot.debriefs.command import accounts_named
from bot.errors import CoachError
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.records._aged import AGED
from bot.records._slices import write_all
from bot.records.forgetting import ForgettingTable
from bot.records.retention_table import Hold, RetentionTable, Rule
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)

LEAST = 30  # days: a month's calls are still being talked about
NOTICE = timedelta(days=7)  # in which whoever sees it can still say no
NIGHT = range(1, 5)  # hours of the clock, where most people of the workspace are
OVERDUE = timedelta(days=2)  # a coach that is never up at night tidies by day
LOOKS_AGAIN = timedelta(minutes=15)
_EVERY_ROW = 2**62


class NotKept(CoachError):
    """A rule or a hold that can't be set so; says why, and what to do."""


class RetentionService:
    """Rules and holds of each workspace. `keep_days` is what whoever runs the coach has set."""

    def __init__(
        self, store: Store, clock: Clock, people: PeopleService, keep_days: int | None
    ) -> None:
        self._store, self._clock, self._people = store, clock, people
        self._keep_days = keep_days
        self._next = clock.now()

    def rule(self, workspace_id: str) -> Rule:
        """What counts now, and what will."""
        if self._keep_days is not None:
            return Rule(self._keep_days, set_outside=True)
        return RetentionTable(self._store.read).rule(workspace_id).at(self._clock.now())

    def would_go(self, rep: Rep, days: int) -> Mapping[str, int]:
        """How many of each, by the noun for one, are older than so many days by now.

        Raises `NotKept` where the rep may not set it, or not so few.
        """
        self._may_set(rep)
        if days < LEAST:
            raise NotKept(f"{LEAST} days are the least.")
        before = self._clock.now() - timedelta(days=days)
        return dict(RetentionTable(self._store.read).counts(rep.workspace_id, before))

    def set(self, rep: Rep, days: int | None) -> Rule:
        """Keep for so many days, or for ever. Returns the rule as it is then.

        What would delete sooner than today counts in seven days, and can be taken back until then
        by setting today's number again; what keeps longer counts at once. Raises `NotKept`.
        """
        self._may_set(rep)
        if days is not None and days < LEAST:
            raise NotKept(f"{LEAST} days are the least.")
        now = self._clock.now()

        def work(db: Database) -> Rule:
            table = RetentionTable(db)
            rule = table.rule(rep.workspace_id).at(now)
            if (rule.next_days if rule.next_at else rule.days) == days:
                return rule  # asked for before: its moment stays
            sooner = days is not None and (rule.days is None or days < rule.days)
            rule = Rule(rule.days, days, now + NOTICE) if sooner else Rule(days)
            table.put(rep.workspace_id, rule)
            Audit(db).put(rep, "keep", now, f"days={days}" if days else "for_ever")
            return rule

        return self._store.write(work)

    def _may_set(self, rep: Rep) -> None:
        self._manages(rep, "how long I keep things")
        if self._keep_days is not None:
            raise NotKept(
                f"Whoever runs me has set {self._keep_days} days for all (`COACH_KEEP_DAYS`)."
                " It is changed there."
            )

    def _manages(self, rep: Rep, what: str) -> None:
        if not self._people.is_manager(rep):
            raise NotKept(
                f"Only a manager sets {what}. Whoever runs me names them in `COACH_MANAGERS`."
            )

    # Holds ---------------------------------------------------------------------------------

    def holds(self, rep: Rep) -> list[Hold]:
        self._manages(rep, "what is on hold")
        return RetentionTable(self._store.read).holds(rep.workspace_id)

    def hold(self, rep: Rep, account: str) -> None:
        """Keep all that is about this account, until the hold ends. It goes by the name: whether
        there are calls with it is for those who may know to say. Raises `NotKept`."""
        self._manages(rep, "what is on hold")
        now, key = self._clock.now(), account_key(account)

        def work(db: Database) -> None:
            if RetentionTable(db).hold(rep.workspace_id, key, account, now):
                Audit(db).put(rep, "hold", now, "begun")

        self._store.write(work)

    def free(self, rep: Rep, typed: str) -> str:
        """End a hold; what it kept from being forgotten goes. Raises `NotKept`."""
        held = [hold.account for hold in self.holds(rep)]
        named = accounts_named(typed, held)
        if len(named) != 1:
            raise NotKept(_which(named, held))
        now = self._clock.now()

        def work(db: Database) -> None:
            RetentionTable(db).free(rep.workspace_id, account_key(named[0]))
            ForgettingTable(db).hold_over(rep.workspace_id)
            Audit(db).put(rep, "hold", now, "ended")

        self._store.write(work)
        return named[0]

    def held_of(self, rep: Rep) -> list[str]:
        """The accounts on hold that something of this rep's is about: it is not forgotten yet."""
        return RetentionTable(self._store.read).held_of(*rep)

    def on_hold(self, workspace_id: str) -> list[str]:
        """Accounts of which nothing may be deleted, for whoever would erase a whole workspace."""
        return [hold.account for hold in RetentionTable(self._store.read).holds(workspace_id)]

    # Deleting ------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Delete what is too old, by night, a few rows at a time; and its bytes on the disk.

        Cheap to call often. What can't be deleted now is deleted at another call.
        """
        now = self._clock.now()
        if now < self._next:
            return
        self._next = now + LOOKS_AGAIN
        try:
            for workspace_id in RetentionTable(self._store.read).workspaces():
                if (days := self.rule(workspace_id).days) and self._is_time(workspace_id, now):
                    self._tidy(workspace_id, now - timedelta(days=days), now)
        except NotSaved:
            log.warning("what is too old could not be deleted yet")

    def _tidy(self, workspace_id: str, before: datetime, now: datetime) -> None:
        """Until it is noted, its bytes are still to be overwritten, whatever becomes of this."""
        never_done = RetentionTable(self._store.read).tidied(workspace_id) is None
        deleted = self._delete(workspace_id, before)
        if deleted or never_done:
            self._store.erase_leftovers()
        self._store.write(partial(_tidied, workspace_id=workspace_id, at=now))

    def _is_time(self, workspace_id: str, now: datetime) -> bool:
        table = RetentionTable(self._store.read)
        zone, last = table.usual_zone(workspace_id), table.tidied(workspace_id)
        if last is None or now - last > OVERDUE:
            return True
        return now.astimezone(ZoneInfo(zone)).hour in NIGHT and local_day(last, zone) < local_day(
            now, zone
        )

    def _delete(self, workspace_id: str, before: datetime) -> int:
        values = {"w": workspace_id, "before": to_text(before), "last": _EVERY_ROW}
        deleted = 0
        for step in AGED:
            if not (found := self._store.read.value(step.how_many(), values)):
                continue
            if not deleted:
                self._store.write(partial(_tidied, workspace_id=workspace_id, at=None))
            deleted += found
            write_all(self._store, step, values)
        if deleted:
            log.info("rows were deleted for their age", extra={"rows": deleted})
        return deleted


def _tidied(db: Database, workspace_id: str, at: datetime | None) -> None:
    RetentionTable(db).put_tidied(workspace_id, at)


def _which(named: list[str], held: list[str]) -> str:
    if not held:
        return "Nothing is on hold."
    return f"Which one do you mean: {', '.join(named or held)}?"
