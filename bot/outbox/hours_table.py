"""The table of when each rep wants to be spoken to unasked."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from bot.outbox.manners import RepHours
from bot.people.rep import Rep
from bot.storage.database import Database


class HoursKept:
    """One row a rep; who set nothing has the defaults."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, rep: Rep) -> RepHours:
        rows = self._db.query(
            "SELECT * FROM rep_hours WHERE workspace_id = ? AND user_id = ?", [*rep]
        )
        return next((_hours(row) for row in rows), RepHours())

    def put(self, rep: Rep, hours: RepHours) -> None:
        quiet = hours.quiet or (None, None)
        self._db.execute(
            "INSERT INTO rep_hours (workspace_id, user_id, nudges_on, working_days,"
            " day_starts, day_ends, quiet_from, quiet_to, holidays, away_until,"
            " before_minutes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, user_id) DO UPDATE SET"
            " nudges_on = excluded.nudges_on, working_days = excluded.working_days,"
            " day_starts = excluded.day_starts, day_ends = excluded.day_ends,"
            " quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,"
            " holidays = excluded.holidays, away_until = excluded.away_until,"
            " before_minutes = excluded.before_minutes",
            [
                *rep,
                int(hours.nudges_on),
                ",".join(map(str, sorted(hours.working_days))),
                _text(hours.start),
                _text(hours.end),
                _text(quiet[0]),
                _text(quiet[1]),
                hours.holidays,
                hours.away_until.isoformat() if hours.away_until else None,
                hours.before_minutes,
            ],
        )


def _text(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


def _hours(row: dict[str, Any]) -> RepHours:
    quiet = row["quiet_from"], row["quiet_to"]
    return RepHours(
        nudges_on=bool(row["nudges_on"]),
        working_days=frozenset(int(n) for n in row["working_days"].split(",") if n),
        start=time.fromisoformat(row["day_starts"]),
        end=time.fromisoformat(row["day_ends"]),
        quiet=(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if all(quiet) else None,
        holidays=row["holidays"],
        away_until=date.fromisoformat(row["away_until"]) if row["away_until"] else None,
        before_minutes=row["before_minutes"],
    )
