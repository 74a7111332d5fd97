"""The cards that are shipped: read anew only when a file changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from bot.library.post import PostCard, load_cards

FORM = 5  # raise it when what is kept of a card changes


class Shipped(NamedTuple):
    """The cards by slug, and a sentence for each fault of a file; `digest` is of all files."""

    digest: str
    cards: dict[str, PostCard]
    faults: tuple[str, ...]


def shipped(cards: Path, kept: Callable[[], str | None]) -> Shipped:
    """What the files say; `kept` is asked for what was kept of them.

    Parsing them takes a tenth of a second. They are parsed once in a process, however often a
    coach begins in it.
    """
    now = digest(cards)
    with _LOCK:
        if now not in _PARSED:
            _PARSED.clear()
            _PARSED[now] = from_text(kept(), now) or _read_files(cards, now)
        return _PARSED[now]


_PARSED: dict[str, Shipped] = {}  # by the digest of the files
_LOCK = Lock()


def _read_files(cards: Path, digest: str) -> Shipped:
    found, faults = load_cards(cards)
    return Shipped(digest, found, tuple(faults))


def digest(cards: Path) -> str:
    """Changes with every byte and every name of the files."""
    whole = hashlib.sha256(str(FORM).encode())
    for path in _files(cards):
        content = path.read_bytes()
        whole.update(f"{path.name} {len(content)} ".encode() + content)
    return whole.hexdigest()[:16]


def _files(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.md"))


def to_text(shipped: Shipped) -> str:
    """JSON, to be kept until a file changes."""
    rows = [list(asdict(card).values()) for card in shipped.cards.values()]
    return json.dumps([shipped.digest, shipped.faults, rows], default=date.isoformat)


def from_text(kept: str | None, digest: str) -> Shipped | None:
    """What was kept of the files with this digest; None if it is of others, or can't be read."""
    try:
        of, faults, rows = json.loads(kept or "")
        cards = [_card(row) for row in rows] if of == digest else None
    except (ValueError, TypeError):
        return None
    if cards is None:
        return None
    return Shipped(digest, {card.slug: card for card in cards}, tuple(faults))


_NAMES = [field.name for field in fields(PostCard)]


def _card(row: list[Any]) -> PostCard:
    values = dict(zip(_NAMES, row, strict=True))
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    values["published"] = values["published"] and date.fromisoformat(values["published"])
    return PostCard(**values)
