"""Start-up time and memory, against `import slack_bolt` alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import line, median

ROUNDS = 7

_MEASURE = """
import re, time
start = time.perf_counter()
{work}
ms = (time.perf_counter() - start) * 1000
mb = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(ms, mb)
"""
_BASELINE = "import slack_bolt"
_COACH = """
from pathlib import Path
from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import Bot
settings = Settings(db=Path({db!r}), bot_token="xoxb-1", signing_secret="s")
Bot(Coach(settings, SystemClock()), Scheduler(SystemClock()))
import sys
assert "openai" not in sys.modules
"""


def run() -> None:
    """Both in turn, so that whatever else the machine does falls on both alike."""
    with tempfile.TemporaryDirectory() as folder:
        coach = _COACH.format(db=str(Path(folder) / "coach.db"))
        for work in (coach, _BASELINE):  # makes the database and the bytecode, once in their life
            _once(work, folder)
        pairs = [(_once(coach, folder), _once(_BASELINE, folder)) for _ in range(ROUNDS)]
    for n, (what, unit) in enumerate((("start-up", "ms"), ("memory at start", "MB"))):
        ours = median([pair[0][n] for pair in pairs])
        line(what, ours, median([pair[1][n] for pair in pairs]), unit, 2)


def _once(work: str, folder: str) -> tuple[float, float]:
    """Milliseconds and MB of one start, from bytecode that is kept in `folder`."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(work=work)],
        env=env | {"PYTHONPYCACHEPREFIX": folder},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    ms, mb = done.stdout.split()
    return float(ms), float(mb)
