"""What came from Slack: events and commands until they are handled, and what came before."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.inbox.event import Event
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text

ATTEMPTS = 5  # an event that fails this often is set aside, and `/coach status` counts it


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
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (workspace_id, event_id)"
            " DO UPDATE SET payload = excluded.payload WHERE inbox.handled_at IS NULL",
            _row(event, user_id),
        )

    def waiting(self, limit: int = 100) -> list[Event]:
        """Events that are not handled yet, oldest first."""
        rows = self._db.query(
            "SELECT workspace_id, event_id, payload, received_at FROM inbox"
            " WHERE handled_at IS NULL AND attempts < ? AND payload IS NOT NULL"
            " ORDER BY received_at, id LIMIT ?",
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

    # Triggers ------------------------------------------------------------------------------

    def triggers(self) -> dict[tuple[str, str], datetime]:
        """Every command and click that was seen lately, by workspace and trigger, and when."""
        rows = self._db.query("SELECT workspace_id, trigger_id, at FROM handled")
        return {(r["workspace_id"], r["trigger_id"]): from_text(r["at"]) for r in rows}

    def put_trigger(self, workspace_id: str, trigger_id: str, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO handled (workspace_id, trigger_id, at) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [workspace_id, trigger_id, to_text(now)],
        )

    def drop_triggers(self, before: datetime) -> None:
        """Forget triggers from before `before`; a replay that old fails its signature anyway."""
        self._db.execute("DELETE FROM handled WHERE at < ?", [to_text(before)])

    # Sent again ---------------------------------------------------------------------------

    def made_by(self, workspace_id: str, sent_id: str) -> str:
        """What came of a form, or of a button, when it was sent before; "" for the first time.

        Whoever hears nothing of it sends the same open form again, under another trigger.
        """
        found = self._db.one(
            "SELECT made FROM sent_before WHERE workspace_id = ? AND sent_id = ?",
            [workspace_id, sent_id],
        )
        return str(found["made"]) if found else ""

    def put_made(self, workspace_id: str, sent_id: str, made: str, now: datetime) -> None:
        """Keep what came of it; of what came again, what it is now."""
        self._db.execute(
            "INSERT INTO sent_before (workspace_id, sent_id, made, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, sent_id) DO UPDATE SET made = excluded.made",
            [workspace_id, sent_id, made, to_text(now)],
        )

    def drop_made(self, before: datetime) -> None:
        """Forget what was sent before `before`: no such form is open any more."""
        self._db.execute("DELETE FROM sent_before WHERE at < ?", [to_text(before)])

    # Deleted messages ----------------------------------------------------------------------

    def drop_deleted(self, before: datetime) -> None:
        """Forget which messages were deleted before `before`: none of them comes any more."""
        self._db.execute("DELETE FROM deleted_messages WHERE deleted_at < ?", [to_text(before)])

    def was_deleted(self, rep: Rep, channel_id: str, ts: str) -> bool:
        """Whether a message that comes only now was deleted before."""
        rows = self._db.query(
            "SELECT 1 FROM deleted_messages"
            " WHERE workspace_id = ? AND channel_id = ? AND message_ts = ?",
            [rep.workspace_id, channel_id, ts],
        )
        return next(rows, None) is not None


def _row(event: Event, user_id: str | None) -> list[Any]:
    return [
        event.workspace_id,
        event.event_id,
        user_id,
        json.dumps(event.payload, ensure_ascii=False),
        to_text(event.received_at),
    ]
