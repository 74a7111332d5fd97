"""A word to stop, from a host or the keyboard: heard at any moment, and obeyed in time.

Python runs a signal's handler between two steps of its main thread, so not while that thread waits
inside SQLite or is told to too early. The number of a signal is also written to a pipe, from C, at
once (signal.set_wakeup_fd); a thread of its own reads that.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

FINISH_S = 8  # what is under way has so long after a signal; most hosts kill after ten seconds
SIGNS = (signal.SIGTERM, signal.SIGINT)


class _Ear:
    """What was heard so far, in this process."""

    def __init__(self) -> None:
        self.listens = False
        self.begun = False  # whether there is work that must be finished first
        self.told = threading.Event()


_ear = _Ear()


def hear() -> None:
    """From here on a signal is heard. Until `work_begins` it ends the process at once, status 0:
    nothing is open yet, and the file bears it. To be called by the main thread; twice is fine."""
    if _ear.listens:
        return
    _ear.listens = True
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for sign in SIGNS:
        signal.signal(sign, _nothing)
    threading.Thread(target=_listen, args=(reading,), name="signals", daemon=True).start()


def work_begins() -> None:
    """From here on a signal lets what is under way be finished, for at most `FINISH_S`."""
    _ear.begun = True


def listen_for_the_end() -> Callable[[], object]:
    """What waits until a signal says to stop. Listen before the door opens: one may come any time.
    Whatever hangs then, the process ends in time."""
    hear()
    work_begins()
    return _ear.told.wait


def _nothing(number: int, frame: object) -> None:
    """The pipe has it already. There must be a handler, or Python would not write there."""


def _listen(reading: int) -> None:
    while not set(os.read(reading, 64)) & set(SIGNS):
        pass
    if not _ear.begun:
        os._exit(0)
    _ear.told.set()
    time.sleep(FINISH_S)
    leave()


def leave() -> None:
    """Go, whatever hangs. A message under way is looked up at the next start, as after a crash."""
    log.warning("stopped while Slack had not answered yet")
    logging.shutdown()
    os._exit(0)
