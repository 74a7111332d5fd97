"""MiniLM: the six layers of all-MiniLM-L6-v2, computed with numpy from 8-bit weights.

Numbers are those of the file, multiplied out layer by layer at load (43 MB); the table of words
stays on disk, of which a text needs a few rows. Against onnxruntime on the same file: the same
vectors to five digits, 10 to 15 ms for a question in place of 6, and 110 MB of memory less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

HEADS = 12
TINY = 1e-12  # of BERT's layer norm
_Array = Any


class _Layer(NamedTuple):
    """Weights and biases, inputs down and outputs across; query, key and value side by side."""

    attend: tuple[_Array, _Array]
    attended: tuple[_Array, _Array]
    norm: tuple[_Array, _Array]
    widen: tuple[_Array, _Array]
    narrow: tuple[_Array, _Array]
    last_norm: tuple[_Array, _Array]


class MiniLM:
    """Turns word pieces into vectors. Holds nothing but numbers: safe from several threads."""

    def __init__(self, weights: Mapping[str, _Array]) -> None:
        """`weights` as `read_weights` finds them. Raises KeyError for those of another model."""
        import numpy

        known = {name.removeprefix("inner."): array for name, array in weights.items()}
        words = "embeddings.word_embeddings.weight"
        self._words, self._word_scale = known[f"{words}_q"], known[f"{words}_scale"]
        places = "embeddings.position_embeddings.weight"
        self._places = _scaled(known[f"{places}_q"], known[f"{places}_scale"])
        self._places += known["embeddings.token_type_embeddings.weight"][0]
        self._norm = _pair(known, "embeddings.LayerNorm")
        # The matrices have numbers for names, and come in the order in which they are used.
        found = [name for name in known if name.startswith("val_") and name.endswith("_q")]
        matrices = [_scaled(known[name], known[f"{name[:-1]}scale"]) for name in found]
        self._layers = [
            _layer(known, n, matrices[6 * n : 6 * n + 6], numpy) for n in range(len(found) // 6)
        ]

    def vectors(self, ids: Sequence[Sequence[int]], mask: Sequence[Sequence[int]]) -> _Array:
        """The mean over the pieces of each text, which is how this model was trained.

        `ids` and `mask` have a row for each text, all of one length; `mask` is 1 for a piece.
        """
        import numpy

        pieces, there = numpy.asarray(ids), numpy.asarray(mask, dtype=numpy.float32)
        x = _scaled(self._words[pieces], self._word_scale[pieces])
        x = _normed(x + self._places[: pieces.shape[1]], self._norm)
        unseen = (1 - there)[:, None, None, :] * -1e9
        for layer in self._layers:
            x = _through(layer, x, unseen)
        return (x * there[:, :, None]).sum(1) / there.sum(1)[:, None]


def _scaled(numbers: _Array, scale: _Array) -> _Array:
    return numbers.astype("float32") * scale


def _pair(known: Mapping[str, _Array], name: str) -> tuple[_Array, _Array]:
    return known[f"{name}.weight"], known[f"{name}.bias"]


def _layer(known: Mapping[str, _Array], n: int, six: Sequence[_Array], numpy: Any) -> _Layer:
    own = f"encoder.layer.{n}."
    each = [known[f"{own}attention.self.{name}.bias"] for name in ("query", "key", "value")]
    return _Layer(
        (numpy.concatenate(six[:3], axis=1), numpy.concatenate(each)),
        (six[3], known[f"{own}attention.output.dense.bias"]),
        _pair(known, f"{own}attention.output.LayerNorm"),
        (six[4], known[f"{own}intermediate.dense.bias"]),
        (six[5], known[f"{own}output.dense.bias"]),
        _pair(known, f"{own}output.LayerNorm"),
    )


def _through(layer: _Layer, x: _Array, unseen: _Array) -> _Array:
    x = _normed(x + _times(_attended(x, layer, unseen), layer.attended), layer.norm)
    return _normed(x + _times(_gelu(_times(x, layer.widen)), layer.narrow), layer.last_norm)


def _attended(x: _Array, layer: _Layer, unseen: _Array) -> _Array:
    import numpy

    texts, pieces, size = x.shape
    three = _times(x, layer.attend).reshape(texts, pieces, 3, HEADS, size // HEADS)
    query, key, value = three.transpose(2, 0, 3, 1, 4)
    near = query @ key.swapaxes(-1, -2) / numpy.float32((size // HEADS) ** 0.5) + unseen
    near = numpy.exp(near - near.max(-1, keepdims=True))
    near /= near.sum(-1, keepdims=True)
    return (near @ value).swapaxes(1, 2).reshape(texts, pieces, size)


def _times(x: _Array, layer: tuple[_Array, _Array]) -> _Array:
    weight, bias = layer
    texts, pieces, size = x.shape
    return (x.reshape(-1, size) @ weight + bias).reshape(texts, pieces, -1)


def _normed(x: _Array, norm: tuple[_Array, _Array]) -> _Array:
    weight, bias = norm
    x = x - x.mean(-1, keepdims=True)
    return x / ((x * x).mean(-1, keepdims=True) + TINY) ** 0.5 * weight + bias


def _gelu(x: _Array) -> _Array:
    """x times the share of a normal distribution below it; the error function is Abramowitz and
    Stegun's 7.1.26, good to 1.5e-7."""
    import numpy

    far = numpy.abs(x) * numpy.float32(0.5**0.5)
    t = 1 / (1 + numpy.float32(0.3275911) * far)
    poly = numpy.float32(1.061405429)
    for term in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly = poly * t + numpy.float32(term)
    erf = 1 - poly * t * numpy.exp(-far * far)
    return x * (1 + numpy.copysign(erf, x)) / 2
