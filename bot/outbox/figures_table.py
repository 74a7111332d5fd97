"""How many messages stand where in the outbox, for whoever watches the coach: counts, no names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.storage.database import Database
from bot.storage.moments import maybe, to_text

STATES = ("pending", "sending", "sent", "unknown", "skipped", "dead")


class Queue(NamedTuple):
    """Rows by state (each of `STATES`), how many of the pending ones are due, and since when."""

    states: Mapping[str, int]
    due: int
    oldest_due_at: datetime | None


def queue(db: Database, now: datetime) -> Queue:
    """The outbox of all workspaces together, as it is at `now`."""
    counted = {r["state"]: r["n"] for r in db.query(
        "SELECT state, count(*) AS n FROM outbox GROUP BY state"
    )}  # fmt: skip
    row = db.rows(
        "SELECT count(*), min(due_at) FROM outbox WHERE state = 'pending' AND due_at <= ?",
        [to_text(now)],
    )[0]
    return Queue({state: counted.get(state, 0) for state in STATES}, row[0], maybe(row[1]))
