"""The embedder: keeps a vector of every post and makes one of each question, if a model is set.

Whatever fails, search goes on without.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bot.errors import CoachError
from bot.library import Entry, Library
from bot.settings import Settings
from bot.store import Store
from bot.store.library import digest_of
from bot.vectors import Meant, Vector, unit
from bot.writer import Writer

log = logging.getLogger(__name__)

BATCH = 32  # texts in one request
TEXT = 2_000  # characters of a post: about what the smallest models read
QUESTION = 1_000
QUESTION_S = 1.0  # the most that an answer waits for the vector of its question
QUESTIONS = 500  # whose vectors are remembered
AGAIN_S = 600  # after so long what is new, or could not be done, is tried again
LIBRARY = ""  # the library belongs to no workspace, so its tokens are counted apart


class Embedder:
    """Safe to use from several threads; closed once, at the end."""

    def __init__(self, settings: Settings, store: Store, library: Library, writer: Writer) -> None:
        self._model = settings.embed_model
        self._on = bool(self._model and (settings.openai_key or settings.openai_url))
        self._store, self._library, self._writer = store, library, writer
        self._asking = ThreadPoolExecutor(4, thread_name_prefix="embedder")
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def question(self, workspace_id: str, text: str) -> Meant | None:
        """The vector of a question, if one comes in time; one that is late serves the next time."""
        text = text.strip()[:QUESTION]
        if not (self._on and text):
            return None
        if found := self._remembered(text):
            return found
        try:
            self._asking.submit(self._ask, workspace_id, text).result(QUESTION_S)
        except (TimeoutError, RuntimeError):  # too late, or the coach is stopping
            return None
        return self._remembered(text)

    def start(self) -> None:
        """Keep up with the library from a thread of its own."""
        if self._on:
            threading.Thread(target=self._keep_up, name="embedder", daemon=True).start()

    def catch_up(self, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
        """Embed every post that has no vector of its present text; returns how many still lack one.

        `progress` is told after each request how many of how many are done.
        """
        if not self._on:
            return 0
        waiting = self._waiting()
        for start in range(0, len(waiting), BATCH):
            if self._stop.is_set() or not self._embed(waiting[start : start + BATCH]):
                return len(waiting) - start
            progress(min(start + BATCH, len(waiting)), len(waiting))
        return 0

    def close(self) -> None:
        """Begin nothing more; what is under way may end by itself."""
        self._stop.set()
        self._asking.shutdown(wait=False, cancel_futures=True)

    def _keep_up(self) -> None:
        while not self._stop.is_set():
            try:
                left = self.catch_up()
                log.info("posts without a vector", extra={"left": left})
            except Exception:  # search goes on without; the next try may go better
                log.exception("posts were not embedded")
            self._stop.wait(AGAIN_S)

    def _waiting(self) -> list[tuple[str, str]]:
        """(slug, text) of the posts whose text has no vector of this model."""
        kept = self._store.read.library.embedded(self._model)
        texts = {entry.slug: text_of(entry) for entry in self._library.entries().values()}
        return [(slug, text) for slug, text in texts.items() if kept.get(slug) != digest_of(text)]

    def _embed(self, batch: Sequence[tuple[str, str]]) -> bool:
        found = self._writer.embed(LIBRARY, [text for _, text in batch])
        if found is None:
            return False
        rows = [
            (slug, digest_of(text), vector)
            for (slug, text), numbers in zip(batch, found, strict=True)
            if (vector := unit(numbers))
        ]
        with suppress(CoachError):
            self._store.write(lambda t: t.library.put_vectors(self._model, rows))
            return len(rows) == len(batch)
        return False

    def _ask(self, workspace_id: str, text: str) -> None:
        found = self._writer.embed(workspace_id, [text])
        if found and (vector := unit(found[0])):
            with self._lock:
                self._known[text] = vector
                while len(self._known) > QUESTIONS:
                    self._known.popitem(last=False)

    def _remembered(self, text: str) -> Meant | None:
        with self._lock:
            vector = self._known.get(text)
        return Meant(self._model, vector) if vector else None


def text_of(entry: Entry) -> str:
    """What stands for a post: its title with the card's lessons and questions, else its text."""
    card = entry.card
    parts = (*card.lessons, *card.asks) if card else (entry.text,)
    return "\n".join([entry.name, *parts])[:TEXT]
