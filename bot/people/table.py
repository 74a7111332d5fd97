"""The tables about reps and channels, and what stands in the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.clock.local_time import NOT_KNOWN
from bot.clock.told_zone import zone_told
from bot.people.rep import Profile, Rep
from bot.storage.database import Database
from bot.storage.moments import from_text, maybe, to_text


class Trouble(NamedTuple):
    """Why the coach can't speak somewhere, since when (UTC)."""

    place: str
    why: str
    since: datetime


class People:
    """Reps and channels."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # Reps ----------------------------------------------------------------------------------

    def profile(self, rep: Rep) -> tuple[Profile, datetime] | None:
        """What is known of the rep, and when Slack said so; None before Slack was asked."""
        row = self._one(
            "SELECT name, zone, locale, seen_at, away_until FROM reps"
            " WHERE workspace_id = ? AND user_id = ?",
            [*rep],
        )
        if row is None or (seen := maybe(row["seen_at"])) is None:
            return None
        # The files of this machine may not have a zone that those of another one had.
        zone = row["zone"] if row["zone"] == NOT_KNOWN else zone_told(row["zone"])
        away = maybe(row["away_until"])
        return Profile(row["name"], zone, row["locale"], away_until=away), seen

    def zone(self, rep: Rep) -> str:
        """The rep's zone as Slack last told it."""
        known = self.profile(rep)
        return known[0].zone if known else NOT_KNOWN

    def away_until(self, rep: Rep) -> datetime | None:
        """When the rep is back, as their status last told."""
        known = self.profile(rep)
        return known[0].away_until if known else None

    def one_of_each_zone(self) -> list[str]:
        """The user id of one rep of each zone."""
        rows = self._db.query(
            "SELECT min(user_id) AS user_id FROM reps WHERE seen_at IS NOT NULL"
            " GROUP BY zone ORDER BY zone"
        )
        return [str(row["user_id"]) for row in rows]

    def put_profile(self, rep: Rep, profile: Profile, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO reps (workspace_id, user_id, name, zone, locale, seen_at, away_until)"
            " VALUES (:w, :u, :name, :zone, :locale, :at, :away)"
            " ON CONFLICT (workspace_id, user_id) DO UPDATE SET name = :name, zone = :zone,"
            " away_until = :away,"
            # Slack tells of a change without the locale: then the one that is known stays.
            " locale = CASE :locale WHEN '' THEN locale ELSE :locale END, seen_at = :at",
            {"w": rep.workspace_id, "u": rep.user_id, "at": to_text(now)}
            | {"name": profile.name, "zone": profile.zone, "locale": profile.locale}
            | {"away": to_text(profile.away_until) if profile.away_until else None},
        )

    def greet(self, rep: Rep, now: datetime) -> bool:
        """Note that the rep was greeted; True only the first time."""
        self._know(rep)
        done = self._db.execute(
            "UPDATE reps SET greeted_at = ?"
            " WHERE workspace_id = ? AND user_id = ? AND greeted_at IS NULL",
            [to_text(now), *rep],
        )
        return done.rowcount == 1

    def greeted(self, rep: Rep) -> bool:
        """Whether the rep was greeted."""
        found = self._one(
            "SELECT 1 FROM reps WHERE workspace_id = ? AND user_id = ? AND greeted_at IS NOT NULL",
            [*rep],
        )
        return found is not None

    def set_left(self, rep: Rep, since: datetime | None) -> bool:
        """Whether they left the workspace, and when; True if that is news."""
        done = self._db.execute(
            "UPDATE reps SET left_at = ? WHERE workspace_id = ? AND user_id = ?"
            " AND (left_at IS NULL) <> ?",
            [to_text(since) if since else None, *rep, int(since is None)],
        )
        return done.rowcount == 1

    def has_left(self, rep: Rep) -> bool:
        """Whether their account is deactivated, as far as Slack told."""
        return (
            self._one(
                "SELECT 1 FROM reps WHERE workspace_id = ? AND user_id = ? AND left_at IS NOT NULL",
                [*rep],
            )
            is not None
        )

    def help(self, rep: Rep, now: datetime, again: timedelta) -> bool:
        """Note that the rep is told what the coach can do; False if that was within `again`."""
        self._know(rep)
        done = self._db.execute(
            "UPDATE reps SET helped_at = ? WHERE workspace_id = ? AND user_id = ?"
            " AND (helped_at IS NULL OR helped_at < ?)",
            [to_text(now), *rep, to_text(now - again)],
        )
        return done.rowcount == 1

    def _know(self, rep: Rep) -> None:
        self._db.execute(
            "INSERT INTO reps (workspace_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", [*rep]
        )

    # Troubles ------------------------------------------------------------------------------

    def put_trouble(
        self, workspace_id: str, place: str, why: str, now: datetime, user_id: str | None = None
    ) -> None:
        """Note that nothing can be said at `place` (a channel, a user or the whole workspace)."""
        self._db.execute(
            "INSERT INTO troubles (workspace_id, place, user_id, why, since)"
            " VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, place) WHERE cleared_at IS NULL"
            " DO UPDATE SET why = excluded.why",
            [workspace_id, place, user_id, why, to_text(now)],
        )

    def clear_trouble(self, workspace_id: str, place: str, now: datetime) -> None:
        self._db.execute(
            "UPDATE troubles SET cleared_at = ?"
            " WHERE workspace_id = ? AND place = ? AND cleared_at IS NULL",
            [to_text(now), workspace_id, place],
        )

    def troubles(self, workspace_id: str) -> list[Trouble]:
        rows = self._db.query(
            "SELECT place, why, since FROM troubles"
            " WHERE workspace_id = ? AND cleared_at IS NULL ORDER BY since",
            [workspace_id],
        )
        return [Trouble(r["place"], r["why"], from_text(r["since"])) for r in rows]

    def _one(self, sql: str, values: list[object]) -> dict[str, Any] | None:
        return next(self._db.query(sql, values), None)
