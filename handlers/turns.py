"""Acks go first: slow work steps aside for a moment while somebody waits to be told OK."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

SLOW_WORKERS = 4  # what follows an ack: searching, drawing, waiting for Slack
QUIET_S = 0.03  # a crowd arrives within this; nobody notices it in an answer
STEP_ASIDE_S = 0.25  # a crowd of twenty is acknowledged well within this; then it is our turn


class Turns:
    """Threads for slow work, and the requests that have not been acknowledged yet."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(SLOW_WORKERS, thread_name_prefix="slow")
        self._moved = threading.Condition()
        self._unacked: set[str] = set()
        self._last = 0.0

    def ack_begins(self, request: str) -> None:
        with self._moved:
            self._unacked.add(request)
            self._last = time.monotonic()

    def ack_over(self, request: str) -> None:
        with self._moved:
            self._unacked.discard(request)
            self._moved.notify_all()

    def later(self, work: Callable[..., object], *arguments: object) -> None:
        """Run `work` soon, on a thread for slow work."""
        self._threads.submit(self._run, work, arguments)

    def stop(self) -> None:
        """Finish what is under way and what waits."""
        self._threads.shutdown(wait=True)

    def _run(self, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
        self._step_aside()
        work(*arguments)

    def _step_aside(self) -> None:
        """Until nobody waits and nobody came for a moment, or long enough."""
        until = time.monotonic() + STEP_ASIDE_S
        with self._moved:
            while (now := time.monotonic()) < until:
                quiet = self._last + QUIET_S - now
                if not self._unacked and quiet <= 0:
                    return
                self._moved.wait(until - now if self._unacked else quiet)
            self._unacked.clear()  # whoever was never acknowledged holds nobody up again
