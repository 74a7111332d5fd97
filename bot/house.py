"""What every part of the coach works with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from bot.clock.now import Clock
from bot.debriefs.form import DebriefForm, load_debrief_forms
from bot.huddles.play import Play, load_plays
from bot.library.library import Library
from bot.model.endpoint import Writer
from bot.model.local_embedding import LocalModel
from bot.model.prompts import Prompt, load_prompts
from bot.search.meaning import Embedder
from bot.settings import Settings
from bot.storage.store import Store

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Words:
    """The files that a manager may edit. `faults` name plays and prompts that are wrong."""

    forms: Mapping[str, DebriefForm]
    plays: Mapping[str, Play]
    prompts: Mapping[str, Prompt]
    faults: tuple[str, ...]


def read_words(folder: Path = ROOT / "prompts") -> Words:
    forms, faults = load_debrief_forms(folder / "debriefs")
    plays, faulty_plays = load_plays(folder / "plays")
    prompts, faulty_prompts = load_prompts(folder)
    for fault in (*faults, *faulty_plays, *faulty_prompts):
        log.warning(fault)
    return Words(forms, plays, prompts, (*faulty_plays, *faulty_prompts))


@dataclass(frozen=True)
class House:
    """The collaborators, opened once at start."""

    settings: Settings
    store: Store
    clock: Clock
    library: Library
    writer: Writer
    embedder: Embedder
    read_words: Callable[[], Words]

    @classmethod
    def open(
        cls,
        settings: Settings,
        clock: Clock,
        cards: Path = ROOT / "posts",
        words: Callable[[], Words] = read_words,
    ) -> House:
        """Open the database of `settings` and the library, and bring its index up to date."""
        store = Store(settings.db)
        library = Library(store, cards)
        library.index()
        writer = Writer(settings, store, clock)
        model = LocalModel() if settings.embeds_here else writer
        embedder = Embedder(settings, store, library, model)
        return cls(settings, store, clock, library, writer, embedder, words)

    @cached_property
    def words(self) -> Words:
        """Plays, debrief forms and prompts: read at first use, and right after the door opens."""
        return self.read_words()

    @property
    def forms(self) -> Mapping[str, DebriefForm]:
        return self.words.forms

    @property
    def plays(self) -> Mapping[str, Play]:
        return self.words.plays

    @property
    def prompts(self) -> Mapping[str, Prompt]:
        return self.words.prompts

    @property
    def faults(self) -> tuple[str, ...]:
        return self.words.faults

    def close(self) -> None:
        self.embedder.close()
        self.writer.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()
