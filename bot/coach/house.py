"""What every part of the coach works with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.clock import Clock
from bot.debrief_forms import DebriefForm, load_debrief_forms
from bot.library import Library
from bot.plays import Play, load_plays
from bot.settings import Settings
from bot.store import Store

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """The collaborators, opened once at start. `faults` name each play that can't be read."""

    settings: Settings
    store: Store
    clock: Clock
    library: Library
    forms: Mapping[str, DebriefForm]
    plays: Mapping[str, Play]
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
        for fault in (*faults, *faulty_plays):
            log.warning(fault)
        return cls(settings, store, clock, library, forms, plays, tuple(faulty_plays))

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()
