#!/usr/bin/env bash
# A weekly series that is kept in UTC moves by an hour when a clock changes somewhere else.
#
# recurring-ical-events 3.8.2, icalendar 7.3.2, x-wr-timezone 2.0.1, Python 3.11.
# Guessed: DTSTART:…Z with an RRULE recurs in UTC (RFC 5545), and X-WR-TIMEZONE, which many
#   calendars write, only names the zone to show it in.
# Behaviour: of() turns the start into that zone before it expands the rule, so the instants shift
#   at the zone's clock change. The same file without that line stays at 14:00 UTC.
# Way out: take X-WR-TIMEZONE out before expanding; show the results in that zone.
# Output:
#   without X-WR-TIMEZONE: 03-22 14:00, 03-29 14:00, 04-05 14:00
#   with Europe/Berlin:    03-22 14:00, 03-29 13:00, 04-05 13:00
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check \
    recurring-ical-events==3.8.2 icalendar==7.3.2 x-wr-timezone==2.0.1 tzdata==2026.2
"$temp/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone

import recurring_ical_events
from icalendar import Calendar

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
{line}BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20270101T000000Z
SUMMARY:Call
DTSTART:20270322T140000Z
DTEND:20270322T150000Z
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


def instants(line):
    calendar = Calendar.from_ical(CALENDAR.format(line=line).replace("\n", "\r\n"))
    found = recurring_ical_events.of(calendar).between(datetime(2027, 3, 1), datetime(2027, 5, 1))
    utc = sorted(event.start.astimezone(timezone.utc) for event in found)
    return ", ".join(f"{each:%m-%d %H:%M}" for each in utc)


without, within = instants(""), instants("X-WR-TIMEZONE:Europe/Berlin\n")
print("without X-WR-TIMEZONE:", without)
print("with Europe/Berlin:   ", within)
assert without == "03-22 14:00, 03-29 14:00, 04-05 14:00"
assert within == "03-22 14:00, 03-29 13:00, 04-05 13:00"
PYTHON
