"""What every part of the coach works with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.clock import Clock
from bot.debrief_forms import DebriefForm, load_debrief_forms
from bot.embedder import Embedder
from bot.library import Library
from bot.plays import Play, load_plays
from bot.prompts import Prompt, load_prompts
from bot.settings import Settings
from bot.store import Store
from bot.writer import Writer

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """The collaborators, opened once at start. `faults` name plays and prompts that are wrong."""

    settings: Settings
    store: Store
    clock: Clock
    library: Library
    forms: Mapping[str, DebriefForm]
    plays: Mapping[str, Play]
    prompts: Mapping[str, Prompt]
    writer: Writer
    embedder: Embedder
    faults: tuple[str, ...]

    @classmethod
    def open(
        cls,
        settings: Settings,
        clock: Clock,
        cards: Path = ROOT / "posts",
        words: Path = ROOT / "prompts",
    ) -> House:
        """Open the database of `settings` and the library, and bring its index up to date."""
        store = Store(settings.db)
        library = Library(store, cards)
        library.index()
        forms, faults = load_debrief_forms(words / "debriefs")
        plays, faulty_plays = load_plays(words / "plays")
        prompts, faulty_prompts = load_prompts(words)
        for fault in (*faults, *faulty_plays, *faulty_prompts):
            log.warning(fault)
        writer = Writer(settings, store, clock)
        embedder = Embedder(settings, store, library, writer)
        told = (*faulty_plays, *faulty_prompts)
        return cls(settings, store, clock, library, forms, plays, prompts, writer, embedder, told)

    def close(self) -> None:
        self.embedder.close()
        self.writer.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()
