"""An event or a command as Slack sent it, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

BEGUN = "begun"  # our key among Slack's in a payload


class Event(NamedTuple):
    """One event, command, form or click as Slack sent it; but for an event its id is its trigger.

    `begun` is what was done of it and the rest goes on from; {} before that.
    """

    workspace_id: str
    event_id: str
    payload: dict[str, Any]
    received_at: datetime

    @property
    def begun(self) -> dict[str, Any]:
        return dict(self.payload.get(BEGUN) or {})

    def going_on(self, **begun: Any) -> Event:
        """The same, with more that was begun."""
        return self._replace(payload=self.payload | {BEGUN: self.begun | begun})
