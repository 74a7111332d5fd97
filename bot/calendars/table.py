"""The table of calendars: one for a rep, what was wished of it, and how the last looks went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.calendars.calendar import Calendar, Wishes
from bot.fetching.fetcher import Validators
from bot.people.rep import Rep
from bot.people.workspaces import HERE
from bot.storage.database import Database
from bot.storage.moments import from_text, maybe, to_text


class Calendars:
    """Calendars by id; one row for a rep. Addresses go in and out as they are kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, rep: Rep) -> Calendar | None:
        rows = self._db.query(
            "SELECT * FROM calendars WHERE workspace_id = ? AND user_id = ?", [*rep]
        )
        return next(map(_calendar, rows), None)

    def get(self, id: int) -> Calendar | None:
        rows = self._db.query("SELECT * FROM calendars WHERE id = ?", [id])
        return next(map(_calendar, rows), None)

    def connect(self, rep: Rep, address: str, wishes: Wishes, now: datetime) -> None:
        """Another address: whatever was known of the one before is not true of it."""
        self._db.execute("DELETE FROM calendars WHERE workspace_id = ? AND user_id = ?", [*rep])
        self._db.execute(
            "INSERT INTO calendars (workspace_id, user_id, address, minutes, which, channel_id,"
            " each_one, set_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*rep, address, *_values(wishes), to_text(now), to_text(now)],
        )

    def wish(self, rep: Rep, wishes: Wishes) -> None:
        self._db.execute(
            "UPDATE calendars SET minutes = ?, which = ?, channel_id = ?, each_one = ?"
            " WHERE workspace_id = ? AND user_id = ?",
            [*_values(wishes), *rep],
        )

    def end(self, rep: Rep) -> bool:
        done = self._db.execute(
            "DELETE FROM calendars WHERE workspace_id = ? AND user_id = ?", [*rep]
        )
        return done.rowcount == 1

    def whose(self, workspace_id: str, addresses: Iterable[str]) -> list[Rep]:
        """The reps whose own addresses are among these, as their calendars tell them."""
        wanted = set(addresses) - {""}
        rows = self._db.query(
            "SELECT user_id, myself FROM calendars WHERE workspace_id = ? AND myself <> ''",
            [workspace_id],
        )
        return [Rep(workspace_id, row["user_id"]) for row in rows if row["myself"] in wanted]

    # Looking ------------------------------------------------------------------------------

    def due(self, now: datetime, but: Iterable[int], limit: int) -> list[Calendar]:
        """Those that wait longest to be looked at, without some."""
        left = list(but)
        marks = ", ".join("?" for _ in left)
        rows = self._db.query(
            f"SELECT * FROM calendars WHERE next_at <= ? AND id NOT IN ({marks}) AND {HERE}"
            " ORDER BY next_at, id LIMIT ?",
            [to_text(now), *left, limit],
        )
        return list(map(_calendar, rows))

    def put_off(self, id: int, until: datetime) -> None:
        self._db.execute("UPDATE calendars SET next_at = ? WHERE id = ?", [to_text(until), id])

    def look_again(self, rep: Rep, now: datetime) -> None:
        """Have it read now, as if it had changed."""
        self._db.execute(
            "UPDATE calendars SET next_at = ?, etag = '', last_modified = '', digest = ''"
            " WHERE workspace_id = ? AND user_id = ?",
            [to_text(now), *rep],
        )

    def looked(self, calendar: Calendar) -> None:
        """How the look went that was just made."""
        self._db.execute(
            "UPDATE calendars SET myself = ?, etag = ?, last_modified = ?, digest = ?,"
            " read_until = ?, unread = ?, failing = ?, failures = ?, failing_since = ?,"
            " shrunk_since = ?, next_at = ?, looked_at = ? WHERE id = ?",
            [
                calendar.myself, *calendar.seen, calendar.digest, _at(calendar.read_until),
                calendar.unread, calendar.failing, calendar.failures, _at(calendar.failing_since),
                _at(calendar.shrunk_since), to_text(calendar.next_at), _at(calendar.looked_at),
                calendar.id,
            ],
        )  # fmt: skip

    # Sealing ------------------------------------------------------------------------------

    def addresses(self) -> Iterator[tuple[int, str]]:
        """Of each calendar the id, and the address as it is kept."""
        rows = self._db.rows("SELECT id, address FROM calendars")
        return ((row["id"], row["address"]) for row in rows)

    def set_address(self, id: int, address: str) -> None:
        self._db.execute("UPDATE calendars SET address = ? WHERE id = ?", [address, id])


def _values(wishes: Wishes) -> list[object]:
    return [wishes.minutes, wishes.which, wishes.channel_id, int(wishes.each)]


def _at(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None


def _calendar(row: dict[str, Any]) -> Calendar:
    return Calendar(
        row["id"],
        Rep(row["workspace_id"], row["user_id"]),
        row["address"],
        Wishes(row["minutes"], row["which"], row["channel_id"], bool(row["each_one"])),
        row["myself"],
        Validators(row["etag"], row["last_modified"]),
        row["digest"],
        maybe(row["read_until"]),
        row["unread"],
        row["failing"],
        row["failures"],
        maybe(row["failing_since"]),
        maybe(row["shrunk_since"]),
        from_text(row["set_at"]),
        from_text(row["next_at"]),
        maybe(row["looked_at"]),
    )
