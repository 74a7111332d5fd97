"""A step over many rows, done a few at a time between what others write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from bot.records.table import Step
from bot.storage.database import Database
from bot.storage.store import Store


def all_but_the_last(store: Store, step: Step, values: Mapping[str, object]) -> Sequence[int]:
    """Write the step's rows but for the last few, which are returned: they are for the transaction
    that ends the step. Raises `NotSaved`; what was written till then stays so."""
    rows = [row[0] for row in store.read.rows(step.find(), values)]
    while len(rows) > step.at_a_time:
        these, rows = rows[: step.at_a_time], rows[step.at_a_time :]
        store.write(partial(_write, step=step, rows=these, values=values))
    return rows


def write_all(store: Store, step: Step, values: Mapping[str, object]) -> None:
    """Write all of the step's rows. Raises `NotSaved`; what was written till then stays so."""
    if rest := all_but_the_last(store, step, values):
        store.write(partial(_write, step=step, rows=rest, values=values))


def _write(db: Database, step: Step, rows: Sequence[int], values: Mapping[str, object]) -> None:
    db.execute(step.write(rows), values)
