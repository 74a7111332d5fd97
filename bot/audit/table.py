"""The audit log: when somebody did what, in codes and counts, and never in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, NamedTuple

from bot.storage.database import Database, insert
from bot.storage.moments import from_text, to_text

Act = Literal[
    "settings", "export", "forget", "import", "remove", "backup", "erase", "keep", "hold"
]  # fmt: skip
MACHINE = "the machine"  # a command line, the environment, or the coach on its own
# A name of our own, perhaps with how many; or the name of a setting, or one of Slack's ids.
_CODE = re.compile(r"[a-z_]{1,40}(=\d{1,12})?|[A-Z][A-Z0-9_]{1,40}")


class Noted(NamedTuple):
    """One act. `at` is UTC; `workspace_id` is "" where it was about the whole file; `who` is a
    user id, or `MACHINE`."""

    workspace_id: str
    at: datetime
    who: str
    what: str
    codes: str


class Audit:
    """Acts in the order in which they were done; none is ever changed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(
        self, who: tuple[str, str] | None, what: Act, now: datetime, *codes: str, place: str = ""
    ) -> None:
        """Note an act of this rep's, or of the machine's (about a workspace: `place`), in the
        transaction that does it. Raises ValueError for a code that might be somebody's words."""
        if strange := [code for code in codes if not _CODE.fullmatch(code)]:
            raise ValueError(f"{len(strange)} codes are none")
        workspace_id, user_id = who or (place, MACHINE)
        row = {"workspace_id": workspace_id, "at": to_text(now), "who": user_id, "what": what}
        insert(self._db, "audit", {**row, "codes": " ".join(codes)})

    def did(self, who: tuple[str, str], what: Act, since: datetime) -> bool:
        """Whether the rep did so since then: what is pressed again is noted once."""
        found = self._db.value(
            "SELECT count(*) FROM audit WHERE workspace_id = ? AND who = ? AND what = ? AND at > ?",
            [*who, what, to_text(since)],
        )
        return bool(found)

    def has(self, noted: Noted) -> bool:
        """Whether the very same was noted before."""
        return bool(
            self._db.value(
                "SELECT count(*) FROM audit WHERE workspace_id = ? AND at = ? AND who = ?"
                " AND what = ? AND codes = ?",
                [*noted._replace(at=to_text(noted.at))],  # type: ignore[arg-type]
            )
        )

    def all(self) -> list[Noted]:
        """Every act, the oldest first."""
        rows = self._db.query("SELECT workspace_id, at, who, what, codes FROM audit ORDER BY id")
        return [Noted(**{**row, "at": from_text(row["at"])}) for row in rows]
