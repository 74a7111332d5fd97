"""The table of what reps said once about a series of meetings, or about everybody of a domain."""

from __future__ import annotations

from datetime import datetime

from bot.calendars.customers import Choice
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text


class Choices:
    """Choices by rep and what they are about: see `Known.choices`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, rep: Rep) -> dict[str, Choice]:
        rows = self._db.query(
            "SELECT about, customer, account FROM meeting_choices"
            " WHERE workspace_id = ? AND user_id = ?",
            [*rep],
        )
        return {row["about"]: Choice(bool(row["customer"]), row["account"]) for row in rows}

    def put(self, rep: Rep, about: str, choice: Choice, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO meeting_choices (workspace_id, user_id, about, customer, account,"
            " chosen_at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, user_id, about) DO UPDATE SET"
            " customer = excluded.customer, account = excluded.account,"
            " chosen_at = excluded.chosen_at",
            [*rep, about, int(choice.customer), choice.account, to_text(now)],
        )
