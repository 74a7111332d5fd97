"""Where somebody belongs: the one rule for it, by what Slack tells of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def belongs(user: Mapping[str, Any], workspace_id: str) -> bool:
    """Whether that workspace is somebody's home. Who is only a member there, and at home in a
    sister workspace of a Grid, does not belong to it.

    docs.slack.dev/reference/objects/user-object: `team_id` is where somebody belongs to. On a Grid
    it may be missing, or the organisation's; then the workspaces tell.
    """
    home = str(user.get("team_id") or "")
    if home and not home.startswith("E"):
        return home == workspace_id
    grid = user.get("enterprise_user") or {}
    return workspace_id in {*(grid.get("teams") or ()), *(user.get("teams") or ())}
