"""The debriefs table: what came of each call, as it stands now, one row for each rep who said."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.debriefs.debrief import Debrief
from bot.debriefs.feedback import Looked, Recalled
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.nouns import noun, values_of
from bot.writing import columns

# What a rep says of a call, and whether it can be read elsewhere; the rest is kept as it comes up.
_SAID = (
    *("call_id", "form", "goal", "reached", "achieved", "next_step", "by_when", "committed"),
    *("their_step", "their_by_when", "forgot", "shared"),
)

# The calls that a rep may debrief: their own, and those in whose huddle they took part.
_MINE = """
    calls.workspace_id = :w AND calls.review = 0 AND (calls.owner_id = :u OR calls.id IN (
        SELECT call_id FROM huddle_people WHERE workspace_id = :w AND user_id = :u
    ))
"""

# A reminder names each step that is due on its day, the next step first: see `step_due`.
_STEP_DONE = """
    EXISTS (SELECT 1 FROM replies AS r WHERE r.call_id = d.call_id AND r.user_id = d.user_id
        AND r.question = 'step_done' AND r.said = 'done'
        AND r.asked IN (d.next_step, d.next_step || '; ' || d.their_step)) AS step_done
"""


class Debriefs:
    """Debriefs by rep, call and account."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, rep: Rep, call_id: int) -> Debrief | None:
        """The rep's own debrief of a call."""
        found = self._many(
            "d.workspace_id = ? AND d.user_id = ? AND d.call_id = ?", [*rep, call_id]
        )
        return found[0] if found else None

    def of_account(self, workspace_id: str, account_key: str) -> list[Debrief]:
        """Everybody's debriefs of an account, the newest call first.

        Ask `readable_by` and `readable_in` of each before it is shown to anyone.
        """
        return self._many(
            "d.workspace_id = ? AND calls.account_key = ?", [workspace_id, account_key]
        )

    def put(self, debrief: Debrief, now: datetime) -> int:
        """Keep a debrief, in place of the rep's former one of that call; returns its id."""
        who = {"workspace_id": debrief.rep.workspace_id, "user_id": debrief.rep.user_id}
        row = who | values_of(debrief, _SAID)
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        sets = ", ".join(f"{name} = :{name}" for name in row)
        self._db.execute(
            f"INSERT INTO debriefs ({names}, saved_at, updated_at) VALUES ({marks}, :at, :at)"
            f" ON CONFLICT (call_id, user_id) DO UPDATE SET {sets}, updated_at = :at",
            row | {"at": to_text(now)},
        )
        kept = self.get(debrief.rep, debrief.call_id)
        assert kept is not None
        return kept.id

    def point_out(self, debrief_id: int, now: datetime) -> None:
        """Note that the missing step of the customer's was pointed out."""
        self._db.execute(
            "UPDATE debriefs SET pointed_out_at = ? WHERE id = ?", [to_text(now), debrief_id]
        )

    def set_tip(self, debrief_id: int, tip_id: int) -> None:
        self._db.execute("UPDATE debriefs SET tip_id = ? WHERE id = ?", [tip_id, debrief_id])

    def put_feedback(self, rep: Rep, call_id: int, looked: Looked) -> None:
        """Keep what a model wrote on the rep's debrief, in place of what it wrote before."""
        key = {"w": rep.workspace_id, "u": rep.user_id, "call": call_id}
        kept = {"record": json.dumps(looked.record), "state": looked.on}
        self._db.execute(
            f"UPDATE debriefs SET {columns.SET}, recalled = :record, written_on = :state"
            " WHERE workspace_id = :w AND user_id = :u AND call_id = :call",
            columns.to_row(looked.advice) | kept | key,
        )

    def feedback(self, rep: Rep, call_id: int) -> Looked | None:
        """What a model wrote last on the rep's debrief, whether or not it still fits it."""
        rows = self._db.query(
            "SELECT written, prompt, posts_used, recalled, written_on FROM debriefs"
            " WHERE workspace_id = ? AND user_id = ? AND call_id = ?",
            [*rep, call_id],
        )
        row = next(rows, None)
        if row is None or (advice := columns.from_row(row)) is None:
            return None
        record = tuple(Recalled(*each) for each in json.loads(row["recalled"]))
        return Looked(record, advice, row["written_on"])

    def share(self, debrief_id: int, channel_id: str, ts: str, same: bool) -> None:
        """Note where it can be read; `same` says that what can be read is what stands now."""
        self._db.execute(
            "UPDATE debriefs SET shared = ?, shared_channel_id = ?, shared_ts = ? WHERE id = ?",
            [int(same), channel_id, ts, debrief_id],
        )

    # Which call is meant ---------------------------------------------------------------------

    def may(self, rep: Rep, call_id: int) -> bool:
        """Whether the rep owns the call or took part in its huddle."""
        return bool(self._ids("calls.id = :call", rep, {"call": call_id}))

    def waiting(self, rep: Rep, since: datetime, now: datetime) -> list[int]:
        """The rep's calls begun since then that they said nothing about yet, newest first."""
        return self._ids(
            "calls.starts BETWEEN :since AND :now AND calls.state IN ('planned', 'held')"
            " AND calls.id NOT IN (SELECT call_id FROM debriefs WHERE user_id = :u)",
            rep,
            {"since": to_text(since), "now": to_text(now)},
        )

    def calls_of(self, rep: Rep, account_key: str, since: datetime, until: datetime) -> list[int]:
        """The rep's calls of an account that begin in the span, newest first."""
        return self._ids(
            "calls.account_key = :key AND calls.starts > :since AND calls.starts <= :until"
            " AND calls.state IN ('planned', 'held')",
            rep,
            {"key": account_key, "since": to_text(since), "until": to_text(until)},
        )

    def accounts(self, rep: Rep) -> list[str]:
        """The keys of the accounts that the rep has had calls with."""
        rows = self._db.query(
            f"SELECT DISTINCT account_key FROM calls WHERE {_MINE}", {"w": rep[0], "u": rep[1]}
        )
        return [row["account_key"] for row in rows]

    def _ids(self, where: str, rep: Rep, more: dict[str, object]) -> list[int]:
        rows = self._db.query(
            f"SELECT calls.id FROM calls WHERE {_MINE} AND {where}"
            " ORDER BY calls.starts DESC, calls.id DESC",
            {"w": rep.workspace_id, "u": rep.user_id} | more,
        )
        return [row["id"] for row in rows]

    def _many(self, where: str, values: list[object]) -> list[Debrief]:
        rows = self._db.query(
            f"SELECT d.*, {_STEP_DONE} FROM debriefs AS d JOIN calls ON calls.id = d.call_id"
            f" WHERE {where} ORDER BY calls.starts DESC, d.id DESC",
            values,
        )
        return [_debrief(row) for row in rows]


def _debrief(row: dict[str, Any]) -> Debrief:
    pointed_out = row["pointed_out_at"] is not None
    return noun(Debrief, row, rep=(row["workspace_id"], row["user_id"]), pointed_out=pointed_out)
