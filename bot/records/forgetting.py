"""Forgetting a person: begun in one transaction, and done a few rows at a time, even after a kill.

A person may have said thousands of things. To delete them at once would hold up everybody else's
acks, so whoever reads finds the rows, and a few at a time are written between what others write.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bot.people.rep import Rep
from bot.records._slices import all_but_the_last
from bot.records.table import STEPS, Step
from bot.storage.database import Database, Value, insert
from bot.storage.moments import from_text, to_text
from bot.storage.store import Store


class Forgetting(NamedTuple):
    """Somebody who is being forgotten: since when, and how many steps are done.

    `last` names for each table its last row at that moment: what the person does afterwards stays.
    """

    rep: Rep
    asked_at: datetime
    done: int
    last: dict[str, int]

    def values(self, step: Step) -> dict[str, object]:
        who = {"w": self.rep.workspace_id, "u": self.rep.user_id, "now": to_text(self.asked_at)}
        return {**who, "last": self.last.get(step.table, 0)}


class ForgettingTable:
    """Who is being forgotten."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, rep: Rep, now: datetime) -> None:
        """From here on it will be done, and nothing that waits for the person is said any more.

        Whoever asks again before it is done begins anew, so that what was said since goes as well.
        """
        self._db.execute(
            "DELETE FROM outbox WHERE workspace_id = ? AND user_id = ?"
            " AND state IN ('pending', 'sending', 'unknown')",
            [*rep],
        )
        tables = dict.fromkeys(step.table for step in STEPS)
        last = {
            table: self._db.value(f"SELECT coalesce(max(rowid), 0) FROM {table}")
            for table in tables
        }
        row: dict[str, Value] = {
            "workspace_id": rep.workspace_id, "user_id": rep.user_id, "asked_at": to_text(now),
            "done": 0, "last": json.dumps(last), "held": 0,
        }  # fmt: skip
        insert(self._db, "forgetting", row, or_replace=True)

    def all(self) -> list[Forgetting]:
        """Those of whom something is still to be deleted."""
        return [
            Forgetting(
                Rep(row["workspace_id"], row["user_id"]),
                from_text(row["asked_at"]),
                row["done"],
                json.loads(row["last"]),
            )
            for row in self._db.query("SELECT * FROM forgetting WHERE held = 0 ORDER BY asked_at")
        ]

    def hold_over(self, workspace_id: str) -> None:
        """An account is free again: whoever asked meanwhile to be forgotten is."""
        self._db.execute(
            "UPDATE forgetting SET held = 0, done = 0 WHERE workspace_id = ? AND held = 1",
            [workspace_id],
        )

    def step_done(self, of: Forgetting) -> Forgetting:
        """A row that comes later may get the number of one that is gone: `last` sinks with it."""
        table = STEPS[of.done].table
        top = self._db.value(f"SELECT coalesce(max(rowid), 0) FROM {table}")
        last = {**of.last, table: min(top, of.last[table])}
        self._db.execute(
            "UPDATE forgetting SET done = ?, last = ? WHERE workspace_id = ? AND user_id = ?"
            " AND asked_at = ?",
            [of.done + 1, json.dumps(last), *of.rep, to_text(of.asked_at)],
        )
        return of._replace(done=of.done + 1, last=last)


def forget_rows(store: Store, of: Forgetting) -> None:
    """All steps that are still to be done. May be called again after it was broken off anywhere:
    the last rows of a step and the word that it is done are one transaction."""
    while of.done < len(STEPS):
        step = STEPS[of.done]
        rows = all_but_the_last(store, step, of.values(step))
        of = store.write(partial(_finish, of=of, rows=rows))


def _finish(db: Database, of: Forgetting, rows: Sequence[int]) -> Forgetting:
    step = STEPS[of.done]
    db.execute(step.write(rows), of.values(step))
    return ForgettingTable(db).step_done(of)


def end(db: Database, of: Forgetting) -> None:
    """Nothing names the person any more, and this does neither; unless a hold keeps something."""
    who = [*of.rep, to_text(of.asked_at)]
    mine = "workspace_id = ? AND user_id = ? AND asked_at = ?"
    if any(db.one(step.on_hold(), of.values(step)) for step in STEPS):
        db.execute(f"UPDATE forgetting SET held = 1 WHERE {mine}", who)
    else:
        db.execute(f"DELETE FROM forgetting WHERE {mine}", who)
