"""Whether Slack and the zone files of this machine agree on the hour, where people are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clock.local_time import NOT_KNOWN, ZONE_DATA
from bot.clock.told_zone import say_zone, zone_told
from bot.coach import Coach
from bot.operations.health import Finding

MOST = 20  # people who are asked about: docs.slack.dev/apis/web-api/rate-limits, tier 4
# Two answers that are this near to a change of the clocks may come from either side of it.
NEAR = timedelta(minutes=15)
TOO_OLD = (
    "Install the newest `tzdata` here and start the coach again. If it is the newest already, Slack"
    " is behind: pick times in the form until it has followed."
)


def hours(web: WebClient, coach: Coach) -> Iterator[Finding]:
    """Compare, for one rep of each zone and for the managers."""
    ids = dict.fromkeys([*coach.settings.managers, *coach.people.one_of_each_zone()])
    found = {told: _compared(*told) for user_id in [*ids][:MOST] if (told := _told(web, user_id))}
    faults = [fault for fault in found.values() if fault]
    yield from (Finding("mend", fault) for fault in faults)
    if found and not faults:
        zones = ", ".join(sorted({say_zone(zone_told(name)) for name, _ in found}))
        yield Finding("ok", f"Slack has the same hour as the zone files here in {zones}.")


def _told(web: WebClient, user_id: str) -> tuple[str, int] | None:
    """Somebody's zone and offset as Slack has them; None where it doesn't tell."""
    try:
        user: dict[str, Any] = web.users_info(user=user_id)["user"]
    except (SlackApiError, SlackClientError, HTTPException, OSError, ValueError):
        return None
    name, offset = user.get("tz"), user.get("tz_offset")
    return (name, offset) if isinstance(name, str) and type(offset) is int and name else None


def _compared(name: str, offset_s: int) -> str:
    """What is wrong; "" if nothing is."""
    if (zone := zone_told(name)) == NOT_KNOWN:
        return f"Slack has somebody in {name}, a zone that tzdata {ZONE_DATA.used} lacks. {TOO_OLD}"
    now = datetime.now(UTC)
    here = [_offset_s(zone, moment) for moment in (now, now - NEAR, now + NEAR)]
    if offset_s in here:
        return ""
    return (
        f"In {say_zone(zone)} Slack's clocks show {_signed(offset_s)}, tzdata {ZONE_DATA.used} here"
        f" says {_signed(here[0])}: times of day are off by the difference. {TOO_OLD}"
    )


def _offset_s(zone: str, moment: datetime) -> int:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    return int(offset.total_seconds())


def _signed(seconds: int) -> str:
    """ "UTC-8", "UTC+5:30"."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'-' if seconds < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}"
