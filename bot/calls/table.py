"""The tables of calls: what is planned with whom, and every change of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from bot.calls.call import Call, Change, State
from bot.people.rep import Rep
from bot.storage.database import Database, insert, update
from bot.storage.moments import from_text, to_text
from bot.storage.nouns import noun, values_of

# Owned by the rep, or one in which the rep has a part.
_THEIRS = (
    "(owner_id = :u OR id IN ("
    "SELECT call_id FROM huddle_people WHERE workspace_id = :w AND user_id = :u))"
)
_WITH_REP = f"workspace_id = :w AND review = 0 AND {_THEIRS}"


# What a change may change; `note` tells them by these names.
_COLUMNS = (
    *("account", "account_key", "play", "goal", "starts", "ends"),
    *("channel_id", "state", "review"),
)


class CardPlace(NamedTuple):
    """Where a huddle's card stands; `private` is in its owner's own messages."""

    channel_id: str
    ts: str
    private: bool


class Calls:
    """Calls and their changes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self,
        owner: Rep,
        account: str,
        starts: datetime,
        ends: datetime,
        play: str,
        goal: str,
        channel_id: str | None,
        now: datetime,
        review: bool = False,
    ) -> Call:
        """Keep a new call, or a review, as planned."""
        call = Call(0, owner, account, play, goal, starts, ends, channel_id, "planned", review)
        at = to_text(now)
        row = _row(call) | {"created_at": at, "updated_at": at}
        call_id = insert(self._db, "calls", row)
        return self._existing(owner.workspace_id, call_id)

    def get(self, workspace_id: str, call_id: int) -> Call | None:
        """A call of this workspace; None if there is none, or it is another workspace's."""
        found = self._many(
            "workspace_id = :w AND id = :id", {"w": workspace_id, "id": call_id}, "id"
        )
        return found[0] if found else None

    def of_rep(self, rep: Rep, since: datetime, until: datetime) -> list[Call]:
        """The rep's calls that start in the span, first ones first; whatever their state."""
        span = {"since": to_text(since), "until": to_text(until)}
        return self._many(
            f"{_WITH_REP} AND starts >= :since AND starts < :until", _who(rep) | span, "starts, id"
        )

    def soon(self, since: datetime, until: datetime) -> list[Call]:
        """Calls of anybody, not off and no reviews, that start after `since` and by `until`."""
        span = {"since": to_text(since), "until": to_text(until)}
        return self._many(
            "state = 'planned' AND review = 0 AND starts > :since AND starts <= :until",
            span, "starts, id",
        )  # fmt: skip

    def latest(
        self, rep: Rep, account_key: str | None = None, before: datetime | None = None
    ) -> list[Call]:
        """The rep's calls that started before `before`, newest first, fifty at most."""
        more = " AND starts < :before" if before else ""
        more += " AND account_key = :key" if account_key is not None else ""
        values = {"before": to_text(before) if before else None, "key": account_key}
        return self._many(_WITH_REP + more, _who(rep) | values, "starts DESC, id DESC LIMIT 50")

    def of_account(self, workspace_id: str, account_key: str) -> list[Call]:
        """Everybody's calls and reviews with an account, newest first, two hundred at most."""
        return self._many(
            "workspace_id = :w AND account_key = :key",
            {"w": workspace_id, "key": account_key},
            "starts DESC, id DESC LIMIT 200",
        )

    def accounts(self, rep: Rep, channels: Collection[str], limit: int = 20) -> list[str]:
        """Accounts of the rep's calls and of those with a card in `channels`, in their last
        spelling, newest first.

        Whom others speak with in their own messages is not told.
        """
        known, values = _known_to(rep, channels)
        rows = self._db.query(
            f"SELECT account, max(id) AS last FROM calls WHERE {known}"
            " GROUP BY account_key ORDER BY last DESC LIMIT :limit",
            values | {"limit": limit},
        )
        return [str(r["account"]) for r in rows]

    def known(self, rep: Rep, channels: Collection[str], account_key: str) -> list[Call]:
        """The calls and reviews with an account of which the rep may know, in the way of
        `accounts`, newest first, two hundred at most."""
        where, values = _known_to(rep, channels)
        where += " AND account_key = :key"
        return self._many(where, values | {"key": account_key}, "starts DESC, id DESC LIMIT 200")

    def change(self, before: Call, after: Call, by: Rep, now: datetime) -> None:
        """Keep the call as it is now, and note each thing that differs."""
        old, new = _row(before), _row(after)
        for what in (key for key in new if new[key] != old[key] and key != "account_key"):
            self.note(before, what, old[what], new[what], by, now)
        update(self._db, "calls", before.id, new | {"updated_at": to_text(now)})
        self.touch(before.id)

    def set_owner(self, call: Call, owner: Rep, now: datetime) -> Call:
        """A colleague took the call over; the call as it is then."""
        self.note(call, "owner", None, None, owner, now)
        changed = {"owner_id": owner.user_id, "updated_at": to_text(now)}
        update(self._db, "calls", call.id, changed)
        self.touch(call.id)
        return self._existing(owner.workspace_id, call.id)

    def set_state(self, call: Call, state: State, by: Rep, now: datetime) -> None:
        """The call was moved, cancelled, held or is planned again; its card is drawn anew."""
        if call.state == state:
            return
        self.note(call, "state", call.state, state, by, now)
        update(self._db, "calls", call.id, {"state": state, "updated_at": to_text(now)})
        self.touch(call.id)

    def note(
        self, call: Call, what: str, before: str | None, after: str | None, by: Rep, now: datetime
    ) -> None:
        """Keep what became of something, and who did it."""
        insert(
            self._db,
            "changes",
            {
                "workspace_id": call.owner.workspace_id,
                "call_id": call.id,
                "what": what,
                "before": before,
                "after": after,
                "by_id": by.user_id,
                "at": to_text(now),
            },
        )

    def changes(self, workspace_id: str, call_id: int) -> list[Change]:
        """What happened to a call, in order."""
        rows = self._db.query(
            "SELECT what, before, after, by_id, at FROM changes"
            " WHERE workspace_id = ? AND call_id = ? ORDER BY id",
            [workspace_id, call_id],
        )
        return [
            Change(r["what"], r["before"], r["after"], r["by_id"], from_text(r["at"])) for r in rows
        ]

    def huddle_place(self, workspace_id: str, call_id: int) -> CardPlace | None:
        """Where the card of the call's huddle stands; None without one."""
        row = next(
            self._db.query(
                "SELECT channel_id, ts, private FROM huddles"
                " WHERE workspace_id = ? AND call_id = ? AND ts IS NOT NULL",
                [workspace_id, call_id],
            ),
            None,
        )
        return CardPlace(row["channel_id"], row["ts"], bool(row["private"])) if row else None

    def touch(self, call_id: int) -> None:
        """Something on the call's card is not as it was drawn."""
        self._db.execute("UPDATE huddles SET version = version + 1 WHERE call_id = ?", [call_id])

    def _existing(self, workspace_id: str, call_id: int) -> Call:
        call = self.get(workspace_id, call_id)
        assert call is not None
        return call

    def _many(self, where: str, values: dict[str, Any], order: str) -> list[Call]:
        rows = self._db.query(f"SELECT * FROM calls WHERE {where} ORDER BY {order}", values)
        return [_call(row) for row in rows]


def _known_to(rep: Rep, channels: Collection[str]) -> tuple[str, dict[str, Any]]:
    """Where a call is the rep's, or has a card in one of these channels; and the values."""
    places = {f"c{n}": channel for n, channel in enumerate(sorted(channels))}
    shown = (
        "SELECT call_id FROM huddles WHERE private = 0 AND channel_id IN"
        f" ({', '.join(f':{name}' for name in places)})"
    )
    return f"workspace_id = :w AND ({_THEIRS} OR id IN ({shown}))", _who(rep) | places


def _who(rep: Rep) -> dict[str, Any]:
    return {"w": rep.workspace_id, "u": rep.user_id}


def _row(call: Call) -> dict[str, Any]:
    who = {"workspace_id": call.owner.workspace_id, "owner_id": call.owner.user_id}
    return who | values_of(call, _COLUMNS)


def _call(row: dict[str, Any]) -> Call:
    return noun(Call, row, owner=(row["workspace_id"], row["owner_id"]))
