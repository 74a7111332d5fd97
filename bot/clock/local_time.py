"""Local times: where they fall in UTC, how people write them, and how they are said."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from bot.clock._zone_data import use_the_newer

ZONE_DATA = use_the_newer()  # here, as no zone is read before this file is

# The zone of whom nobody knows where they are. IANA has it for a clock that was never set: it runs
# on UTC, and calls that "-00".
NOT_KNOWN = "Factory"

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY_NUMBERS = (
    {name: n for n, name in enumerate(_DAY_NAMES)}
    | {f"{name}s": n for n, name in enumerate(_DAY_NAMES)}
    | {name[:3]: n for n, name in enumerate(_DAY_NAMES)}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
_MONTH_NUMBERS = (
    {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
    | {name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)}
    | {"sept": 9}
)
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
_SETS_OF_DAYS = {
    **dict.fromkeys(("weekdays", "weekday", "workdays", "working days"), WEEKDAYS),
    **dict.fromkeys(("day", "everyday", "daily", "all days"), EVERY_DAY),
    **dict.fromkeys(("weekends", "weekend"), EVERY_DAY - WEEKDAYS),
}

# Regions whose zones are named after a place: "Berlin" is enough for Europe/Berlin.
_REGIONS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}
# No zone to choose by: EST and MST know no summer time, two Samoas differ, "west" is anywhere.
_TOO_VAGUE = {"est", "mst", "samoa", "west", "north", "south", "localtime", "factory"}

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?(?: ?([ap])\.?m\.?)?")
_ISO = re.compile(r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>20[0-9]{2})?")
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,? (?P<year>20[0-9]{2}))?"
_NAMED = (
    re.compile(rf"{_DAY_OF_MONTH} (?:of )?(?P<month>[a-z]+)\.?{_YEAR}"),
    re.compile(rf"(?P<month>[a-z]+)\.? {_DAY_OF_MONTH}{_YEAR}"),
)
_IN_DAYS = re.compile(r"in (an?|[0-9]{1,3}) (day|week)s?")

_MINUTES = r"(?:m|min|mins|minute|minutes)"
_SPAN = re.compile(
    rf"(?P<h>[0-9]{{1,2}})(?P<half>[.,]5)? ?(?:h|hr|hrs|hour|hours)"
    rf"(?: ?(?P<rest>[0-5]?[0-9]) ?{_MINUTES}?)?|(?P<m>[0-9]{{1,3}}) ?{_MINUTES}"
)
_SPANS = {"half an hour": 30, "half hour": 30, "an hour": 60, "one hour": 60}


def local_instant(day: date, at: time, zone: str) -> datetime:
    """The moment, in UTC, of the intended local date and time: one for each date.

    A time that a clock change skips moves to the next valid minute, which may belong to the next
    date (Nuuk changes at 23:00): so keep the intended date as the key. A time that comes twice
    counts once, the first time.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone))
    if not _skipped(wall):
        return wall.astimezone(UTC)
    wall = wall.replace(second=0, microsecond=0)
    while _skipped(wall):
        wall += timedelta(minutes=1)
    return wall.astimezone(UTC)


def clock_change(day: date, at: time, zone: str) -> Literal["skipped", "repeated"] | None:
    """Whether a clock change skips or repeats this local time. None: it comes once."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone))
    if _skipped(wall):
        return "skipped"
    return "repeated" if wall.utcoffset() != wall.replace(fold=1).utcoffset() else None


def _skipped(wall: datetime) -> bool:
    back = wall.astimezone(UTC).astimezone(wall.tzinfo)
    return back.replace(tzinfo=None) != wall.replace(tzinfo=None)


def local_day(moment: datetime, zone: str) -> date:
    """The date in `zone` at an aware moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def read_zone(text: str) -> str | None:
    """The IANA name that was meant: "europe/berlin", "new york", "Zürich", "utc"."""
    return _zones().get(_zone_key(text))


@cache
def _zones() -> dict[str, str]:
    names = sorted(available_timezones())
    cities = {
        _zone_key(parts[1]): name
        for name in names
        if len(parts := name.split("/")) == 2 and parts[0] in _REGIONS
    }
    known = cities | {_zone_key(name): name for name in names}
    return {key: name for key, name in known.items() if key not in _TOO_VAGUE}


def _zone_key(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c)).replace("_", " ")
    spaced = re.sub(r"-(?=[a-z])", " ", plain)  # Port-au-Prince, yet not Etc/GMT-1
    return re.sub(r" ?/ ?", "/", " ".join(spaced.split()))


def read_clock_time(text: str) -> time | None:
    """A time of day: "15:00", "9.30", "3pm", "3:30 p.m.", "noon". A bare "9" is none."""
    words = _words(text).removeprefix("at ")
    if words in ("noon", "midday"):
        return time(12)
    if not (match := _CLOCK.fullmatch(words)):
        return None
    hour, minute, half = int(match[1]), match[2], match[3]
    if half is None:
        return time(hour, int(minute)) if minute and hour < 24 else None
    return (
        time(hour % 12 + (12 if half == "p" else 0), int(minute or 0)) if 1 <= hour <= 12 else None
    )


def read_span(text: str) -> timedelta | None:
    """Minutes and hours: "45m", "90 min", "1h", "1h30", "1.5 hours", "half an hour"."""
    words = _words(text).rstrip(".")
    if words in _SPANS:
        return timedelta(minutes=_SPANS[words])
    if not (match := _SPAN.fullmatch(words)):
        return None
    hours, minutes = int(match["h"] or 0), int(match["m"] or match["rest"] or 0)
    return timedelta(hours=hours, minutes=minutes + (30 if match["half"] else 0))


def read_day(text: str, today: date) -> date | None:
    """A day as people write it: "tomorrow", "fri", "next monday", "1 Dec", "1.12.".

    A weekday is today or the next such day, with "next" never today. A date without a year is the
    next such date, today included; one with a year may be past.
    """
    words = re.sub(r"^(?:on|this) ", "", _words(text))
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if match := _IN_DAYS.fullmatch(words):
        count = 1 if match[1].startswith("a") else int(match[1])
        return today + timedelta(days=count * (7 if match[2] == "week" else 1))
    name = words.removeprefix("next ")
    if (number := _DAY_NUMBERS.get(name)) is not None:
        ahead = (number - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if name != words else 0))
    return _read_date(words, today)


def _read_date(words: str, today: date) -> date | None:
    matches = (form.fullmatch(words) for form in (_ISO, _DOTTED, *_NAMED))
    if not (match := next((m for m in matches if m), None)):
        return None
    name = match["month"]
    month = int(name) if name.isdecimal() else _MONTH_NUMBERS.get(name, 0)
    years = [int(match["year"])] if match["year"] else [today.year, today.year + 1]
    for year in years:
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:
            continue
        if match["year"] or day >= today:
            return day
    return None


def read_days(text: str) -> frozenset[int] | None:
    """Days of the week, Monday is 0: "weekdays", "daily", "mon,wed", "mon-fri", "sat to mon"."""
    words = re.sub(r"^(?:every|each|on) ", "", _words(text))
    if words in _SETS_OF_DAYS:
        return _SETS_OF_DAYS[words]
    runs = re.sub(r" ?(?:-|–| to ) ?", "-", words)
    days: set[int] = set()
    for part in re.split(r"(?:,|;|&| and |\s)+", runs):
        ends = [_DAY_NUMBERS.get(name.rstrip(".")) for name in part.split("-")]
        if len(ends) > 2 or ends[0] is None or ends[-1] is None:
            return None
        days |= {(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)}
    return frozenset(days)


def say_time(moment: datetime, zone: str, now: datetime) -> str:
    """How a reader in `zone` would say it: "today 15:00", "tomorrow 9:30", "Fri 27 Nov 10:00"."""
    return f"{say_day(local_day(moment, zone), local_day(now, zone))} {say_hour(moment, zone)}"


def say_hour(moment: datetime, zone: str) -> str:
    """ "15:00"; "15:00 UTC" for a reader of whom no zone is known."""
    utc = " UTC" if zone == NOT_KNOWN else ""
    return f"{say_clock(moment.astimezone(ZoneInfo(zone)).time())}{utc}"


def say_day(day: date, today: date) -> str:
    """ "today", "tomorrow", "Fri 27 Nov"; with its year where that is another one."""
    if 0 <= (day - today).days <= 1:
        return ("today", "tomorrow")[(day - today).days]
    year = f" {day.year}" if day.year != today.year else ""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def say_clock(at: time) -> str:
    """ "15:00", "9:30": hours without a leading zero."""
    return f"{at.hour}:{at.minute:02}"


def _words(text: str) -> str:
    return " ".join(text.casefold().split()).strip(",;").strip()
