"""Runs every bench and prints its figures beside their goals."""

from __future__ import annotations

import sys

from tests.bench import acks, library, start

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for name, bench in {"start": start.run, "library": library.run, "acks": acks.run}.items():
        if not wanted or name in wanted:
            bench()
