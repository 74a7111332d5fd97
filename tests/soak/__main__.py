"""`make soak`: every law in its long form, one line each; or those that are named."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak import Verdict
from tests.soak.acked import acked
from tests.soak.answered import answered
from tests.soak.burst import burst
from tests.soak.calendars import calendars
from tests.soak.crowd import crowded
from tests.soak.dates import dates
from tests.soak.kills import killed
from tests.soak.lies import lies
from tests.soak.pending import pending
from tests.soak.points import points
from tests.soak.quiet import quiet
from tests.soak.refusals import refused
from tests.soak.renewals import renewed
from tests.soak.restore import restored
from tests.soak.stops import stopped

LONG: dict[str, Callable[[Path], Verdict]] = {
    "kills": partial(killed, kills=1000),
    "points": partial(points, every=True),
    "acked": partial(acked, replies=10_000, kills=200),
    "answered": partial(answered, questions=5_000, kills=200),
    "crowd": partial(crowded, people=200),
    "dates": partial(dates, years=10),
    "burst": partial(burst, nudges=10_000, workspaces=40),
    "pending": partial(pending, nudges=100_000),
    "refusals": partial(refused, messages=800),
    "restore": partial(restored, drills=100),
    "quiet": partial(quiet, from_start=False),
    "lies": partial(lies, answers=1000),
    "believed": partial(lies, answers=1000, believed=True),
    "renewals": partial(renewed, renewals=200),
    "stops": partial(stopped, stops=1000),
    "mute": partial(quiet, from_start=True),
    "feeds": partial(calendars, feeds=100, events=2000),  # at the rate of a thousand, for a minute
}
# Only where it is named: twenty minutes.
NAMED: dict[str, Callable[[Path], Verdict]] = {
    "feeds-full": partial(calendars, feeds=1000, events=2000),
}


def main(wanted: list[str]) -> int:
    """Run the laws; 1 if one of them does not hold."""
    logging.disable()  # the faults are ours: only what comes of them is told
    kept = True
    for name in wanted or LONG:
        with TemporaryDirectory() as folder:
            verdict = (LONG | NAMED)[name](Path(folder))
        print(verdict, flush=True)
        kept = kept and verdict.holds
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
