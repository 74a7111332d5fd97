"""Rows as nouns and back: a dataclass whose fields are called as the columns of its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from bot.storage.database import Value
from bot.storage.moments import to_text

T = TypeVar("T")


def noun(kind: type[T], row: Mapping[str, Any], **more: Any) -> T:
    """A `kind` of a row: its moments, days, flags and choices as the fields say them.

    `more` are fields that no column has, or not as they are; columns without a field are left out.
    Raises `msgspec.ValidationError`, a ValueError, where a value is none that we could have kept.
    """
    from msgspec import convert  # late: 8 ms, and a start reads no such row

    return convert({**row, **more}, kind, strict=False)


def values_of(noun: object, names: Iterable[str]) -> dict[str, Value]:
    """What the fields of these names say, as a row keeps it."""
    return {name: _kept(getattr(noun, name)) for name in names}


def _kept(value: Any) -> Value:
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    kept: Value = int(value) if isinstance(value, bool) else value
    return kept
