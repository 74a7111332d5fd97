"""Time enters the coach here: wall time names moments, and how long to wait is told without it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC. It may be set back, and forward, at any time."""
        ...

    def elapsed(self) -> timedelta:
        """Since some moment in the past. It never goes back, whatever the wall clock does."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic())


class HandClock:
    """A clock set by hand, for the tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._elapsed = timedelta(0)

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> timedelta:
        return self._elapsed

    def set(self, now: datetime) -> None:
        """Move to `now`, which must be aware: time goes by if that lies ahead."""
        then = now.astimezone(UTC)
        self._elapsed += max(then - self._now, timedelta(0))
        self._now = then

    def forward(self, **span: float) -> None:
        """Move on by a span in the words of `timedelta`: `forward(hours=1)`."""
        self.set(self._now + timedelta(**span))

    def correct(self, **span: float) -> None:
        """Set the wall clock back or forward, as a host does; no time goes by."""
        self._now += timedelta(**span)


class MovableClock:
    """The machine's own clock, moved forward: it goes on by itself. For the browser trial."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic()) + self.ahead

    def move_to(self, then: datetime) -> None:
        """Let it be `then` now, which must be aware; what has gone by does not come again."""
        self.ahead += max(then - self.now(), timedelta(0))
