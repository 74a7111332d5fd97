"""`python -m bot meetings`: what an exported calendar holds, as the coach reads it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars.customers import Known, Verdict, sort_out
from bot.calendars.meeting import Meeting, Reading
from bot.calendars.reading import read_apart
from bot.clock.local_time import read_zone
from bot.errors import CoachError

AHEAD = timedelta(days=14)
MOST_BYTES = 5_000_000
_SAYS = {"customer": "customer", "unsure": "unsure", "none": "no customer"}


def run(name: str, zone: str | None, now: str | None, known: Known, as_json: bool) -> int:
    """Print the meetings of the two weeks from `now` on, in `zone`, by default now and UTC.

    `name` is a file, or “-” for the standard input. Raises `CoachError`."""
    where = read_zone(zone or "UTC")
    if where is None:
        raise CoachError(f"“{zone}” is no time zone. Give one such as Europe/Berlin.")
    since = _moment(now, where)
    found = read_apart(_data(name), since, since + AHEAD, where)
    verdicts = sort_out(found.meetings, known)
    if as_json:
        import msgspec

        told = msgspec.to_builtins(found)
        for meeting, verdict in zip(told["meetings"], verdicts, strict=True):
            meeting["customer"] = verdict._asdict()
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(_shown(found, verdicts, where))
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


def _shown(found: Reading, verdicts: list[Verdict], zone: str) -> str:
    pairs = zip(found.meetings, verdicts, strict=True)
    lines = [_line(meeting, verdict, ZoneInfo(zone)) for meeting, verdict in pairs]
    kinds = [verdict.kind for verdict in verdicts]
    count = f"{len(lines)} meetings in the next two weeks, {kinds.count('customer')} with customers"
    unsure = f", {kinds.count('unsure')} unsure." if "unsure" in kinds else "."
    lost = f" {found.unread} could not be read." if found.unread else ""
    return "\n".join([count + unsure + lost, *lines])


def _line(meeting: Meeting, verdict: Verdict, zone: ZoneInfo) -> str:
    at = meeting.starts.astimezone(zone)
    when = f"{at:%a %d %b}" if meeting.all_day else f"{at:%a %d %b %H:%M}"
    told = [f"{_SAYS[verdict.kind]}{f' {verdict.account}' if verdict.account else ''}"]
    told[0] += f": {verdict.why}"
    told += [f"{len(meeting.attendees)} invited"] if meeting.attendees else []
    told += ["zone not told, so taken for yours"] if meeting.zone_unsure else []
    return f"{when}  {meeting.title or '(no title)'}  ({', '.join(told)})"
