"""Every table at once: for handing out all that a team owns, and for forgetting a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text


class TableDump(NamedTuple):
    """One table as it stands; each row has a value for each column."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


_LIBRARY = ("posts", "old_texts")
# Names a workspace, and says nothing about it; or passes by within a day.
_MACHINE = ("handled", "offers")

# A rep's own words and settings: gone without a trace.
_OWN = (
    *("replies", "debriefs", "feedback", "gaps", "choices", "questions", "tips_said", "outbox"),
    *("rep_hours", "reps", "deleted_messages", "offers", "feeds"),
)

# Calls of the rep's that no channel ever saw, and that nobody else spoke about.
_UNSEEN = """
    workspace_id = :w AND owner_id = :u
    AND id NOT IN (SELECT call_id FROM huddles WHERE private = 0)
    AND id NOT IN (SELECT call_id FROM debriefs) AND id NOT IN
        (SELECT call_id FROM replies WHERE call_id IS NOT NULL)
"""
_OVER = "workspace_id = :w AND owner_id = :u AND (ends < :now OR state IN ('held', 'cancelled'))"

# What a model made of words that may be the rep's: of the account's last call, or of a goal.
_WORDED = """
    UPDATE huddle_items SET wording = NULL, worded_by = NULL WHERE workspace_id = :w
    AND wording IS NOT NULL AND call_id IN (SELECT id FROM calls WHERE workspace_id = :w
        AND account_key IN (SELECT account_key FROM calls WHERE workspace_id = :w AND (
            owner_id = :u OR id IN (SELECT call_id FROM debriefs WHERE user_id = :u))))
"""

# What was said in a channel stays as the team's; who said it does not. In this order.
_LEFT_NAMELESS = (
    f"DELETE FROM calls WHERE {_UNSEEN}",
    "DELETE FROM changes WHERE workspace_id = :w AND by_id = :u AND what IN ('goal', 'items')"
    " AND call_id NOT IN (SELECT call_id FROM huddles WHERE private = 0)",
    "UPDATE calls SET goal = '' WHERE workspace_id = :w AND owner_id = :u"
    " AND id NOT IN (SELECT call_id FROM huddles WHERE private = 0)",
    "DELETE FROM huddle_people WHERE workspace_id = :w AND user_id = :u AND call_id IN"
    " (SELECT id FROM calls WHERE ends < :now OR state IN ('held', 'cancelled'))",
    f"UPDATE calls SET owner_id = '' WHERE {_OVER}",
    "UPDATE huddle_items SET by_id = NULL WHERE workspace_id = :w AND by_id = :u",
    "UPDATE huddle_items SET added_by = NULL WHERE workspace_id = :w AND added_by = :u",
    "UPDATE changes SET by_id = '' WHERE workspace_id = :w AND by_id = :u",
    *(
        f"UPDATE changes SET {side} = trim(replace(' ' || {side} || ' ', ' ' || :u || ' ',"
        " ' someone ')) WHERE workspace_id = :w AND what = 'people'"
        for side in ("before", "after")
    ),
    "UPDATE outbox SET about = replace(about, '\"' || :u || '\"', '\"\"')"
    " WHERE workspace_id = :w AND about LIKE '%\"' || :u || '\"%'",
    "DELETE FROM daily_tips WHERE workspace_id = :w AND set_by = :u AND channel_id LIKE 'D%'",
    "UPDATE daily_tips SET set_by = '' WHERE workspace_id = :w AND set_by = :u",
    "UPDATE daily_tips SET ended_by = '' WHERE workspace_id = :w AND ended_by = :u",
    "UPDATE inbox SET payload = NULL, user_id = NULL, handled_at = coalesce(handled_at, :now)"
    " WHERE workspace_id = :w AND user_id = :u",
    "DELETE FROM troubles WHERE workspace_id = :w AND (user_id = :u OR place = :u)",
)


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
                found = self._db.execute(f"SELECT * FROM [{name}]")
                yield TableDump(name, columns, (tuple(row) for row in found))

    def forget(self, rep: Rep, now: datetime) -> None:
        """Delete what is the rep's own, and take their name from what is the team's."""
        who = {"w": rep.workspace_id, "u": rep.user_id, "now": to_text(now)}
        self._db.execute(_WORDED, who)
        for table in _OWN:
            self._db.execute(f"DELETE FROM {table} WHERE workspace_id = :w AND user_id = :u", who)
        for statement in _LEFT_NAMELESS:
            self._db.execute(statement, who)
