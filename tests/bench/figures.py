"""How figures are taken and printed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.99) - 1)]


def line(what: str, ours: float, baseline: float, unit: str, goal: float) -> None:
    """`what: 11.8 ms, baseline 11.5 ms, 1.03 times (goal 1.3)`."""
    ratio = ours / baseline
    verdict = "" if ratio <= goal else "  MISSED"
    print(
        f"{what}: {ours:.1f} {unit}, baseline {baseline:.1f} {unit},"
        f" {ratio:.2f} times (goal {goal:g}){verdict}",
        flush=True,
    )
