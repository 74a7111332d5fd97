"""The inbox table: events and commands as Slack sent them, kept until they have been handled."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from bot.storage.database import Database
from bot.storage.moments import from_text, to_text

BEGUN = "begun"  # our key among Slack's in a payload
ATTEMPTS = 5  # an event that fails this often is set aside, and `/coach status` counts it


class Event(NamedTuple):
    """One event, command, form or click as Slack sent it; but for an event its id is its trigger.

    `begun` is what was done of it and the rest goes on from; {} before that.
    """

    workspace_id: str
    event_id: str
    payload: dict[str, Any]
    received_at: datetime

    @property
    def begun(self) -> dict[str, Any]:
        return dict(self.payload.get(BEGUN) or {})

    def going_on(self, **begun: Any) -> Event:
        """The same, with more that was begun."""
        return self._replace(payload=self.payload | {BEGUN: self.begun | begun})


class Inbox:
    """Events by workspace and event id."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, event: Event, user_id: str | None) -> bool:
        """Keep an event; False if it was here before."""
        done = self._db.execute(
            "INSERT INTO inbox (workspace_id, event_id, user_id, payload, received_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            _row(event, user_id),
        )
        return done.rowcount == 1

    def keep(self, event: Event, user_id: str) -> None:
        """Keep it as far as it has come. What was handled meanwhile, or forgotten, stays so."""
        self._db.execute(
            "INSERT INTO inbox (workspace_id, event_id, user_id, payload, received_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET payload = excluded.payload"
            " WHERE handled_at IS NULL",
            _row(event, user_id),
        )

    def waiting(self, limit: int = 100) -> list[Event]:
        """Events that are not handled yet, oldest first."""
        rows = self._db.query(
            "SELECT workspace_id, event_id, payload, received_at FROM inbox"
            " WHERE handled_at IS NULL AND attempts < ? AND payload IS NOT NULL"
            " ORDER BY received_at, rowid LIMIT ?",
            [ATTEMPTS, limit],
        )
        return [
            Event(
                r["workspace_id"],
                r["event_id"],
                json.loads(r["payload"]),
                from_text(r["received_at"]),
            )
            for r in rows
        ]

    def done(self, event: Event, now: datetime) -> None:
        """It was handled: what came of it is kept elsewhere, and only that it came stays here."""
        self._db.execute(
            "UPDATE inbox SET handled_at = ?, payload = NULL, user_id = NULL"
            " WHERE workspace_id = ? AND event_id = ?",
            [to_text(now), event.workspace_id, event.event_id],
        )

    def drop_handled(self, before: datetime) -> None:
        """Forget events that were handled before `before`: Slack does not send them again."""
        self._db.execute("DELETE FROM inbox WHERE handled_at < ?", [to_text(before)])

    def failed(self, event: Event) -> None:
        """Count an attempt that raised."""
        self._db.execute(
            "UPDATE inbox SET attempts = attempts + 1 WHERE workspace_id = ? AND event_id = ?",
            [event.workspace_id, event.event_id],
        )

    def set_aside(self, workspace_id: str) -> int:
        """How many events of a workspace could not be handled."""
        row = next(
            self._db.query(
                "SELECT count(*) AS n FROM inbox"
                " WHERE workspace_id = ? AND handled_at IS NULL AND attempts >= ?",
                [workspace_id, ATTEMPTS],
            )
        )
        return int(row["n"])


def _row(event: Event, user_id: str | None) -> list[Any]:
    return [
        event.workspace_id,
        event.event_id,
        user_id,
        json.dumps(event.payload, ensure_ascii=False),
        to_text(event.received_at),
    ]
