"""The embedder: keeps a vector of every post and makes one of each question, if a model is set.

A post's vector is the mean of those of its parts. For the local model each question of a card is a
part; an endpoint, which is paid by the token, is sent pieces of its card. Whatever fails, search
goes on without.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple, Protocol

from bot.errors import CoachError
from bot.library.citation import digest_of
from bot.library.entry import Entry
from bot.library.library import Library
from bot.model.endpoint import Endpoint
from bot.search._vectors import Meant, Vector, mean, unit
from bot.search.index_table import Index, outside_name
from bot.search.indexing import Indexing
from bot.settings import Settings
from bot.storage.store import Store

log = logging.getLogger(__name__)

BATCH = 128  # parts in one request, and those of the last post beyond
PART = 400  # characters of a part of a post
PARTS = 16  # of a post
QUESTION = 1_000
QUESTION_S = 1.0  # the most that an answer waits for the vector of its question
QUESTIONS = 500  # whose vectors are remembered
AGAIN_S = 600  # after so long what is new, or could not be done, is tried again
LIBRARY = ""  # the library belongs to no workspace, so its tokens are counted apart


class Model(Protocol):
    """What makes vectors of texts. Those of another `name` can't be compared with its own."""

    @property
    def name(self) -> str: ...

    @property
    def apart(self) -> bool:
        """Whether each question of a card is a text of its own."""

    def warm_up(self) -> None:
        """Load what the first question would wait for."""

    def known(self, digest: str) -> Vector | None:
        """The vector of a text, if it came with the model."""

    def embed(self, workspace_id: str, texts: Sequence[str]) -> list[list[float]] | None:
        """A vector for each text, in order; None if there are none to be had."""


@dataclass(frozen=True)
class EmbeddingEndpoint:
    """A model behind the endpoint of the settings."""

    name: str
    writer: Endpoint
    apart: bool = False

    def warm_up(self) -> None:
        """Nothing of it is here."""

    def known(self, digest: str) -> Vector | None:
        return None

    def embed(self, workspace_id: str, texts: Sequence[str]) -> list[list[float]] | None:
        return self.writer.embed(workspace_id, texts)


class _Waiting(NamedTuple):
    """A post, by its slug, or a topic outside, by its name, whose text has no vector yet."""

    post: str
    digest: str
    parts: tuple[str, ...]


class Meaning:
    """Safe to use from several threads; closed once, at the end."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        indexing: Indexing,
        model: Model,
    ) -> None:
        self.name, self._model = model.name, model
        self.on = settings.may_embed
        self._store, self._library, self._indexing = store, library, indexing
        # The local model does one thing at a time; more threads would only keep more memory.
        self._asking = ThreadPoolExecutor(1 if model.apart else 4, thread_name_prefix="embedder")
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def question(self, workspace_id: str, text: str) -> Meant | None:
        """The vector of a question, if one comes in time; one that is late serves the next time."""
        text = text.strip()[:QUESTION]
        if not (self.on and text):
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
        if self.on:
            threading.Thread(target=self._keep_up, name="embedder", daemon=True).start()

    @property
    def waits_for_import(self) -> bool:
        """Whether an import embeds what it brought at once; else the coach does while it runs, as
        a post takes this machine a tenth of a second."""
        return self.on and not self._model.apart

    @property
    def stays_here(self) -> bool:
        """Whether what is embedded leaves the machine for no endpoint."""
        return self.on and self._model.apart

    def catch_up(
        self,
        progress: Callable[[int, int], None] = lambda done, of: None,
        most: int | None = None,
    ) -> int:
        """Embed every text that has no vector as it is now; returns how many still lack one.

        `progress` is told after each request how many of how many are done. Of posts without a
        card at most `most` are embedded.
        """
        if not self.on:
            return 0
        waiting, done = self._shipped(self._waiting(most)), 0
        for batch in _batches(waiting):
            if self._stop.is_set() or not self._embed(batch):
                return len(waiting) - done
            done += len(batch)
            progress(done, len(waiting))
        return 0

    def close(self) -> None:
        """Begin nothing more; what is under way may end by itself."""
        self._stop.set()
        self._asking.shutdown(wait=False, cancel_futures=True)

    def _keep_up(self) -> None:
        self._model.warm_up()
        while not self._stop.is_set():
            try:
                left = self.catch_up()
                log.info("texts without a vector", extra={"left": left})
            except Exception:  # search goes on without; the next try may go better
                if self._stop.is_set():
                    return
                log.exception("posts were not embedded")
            self._stop.wait(AGAIN_S)

    def _waiting(self, most: int | None = None) -> list[_Waiting]:
        kept = Index(self._store.read).embedded(self.name)
        entries = self._library.entries()
        every = [
            _Waiting(post, digest_of("\n\n".join(parts)), parts)
            for post, parts in texts_of(
                self._library, self._indexing.outside, self._model.apart
            ).items()
        ]
        waiting = [each for each in every if kept.get(each.post) != each.digest]
        plain = {e.post for e in waiting if e.post in entries and not entries[e.post].card}
        later = set(sorted(plain)[most:]) if most is not None else set()
        return [each for each in waiting if each.post not in later]

    def _shipped(self, waiting: Sequence[_Waiting]) -> list[_Waiting]:
        """Keep the vectors that came with the model; returns what lacks one still."""
        found = [(w.post, w.digest, v) for w in waiting if (v := self._model.known(w.digest))]
        if found:
            self._store.write(lambda db: Index(db).put_vectors(self.name, found))
        done = {post for post, _, _ in found}
        return [each for each in waiting if each.post not in done]

    def _embed(self, batch: Sequence[_Waiting]) -> bool:
        found = self._model.embed(LIBRARY, [part for each in batch for part in each.parts])
        if found is None:
            return False
        vectors = iter(found)
        rows = [
            (each.post, each.digest, vector)
            for each in batch
            if (vector := mean(map(unit, islice(vectors, len(each.parts)))))
        ]
        with suppress(CoachError):
            self._store.write(lambda db: Index(db).put_vectors(self.name, rows))
            return len(rows) == len(batch)
        return False

    def _ask(self, workspace_id: str, text: str) -> None:
        found = self._model.embed(workspace_id, [text])
        if found and (vector := unit(found[0])):
            with self._lock:
                self._known[text] = vector
                while len(self._known) > QUESTIONS:
                    self._known.popitem(last=False)

    def _remembered(self, text: str) -> Meant | None:
        with self._lock:
            vector = self._known.get(text)
        return Meant(self.name, vector, self._model.apart) if vector else None


def _batches(waiting: Iterable[_Waiting]) -> Iterator[list[_Waiting]]:
    """Whole posts, until they have `BATCH` parts together."""
    batch: list[_Waiting] = []
    for each in waiting:
        batch.append(each)
        if sum(len(post.parts) for post in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def texts_of(
    library: Library, outside: Mapping[str, tuple[str, ...]], apart: bool = False
) -> dict[str, tuple[str, ...]]:
    """What is embedded: the parts of each post by its slug, and of each topic outside by its name
    in the index. `apart`: each question is a part."""
    posts = {slug: parts_of(entry, apart) for slug, entry in library.entries().items()}
    return posts | {
        outside_name(name): asks if apart else cut(asks) for name, asks in outside.items()
    }


def parts_of(entry: Entry, apart: bool = False) -> tuple[str, ...]:
    """What stands for a post: its title with the card's lessons and questions, else its text."""
    card = entry.card
    if apart and card and card.asks:
        return card.asks
    lines = (*card.lessons, *card.asks) if card else entry.text.splitlines()
    return cut((entry.name, *lines))


def cut(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines as parts that can be embedded; short ones stay together, up to `PART` characters."""
    parts = [""]
    for line in chain.from_iterable(map(_pieces, lines)):
        if len(parts[-1]) + len(line) >= PART:
            parts.append("")
        parts[-1] += f"\n{line}" if parts[-1] else line
    return tuple(filter(None, parts[:PARTS]))


def _pieces(line: str) -> list[str]:
    """The line, or the pieces of one that is longer than a part. A line without words is none."""
    if len(line) > PART:
        from textwrap import wrap  # late: only what is embedded is cut

        return wrap(line, PART)
    return [line] if line.strip() else []
