"""Whether a rep was offered a meeting that became a call: who was hears no more before it."""

from __future__ import annotations

from bot.people.rep import Rep
from bot.storage.database import Database

MEETING_OFFER = "meeting_offer"


def offered(db: Database, rep: Rep, call_id: int) -> bool:
    """Whether the calendar's offer for this call was said to the rep, or may have been."""
    found = db.one(
        "SELECT 1 FROM outbox WHERE workspace_id = ? AND recipient = ? AND kind = ?"
        " AND call_id = ? AND state IN ('sent', 'sending', 'unknown')",
        [*rep, MEETING_OFFER, call_id],
    )
    return found is not None
