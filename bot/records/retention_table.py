"""The tables of how long a workspace's words are kept, and of accounts of which nothing may go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.clock.local_time import NOT_KNOWN
from bot.records._aged import COUNTED
from bot.storage.database import Database
from bot.storage.moments import from_text, maybe, to_text


class Rule(NamedTuple):
    """After how many days words are deleted; None: never. From `next_at` (UTC) on, if there is one,
    `next_days` counts instead. `set_outside`: by whoever runs the coach, for all workspaces."""

    days: int | None = None
    next_days: int | None = None
    next_at: datetime | None = None
    set_outside: bool = False

    def at(self, now: datetime) -> Rule:
        """The same, once its moment has come."""
        return Rule(self.next_days) if self.next_at and now >= self.next_at else self


class Hold(NamedTuple):
    """An account of which nothing is deleted, since when (UTC)."""

    account: str
    since: datetime


class RetentionTable:
    """How long each workspace keeps what."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rule(self, workspace_id: str) -> Rule:
        row = self._db.one("SELECT * FROM retention WHERE workspace_id = ?", [workspace_id])
        return Rule(row["days"], row["next_days"], maybe(row["next_at"])) if row else Rule()

    def put(self, workspace_id: str, rule: Rule) -> None:
        self._db.execute(
            "INSERT INTO retention (workspace_id, days, next_days, next_at)"
            " VALUES (:w, :days, :next_days, :next_at) ON CONFLICT (workspace_id) DO UPDATE"
            " SET days = :days, next_days = :next_days, next_at = :next_at",
            {
                "w": workspace_id, "days": rule.days, "next_days": rule.next_days,
                "next_at": to_text(rule.next_at) if rule.next_at else None,
            },
        )  # fmt: skip

    def tidied(self, workspace_id: str) -> datetime | None:
        """When what was too old was last deleted; None too if that was broken off."""
        sql = "SELECT tidied_at FROM retention WHERE workspace_id = ?"
        row = self._db.one(sql, [workspace_id])
        return maybe(row["tidied_at"]) if row else None

    def put_tidied(self, workspace_id: str, at: datetime | None) -> None:
        """None while it is under way."""
        self._db.execute(
            "INSERT INTO retention (workspace_id, tidied_at) VALUES (:w, :at)"
            " ON CONFLICT (workspace_id) DO UPDATE SET tidied_at = :at",
            {"w": workspace_id, "at": to_text(at) if at else None},
        )

    def workspaces(self) -> list[str]:
        """All that the coach ever spoke in."""
        sql = "SELECT workspace_id FROM reps UNION SELECT workspace_id FROM retention"
        return [str(row["workspace_id"]) for row in self._db.query(f"{sql} ORDER BY 1")]

    def usual_zone(self, workspace_id: str) -> str:
        """Where most of a workspace's people are."""
        row = self._db.one(
            "SELECT zone FROM reps WHERE workspace_id = ? AND zone <> ? GROUP BY zone"
            " ORDER BY count(*) DESC, zone LIMIT 1",
            [workspace_id, NOT_KNOWN],
        )
        return str(row["zone"]) if row else NOT_KNOWN

    def counts(self, workspace_id: str, before: datetime) -> Iterator[tuple[str, int]]:
        """How many of each there are from before then, by what people call one."""
        values = {"w": workspace_id, "before": to_text(before)}
        for noun, step in COUNTED.items():
            yield noun, self._db.value(step.how_many(), values)

    # Holds ---------------------------------------------------------------------------------

    def holds(self, workspace_id: str) -> list[Hold]:
        rows = self._db.query(
            "SELECT account, since FROM holds WHERE workspace_id = ? ORDER BY since, account_key",
            [workspace_id],
        )
        return [Hold(row["account"], from_text(row["since"])) for row in rows]

    def hold(self, workspace_id: str, key: str, account: str, now: datetime) -> bool:
        """True unless it was on hold before."""
        done = self._db.execute(
            "INSERT INTO holds (workspace_id, account_key, account, since) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, account_key) DO NOTHING",
            [workspace_id, key, account, to_text(now)],
        )
        return done.rowcount > 0

    def free(self, workspace_id: str, key: str) -> None:
        self._db.execute(
            "DELETE FROM holds WHERE workspace_id = ? AND account_key = ?", [workspace_id, key]
        )

    def held_of(self, workspace_id: str, user_id: str) -> list[str]:
        """The accounts on hold that this person has a call or a debrief with, or replied about."""
        rows = self._db.query(
            "SELECT DISTINCT holds.account FROM holds JOIN calls"
            " ON calls.workspace_id = holds.workspace_id AND calls.account_key = holds.account_key"
            " WHERE holds.workspace_id = :w AND (calls.owner_id = :u"
            " OR EXISTS (SELECT 1 FROM debriefs WHERE call_id = calls.id AND user_id = :u)"
            " OR EXISTS (SELECT 1 FROM huddle_people WHERE call_id = calls.id AND user_id = :u)"
            " OR EXISTS (SELECT 1 FROM replies WHERE call_id = calls.id AND user_id = :u))"
            " ORDER BY 1",
            {"w": workspace_id, "u": user_id},
        )
        return [str(row["account"]) for row in rows]
