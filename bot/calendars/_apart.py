"""The process that reads one calendar: the file comes in, its meetings go out as JSON."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import msgspec

from bot.calendars.meeting import NotACalendar
from bot.calendars.reading import REFUSED

LOWEST = 19


def main(words: list[str]) -> int:
    since, until, zone, cpu_s, memory = words
    _bound(int(cpu_s), int(memory))
    from bot.calendars._ics import read  # under the bounds

    try:
        found = read(
            sys.stdin.buffer.read(),
            datetime.fromisoformat(since),
            datetime.fromisoformat(until),
            zone,
        )
    except NotACalendar as error:
        sys.stdout.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


def _bound(cpu_s: int, memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    os.nice(LOWEST)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    if sys.platform != "darwin":  # where the limit is known, and not kept
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
