#!/usr/bin/env bash
# A daily job at half past midnight does not run on the day after the clocks went forward.
#
# APScheduler 3.11.3, tzdata 2026.2, Python 3.11.
# Guessed: only times inside the missing hour are in question (02:00 to 03:00), and only on that
#   day.
# Behaviour: CronTrigger(hour=0, minute=30) runs on the night of the change and then leaves out
#   the next date, which has a 00:30 like any other. The same in New York and in Berlin, every
#   year.
# Way out: one date trigger per local date, its instant worked out by zoneinfo.
# Output:
#   America/New_York 2027: 03-13 03-14 03-16
#   Europe/Berlin 2027: 03-27 03-28 03-30
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check apscheduler==3.11.3 tzdata==2026.2
"$temp/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

CASES = {
    "America/New_York": (datetime(2027, 3, 13), ["03-13", "03-14", "03-16"]),
    "Europe/Berlin": (datetime(2027, 3, 27), ["03-27", "03-28", "03-30"]),
}
for zone, (first, expected) in CASES.items():
    trigger = CronTrigger(hour=0, minute=30, timezone=zone)
    last, now, fired = None, first.replace(tzinfo=ZoneInfo(zone)), []
    for _ in range(3):
        last = now = trigger.get_next_fire_time(last, now)
        assert (last.hour, last.minute) == (0, 30)
        fired.append(f"{last:%m-%d}")
    print(f"{zone} 2027: {' '.join(fired)}")
    assert fired == expected
PYTHON
