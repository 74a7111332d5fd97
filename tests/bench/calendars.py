"""A calendar of 2,000 events, read and worked out for two days, against the libraries alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figures import line, median

EVENTS, SERIES, ROUNDS = 2_000, 200, 3
GOAL = 1.5
SINCE = datetime(2026, 11, 23, tzinfo=UTC)

_MEASURE = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
data = Path({file!r}).read_bytes()
since = datetime.fromisoformat({since!r})
until = since + timedelta(days=2)
{prepare}
start = time.perf_counter()
{work}
print((time.perf_counter() - start) * 1000, found)
"""
# In a process of its own, as the coach does: its start counts.
_PREPARE = "from bot.calendars.reading import read_apart"
_OURS = 'found = len(read_apart(data, since, until, "Europe/Berlin").meetings)'
# What a program would write that trusts its file: parse, work out each rule, keep the window.
_LIBRARIES = """
from dateutil.rrule import rrulestr
from icalendar import Calendar
"""
_THEIRS = """
found = 0
for event in Calendar.from_ical(data).walk("VEVENT"):
    starts = event["DTSTART"].dt
    if "RRULE" in event:
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=starts)
        found += len(rule.between(since, until, inc=True))
    else:
        found += since <= starts < until
"""


def run() -> None:
    """In turns, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "basic.ics")
        file.write_bytes(calendar())
        turns = [(_once(file, _PREPARE, _OURS), _once(file, _LIBRARIES, _THEIRS))
                 for _ in range(ROUNDS)]  # fmt: skip
    ours, theirs = (median(each) for each in zip(*turns, strict=True))
    line("a calendar of 2,000 events for two days (against icalendar and dateutil)", ours, theirs,
         "ms", GOAL)  # fmt: skip


def _once(file: Path, prepare: str, work: str) -> float:
    asked = _MEASURE.format(file=str(file), since=SINCE.isoformat(), prepare=prepare, work=work)
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=300
    )
    return float(done.stdout.split()[0])


def calendar() -> bytes:
    """Two years of meetings in the zone of Berlin, a tenth of them series."""
    first = datetime(2026, 1, 5, 9, tzinfo=UTC)
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:bench"]
    for n in range(EVENTS):
        starts = first + timedelta(hours=9 * n)
        rule = ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=60"] if n % (EVENTS // SERIES) == 0 else []
        parts += [
            "BEGIN:VEVENT", f"UID:{n}@bench.example", f"SUMMARY:Meeting {n}",
            f"DTSTART;TZID=Europe/Berlin:{starts:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Berlin:{starts + timedelta(hours=1):%Y%m%dT%H%M%S}", *rule,
            "DESCRIPTION:" + "An agenda that somebody wrote down with some care. " * 4,
            "ATTENDEE;CN=Sam:mailto:sam@ours.example",
            f"ATTENDEE;CN=Jo {n}:mailto:jo{n}@customer{n % 40}.example", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*parts, "END:VCALENDAR", ""]).encode()
