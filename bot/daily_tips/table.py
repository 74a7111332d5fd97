"""The table of daily tips: one row for each conversation that has, or had, one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from bot.daily_tips.setting import DAILY_TIP, Daily
from bot.outbox.message import Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text

_COLUMNS = "d.workspace_id, d.channel_id, d.at, d.days, d.zone, d.set_by, d.set_at, d.holidays"


class DailyTips:
    """Settings, and which of them need their next date planned."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, place: Recipient) -> Daily | None:
        """The setting of a conversation; None if it has none now."""
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM daily_tips d"
            " WHERE workspace_id = ? AND channel_id = ? AND ended_at IS NULL",
            [*place],
        )
        return next((_daily(row) for row in rows), None)

    def put(self, daily: Daily) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO daily_tips"
            " (workspace_id, channel_id, at, days, zone, set_by, set_at, holidays)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *daily.place,
                f"{daily.at:%H:%M}",
                ",".join(map(str, sorted(daily.days))),
                daily.zone,
                daily.set_by,
                to_text(daily.set_at),
                daily.holidays,
            ],
        )

    def end(self, place: Recipient, by: str, now: datetime) -> None:
        self._db.execute(
            "UPDATE daily_tips SET ended_at = ?, ended_by = ?"
            " WHERE workspace_id = ? AND channel_id = ? AND ended_at IS NULL",
            [to_text(now), by, *place],
        )

    def unplanned(self) -> list[Daily]:
        """Settings of which no tip waits or is under way."""
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM daily_tips d WHERE d.ended_at IS NULL AND NOT EXISTS ("
            " SELECT 1 FROM outbox o WHERE o.workspace_id = d.workspace_id"
            " AND o.recipient = d.channel_id AND o.kind = 'daily_tip' AND o.state = 'pending')"
            " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.workspace_id = d.workspace_id"
            " AND o.recipient = d.channel_id AND o.kind = 'daily_tip' AND o.state = 'sending')"
        )
        return [_daily(row) for row in rows]

    def last_date(self, place: Recipient) -> date | None:
        """The latest local date whose tip was said, skipped as late, or given up."""
        rows = self._db.query(
            "SELECT max(substr(key, length(key) - 9)) AS day FROM outbox WHERE workspace_id = ?"
            " AND recipient = ? AND kind = 'daily_tip' AND NOT (state = 'skipped' AND dropped = 1)",
            [*place],
        )
        day = next(rows)["day"]
        return date.fromisoformat(day) if day else None

    def drop(self, place: Recipient, why: str) -> None:
        """The place gets no daily tip, or gets it at another time."""
        Outbox(self._db).drop(place.workspace_id, why, DAILY_TIP, recipient=place.id)

    def late(self, workspace_id: str, since: datetime) -> list[tuple[Recipient, datetime]]:
        """Daily tips that were skipped because their time had passed."""
        rows = self._db.query(
            "SELECT recipient, wanted_at FROM outbox WHERE workspace_id = ? AND kind = ?"
            " AND state = 'skipped' AND dropped = 0 AND wanted_at >= ?"
            " ORDER BY wanted_at DESC LIMIT 20",
            [workspace_id, DAILY_TIP, to_text(since)],
        )
        return [(Recipient(workspace_id, r["recipient"]), from_text(r["wanted_at"])) for r in rows]

    def set_by(self, rep: Rep) -> list[str]:
        """The conversations whose daily tip this rep has set."""
        rows = self._db.query(
            "SELECT channel_id FROM daily_tips WHERE workspace_id = ? AND set_by = ?", [*rep]
        )
        return [row["channel_id"] for row in rows]


def _daily(row: dict[str, Any]) -> Daily:
    return Daily(
        Recipient(row["workspace_id"], row["channel_id"]),
        time.fromisoformat(row["at"]),
        frozenset(int(n) for n in row["days"].split(",")),
        row["zone"],
        row["set_by"],
        from_text(row["set_at"]),
        row["holidays"],
    )
