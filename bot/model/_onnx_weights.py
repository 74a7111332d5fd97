"""Weights of an ONNX file, without the runtime: names, shapes and raw numbers, mapped from disk.

Reads what is needed of the format (protobuf fields of `ModelProto.graph.initializer`, see
onnx.ai/onnx/api/classes.html#tensorproto) and no more: the coach computes six small layers itself
and saves 80 MB of disk and 100 MB of memory by it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GRAPH, INITIALIZER = 7, 5  # field numbers: of a model, of a graph
DIMS, TYPE, NAME, RAW = 1, 2, 8, 9  # … of a tensor
TYPES = {1: "<f4", 3: "<i1", 7: "<i8"}  # as numpy calls them

CUT_OFF = "the file ends in the middle"

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_weights(path: Path) -> dict[str, Any]:
    """The arrays by name, in the order of the file. What is not read stays on disk.

    Raises ValueError for a file of another kind, or of which the end is missing.
    """
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    graph = next((value for field, value in _fields(whole) if field == GRAPH), None)
    if not isinstance(graph, memoryview):
        raise ValueError(f"{path.name} holds no ONNX graph")
    tensors = (value for field, value in _fields(graph) if field == INITIALIZER)
    return dict(_array(each) for each in tensors if isinstance(each, memoryview))


def _array(tensor: memoryview) -> tuple[str, Any]:
    import numpy  # late: only where the local model is used

    shape: list[int] = []
    name, kind, raw = "", "", memoryview(b"")
    for field, value in _fields(tensor):
        if field == DIMS:
            shape += [value] if isinstance(value, int) else list(_varints(value))
        elif field == TYPE and isinstance(value, int):
            kind = TYPES.get(value, "")
        elif field == NAME and isinstance(value, memoryview):
            name = bytes(value).decode()
        elif field == RAW and isinstance(value, memoryview):
            raw = value
    known = bool(kind and raw)
    return name, numpy.frombuffer(raw, kind).reshape(shape) if known else None


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The field numbers of a protobuf message with their values (protobuf.dev/…/encoding)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in (_FIXED32, _FIXED64):
            length = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("this is no protobuf message")
        if at + length > len(message):
            raise ValueError(CUT_OFF)
        yield key >> 3, message[at : at + length]
        at += length


def _varints(packed: memoryview) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message):
            raise ValueError(CUT_OFF)
        byte = message[at]
        value, at, shift = value | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return value, at
