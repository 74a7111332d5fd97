"""What grows old: the rows of each table that retention deletes, in which order."""

from __future__ import annotations

from bot.records.table import Step

CALL = 10  # calls at a time: each takes a card with its items along
_OLD_CALLS = "(SELECT id FROM calls WHERE workspace_id = :w AND ends < :before)"


def _of_old_calls(table: str) -> Step:
    return Step(table, f"workspace_id = :w AND call_id IN {_OLD_CALLS}")


def _since(table: str, column: str, more: str = "") -> Step:
    return Step(table, f"workspace_id = :w AND {column} < :before{more}")


# What somebody who decides about it is told the number of.
COUNTED = {
    "call": Step("calls", "workspace_id = :w AND ends < :before", at_a_time=CALL),
    "debrief": _of_old_calls("debriefs"),
    "reply": Step(
        "replies",
        f"workspace_id = :w AND (call_id IN {_OLD_CALLS}"
        " OR (call_id IS NULL AND said_at < :before))",
    ),
    "tip": _since("tips_said", "said_at"),
    "question": _since("questions", "asked_at"),
}

_CALLS_LAST = ("reply", "debrief", "question", "tip", "call")
AGED = (
    *(COUNTED[noun] for noun in _CALLS_LAST),
    _since("meetings", "ends"),
    _since("gaps", "asked_at"),
    _since("choices", "offered_at"),
    _since("inbox", "received_at"),
    _since("sent_before", "at"),
    _since("deleted_messages", "deleted_at"),
    _since("offers", "made_at", " AND state IN ('done', 'left', 'gone')"),
    _since("troubles", "cleared_at"),
    _since("model_calls", "asked_at"),
    # What was said is not said again: its key is of a day, a message or a call that is gone.
    _since("outbox", "wanted_at", " AND call_id IS NULL AND state IN ('sent', 'skipped', 'dead')"),
)
