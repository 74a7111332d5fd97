"""The zone that Slack tells of somebody: an IANA name always, and how far it can be trusted."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

from bot.clock.local_time import NOT_KNOWN, local_day

_OFFSET = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>[0-9]{1,2})")
_NO_ZONES = {"localtime", "posixrules", NOT_KNOWN}  # these tell of the machine, not of a person

# Of a zone: nothing in doubt; only how far it is from UTC now; nothing known.
Doubt = Literal["", "offset", "unknown"]


def zone_told(name: object, offset_s: object = None) -> str:
    """The zone behind `tz` and `tz_offset` of a user of Slack's, whatever stands there.

    A name in any spelling of case, aliases too; else whole hours from UTC; else `NOT_KNOWN`. Slack
    does send an offset without a name: github.com/caiosba/slack-timezone-converter/issues/3.
    """
    if isinstance(name, str) and (known := _names().get(name.strip().casefold())):
        return known
    if type(offset_s) is int and offset_s % 3600 == 0 and -12 <= offset_s // 3600 <= 14:
        return f"Etc/GMT{-offset_s // 3600:+d}"  # whose sign is turned round
    return NOT_KNOWN


def doubt_of(zone: str) -> Doubt:
    """How far a zone from `zone_told` can be trusted: an offset holds until the clocks change."""
    if zone == NOT_KNOWN:
        return "unknown"
    return "offset" if _OFFSET.fullmatch(zone) else ""


def days_it_may_be(now: datetime, zone: str) -> tuple[date, date]:
    """The first and the last date that it may be where somebody is: one, if their zone is known."""
    if zone != NOT_KNOWN:
        return local_day(now, zone), local_day(now, zone)
    return local_day(now, "Etc/GMT+12"), local_day(now, "Etc/GMT-14")


def say_zone(zone: str) -> str:
    """How a zone is shown: "America/New York", "UTC-5"; "UTC" for one that is not known."""
    if zone == NOT_KNOWN:
        return "UTC"
    if match := _OFFSET.fullmatch(zone):
        hours = int(match["hours"]) * (-1 if match["sign"] == "+" else 1)
        return f"UTC{hours:+d}" if hours else "UTC"
    return zone.replace("_", " ")


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() - _NO_ZONES}
