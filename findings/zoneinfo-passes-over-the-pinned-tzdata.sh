#!/usr/bin/env bash
# The tzdata that is pinned and installed is not the one that zoneinfo reads.
#
# tzdata 2025.2 beside the files of 2024.1, Python 3.11's zoneinfo.
# Guessed: with tzdata==2025.2 in the requirements every machine works out the same times.
# Behaviour: zone files of the host come first, the package only where a zone has none. On a host
#   with older files Paraguay (which gave up winter time in 2024) stays an hour off in July, while
#   importlib.metadata reports the new package. Nothing is logged.
# Way out: PYTHONTZPATH="" (or zoneinfo.reset_tzpath(to=[])), and then the package is read.
# Output:
#   installed: tzdata 2025.2
#   host with files of 2024.1: Asuncion in July 2025 is UTC-04:00
#   PYTHONTZPATH="":           Asuncion in July 2025 is UTC-03:00
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check tzdata==2025.2
# The host of the example: zone files in a folder, as an older distribution has them.
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --target "$temp/host" tzdata==2024.1
export HOST_FILES="$temp/host/tzdata/zoneinfo"
"$temp/venv/bin/python" - <<'PYTHON'
import os
import subprocess
import sys
from importlib.metadata import version

READ = """
from datetime import datetime
from zoneinfo import ZoneInfo
print(f"{datetime(2025, 7, 1, 12, tzinfo=ZoneInfo('America/Asuncion')):%z}")
"""


def offset(path):
    """What a new process makes of it whose host keeps its zone files at `path`."""
    done = subprocess.run(
        [sys.executable, "-c", READ],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONTZPATH": path},
    )
    return f"UTC{done.stdout[:3]}:{done.stdout[3:5]}"


print("installed: tzdata", version("tzdata"))
host, package = offset(os.environ["HOST_FILES"]), offset("")
print(f"host with files of 2024.1: Asuncion in July 2025 is {host}")
print(f'PYTHONTZPATH="":           Asuncion in July 2025 is {package}')
assert (host, package) == ("UTC-04:00", "UTC-03:00")
PYTHON
