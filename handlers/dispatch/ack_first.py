"""Acks go first: slow work steps aside for a moment while somebody waits to be told OK."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 4  # of each kind, for what follows an ack: searching, drawing, waiting for Slack
QUIET_S = 0.03  # a crowd arrives within this; nobody notices it in an answer
LOOK_S = 0.01  # between two looks whether somebody waits
STEP_ASIDE_S = 0.25  # a crowd of twenty is acknowledged well within this; then it is our turn


class AckFirst:
    """Threads for slow work, and the requests that have not been acknowledged yet.

    What somebody waits for, a form or an answer, has threads apart: a Slack that is slow to post a
    card holds up no form, whose trigger lives three seconds.
    """

    def __init__(self) -> None:
        self._soon = ThreadPoolExecutor(WORKERS, thread_name_prefix="soon")
        self._later = ThreadPoolExecutor(WORKERS, thread_name_prefix="later")
        self._unacked: set[str] = set()
        self._one_looks = threading.Lock()
        self._last = 0.0

    def ack_begins(self, request: str) -> None:
        self._unacked.add(request)
        self._last = time.monotonic()

    def ack_over(self, request: str) -> None:
        self._unacked.discard(request)

    def soon(self, work: Callable[..., object], *arguments: object) -> None:
        """Run `work`, for which somebody waits."""
        self._soon.submit(self._run, work, arguments)

    def later(self, work: Callable[..., object], *arguments: object) -> None:
        """Run `work` that may take its time."""
        self._later.submit(self._run, work, arguments)

    def stop(self) -> None:
        """Finish what is under way and what waits: first what may leave something for later."""
        self._soon.shutdown(wait=True)
        self._later.shutdown(wait=True)

    def _run(self, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
        self._step_aside()
        work(*arguments)

    def _step_aside(self) -> None:
        """Until nobody waits and nobody came for a moment, or long enough.

        One thread looks for all, now and then: to be woken by each ack would cost the next one its
        turn.
        """
        until = time.monotonic() + STEP_ASIDE_S
        with self._one_looks:
            while self._unacked or time.monotonic() < self._last + QUIET_S:
                if time.monotonic() > until:
                    self._unacked.clear()  # whoever was never acknowledged holds nobody up again
                    return
                time.sleep(LOOK_S)
