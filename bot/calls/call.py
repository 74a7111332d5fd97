"""A call: a conversation with a customer, planned, moved, cancelled or held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.calls.account import account_key
from bot.people.rep import Rep

State = Literal["planned", "moved", "cancelled", "held"]


@dataclass(frozen=True)
class Call:
    """`starts` and `ends` are aware, UTC. `play` is a slug or "". `goal` may be "".

    `channel_id` is where the huddle was asked for; None for a private one or a call without one.
    "moved" means that it did not take place and no new time is known yet; a call with a new time
    is "planned" again, and the table of changes tells its story. A `review` is a huddle about a
    deal and no call: it starts and ends when it was asked for, and nobody is asked how it went.
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
    review: bool = False

    @property
    def account_key(self) -> str:
        return account_key(self.account)

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


class Change(NamedTuple):
    """One thing that became another: `what` is a column of the call, "people" or "item 7"."""

    what: str
    before: str | None
    after: str | None
    by_id: str
    at: datetime
