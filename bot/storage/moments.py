"""Moments as the database keeps them: UTC, ISO 8601, to the millisecond, sortable as text."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """`2026-11-23T10:00:00.000Z` of an aware moment."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The aware moment, in UTC, that `to_text` wrote."""
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    """`from_text` where there may be none."""
    return from_text(text) if text else None
