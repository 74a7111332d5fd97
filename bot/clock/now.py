"""Time enters the coach here, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class HandClock:
    """A clock set by hand, for the tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Move to `now`, which must be aware."""
        self._now = now.astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move on by a span in the words of `timedelta`: `forward(hours=1)`."""
        self._now += timedelta(**span)


class MovableClock:
    """The machine's own clock, moved forward: it goes on by itself. For the browser trial."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_to(self, then: datetime) -> None:
        """Let it be `then` now, which must be aware; what has gone by does not come again."""
        self.ahead += max(then - self.now(), timedelta(0))
