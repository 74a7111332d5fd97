"""What is kept about a rep: reading it, taking it along, and having it forgotten."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from bot.audit.table import Audit
from bot.calls.account import account_key
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.debriefs.command import accounts_named
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply, current
from bot.errors import CoachError
from bot.people.rep import Rep
from bot.records.csv_export import BOM, OWN_COLUMNS, csv_text, own_rows
from bot.records.forgetting import Forgetting, ForgettingTable, end, forget_rows
from bot.records.table import Records
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)


PRESSED_AGAIN = timedelta(hours=1)  # within that it is the same wish


class NotWritten(CoachError):
    """An export that could not be put where it was wanted."""


class CallRecord(NamedTuple):
    """What a rep said about one call and still stands, in the order it was asked."""

    call: Call
    replies: Sequence[Reply]


class RecordService:
    """A rep's own record, and the whole team's."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._forgetting = threading.Lock()

    def log(self, rep: Rep, account: str = "") -> list[CallRecord]:
        """What the rep said, the newest call first; of one account if it is named."""
        said = sorted(current(self._said(rep)), key=lambda reply: reply.call_id or 0)
        calls = self._calls(rep, said)
        entries = [
            CallRecord(calls[call_id], list(group))
            for call_id, group in groupby(said, key=lambda reply: reply.call_id or 0)
            if call_id in calls
        ]
        wanted = account_key(account)
        entries = [e for e in entries if not wanted or e.call.account_key == wanted]
        return sorted(entries, key=lambda entry: (entry.call.starts, entry.call.id), reverse=True)

    def logged(self, rep: Rep, typed: str) -> list[str]:
        """The accounts of which the rep said something that `typed` may stand for, as `/debrief`
        hears it: the one spelled so, else those that begin so, else the one spelled much like it.
        """
        return accounts_named(typed, self.accounts_said(rep))

    def accounts_said(self, rep: Rep) -> list[str]:
        """The accounts of which the rep said something, the newest call first."""
        return list(dict.fromkeys(entry.call.account for entry in self.log(rep)))

    def own_csv(self, rep: Rep) -> tuple[str, int]:
        """All that the rep ever said, as CSV, and how many rows that is."""
        said = self._said(rep)
        return csv_text(OWN_COLUMNS, own_rows(said, self._calls(rep, said))), len(said)

    def forget(self, rep: Rep) -> None:
        """See to it that what is the rep's is deleted: see `STEPS`. Raises `NotSaved`.

        From here on it is owed, and nothing that waits is said to them. `finish_forgetting` does
        it, at once or when it can.
        """
        now = self._clock.now()

        def work(db: Database) -> None:
            ForgettingTable(db).begin(rep, now)
            if not Audit(db).did(rep, "forget", now - PRESSED_AGAIN):
                Audit(db).put(rep, "forget", now)

        self._store.write(work)

    def finish_forgetting(self, wait: bool = True) -> bool:
        """Delete the rows of whoever is to be forgotten, and then each byte of them on the disk.

        What can't be done now is done at a later call. False if rows of somebody are still there,
        or if another thread is at it and there is no `wait`.
        """
        if not self._forgetting.acquire(blocking=wait):
            return False
        try:
            for person in (owed := ForgettingTable(self._store.read).all()):
                forget_rows(self._store, person)
        except NotSaved:
            log.warning("rows could not be deleted yet")
            return False
        else:
            if owed:
                self._erase(owed)
            return True
        finally:
            self._forgetting.release()

    def _erase(self, forgotten: Sequence[Forgetting]) -> None:
        try:
            self._store.erase_leftovers()
            for person in forgotten:
                self._store.write(partial(end, of=person))
        except NotSaved:
            log.warning("deleted rows could not be erased from the disk yet")

    def export(self, folder: Path) -> list[str]:
        """Every table that a team owns, as CSV in `folder`; returns the names of the files."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return [
                self._write(folder / f"{table.name}.csv", csv_text(table.columns, table.rows))
                for table in Records(self._store.read).tables()
            ]
        except OSError as error:
            raise NotWritten(f"{folder} can't be written: {error.strerror}.") from error

    def _write(self, path: Path, text: str) -> str:
        path.write_text(BOM + text, encoding="utf-8", newline="")
        return path.name

    def _said(self, rep: Rep) -> list[Reply]:
        return Replies(self._store.read).of_rep(rep)

    def _calls(self, rep: Rep, said: Sequence[Reply]) -> dict[int, Call]:
        db = self._store.read
        ids = {reply.call_id for reply in said if reply.call_id}
        found = (Calls(db).get(rep.workspace_id, id) for id in ids)
        return {call.id: call for call in found if call}
