"""Runs every bench and prints its figures beside their goals."""

from __future__ import annotations

import sys

from tests.bench import acks, archives, calendars, ear, library, start

BENCHES = {
    "start": start.run,
    "library": library.run,
    "archives": archives.run,
    "calendars": calendars.run,
    "ear": ear.run,
    "acks": acks.run,
}

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for name, bench in BENCHES.items():
        if not wanted or name in wanted:
            bench()
