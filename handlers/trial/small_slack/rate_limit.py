"""Slack's limits on messages, for the tests that ask for them: by the clock of the small Slack."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

A_MINUTE = timedelta(minutes=1)
A_SECOND = timedelta(seconds=1)


class Tier:
    """So many calls of one method in so long in a workspace; the rest are told how long to wait.

    docs.slack.dev/apis/web-api/rate-limits, "Web API rate limits"; chat.update is of tier 3, 50 or
    more a minute.
    """

    def __init__(self, calls: int, within: timedelta = A_MINUTE) -> None:
        self.calls, self.within = calls, within
        self.refused = 0
        self.while_waiting = 0  # calls that came before the time that was asked for was over
        self._lately: dict[str, deque[datetime]] = defaultdict(deque)
        self._until: dict[str, datetime] = {}

    def take(self, team: str, now: datetime) -> int:
        """0 if the method may be called now, else the seconds to wait."""
        lately = self._lately[team]
        while lately and now - lately[0] >= self.within:
            lately.popleft()
        if len(lately) < self.calls:
            lately.append(now)
            return 0
        self.refused += 1
        self.while_waiting += now < self._until.get(team, now)
        wait = math.ceil((lately[0] + self.within - now).total_seconds())
        self._until[team] = now + timedelta(seconds=wait)
        return wait

    def left(self, team: str, now: datetime) -> timedelta:
        """For how long the app was asked to wait still."""
        return max(self._until.get(team, now) - now, timedelta(0))


class Pace:
    """One message a second in a channel, so many a minute in a workspace.

    docs.slack.dev/apis/web-api/rate-limits; "several hundred" a minute is what it says.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self.refused = 0
        self._spoken: dict[str, datetime] = {}
        self._lately: dict[str, deque[datetime]] = defaultdict(deque)

    def take(self, team: str, channel: str, now: datetime) -> int:
        """0 if a message may be posted now, else the seconds to wait."""
        lately = self._lately[team]
        while lately and now - lately[0] >= A_MINUTE:
            lately.popleft()
        too_soon = channel in self._spoken and now - self._spoken[channel] < A_SECOND
        if too_soon or len(lately) >= self.a_minute:
            self.refused += 1
            return 1 if too_soon else 60
        self._spoken[channel] = now
        lately.append(now)
        return 0
