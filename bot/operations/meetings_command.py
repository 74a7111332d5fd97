"""`python -m bot meetings`: what an exported calendar holds, as the coach reads it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars.meeting import Meeting, Reading
from bot.calendars.reading import read_apart
from bot.clock.local_time import read_zone
from bot.errors import CoachError

AHEAD = timedelta(days=14)
MOST_BYTES = 5_000_000


def run(name: str, zone: str | None, now: str | None, as_json: bool) -> int:
    """Print the meetings of the two weeks from `now` on, in `zone`, by default now and UTC.

    `name` is a file, or “-” for the standard input. Raises `CoachError`."""
    where = read_zone(zone or "UTC")
    if where is None:
        raise CoachError(f"“{zone}” is no time zone. Give one such as Europe/Berlin.")
    since = _moment(now, where)
    found = read_apart(_data(name), since, since + AHEAD, where)
    if as_json:
        import msgspec

        print(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
    else:
        print(_shown(found, where))
    return 0


def _data(name: str) -> bytes:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CoachError(f"{name} can't be read: {error.strerror}.") from error
    if len(data) > MOST_BYTES:
        raise CoachError("The calendar is larger than 5 MB. Export a shorter time of it.")
    return data


def _moment(now: str | None, zone: str) -> datetime:
    if not now:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise CoachError(f"“{now}” is no moment. Write it like 2026-11-23T09:00.") from error


def _shown(found: Reading, zone: str) -> str:
    lines = [_line(meeting, ZoneInfo(zone)) for meeting in found.meetings]
    count = f"{len(lines)} meetings in the next two weeks."
    lost = f" {found.unread} could not be read." if found.unread else ""
    return "\n".join([f"{count}{lost}", *lines])


def _line(meeting: Meeting, zone: ZoneInfo) -> str:
    at = meeting.starts.astimezone(zone)
    when = f"{at:%a %d %b}" if meeting.all_day else f"{at:%a %d %b %H:%M}"
    told = {
        "cancelled": meeting.cancelled,
        "free": not meeting.busy,
        "away": meeting.away,
        "zone not told, so taken for yours": meeting.zone_unsure,
        f"{len(meeting.attendees)} invited": bool(meeting.attendees),
    }
    more = ", ".join(word for word, holds in told.items() if holds)
    return f"{when}  {meeting.title or '(no title)'}" + (f"  ({more})" if more else "")
