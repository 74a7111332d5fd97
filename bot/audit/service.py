"""Noting acts: those of people in Slack, of whoever runs the machine, and changed settings."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path

from bot.audit.table import MACHINE, Act, Audit, Noted
from bot.clock.now import Clock
from bot.errors import CoachError
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text
from bot.storage.notes import Notes
from bot.storage.store import Store

log = logging.getLogger(__name__)

IN_FORCE = "settings"  # the note of what differed from what is usual at the last start


def backups_beside(db: Path) -> Path:
    """Where a backup says that it was made. It may be made while a coach writes to the database,
    and two that write at once are not safe with every SQLite: the coach takes these lines in."""
    return Path(f"{db}.backups")


class NotNoted(CoachError):
    """An act was done, and the audit log does not name it."""


def note_backup(db: Path, now: datetime) -> None:
    """Leave word of a backup for the audit log. Raises `NotNoted`."""
    left = backups_beside(db)
    try:
        with open(left, "a", encoding="ascii") as file:
            file.write(to_text(now) + "\n")
    except OSError as error:
        raise NotNoted(
            f"The backup was made, but {left} can't be written ({error.strerror}): the audit log"
            " does not name it."
        ) from error


class AuditService:
    """The audit log of one file."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def by(
        self, who: tuple[str, str] | None, what: Act, count: str = ""
    ) -> Callable[[Database, int], None]:
        """What notes an act in somebody else's transaction, once it is known how many of what
        (`count`) it touched; nothing is noted of none."""
        now = self._clock.now()

        def note(db: Database, many: int) -> None:
            if many:
                Audit(db).put(who, what, now, f"{count}={many}")

        return note

    def machine_did(self, what: Act, *codes: str) -> None:
        """Note what was done from the command line."""
        now = self._clock.now()
        self._store.write(lambda db: Audit(db).put(None, what, now, *codes))

    def all(self) -> list[Noted]:
        """Every act, the oldest first; backups that were made meanwhile are among them."""
        self.take_in()
        return sorted(Audit(self._store.read).all(), key=lambda noted: noted.at)

    def take_in(self) -> None:
        """Bring in what backups left beside the file. A kill at any moment loses none, nor notes
        one twice."""
        left = backups_beside(self._store.path)
        taken = left.with_suffix(".backups-taken")
        with suppress(FileNotFoundError):
            if not taken.exists():
                left.rename(taken)
            moments = taken.read_text(encoding="ascii").split()
            self._store.write(lambda db: _put_backups(db, moments))
            taken.unlink()

    def started_with(self, settings: Settings) -> None:
        """Note the names of the settings that are others than at the last start; at the first one
        there is nothing to note."""
        now = self._clock.now()

        def work(db: Database) -> None:
            notes = Notes(db)
            before = notes.text(IN_FORCE)
            here = _in_force(settings, notes)
            notes.put_text(IN_FORCE, json.dumps(here))
            known = here if before is None else json.loads(before)
            if changed := sorted(n for n in {*here, *known} if here.get(n) != known.get(n)):
                Audit(db).put(None, "settings", now, *changed)

        self._store.write(work)


def _put_backups(db: Database, moments: list[str]) -> None:
    for at in map(from_text, moments):
        if not Audit(db).has(Noted("", at, MACHINE, "backup", "")):
            Audit(db).put(None, "backup", at)


def _in_force(settings: Settings, notes: Notes) -> Mapping[str, str]:
    """By name the mark of each setting that is not as usual: equal for equal values, and nothing
    can be read from it."""
    return {
        f.metadata["name"]: notes.mark(f"{f.metadata['name']}={_plain(value)}")
        for f in fields(settings)
        if (value := getattr(settings, f.name))
        != (f.default if f.default_factory is MISSING else f.default_factory())
    }


def _plain(value: object) -> str:
    return str(sorted(value) if isinstance(value, frozenset | set) else value)
