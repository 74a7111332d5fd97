"""A rep: someone the coach talks to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from bot.clock.local_time import NOT_KNOWN
from bot.clock.told_zone import Doubt, doubt_of


class Rep(NamedTuple):
    """Who asks. The workspace travels inside the rep, so that no query can forget it."""

    workspace_id: str
    user_id: str


@dataclass(frozen=True)
class Profile:
    """What Slack tells of a rep: the name people call them, a zone as `zone_told` has it, and the
    locale in which they use Slack ("de-DE"); "" where it did not say. `away_until` (UTC) is when
    they are back by their status.

    `is_fresh`: the coach would have heard of another zone since.
    """

    name: str
    zone: str
    locale: str = ""
    is_fresh: bool = True
    away_until: datetime | None = None

    @property
    def doubt(self) -> Doubt | Literal["stale"]:
        """Why a time of day that the rep types can't be trusted; "" where it can."""
        return doubt_of(self.zone) or ("" if self.is_fresh else "stale")


UNKNOWN = Profile("", NOT_KNOWN, is_fresh=False)
