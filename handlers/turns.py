"""Acks go first: slow work steps aside for a moment while somebody waits to be told OK."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

SLOW_WORKERS = 4  # what follows an ack: searching, drawing, waiting for Slack
STEP_ASIDE_S = 0.25  # a crowd of twenty is acknowledged well within this; then it is our turn


class Turns:
    """Threads for slow work, and the requests that have not been acknowledged yet."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(SLOW_WORKERS, thread_name_prefix="slow")
        self._moved = threading.Condition()
        self._unacked: dict[str, float] = {}

    def ack_begins(self, request: str) -> None:
        with self._moved:
            self._unacked[request] = time.monotonic()

    def ack_over(self, request: str) -> None:
        with self._moved:
            self._unacked.pop(request, None)
            self._moved.notify_all()

    def later(self, work: Callable[..., object], *arguments: object) -> None:
        """Run `work` soon, on a thread for slow work."""
        self._threads.submit(self._run, work, arguments)

    def stop(self) -> None:
        """Finish what is under way and what waits."""
        self._threads.shutdown(wait=True)

    def _run(self, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
        with self._moved:
            self._moved.wait_for(self._nobody_waits, STEP_ASIDE_S)
        work(*arguments)

    def _nobody_waits(self) -> bool:
        """A request that was never acknowledged is forgotten after a while."""
        if self._unacked:
            old = time.monotonic() - STEP_ASIDE_S
            self._unacked = {key: at for key, at in self._unacked.items() if at > old}
        return not self._unacked
