"""What Slack tells of people: a changed name or zone; and forgetting what need not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.coach import Coach
from bot.reps import Rep
from handlers.say import Speaker, profile_of


def on_user_change(event: Mapping[str, Any], rep: Rep, coach: Coach, speaker: Speaker) -> None:
    coach.people.changed(rep, profile_of(event["user"]))


def tidy(coach: Coach, speaker: Speaker) -> None:
    coach.people.tidy()


EVENTS = {"user_change": on_user_change}
JOBS = {"people.tidy": tidy}
