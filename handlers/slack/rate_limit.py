"""How fast the coach may speak unasked, by the clock: nothing here waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple


class Allowance(NamedTuple):
    """So many a minute, of which so many at once."""

    a_minute: int
    at_once: int


# docs.slack.dev/apis/web-api/rate-limits: about one message a second in a conversation, "several
# hundred" a minute in a workspace, and 50 or more a minute for reading a history (tier 3).
A_SECOND = timedelta(seconds=1)
MESSAGES = Allowance(300, 10)
LOOK_UPS = Allowance(40, 10)


@dataclass
class Bucket:
    """A budget that fills steadily. It starts full."""

    allowance: Allowance
    left: float
    at: datetime

    @classmethod
    def of(cls, allowance: Allowance, now: datetime) -> Bucket:
        return cls(allowance, allowance.at_once, now)

    def take(self, now: datetime) -> bool:
        """Spend one, if there is one. A clock that was set back takes nothing away."""
        if now < self.at:
            return False
        minutes = (now - self.at) / timedelta(minutes=1)
        self.left = min(self.allowance.at_once, self.left + minutes * self.allowance.a_minute)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def pause(self, until: datetime) -> None:
        """Allow nothing before `until`: Slack said so."""
        self.left, self.at = 1, max(self.at, until)


RETRY = timedelta(minutes=1)  # after trouble before a post, when nothing can have been said


LOOK_AGAIN = timedelta(seconds=30)
