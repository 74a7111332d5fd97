"""The table of what models were asked: tokens reserved and used, and how each call ended."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.storage.database import Database, Value, insert
from bot.storage.moments import from_text, to_text

EMBED = "embed"  # what is asked of a model that makes vectors; else it is a prompt's name


class Ended(NamedTuple):
    """How a model's call ended, and when (UTC). `code` is "" for a call that went well."""

    code: str
    at: datetime


class Counted(NamedTuple):
    """Calls that ended alike, and their tokens; a call under way is among those that went well."""

    code: str
    calls: int
    tokens: int


class ModelBudget:
    """Calls to a model. Days are UTC; what was said is not kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def reserve(
        self, workspace_id: str, what: str, tokens: int, ceiling: int, now: datetime
    ) -> int | None:
        """Set `tokens` aside for a call; None if the workspace's day has not that many left."""
        if self.used(workspace_id, now) + tokens > ceiling:
            return None
        row: dict[str, Value] = {
            "workspace_id": workspace_id,
            "day": _day(now),
            "what": what,
            "tokens": tokens,
            "asked_at": to_text(now),
        }
        return insert(self._db, "model_calls", row)

    def settle(self, call_id: int, tokens: int | None, code: str, now: datetime) -> None:
        """Note how a call ended; with `tokens` None what was reserved stays counted."""
        self._db.execute(
            "UPDATE model_calls SET tokens = coalesce(?, tokens), code = ?, ended_at = ?"
            " WHERE id = ?",
            [tokens, code, to_text(now), call_id],
        )

    def used(self, workspace_id: str, now: datetime) -> int:
        """Tokens of the workspace's day, reserved ones included."""
        found = self._db.value(
            "SELECT coalesce(sum(tokens), 0) FROM model_calls WHERE workspace_id = ? AND day = ?",
            [workspace_id, _day(now)],
        )
        return int(found)

    def of_day(self, now: datetime) -> list[Counted]:
        """The calls of all workspaces on this day."""
        rows = self._db.rows(
            "SELECT code, count(*), sum(tokens) FROM model_calls WHERE day = ? GROUP BY code",
            [_day(now)],
        )
        return [Counted(*row) for row in rows]

    def last(self, embedding: bool = False) -> Ended | None:
        """How the last call of any workspace to write, or to embed, ended; None if there was none.

        An answer has its question embedded as well: that this went well tells nothing of writing.
        """
        row = next(
            self._db.query(
                "SELECT code, ended_at FROM model_calls WHERE ended_at IS NOT NULL"
                " AND (what = ?) = ? ORDER BY id DESC LIMIT 1",
                [EMBED, int(embedding)],
            ),
            None,
        )
        return Ended(row["code"], from_text(row["ended_at"])) if row else None


def _day(now: datetime) -> str:
    return to_text(now)[:10]
