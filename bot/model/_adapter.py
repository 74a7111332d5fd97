"""The adapter: a square matrix that turns the local model's vectors towards what tells cards apart.

Made by `python -m tests.eval.train_adapter` from the cards and the topics outside alone; see
`asks_adapter.md`. The same file holds the vectors of the texts it was learnt from, so that a first
start has nothing to embed; each is known by the digest of its text, so none is ever stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("asks_adapter.npz")


class Adapter(NamedTuple):
    """`vectors` are of length one, by the digests of the texts that they stand for."""

    matrix: Any
    vectors: Mapping[str, tuple[float, ...]]


@cache
def digest(path: Path = FILE) -> str:
    """Eight hex digits that name the file's content; "" without one."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""


@cache
def load(path: Path = FILE) -> Adapter | None:
    """The adapter; None if there is none. Needs numpy."""
    import numpy

    if not path.is_file():
        return None
    with numpy.load(path, allow_pickle=False) as kept:
        rows = kept["vectors"].astype("float32")
        vectors = {
            str(d): tuple(row.tolist()) for d, row in zip(kept["digests"], rows, strict=True)
        }
        return Adapter(kept["matrix"].astype("float32"), vectors)


def turned(rows: Any, matrix: Any) -> Any:
    """The rows through the matrix, each of length one."""
    rows = rows @ matrix
    return rows / (rows * rows).sum(-1, keepdims=True) ** 0.5


def save(matrix: Any, vectors: Mapping[str, Sequence[float]], path: Path = FILE) -> None:
    """Keep them as half floats: 295 kB and 0.8 kB for each text."""
    import numpy

    rows = numpy.array([*vectors.values()], dtype="float16")
    numpy.savez(path, matrix=matrix.astype("float16"), digests=[*vectors], vectors=rows)
