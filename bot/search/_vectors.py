"""Vectors: what a text means as a model puts it into numbers, and how near two texts come."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, sqrt
from operator import mul
from typing import NamedTuple

Vector = tuple[float, ...]  # of length 1


class Meant(NamedTuple):
    """A question as a model puts it into numbers; it compares with vectors of that model alone.

    `local` tells whether the weights of sureness for the local model hold.
    """

    model: str
    vector: Vector
    local: bool = False


def unit(numbers: Sequence[float]) -> Vector | None:
    """The vector made one long; None for one without a direction."""
    length = sqrt(sum(map(mul, numbers, numbers)))
    if not length or not isfinite(length):
        return None
    return tuple(number / length for number in numbers)


def mean(vectors: Iterable[Vector | None]) -> Vector | None:
    """The direction between them; None without any, or where they differ in length."""
    known = [vector for vector in vectors if vector]
    if len({len(vector) for vector in known}) != 1:
        return None
    return unit([sum(numbers) for numbers in zip(*known, strict=True)])


def cosine(one: Vector, other: Vector) -> float:
    """1 for the same direction, 0 for nothing in common."""
    return float(sum(map(mul, one, other)))


def cosines(kept: Mapping[int, bytes], vector: Vector) -> dict[int, float]:
    """How near each of these comes, kept by `to_bytes`; one of another length is left out."""
    fit = {n: each for n, each in kept.items() if len(each) == 4 * len(vector)}
    try:
        import numpy  # 100 posts take 3 ms without
    except ImportError:
        return {n: cosine(from_bytes(each), vector) for n, each in fit.items()}
    rows = numpy.frombuffer(b"".join(fit.values()), "<f4").reshape(len(fit), len(vector))
    return dict(zip(fit, (rows @ numpy.array(vector, "<f4")).tolist(), strict=True))


def to_bytes(vector: Vector) -> bytes:
    """Four bytes a number, the least significant first."""
    return struct.pack(f"<{len(vector)}f", *vector)


def from_bytes(kept: bytes) -> Vector:
    return struct.unpack(f"<{len(kept) // 4}f", kept)
