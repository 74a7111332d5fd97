"""`python -m bot backup`: a checked copy in a file or a folder, and how many a folder keeps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.audit.service import note_backup
from bot.errors import CoachError
from bot.settings import Settings
from bot.storage.backup import back_up
from bot.storage.kept_copies import drop_oldest, name_at


def run(settings: Settings, target: Path, keep: int | None, now: datetime) -> int:
    """Copy the database to `target`, in a folder under the moment's name. Raises `CoachError`.

    With `keep` the oldest copies in the folder are deleted, once the new one is whole."""
    if keep is not None and not target.is_dir():
        raise CoachError(f"--keep counts the copies in a folder, and {target} is none.")
    if keep is not None and keep < 1:
        raise CoachError("--keep takes a number from 1 on: the copy just made stays.")
    copy = target / name_at(now) if target.is_dir() else target
    size = back_up(settings.db, copy, now)
    print(f"{settings.db} was copied to {copy} and checked: {size / 1e6:.1f} MB.")
    note_backup(settings.db, now)
    if keep is not None and (gone := drop_oldest(target, keep)):
        print(f"{gone} older {'copy was' if gone == 1 else 'copies were'} deleted; {keep} stay.")
    return 0
