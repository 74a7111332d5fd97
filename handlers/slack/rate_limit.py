"""How fast the coach may speak, and how long Slack asks to wait: nothing here waits itself.

All moments are of the monotonic clock (`Clock.elapsed`): the wall clock may be set at any time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from bot.clock.now import Clock


class Allowance(NamedTuple):
    """So many a minute, of which so many at once."""

    a_minute: int
    at_once: int


# docs.slack.dev/apis/web-api/rate-limits: about one message a second in a conversation, "several
# hundred" a minute in a workspace, and 50 or more a minute for reading a history (tier 3).
A_SECOND = timedelta(seconds=1)
MESSAGES = Allowance(300, 10)
LOOK_UPS = Allowance(40, 10)
# The same page: a method is limited in each workspace, and messages in each channel besides.
BY_CHANNEL = frozenset(("chat.postMessage",))
LIMITED = ("ratelimited", "rate_limited")  # Slack's two words for it


@dataclass
class Bucket:
    """A budget that fills steadily. It starts full. `at` is when it was last counted."""

    allowance: Allowance
    left: float
    at: timedelta

    @classmethod
    def of(cls, allowance: Allowance, now: timedelta) -> Bucket:
        return cls(allowance, allowance.at_once, now)

    def take(self, now: timedelta) -> bool:
        """Spend one, if there is one."""
        minutes = (now - self.at) / timedelta(minutes=1)
        self.left = min(self.allowance.at_once, self.left + minutes * self.allowance.a_minute)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Waits:
    """What Slack's `Retry-After` has closed: a method in a workspace, a message in a channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[tuple[str, str, str], timedelta] = {}

    def ask(self, workspace_id: str, method: str, channel_id: str, wait: timedelta) -> None:
        """Slack asks to wait. Where it does so in two channels at once, it means the workspace."""
        place = channel_id if method in BY_CHANNEL else ""
        now = self._clock.elapsed()
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > now}
            others = {key for key in self._until if key[:2] == (workspace_id, method)}
            if others - {(workspace_id, method, place)}:
                place = ""
            self._until[workspace_id, method, place] = now + wait

    def left(self, workspace_id: str, method: str, channel_id: str) -> timedelta:
        """For how long nothing is to be asked; nothing for no time."""
        keys = ((workspace_id, method, channel_id), (workspace_id, method, ""))
        with self._lock:
            until = max(self._until.get(key, timedelta(0)) for key in keys)
        return max(until - self._clock.elapsed(), timedelta(0))


RETRY = timedelta(minutes=1)  # after trouble before a post, when nothing can have been said


LOOK_AGAIN = timedelta(seconds=30)
