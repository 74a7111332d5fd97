#!/usr/bin/env bash
# A crontab line for Mondays runs on Tuesdays.
#
# APScheduler 3.11.3, Python 3.11.
# Guessed: from_crontab() reads the five fields as cron does: 0 and 7 are Sunday, 1 is Monday, and
#   where a day of the month and a weekday are both given, either will do.
# Behaviour: weekdays count from Monday = 0, so each number is a day late, and 7 is refused. A day
#   of the month and a weekday must both be true: “the 13th and each Friday” becomes far rarer.
# Way out: names (mon, fri) in place of numbers, and two triggers in place of two fields.
# Output:
#   0 9 * * 1      Tuesday
#   0 9 * * mon    Monday
#   0 9 13 * fri   2026-02-13, 2026-03-13, 2026-11-13
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check apscheduler==3.11.3
"$temp/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone

from apscheduler.triggers.cron import CronTrigger


def fires(line, count=1):
    trigger = CronTrigger.from_crontab(line, timezone="UTC")
    last, now, fired = None, datetime(2026, 1, 1, tzinfo=timezone.utc), []
    for _ in range(count):
        last = now = trigger.get_next_fire_time(last, now)
        fired.append(last)
    return fired


for line, day in (("0 9 * * 1", "Tuesday"), ("0 9 * * mon", "Monday")):
    found = f"{fires(line)[0]:%A}"
    print(f"{line:14} {found}")
    assert found == day
days = [f"{each:%Y-%m-%d}" for each in fires("0 9 13 * fri", 3)]
print("0 9 13 * fri  ", ", ".join(days))
assert days == ["2026-02-13", "2026-03-13", "2026-11-13"]
try:
    CronTrigger.from_crontab("0 9 * * 7", timezone="UTC")
except ValueError:
    pass
else:
    raise SystemExit("7 is a weekday now")
PYTHON
