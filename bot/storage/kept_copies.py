"""Copies of the database in a folder: named by the moment, and no more of them than wanted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.storage.backup import is_copy

_NAME = re.compile(r"coach-\d{8}T\d{6}Z\.db")


def name_at(now: datetime) -> str:
    """Such as `coach-20261201T142500Z.db`, in UTC: sorted by name they are sorted by age."""
    return f"coach-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"


def drop_oldest(folder: Path, keep: int) -> int:
    """Delete the oldest copies beyond `keep`; how many were. What has another name, or holds
    anything but a copy of the coach's, stays and does not count."""
    named = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    copies = [path for path in named if is_copy(path)]
    old = copies[: len(copies) - keep] if len(copies) > keep else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
