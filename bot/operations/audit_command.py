"""`python -m bot audit`: the acts of admins and managers, one a line or as JSON."""

from __future__ import annotations

import json

from bot.audit.table import Noted
from bot.coach import Coach
from bot.storage.moments import to_text


def list_acts(coach: Coach, as_json: bool) -> int:
    """Print every act, the oldest first: when (UTC), in which workspace, who, what, of how much."""
    acts = coach.audit.all()
    if as_json:
        print(json.dumps([_plain(act) for act in acts], indent=1))
        return 0
    for act in acts:
        where = act.workspace_id or "-"
        print(f"{to_text(act.at)}  {where}  {act.who}  {act.what} {act.codes}".rstrip())
    print(f"{len(acts)} {'act' if len(acts) == 1 else 'acts'}")
    return 0


def _plain(act: Noted) -> dict[str, object]:
    return {**act._asdict(), "at": to_text(act.at), "codes": act.codes.split()}
