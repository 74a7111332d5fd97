"""A calendar is read in a process of its own, with bounds on its time and memory.

A file is somebody else's: some rules take seconds to work out, and what a parser keeps of one file
would colour the next. So each is read apart, at low priority, and what ends it ends nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import NamedTuple

from bot.calendars.meeting import NotACalendar, Reading

REFUSED = 3  # the process's status where the file is no calendar; the sentence is what it printed
TOO_MUCH = "The calendar took too long to read. Share one that has fewer old entries, if you can."


class Bounds(NamedTuple):
    """What reading one file may take: processor seconds, bytes of memory; `wait_s` by the clock."""

    cpu_s: int = 20
    memory: int = 600_000_000
    wait_s: float = 60


USUAL = Bounds()


def read_apart(
    data: bytes, since: datetime, until: datetime, zone: str, bounds: Bounds = USUAL
) -> Reading:
    """The meetings that begin from `since` to before `until`, both aware. `zone` is the rep's.

    Raises `NotACalendar` with a sentence for the rep.
    """
    import msgspec

    words = [since.isoformat(), until.isoformat(), zone, str(bounds.cpu_s), str(bounds.memory)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.calendars._apart", *words],
            input=data, capture_output=True, timeout=bounds.wait_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise NotACalendar(TOO_MUCH) from late
    if done.returncode == REFUSED:
        raise NotACalendar(done.stdout.decode())
    if done.returncode:
        raise NotACalendar(TOO_MUCH)
    return msgspec.json.decode(done.stdout, type=Reading)
