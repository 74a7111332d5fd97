"""A call: a conversation with a customer, planned, moved, cancelled or held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.reps import Rep

State = Literal["planned", "moved", "cancelled", "held"]


@dataclass(frozen=True)
class Call:
    """`starts` and `ends` are aware, UTC. `play` is a slug or "". `goal` may be "".

    `channel_id` is where the huddle was asked for; None for a private one or a call without one.
    "moved" means that it did not take place and no new time is known yet; a call with a new time
    is "planned" again, and the table of changes tells its story.
    """

    id: int
    owner: Rep
    account: str
    play: str
    goal: str
    starts: datetime
    ends: datetime
    channel_id: str | None
    state: State
