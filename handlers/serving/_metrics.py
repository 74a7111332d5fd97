"""The page for Prometheus: counts and seconds of this coach; no label names a person or account.

Imported only where a port is set for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

from bot.model.budget_table import ModelBudget
from bot.outbox.figures_table import queue
from bot.version import version
from handlers.serving.vital_signs import VitalSigns

__all__ = ["CONTENT_TYPE", "Page"]

ACKS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)  # Slack waits for three seconds


class Page:
    """What is counted as it happens, and what is looked up at each asking."""

    def __init__(self, signs: VitalSigns) -> None:
        self._registry = CollectorRegistry()
        self._acks = Histogram(
            "coach_ack_seconds",
            "Seconds from a request of Slack's to its acknowledgement.",
            ["command"],
            buckets=ACKS_S,
            registry=self._registry,
        )
        self._registry.register(_Looked(signs))

    def acked(self, command: str, seconds: float) -> None:
        """One of the coach's commands, or a button or a form, was acknowledged."""
        self._acks.labels(command).observe(seconds)

    def text(self) -> bytes:
        """In the text format 0.0.4 of prometheus.io/docs/instrumenting/exposition_formats."""
        return generate_latest(self._registry)


class _Looked(Collector):
    def __init__(self, signs: VitalSigns) -> None:
        self._signs = signs

    def collect(self) -> Iterator[Metric]:
        yield _by("coach_info", "Which coach this is.", "version", {version(): 1})
        yield from self._process()
        yield from self._messages()
        yield from self._model()
        yield self._file()

    def _process(self) -> Iterator[Metric]:
        open_s = self._signs.door()
        yield Gauge("coach_link_up", "1 while Slack can reach the coach.", int(open_s is not None))
        yield Gauge("coach_link_age_seconds", "How long it has been able to.", open_s or 0)
        yield Gauge("coach_timer_age_seconds", "Since the timer last woke.", self._signs.waking_s)

    def _messages(self) -> Iterator[Metric]:
        now = self._signs.coach.now()
        found = queue(self._signs.coach.store.read, now)
        late = (now - found.oldest_due_at).total_seconds() if found.oldest_due_at else 0
        about = "Messages by what became of them: sent, unknown and dead (parked), pending …"
        yield _by("coach_messages", about, "state", found.states)
        yield Gauge("coach_messages_due", "Messages that should be said by now.", found.due)
        yield Gauge("coach_oldest_due_seconds", "How long the oldest of these waits.", late)

    def _model(self) -> Iterator[Metric]:
        coach = self._signs.coach
        calls = ModelBudget(coach.store.read).of_day(coach.now())
        by_code = {code or "ok": n for code, n, _ in calls}
        tokens = sum(each.tokens for each in calls)
        about = "Calls of a model on this day (UTC), by how they ended."
        yield _by("coach_model_calls_today", about, "code", by_code)
        yield Gauge("coach_model_tokens_today", "Tokens of these calls.", tokens)

    def _file(self) -> Metric:
        path = self._signs.coach.store.path
        files = {"database": path, "log": Path(f"{path}-wal")}
        sizes = {name: file.stat().st_size for name, file in files.items() if file.exists()}
        return _by("coach_file_bytes", "The database, and SQLite's log beside it.", "file", sizes)


def _by(name: str, about: str, label: str, values: Mapping[str, int]) -> Metric:
    family = Gauge(name, about, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
