"""The table of what is said unasked: planned, claimed, said, looked up, given up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.calls.call import Call
from bot.nudges.nudge import ASKED_FOR, ASKS_AGAIN, MOVED, Doubt, Nudge, Recipient, key_of
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import from_text, maybe, to_text

_DOUBT = ("doubt_since", "doubt_before", "doubt_at")
MERGED = 5  # nudges in one message: three blocks at most, and still read on a phone


class NudgePlan(NamedTuple):
    """A nudge to be. Moments are aware; `asked` means that the rep wanted it."""

    key: str
    kind: str
    place: Recipient
    user_id: str | None
    call_id: int | None
    due_at: datetime
    not_after: datetime
    nth: int = 1
    asked: bool = False


class Stuck(NamedTuple):
    """A nudge that could not be said (dead) or perhaps was (unknown)."""

    kind: str
    place: Recipient
    state: str
    why: str
    due_at: datetime


class Nudges:
    """Rows of the state machine. A row is tried by whoever claimed it, and by nobody else."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # Planning ------------------------------------------------------------------------------

    def plan(self, plan: NudgePlan) -> None:
        """Keep it under its key. One that was skipped is wanted again; any other stays."""
        self._db.execute(
            "INSERT INTO nudges (workspace_id, key, kind, place, user_id, call_id, nth, asked,"
            " wanted_at, due_at, not_after, nonce)"
            " VALUES (:w, :key, :kind, :place, :user, :call, :nth, :asked, :due, :due, :last, :id)"
            " ON CONFLICT (key) DO UPDATE SET state = 'pending', why = '', dropped = 0,"
            " wanted_at = :due, due_at = :due, not_after = :last WHERE state = 'skipped'",
            {"w": plan.place.workspace_id, "place": plan.place.id, "user": plan.user_id}
            | {"key": plan.key, "kind": plan.kind, "call": plan.call_id, "nth": plan.nth}
            | {"asked": plan.asked, "due": to_text(plan.due_at), "last": to_text(plan.not_after)}
            | {"id": self.nonce(plan.key)},
        )

    def plan_debrief(self, call: Call, after: timedelta, now: datetime) -> None:
        """Ask the owner how the call went, `after` its end."""
        self.plan(_debrief(call, 1, call.ends + after))

    def replan(self, call: Call, after: timedelta, now: datetime) -> None:
        """The call has another time: what was not said yet is said after that one."""
        self.drop(call, MOVED)
        self.plan_debrief(call, after, now)

    def ask_again(self, call: Call, nth: int, due_at: datetime, asked: bool) -> None:
        """The `nth` nudge about a call. One that waits already is moved to `due_at`."""
        plan = _debrief(call, nth, due_at)
        last = max(plan.not_after, due_at + timedelta(days=1)) if asked else plan.not_after
        self.plan(plan._replace(asked=asked, not_after=last))
        self._db.execute(
            "UPDATE nudges SET wanted_at = :due, due_at = :due, asked = :asked, not_after = :last"
            " WHERE key = :key AND state = 'pending'",
            {"key": plan.key, "asked": asked, "due": to_text(due_at), "last": to_text(last)},
        )

    def plan_next_step(
        self, rep: Rep, call_id: int, due_at: datetime, not_after: datetime, now: datetime
    ) -> None:
        """Remind of the next step of a call; an earlier plan for the same call is replaced."""
        self.drop_next_step(rep, call_id, "the next step changed")
        key = f"{rep.workspace_id}:{rep.user_id}:next_step:{call_id}:{due_at:%Y%m%d}"
        self.plan(
            NudgePlan(key, "next_step", Recipient(*rep), rep.user_id, call_id, due_at, not_after)
        )

    def drop(self, call: Call, why: str) -> None:
        """Ask no more about the call; one under way is not said again."""
        self._drop("kind = 'debrief' AND call_id = ?", [call.id], call.owner.workspace_id, why)

    def drop_next_step(self, rep: Rep, call_id: int, why: str) -> None:
        about = "kind = 'next_step' AND call_id = ? AND user_id = ?"
        self._drop(about, [call_id, rep.user_id], rep.workspace_id, why)

    def next_steps(self, rep: Rep) -> list[int]:
        """The calls of whose next step the rep is still to be reminded."""
        about = "state = 'pending' AND workspace_id = ? AND place = ? AND kind = 'next_step'"
        return [nudge.call_id for nudge in self._all(about, [*rep]) if nudge.call_id]

    def drop_tips(self, place: Recipient, why: str) -> None:
        """The place gets no daily tip, or gets it at another time."""
        self._drop("kind = 'daily_tip' AND place = ?", [place.id], place.workspace_id, why)

    def recheck(self, rep: Rep) -> None:
        """The rep's hours or zone changed: what was put off is looked at again."""
        self._db.execute(
            "UPDATE nudges SET due_at = wanted_at WHERE state = 'pending'"
            " AND workspace_id = ? AND place = ? AND kind <> 'daily_tip'",
            [*rep],
        )

    def _drop(self, about: str, values: list[Any], workspace_id: str, why: str) -> None:
        self._db.execute(
            "UPDATE nudges SET dropped = 1, why = ?,"
            " state = CASE state WHEN 'pending' THEN 'skipped' ELSE state END"
            f" WHERE workspace_id = ? AND state IN ('pending', 'sending') AND {about}",
            [why, workspace_id, *values],
        )

    def nonce(self, key: str) -> str:
        """Opaque, and the same for the same key: a database restored from a backup knows it."""
        row = next(self._db.query("SELECT value FROM nudge_notes WHERE name = 'secret'"))
        return hashlib.sha256(f"{row['value']} {key}".encode()).hexdigest()[:32]

    # Saying --------------------------------------------------------------------------------

    def places_due(self, now: datetime, each: int) -> list[Recipient]:
        """Where something is due: up to `each` rows' places of each workspace, oldest first."""
        rows = self._db.query(
            "WITH RECURSIVE w (id) AS ("
            " SELECT min(workspace_id) FROM nudges WHERE state = 'pending' UNION ALL"
            " SELECT (SELECT min(workspace_id) FROM nudges"
            "  WHERE state = 'pending' AND workspace_id > w.id) FROM w WHERE w.id IS NOT NULL)"
            " SELECT n.workspace_id, n.place FROM w JOIN nudges n ON n.id IN ("
            "  SELECT id FROM nudges WHERE state = 'pending' AND workspace_id = w.id"
            "  AND due_at <= ? ORDER BY due_at LIMIT ?) ORDER BY n.due_at, n.id",
            [to_text(now), each],
        )
        return list(dict.fromkeys(Recipient(r["workspace_id"], r["place"]) for r in rows))

    def due(self, place: Recipient, now: datetime) -> list[Nudge]:
        """What is due at one place, oldest first: as much as one message holds."""
        return self._all(
            "state = 'pending' AND workspace_id = ? AND place = ? AND due_at <= ?"
            f" ORDER BY due_at, id LIMIT {MERGED}",
            [*place, to_text(now)],
        )

    def claim(self, place: Recipient, channel_id: str, now: datetime) -> list[Nudge]:
        """Take what is due at the place: nobody else will say it until it is decided."""
        rows = self._db.execute(
            "UPDATE nudges SET state = 'sending', attempt_at = ?, attempts = attempts + 1,"
            " said_channel_id = ? WHERE state = 'pending' AND id IN ("
            "  SELECT id FROM nudges WHERE state = 'pending' AND workspace_id = ? AND place = ?"
            f"  AND due_at <= ? ORDER BY due_at, id LIMIT {MERGED}) RETURNING *",
            [to_text(now), channel_id, *place, to_text(now)],
        ).fetchall()
        return sorted((_nudge(dict(row)) for row in rows), key=lambda n: (n.due_at, n.id))

    def look_up(self, nudges: Iterable[Nudge], since: datetime) -> None:
        """These may have been said after a backup was made: look up from then on before saying."""
        self._each("attempt_at = ?", nudges, "state = 'sending'", [to_text(since)])

    def put_off(self, nudges: Iterable[Nudge], until: datetime) -> None:
        """Not now: try again at `until`; what was dropped meanwhile is skipped."""
        self._each(
            "state = CASE dropped WHEN 1 THEN 'skipped' ELSE 'pending' END, due_at = ?",
            nudges, "state IN ('pending', 'sending')", [to_text(until)],
        )  # fmt: skip

    def not_said(self, nudges: Iterable[Nudge], now: datetime) -> None:
        """It was looked up and is not there: it is due again as it was."""
        self._each(
            "state = CASE dropped WHEN 1 THEN 'skipped' ELSE 'pending' END, looked_up_at = ?",
            nudges, "state = 'sending'", [to_text(now)],
        )  # fmt: skip

    def close(self, nudges: Iterable[Nudge], state: str, why: str) -> None:
        """Say it no more. `state`: "skipped", "dead" or "unknown"."""
        self._each("state = ?, why = ?", nudges, "state IN ('pending', 'sending')", [state, why])

    def said(self, nudges: Iterable[Nudge], channel_id: str, ts: str, now: datetime) -> list[Nudge]:
        """It stands there; returns those, as they are now, that it was news of."""
        kept = filter(None, (self.by_id(nudge.id) for nudge in nudges))
        fresh = [nudge for nudge in kept if nudge.state == "sending"]
        self._each(
            "state = 'sent', said_channel_id = ?, said_ts = ?, said_at = ?", fresh,
            "state = 'sending'", [channel_id, ts, to_text(now)],
        )  # fmt: skip
        return fresh

    def set_tip(self, nudge: Nudge, tip_id: int) -> None:
        self._db.execute("UPDATE nudges SET tip_id = ? WHERE id = ?", [tip_id, nudge.id])

    def set_outcome(self, nudge: Nudge, outcome: str) -> None:
        """What became of it, as its message says from now on."""
        self._db.execute("UPDATE nudges SET outcome = ? WHERE id = ?", [outcome, nudge.id])

    def ask_no_more(self, call: Call, outcome: str) -> None:
        """A question that was put off will not be asked: its message says why."""
        for nudge in self.of_call(call):
            if (nudge.outcome or "").startswith(ASKS_AGAIN):
                self.set_outcome(nudge, outcome)

    def _each(
        self, change: str, nudges: Iterable[Nudge], when: str, values: Sequence[Any] = ()
    ) -> None:
        for nudge in nudges:
            self._db.execute(
                f"UPDATE nudges SET {change} WHERE id = ? AND {when}", [*values, nudge.id]
            )

    # Looking ------------------------------------------------------------------------------

    def under_way(self, before: datetime) -> list[Nudge]:
        """Claimed before `before` and not decided since."""
        return self._all("state = 'sending' AND attempt_at <= ? ORDER BY attempt_at, id LIMIT 500",
                         [to_text(before)])  # fmt: skip

    def get(self, workspace_id: str, nudge_id: int) -> Nudge | None:
        """A nudge of this workspace."""
        found = self._all("workspace_id = ? AND id = ?", [workspace_id, nudge_id])
        return found[0] if found else None

    def by_id(self, nudge_id: int) -> Nudge | None:
        found = self._all("id = ?", [nudge_id])
        return found[0] if found else None

    def of_message(self, workspace_id: str, channel_id: str, ts: str) -> list[Nudge]:
        """The nudges that one message holds, in its order."""
        about = "workspace_id = ? AND said_channel_id = ? AND said_ts = ? ORDER BY wanted_at, id"
        return self._all(about, [workspace_id, channel_id, ts])

    def of_call(self, call: Call) -> list[Nudge]:
        """Every nudge about the call, in the order in which they were planned."""
        about = "workspace_id = ? AND call_id = ? ORDER BY id"
        return self._all(about, [call.owner.workspace_id, call.id])

    def conversation(self, place: Recipient) -> str | None:
        """The rep's DM with the coach, as it was last spoken in."""
        found = self._all(
            "workspace_id = ? AND place = ? AND said_at IS NOT NULL ORDER BY said_at DESC LIMIT 1",
            [*place],
        )
        return found[0].said[0] if found and found[0].said else None

    def messages_since(self, rep: Rep, since: datetime, but: Iterable[Nudge]) -> int:
        """How many messages the rep got, or may have got, unasked since `since`, without those
        that are about to be said."""
        row = next(
            self._db.query(
                "SELECT count(DISTINCT coalesce(said_ts, attempt_at)) AS n FROM nudges"
                " WHERE workspace_id = :w AND place = :u AND coalesce(said_at, attempt_at) >= :at"
                " AND state IN ('sent', 'sending', 'unknown') AND asked = 0"
                " AND kind <> 'daily_tip' AND id NOT IN (SELECT value FROM json_each(:but))",
                {"w": rep.workspace_id, "u": rep.user_id, "at": to_text(since)}
                | {"but": json.dumps([nudge.id for nudge in but])},
            )
        )
        return int(row["n"])

    def waiting(self, place: Recipient) -> tuple[int, datetime | None]:
        """How many wait to be said at the place, and when the next one is due."""
        row = next(
            self._db.query(
                "SELECT count(*) AS n, min(due_at) AS next FROM nudges"
                " WHERE workspace_id = ? AND place = ? AND state = 'pending'",
                [*place],
            )
        )
        return row["n"], maybe(row["next"])

    def stuck(self, workspace_id: str, place: str | None, since: datetime) -> list[Stuck]:
        """What could not be said since `since`, newest first: at any place for None, else to this
        rep, or in a channel whose daily tip they set."""
        rows = self._db.query(
            "SELECT kind, place, state, why, due_at FROM nudges"
            " WHERE workspace_id = :w AND state IN ('unknown', 'dead') AND due_at >= :since"
            " AND (:place IS NULL OR place = :place OR kind = 'daily_tip' AND place IN"
            " (SELECT channel_id FROM daily_tips WHERE workspace_id = :w AND set_by = :place))"
            " ORDER BY due_at DESC LIMIT 20",
            {"w": workspace_id, "since": to_text(since), "place": place},
        )
        return [
            Stuck(r["kind"], Recipient(workspace_id, r["place"]), r["state"], r["why"],
                  from_text(r["due_at"]))
            for r in rows
        ]  # fmt: skip

    def late_tips(self, workspace_id: str, since: datetime) -> list[tuple[Recipient, datetime]]:
        """Daily tips that were skipped because their time had passed."""
        found = self._all(
            "workspace_id = ? AND kind = 'daily_tip' AND state = 'skipped' AND dropped = 0"
            " AND wanted_at >= ? ORDER BY wanted_at DESC LIMIT 20",
            [workspace_id, to_text(since)],
        )
        return [(nudge.place, nudge.wanted_at) for nudge in found]

    # Notes --------------------------------------------------------------------------------

    def awake(self, now: datetime) -> None:
        """Note that the coach was up at `now`."""
        self._note("awake", to_text(now))

    def last_awake(self) -> datetime | None:
        return maybe(self._noted("awake"))

    def set_doubt(self, doubt: Doubt) -> None:
        """The file may be an old copy. It counts as one no more."""
        for name, moment in zip(_DOUBT, doubt, strict=True):
            self._note(name, to_text(moment))
        self._db.execute("DELETE FROM nudge_notes WHERE name = 'copied'")

    def doubt(self) -> Doubt | None:
        """What `set_doubt` noted last."""
        since, before, at = (maybe(self._noted(name)) for name in _DOUBT)
        return Doubt(since, before, at) if since and before and at else None

    def mark_copy(self, now: datetime) -> None:
        """This file is a copy made at `now`; whoever starts with it has to know."""
        self._note("copied", to_text(now))

    def is_copy(self) -> bool:
        return self._noted("copied") is not None

    def _note(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO nudge_notes VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )

    def _noted(self, name: str) -> str | None:
        rows = self._db.query("SELECT value FROM nudge_notes WHERE name = ?", [name])
        return next((row["value"] for row in rows), None)

    def _all(self, where: str, values: Sequence[Any]) -> list[Nudge]:
        rows = self._db.query(f"SELECT * FROM nudges WHERE {where}", list(values))
        return [_nudge(row) for row in rows]


def _debrief(call: Call, nth: int, due_at: datetime) -> NudgePlan:
    owner = call.owner
    return NudgePlan(
        key_of(call, nth), "debrief", Recipient(*owner), owner.user_id, call.id, due_at,
        call.ends + ASKED_FOR, nth,
    )  # fmt: skip


def _nudge(row: dict[str, Any]) -> Nudge:
    said = (row["said_channel_id"], row["said_ts"]) if row["said_channel_id"] else None
    return Nudge(
        id=row["id"],
        key=row["key"],
        kind=row["kind"],
        place=Recipient(row["workspace_id"], row["place"]),
        user_id=row["user_id"],
        call_id=row["call_id"],
        nth=row["nth"],
        asked=bool(row["asked"]),
        wanted_at=from_text(row["wanted_at"]),
        due_at=from_text(row["due_at"]),
        not_after=from_text(row["not_after"]),
        state=row["state"],
        why=row["why"],
        nonce=row["nonce"],
        attempt_at=maybe(row["attempt_at"]),
        attempts=row["attempts"],
        dropped=bool(row["dropped"]),
        said=said,
        tip_id=row["tip_id"],
        outcome=row["outcome"],
        looked_up_at=maybe(row["looked_up_at"]),
    )
