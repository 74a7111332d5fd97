"""A rep's calendar: where it is, what the rep wants of it, and what was last seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.fetching.fetcher import Validators
from bot.people.rep import Rep

Which = Literal["customers", "known"]

EVERY = timedelta(minutes=10)  # between two looks, at the least
SELDOM = timedelta(hours=2)  # between two looks at one that fails again and again, at the most
MINUTES = (5, 10, 15, 30, 60)  # before a meeting


@dataclass(frozen=True)
class Wishes:
    """What the form holds beside the address.

    `which`: meetings that look like customers' ones, or those alone whose account is known.
    `channel_id`: where cards go, "" for the rep's own messages. `each`: every meeting is offered,
    however many a day; else offers count among what is said unasked.
    """

    minutes: int = 15
    which: Which = "customers"
    channel_id: str = ""
    each: bool = False


@dataclass(frozen=True)
class Calendar:
    """`address` is as it is kept, sealed perhaps. `myself` is the rep's own address in it, "" where
    it does not tell.

    `digest` is of the last good file, `read_until` how far its meetings are known, `unread` how
    many of its events could not be read. `failing` says why it did not come, `failures` how often
    in a row; "" and 0 if it did. `shrunk_since`: since when much of it is missing.
    """

    id: int
    rep: Rep
    address: str
    wishes: Wishes
    myself: str
    seen: Validators
    digest: str
    read_until: datetime | None
    unread: int
    failing: str
    failures: int
    failing_since: datetime | None
    shrunk_since: datetime | None
    set_at: datetime
    next_at: datetime
    looked_at: datetime | None


def wait_after(failures: int) -> timedelta:
    """Until the next look, after so many in a row that failed."""
    return min(EVERY * (1 << min(max(failures - 1, 0), 8)), SELDOM)
