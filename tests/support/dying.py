"""A store that dies in the middle of something."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

T = TypeVar("T")


class Dies(Store):
    """A store that is gone before the transaction of that number."""

    def __init__(self, path: Path, at: int) -> None:
        super().__init__(path)
        self.left = at

    def write(self, work: Callable[[Database], T]) -> T:
        if not self.left:
            raise NotSaved("gone")
        self.left -= 1
        return super().write(work)
