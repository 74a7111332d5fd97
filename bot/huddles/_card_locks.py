"""Who draws and who posts which card: one at a time, and it is neither older nor there twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


class KeyedLock:
    """The cards that are being posted. Safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way: set[int] = set()

    @contextmanager
    def alone(self, call_id: int) -> Iterator[None]:
        """Once nobody else posts the card of this call; where it stands is to be read inside."""
        with self._changed:
            self._changed.wait_for(lambda: call_id not in self._under_way)
            self._under_way.add(call_id)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.discard(call_id)
                self._changed.notify_all()


class Coalescer:
    """Each drawing reads what is true after it began, and one card has one at a time.

    Moments are of the monotonic clock. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[int, bool] = {}  # call id → something changed since it was read
        self._not_before: dict[int, timedelta] = {}

    def begin(self, call_id: int, now: timedelta) -> bool:
        """Whether to draw now. If not, whoever draws already draws once more, or a later waking
        does: a card that has to wait is not tried at each change."""
        with self._lock:
            if self._waits(call_id, now):
                return False
            if call_id in self._under_way:
                self._under_way[call_id] = True
                return False
            self._under_way[call_id] = False
            return True

    def again(self, call_id: int) -> bool:
        """Whether something changed meanwhile. If not, the drawing is over."""
        with self._lock:
            if self._under_way[call_id]:
                self._under_way[call_id] = False
                return True
            del self._under_way[call_id]
            self._not_before.pop(call_id, None)
            return False

    def failed(self, call_id: int, not_before: timedelta) -> None:
        """The drawing is over, and the next try has to wait."""
        with self._lock:
            self._under_way.pop(call_id, None)
            self._not_before[call_id] = not_before

    def wanted(self, call_id: int, now: timedelta) -> bool:
        """Whether nobody draws it, and it need not wait."""
        with self._lock:
            return call_id not in self._under_way and not self._waits(call_id, now)

    def _waits(self, call_id: int, now: timedelta) -> bool:
        until = self._not_before.get(call_id)
        return until is not None and now < until
