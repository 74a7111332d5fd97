"""What Slack tells of people: a changed name or zone; and forgetting what need not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.coach import Coach
from bot.people.rep import Rep
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import FOR_MANAGERS
from handlers.slack import payloads
from handlers.slack.messenger import Messenger, profile_of


def on_user_change(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    coach.people.left(rep, payloads.is_deactivated(event))
    coach.people.changed(rep, profile_of(event["user"]))


def status(asked: Asked) -> list[tuple[str, str]]:
    """For managers: what Slack told and nobody could make sense of."""
    count = asked.coach.inbox.set_aside(asked.rep)
    what = "One message" if count == 1 else f"{count} messages"
    line = f"• {what} from Slack could not be handled; the log says why."
    return [(FOR_MANAGERS, line)] if count else []


def tidy(coach: Coach, messenger: Messenger) -> None:
    coach.inbox.tidy()


EVENTS = {"user_change": on_user_change}
JOBS = {"people.tidy": tidy}
STATUS = (status,)
