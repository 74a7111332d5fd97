"""Every table at once: for handing out all that a team owns, and what deleting does to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.storage.database import Database


class TableDump(NamedTuple):
    """One table as it stands; each row has a value for each column."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


_LIBRARY = ("posts", "old_texts")
# Names a workspace, and says nothing about it; or passes by within a day.
_MACHINE = ("handled", "offers", "forgetting")

# Secrets, by table and column: handed out to nobody.
_SECRET = {("calendars", "address")}
SECRET = "(a secret)"

# A rep's own words and settings: gone without a trace.
_OWN = (
    *("replies", "debriefs", "feedback", "gaps", "choices", "questions", "tips_said", "outbox"),
    *("rep_hours", "reps", "deleted_messages", "offers", "feeds"),
    *("calendars", "meetings", "meeting_choices"),
)


# Which call a row is about: an account on hold keeps it.
_CALL_OF = {
    "calls": "id",
    **dict.fromkeys(("changes", "huddle_people", "huddle_items", "outbox"), "call_id"),
    **dict.fromkeys(("debriefs", "replies"), "call_id"),
}
_ON_HOLD = (
    "EXISTS (SELECT 1 FROM calls AS kept JOIN holds AS hold ON hold.workspace_id ="
    " kept.workspace_id AND hold.account_key = kept.account_key WHERE kept.id = {}.{})"
)


class Step(NamedTuple):
    """Rows of a table that are changed, or deleted where there is no `change`; never those of an
    account on hold.

    `whose` tells them by `:w`, the workspace, and what else the deed knows: of forgetting the
    person `:u` and the moment `:now`, of growing old the moment `:before`. It is asked once for
    all, by somebody who only reads, and once more for the few that are written at a time; where
    that would cost too much, by `still`.
    """

    table: str
    whose: str
    change: str = ""
    still: str = ""
    at_a_time: int = 100  # rows: about 5 ms of the one writing thread

    def find(self) -> str:
        return f"SELECT rowid FROM {self._those(self.whose)} AND rowid <= :last ORDER BY 1"

    def how_many(self) -> str:
        return f"SELECT count(*) FROM {self._those(self.whose)}"

    def on_hold(self) -> str:
        """One of those that stay because their account is on hold, if there is any."""
        if self.table not in _CALL_OF:
            return f"SELECT 1 FROM {self.table} WHERE 0 = 1"
        return (
            f"SELECT 1 FROM {self.table} WHERE {self.whose} AND rowid <= :last"
            f" AND {_ON_HOLD.format(self.table, _CALL_OF[self.table])} LIMIT 1"
        )

    def write(self, rows: Sequence[int]) -> str:
        these = f"rowid IN ({', '.join(map(str, rows))})"
        if self.change:
            return (
                f"UPDATE {self._those(these, f'SET {self.change}')} AND {self.still or self.whose}"
            )
        return f"DELETE FROM {self._those(these)} AND {self.still or self.whose}"

    def _those(self, which: str, change: str = "") -> str:
        free = ""
        if self.table in _CALL_OF:
            free = f" AND NOT {_ON_HOLD.format(self.table, _CALL_OF[self.table])}"
        return f"{self.table} {change} WHERE {which}{free}"


_MINE = "workspace_id = :w AND user_id = :u"
_OVER = "(calls.ends < :now OR calls.state IN ('held', 'cancelled'))"
_SEEN = "EXISTS (SELECT 1 FROM huddles AS h WHERE h.call_id = {} AND h.private = 0)"

# What a model made of words that may be the rep's: of the account's last call, or of a goal.
_WORDED = Step(
    "huddle_items",
    "workspace_id = :w AND wording IS NOT NULL AND call_id IN (SELECT id FROM calls"
    " WHERE workspace_id = :w AND account_key IN (SELECT account_key FROM calls"
    " WHERE workspace_id = :w AND (owner_id = :u"
    " OR id IN (SELECT call_id FROM debriefs WHERE workspace_id = :w AND user_id = :u))))",
    "wording = NULL, worded_by = NULL",
    still="workspace_id = :w",
)
# Calls of the rep's that no channel ever saw, and that nobody else spoke about.
_UNSEEN = f"""
    workspace_id = :w AND owner_id = :u AND NOT {_SEEN.format("calls.id")}
    AND NOT EXISTS (SELECT 1 FROM debriefs AS d WHERE d.call_id = calls.id)
    AND NOT EXISTS (SELECT 1 FROM replies AS r WHERE r.call_id = calls.id)
"""

# What was said in a channel stays as the team's; who said it does not. In this order.
_LEFT_NAMELESS = (
    Step("calls", _UNSEEN),
    Step(
        "changes",
        "workspace_id = :w AND by_id = :u AND what IN ('goal', 'items')"
        f" AND NOT {_SEEN.format('changes.call_id')}",
    ),
    Step(
        "calls",
        f"workspace_id = :w AND owner_id = :u AND NOT {_SEEN.format('calls.id')}",
        "goal = ''",
    ),
    Step(
        "huddle_people",
        f"{_MINE} AND EXISTS (SELECT 1 FROM calls WHERE calls.id = call_id AND {_OVER})",
    ),
    Step("calls", f"workspace_id = :w AND owner_id = :u AND {_OVER}", "owner_id = ''"),
    Step("huddle_items", "workspace_id = :w AND by_id = :u", "by_id = NULL"),
    Step("huddle_items", "workspace_id = :w AND added_by = :u", "added_by = NULL"),
    Step("changes", "workspace_id = :w AND by_id = :u", "by_id = ''"),
    Step(
        "changes",
        "workspace_id = :w AND what = 'people' AND ("
        "' ' || coalesce(before, '') || ' ' LIKE '% ' || :u || ' %'"
        " OR ' ' || coalesce(after, '') || ' ' LIKE '% ' || :u || ' %')",
        ", ".join(
            f"{side} = trim(replace(' ' || {side} || ' ', ' ' || :u || ' ', ' someone '))"
            for side in ("before", "after")
        ),
    ),
    Step(
        "outbox",
        "workspace_id = :w AND about LIKE '%\"' || :u || '\"%'",
        "about = replace(about, '\"' || :u || '\"', '\"\"')",
    ),
    Step("daily_tips", "workspace_id = :w AND set_by = :u AND channel_id LIKE 'D%'"),
    Step("daily_tips", "workspace_id = :w AND set_by = :u", "set_by = ''"),
    Step("daily_tips", "workspace_id = :w AND ended_by = :u", "ended_by = ''"),
    Step(
        "inbox", _MINE,
        "payload = NULL, user_id = NULL, handled_at = coalesce(handled_at, :now)",
    ),
    Step("troubles", "workspace_id = :w AND (user_id = :u OR place = :u)"),
)  # fmt: skip

STEPS = (_WORDED, *(Step(table, _MINE) for table in _OWN), *_LEFT_NAMELESS)


class Records:
    """All tables, whoever they belong to."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def tables(self) -> Iterator[TableDump]:
        """Every table that a team owns: those that name its workspace, and its posts."""
        names = [
            str(row["name"])
            for row in self._db.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for name in sorted(set(names) - set(_MACHINE)):
            named = self._db.execute("SELECT name FROM pragma_table_info(?)", [name])
            columns = tuple(str(row["name"]) for row in named)
            if name in _LIBRARY or "workspace_id" in columns:
                shown = (f"'{SECRET}'" if (name, c) in _SECRET else f"[{c}]" for c in columns)
                found = self._db.execute(f"SELECT {', '.join(shown)} FROM [{name}]")
                yield TableDump(name, columns, (tuple(row) for row in found))
