"""`python -m bot erase WORKSPACE`: deletes all that is a workspace's, and each byte of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bot.coach import Coach

BUSY = (
    "The file is busy, so not all of it is gone yet. Run the same again, or start the coach: it"
    " goes on by itself."
)

HELD = (
    "On hold, so nothing was deleted: {accounts}. A manager ends a hold in Slack, by `/coach hold"
    " ACCOUNT off`. Where nobody can any more, all of it goes with the file."
)


def erase(coach: Coach, workspace_id: str, sure: bool = False) -> int:
    """Count, ask, delete, and say how many rows; 1 if nothing was deleted, or not all of it."""
    counts = coach.erasing.counts(workspace_id)
    if not counts:
        known = ", ".join(coach.erasing.workspaces()) or "none"
        print(f"Nothing is kept of {workspace_id}. Workspaces here: {known}.", file=sys.stderr)
        return 1
    for line in _lines(counts):
        print(line)
    if held := coach.retention.on_hold(workspace_id):
        print(HELD.format(accounts=", ".join(held)), file=sys.stderr)
        return 1
    if not (sure or _yes(workspace_id)):
        print("Nothing was deleted.")
        return 1
    coach.erasing.begin(workspace_id)
    if not coach.erasing.finish():
        print(BUSY, file=sys.stderr)
        return 1
    print(
        f"{sum(counts.values())} rows of {workspace_id} are deleted, and overwritten on the disk."
        " Its audit log has one line left, which says so. Not reached: imported posts (`python -m"
        " bot remove`), backups, exports, and what stands in Slack."
    )
    return 0


def _lines(counts: Mapping[str, int]) -> list[str]:
    return [f"{count:8}  {table}" for table, count in sorted(counts.items())]


def _yes(workspace_id: str) -> bool:
    print(f"Delete all of {workspace_id} for good? Type its id: ", end="", flush=True)
    return sys.stdin.readline().strip() == workspace_id
