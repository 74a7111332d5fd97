"""Runs every bench and prints its figures beside their goals."""

from __future__ import annotations

import sys

from tests.bench import acks, archives, library, start

if __name__ == "__main__":
    wanted = sys.argv[1:]
    benches = {
        "start": start.run,
        "library": library.run,
        "archives": archives.run,
        "acks": acks.run,
    }
    for name, bench in benches.items():
        if not wanted or name in wanted:
            bench()
