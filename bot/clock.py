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
    """A clock set by hand: the tests use it, and the browser trial's "one hour later"."""

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
