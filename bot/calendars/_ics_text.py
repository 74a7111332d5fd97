"""The text of an iCalendar file made fit to be parsed: one envelope, and zones as it means them.

Parsers look a zone up by its name first, and keep what a file defines for the whole process: a
"Customized Time Zone" is then the one of the first file that had it, and an "EST" with a summer
time has none. So a zone that only the file defines gets a name of its own here, and what no one
knows is left out, which makes the time a floating one.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from bot.calendars.meeting import NotACalendar

NO_CALENDAR = (
    "That address brings no calendar. Copy the private address in iCal format; it ends in .ics."
)
CUT_OFF = "The calendar came only in part."
EMPTY = "The calendar came empty."

_FOLD = re.compile(r"\r?\n[ \t]")
_DATED = re.compile(r"(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(;[^\n]*)?:([^:\n]*)", re.I)
_TZID = re.compile(r';TZID=("[^"]*"|[^;]*)', re.I)
_ZONE = re.compile(r"^BEGIN:VTIMEZONE$.*?^END:VTIMEZONE$\n?", re.M | re.S | re.I)
_ZONE_NAME = re.compile(r"^TZID(?:;[^:\n]*)?:(.*)$", re.M | re.I)
_DEFAULT = re.compile(r"^X-WR-TIMEZONE(?:;[^:\n]*)?:(.*)\n?", re.M | re.I)
_MICROSOFT = re.compile(r"tzone://microsoft/(.*)", re.I)


class IcsText(NamedTuple):
    """`text` has unfolded lines; `zone` is where its floating times are, "" where it doesn't say;
    `withdrawn` tells that its events are called off, as by METHOD:CANCEL."""

    text: str
    zone: str
    withdrawn: bool


def calendars(data: bytes) -> list[IcsText]:
    """The calendars in a file: one, as a rule. Raises `NotACalendar`."""
    text = _FOLD.sub("", data.decode("utf-8-sig", errors="replace")).replace("\r\n", "\n").strip()
    if not text:
        raise NotACalendar(EMPTY)
    if not text[:15].upper().startswith("BEGIN:VCALENDAR"):
        raise NotACalendar(NO_CALENDAR)
    parts = re.split(r"^END:VCALENDAR\s*$", text, flags=re.M | re.I)
    if parts.pop().strip():
        raise NotACalendar(CUT_OFF)
    return [_calendar(part.strip() + "\nEND:VCALENDAR\n") for part in parts]


@cache
def zone_named(tzid: str) -> str | None:
    """The zone that a name stands for, by the zone database or Windows; None where nobody knows."""
    name = tzid.strip().strip('"').lstrip("/")
    if windows := _MICROSOFT.fullmatch(name):
        name = windows[1].upper()
    # Mozilla's and Lightning's names end in one of the database: /mozilla.org/…/Europe/Berlin.
    tails = [name, *("/".join(name.split("/")[-n:]) for n in (3, 2))]
    found = next((tail for tail in tails if tail in _known()), None)
    return found or _windows().get(name)


@cache
def _known() -> set[str]:
    return available_timezones()


@cache
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return dict(WINDOWS_TO_OLSON)


def _calendar(text: str) -> IcsText:
    default = _DEFAULT.search(text)
    zone = zone_named(default[1]) if default else None
    own = _zones_of_its_own(text)
    text = _ZONE.sub(lambda found: _kept(found[0], own), _DEFAULT.sub("", text))
    text = _DATED.sub(lambda found: _dated(found, own), text)
    return IcsText(text, zone or "", bool(re.search(r"^METHOD:CANCEL\s*$", text, re.M | re.I)))


def _zones_of_its_own(text: str) -> dict[str, str]:
    """Names that the file defines and the database either lacks or has as an abbreviation only.

    The new name is made of the definition: the same one always means the same.
    """
    defined = {
        _bare(name[1]): zone for zone in _ZONE.findall(text) if (name := _ZONE_NAME.search(zone))
    }
    return {
        name: f"own-{hashlib.sha256(zone.encode()).hexdigest()[:16]}"
        for name, zone in defined.items()
        if "/" not in (zone_named(name) or "") or _is_abbreviation(name)
    }


def _is_abbreviation(name: str) -> bool:
    return name in _known() and "/" not in name


def _kept(zone: str, own: dict[str, str]) -> str:
    name = _ZONE_NAME.search(zone)
    if not name or _bare(name[1]) not in own:
        return ""
    return zone.replace(name[0], f"TZID:{own[_bare(name[1])]}")


def _dated(found: re.Match[str], own: dict[str, str]) -> str:
    """A property with its zone under the name that it is to be looked up by."""
    name, more, value = found[1], found[2] or "", found[3]
    if tzid := _TZID.search(more):
        bare = _bare(tzid[1])
        zone = own.get(bare) or zone_named(bare)
        more = more.replace(tzid[0], f";TZID={zone}" if zone else "")
    return f"{name}{more}:{value}"


def _bare(tzid: str) -> str:
    return tzid.strip().strip('"')
