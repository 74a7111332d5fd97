"""The coach is taken out of a workspace: what waits there waits, and is deleted after a while."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.coach import Coach
from bot.errors import NotYet
from bot.people.rep import Rep
from handlers.slack import payloads
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger

log = logging.getLogger(__name__)


def on_uninstalled(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    _gone_if_slack_says_so(rep, coach, messenger)


def on_tokens_revoked(
    event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger
) -> None:
    if payloads.lost_its_token(event):
        _gone_if_slack_says_so(rep, coach, messenger)


def _gone_if_slack_says_so(rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """Slack may tell of it late, when it was installed anew; so the token is tried once. Raises
    `NotYet` while nobody can tell."""
    if rep.workspace_id in coach.workspaces.gone:
        return
    try:
        messenger.client.call(rep, "", "auth.test")
    except NotSaid as refused:
        if refused.means.look != "token":
            raise NotYet from refused
        coach.workspaces.went(rep.workspace_id)
        log.warning("the coach was taken out", extra={"workspace": rep.workspace_id})


def erase(coach: Coach, messenger: Messenger) -> None:
    coach.erasing.finish(wait=False)


EVENTS = {"app_uninstalled": on_uninstalled, "tokens_revoked": on_tokens_revoked}
JOBS = {"workspaces.erase": erase}
