"""What every part of the coach works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.clock import Clock
from bot.library import Library
from bot.settings import Settings
from bot.store import Store

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """The collaborators, opened once at start."""

    settings: Settings
    store: Store
    clock: Clock
    library: Library

    @classmethod
    def open(cls, settings: Settings, clock: Clock, cards: Path = ROOT / "posts") -> House:
        """Open the database of `settings` and the library, and bring its index up to date."""
        store = Store(settings.db)
        library = Library(store, cards)
        library.index()
        return cls(settings, store, clock, library)

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()
