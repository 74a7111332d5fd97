"""Weights of an ONNX file: read as onnxruntime reads them, and anything else is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from bot.model._onnx_weights import read_weights

numpy = pytest.importorskip("numpy")
FLOAT, BYTE, LONG, DOUBLE = 1, 3, 7, 11  # onnx.proto3, TensorProto.DataType


def varint(number: int) -> bytes:
    low, more = number & 127, number >> 7
    return bytes([low | 128]) + varint(more) if more else bytes([low])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name: str, kind: int, raw: bytes, *dims: int, packed: bool = False) -> bytes:
    if packed:  # as proto3 writes a list of numbers; proto2, of which older files are, does not
        shape = field(1, b"".join(map(varint, dims)))
    else:
        shape = b"".join(field(1, each) for each in dims)
    return shape + field(2, kind) + field(8, name.encode()) + field(9, raw)


def model(path: Path, *tensors: bytes) -> Path:
    """A model as exporters write it: a version and a maker before the graph, a node and a fixed
    field in it."""
    graph = (
        field(1, b"\x0a\x01x") + b"\x15\x00\x00\x80\x3f" + b"".join(field(5, t) for t in tensors)
    )
    whole = field(1, 8) + field(2, b"an exporter") + field(7, graph) + field(8, b"\x10\x0e")
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_names_shapes_and_numbers_come_out_in_the_order_of_the_file(
    tmp_path: Path, packed: bool
) -> None:
    floats = struct.pack("<6f", 0.0, 1.5, -2.25, 3e-8, 65504.0, -0.0)
    many = bytes(range(256)) + bytes(44)
    found = read_weights(model(
        tmp_path / "a.onnx",
        tensor("z.weight", FLOAT, floats, 2, 3, packed=packed),
        tensor("a.weight_q", BYTE, many, 300, 1, packed=packed),
        tensor("shape", LONG, struct.pack("<2q", -1, 2**40), 2, packed=packed),
        tensor("scale", FLOAT, struct.pack("<f", 0.5)),
    ))  # fmt: skip
    assert list(found) == ["z.weight", "a.weight_q", "shape", "scale"]
    expected = numpy.array([[0.0, 1.5, -2.25], [3e-8, 65504.0, -0.0]], "f4")
    assert numpy.array_equal(found["z.weight"], expected)
    assert found["a.weight_q"].shape == (300, 1)
    assert found["a.weight_q"][[127, 128, 255], 0].tolist() == [127, -128, -1]
    assert found["shape"].tolist() == [-1, 2**40]
    assert (found["scale"].shape, float(found["scale"])) == ((), 0.5)


def test_a_tensor_of_a_kind_that_we_do_not_use_has_no_numbers(tmp_path: Path) -> None:
    found = read_weights(model(tmp_path / "a.onnx", tensor("x", DOUBLE, bytes(8), 1)))
    assert found == {"x": None}


@law(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_whatever_else_a_file_holds_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.onnx").write_bytes(content)
    try:
        found = read_weights(tmp_path / "a.onnx")
    except ValueError:
        return
    assert all(value is None for value in found.values())


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = model(tmp_path / "a.onnx", tensor("w", FLOAT, struct.pack("<8f", *range(8)), 2, 4))
    path.write_bytes(path.read_bytes()[: -4 - cut])  # four bytes follow the graph
    with pytest.raises(ValueError):
        read_weights(path)
