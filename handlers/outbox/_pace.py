"""When whose turn is: how fast, how many at once, and what waits a while; nothing here waits.

All by the monotonic clock: a host that sets its clock stops nothing, and hurries nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from bot.clock.now import Clock
from bot.outbox.message import Lane, OutboxMessage
from handlers.slack.rate_limit import A_SECOND, Allowance, Bucket

EACH = 4  # threads that one workspace's hanging Slack may hold


class Pace:
    """Kept by the `Deliverer`, under its lock."""

    def __init__(self, clock: Clock, settle: timedelta) -> None:
        self._clock, self._settle = clock, settle
        self._started = clock.elapsed()
        self._held = Counter[str]()  # threads, by workspace
        self._spoken: dict[str, timedelta] = {}
        self._not_before: dict[tuple[Lane, Allowance], timedelta] = {}
        self._claimed: dict[int, timedelta] = {}
        self._budgets: dict[tuple[str, Allowance], Bucket] = {}

    def begins(self, lane: Lane, allowance: Allowance) -> bool:
        """Whether a thread may be spent on it now; if so it is held until `ended`."""
        workspace_id, now = lane.recipient.workspace_id, self._clock.elapsed()
        if self._held[workspace_id] >= EACH or not self.may(lane, allowance):
            return False
        if now - self._spoken.get(lane.recipient.id, now - A_SECOND) < A_SECOND:
            return False
        key = (workspace_id, allowance)
        if not self._budgets.setdefault(key, Bucket.of(allowance, now)).take(now):
            return False
        self._held[workspace_id] += 1
        return True

    def ended(self, workspace_id: str) -> None:
        self._held[workspace_id] -= 1

    def may(self, lane: Lane, allowance: Allowance) -> bool:
        """Whether it was put off by `later`, and not for so long."""
        until = self._not_before.get((lane, allowance))
        if until is not None and until > self._clock.elapsed():
            return False
        self._not_before.pop((lane, allowance), None)
        return True

    def later(self, lane: Lane, allowance: Allowance, delay: timedelta) -> None:
        self._not_before[lane, allowance] = self._clock.elapsed() + delay

    def spoke(self, recipient_id: str) -> None:
        now = self._clock.elapsed()
        if len(self._spoken) > 10_000:
            self._spoken = {p: at for p, at in self._spoken.items() if now - at < A_SECOND}
        self._spoken[recipient_id] = now

    # What may still land ------------------------------------------------------------------

    def claimed(self, messages: Sequence[OutboxMessage]) -> None:
        """These are being said from now on."""
        now = self._clock.elapsed()
        if len(self._claimed) > 10_000:  # what can't land any more is settled without it, too
            self._claimed = {n: at for n, at in self._claimed.items() if now - at < self._settle}
        self._claimed |= {message.id: now for message in messages}

    def since_claimed(self, message: OutboxMessage) -> timedelta | None:
        """How long ago it was claimed; None of what another coach claimed."""
        claimed = self._claimed.get(message.id)
        return None if claimed is None else self._clock.elapsed() - claimed

    def settled(self, message: OutboxMessage) -> bool:
        """Whether it can't land any more. Of what another coach claimed the file tells when, and
        if its clock or ours was set since, our own start."""
        if (since := self.since_claimed(message)) is not None:
            return since >= self._settle
        at = message.attempt_at
        said_so = at is None or self._clock.now() - at >= self._settle
        return said_so or self._clock.elapsed() - self._started >= self._settle
