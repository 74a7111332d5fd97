"""A search with the local model against the same by words alone, in one run, and its memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.model.local_embedding import LocalEmbedding
from bot.settings import LOCAL, NO_MODEL, Settings
from tests.bench.figures import line, median

ROUNDS, CROWDS, GOAL = 60, (1, 20), 2.5
MEMORY_MB = 200
SITUATIONS = (
    "they went quiet after the demo",
    "purchasing wants twenty percent off before the quarter ends",
    "my engineer took over the call and lost the room",
    "who should see the roadmap before we have an order",
)


def run() -> None:
    """Print both, where the model is installed. Each question is new, as its vector is kept."""
    if not LocalEmbedding.installed():
        return
    with tempfile.TemporaryDirectory() as folder:
        taken: dict[tuple[str, int], list[float]] = {}
        for name in (LOCAL, NO_MODEL):
            coach = _tips(Path(folder) / f"{name}.db", name)
            for crowd in CROWDS:
                taken[name, crowd] = _asked(coach.tips.preview, crowd, f"{name} {crowd}")
            coach.close()
        for crowd, held in _memory_alone(Path(folder) / f"{LOCAL}.db").items():
            line(f"memory with the local model, {crowd} at a time", held, MEMORY_MB, "MB", 1.0)
    for crowd in CROWDS:
        title = f"tip with the local model, {crowd} at a time, median (against without)"
        line(title, median(taken[LOCAL, crowd]), median(taken[NO_MODEL, crowd]), "ms", GOAL)


def _tips(db: Path, name: str) -> Coach:
    coach = Coach(Settings(db=db, embed_model=name), SystemClock())
    coach.meaning.catch_up()
    coach.tips.preview("anything at all about a buyer")
    return coach


def _asked(ask: Callable[[str], object], crowd: int, salt: str) -> list[float]:
    """Milliseconds of each of `ROUNDS` answers, `crowd` asked at once."""
    taken = []
    with ThreadPoolExecutor(crowd) as threads:
        for turn in range(max(2, ROUNDS // crowd)):
            together = threading.Barrier(crowd)

            def one(n: int, turn: int = turn, together: threading.Barrier = together) -> float:
                words = f"{SITUATIONS[(n + turn) % len(SITUATIONS)]} {salt} {turn} {n}"
                together.wait()
                start = time.perf_counter()
                ask(words)
                return (time.perf_counter() - start) * 1000

            taken += threads.map(one, range(crowd))
    return taken


def _memory_alone(db: Path) -> dict[str, float]:
    """MB of a process that has what the coach has, and nothing of the other benches."""
    run = [sys.executable, "-m", "tests.bench.ear", str(db)]
    return dict(json.loads(subprocess.run(run, check=True, capture_output=True).stdout))


def _show_memory(db: Path) -> None:
    """Print the MB of this process by how many ask at once, as JSON."""
    import handlers.app  # noqa: F401 - Bolt and all that listens

    coach = _tips(db, LOCAL)
    held = {}
    for crowd in CROWDS:
        _asked(coach.tips.preview, crowd, f"memory {crowd}")
        held[crowd] = _memory()
    coach.close()
    print(json.dumps(held))


def _memory() -> float:
    """MB that this process holds now (Linux); 0 where the system does not tell."""
    told = Path("/proc/self/status")
    rows = told.read_text().splitlines() if told.is_file() else []
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    _show_memory(Path(sys.argv[1]))
