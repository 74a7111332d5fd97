#!/usr/bin/env bash
# The second file's own time zone is ignored where an earlier file used the same name for another.
#
# icalendar 7.3.2, Python 3.11.
# Guessed: a VTIMEZONE holds for the file that it stands in, as RFC 5545 says.
# Behaviour: a zone that a file defines is kept by its name for the life of the process, and the
#   first definition wins. Exchange names every zone it has no name for “Customized Time Zone”, so
#   in a process that reads several people's calendars a meeting can be hours off.
# Way out: give the zones of each file names of their own first, or read each file in its own
#   process.
# Output:
#   first file,  UTC+05:30: 10:00 is 04:30 UTC
#   second file, UTC-03:00: 10:00 is 04:30 UTC (13:00 in a new process)
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check icalendar==7.3.2
"$temp/venv/bin/python" - <<'PYTHON'
import subprocess
import sys

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20270101T000000Z
SUMMARY:Call
DTSTART;TZID=Customized Time Zone:20270201T100000
DTEND;TZID=Customized Time Zone:20270201T110000
END:VEVENT
END:VCALENDAR
"""
READ = f"""
import sys
from datetime import timezone
from icalendar import Calendar
for offset in sys.argv[1:]:
    text = {CALENDAR!r}.format(offset=offset).replace("\\n", "\\r\\n")
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    print(event.start.astimezone(timezone.utc).strftime("%H:%M"))
"""


def starts(*offsets):
    """When the meeting of each file begins, in UTC, read one after the other by one process."""
    done = subprocess.run(
        [sys.executable, "-c", READ, *offsets], check=True, capture_output=True, text=True
    )
    return done.stdout.split()


first, second = starts("+0530", "-0300")
(alone,) = starts("-0300")
print(f"first file,  UTC+05:30: 10:00 is {first} UTC")
print(f"second file, UTC-03:00: 10:00 is {second} UTC ({alone} in a new process)")
assert (first, second, alone) == ("04:30", "04:30", "13:00")
PYTHON
