"""An iCalendar file becomes meetings. One bad event costs itself, never the file.

What is here runs in a process of its own (`bot/calendars/reading.py`): a file is somebody else's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.calendars._ics_text import calendars
from bot.calendars._near import near
from bot.calendars._series import USUAL_LENGTH, Event, Occurrence, Unreadable, occurrences
from bot.calendars.meeting import Attendee, Meeting, Reading

CALLED_OFF = ("canceled:", "cancelled:", "abgesagt:", "annulé:", "annulée:", "cancelado:")
NO_PERSON = ("resource", "room")
FREE = "transparent"
AWAY = "oof"  # X-MICROSOFT-CDO-BUSYSTATUS, [MS-OXCICAL] 2.1.3.1.1.20.31
LONGEST = timedelta(hours=24)  # of a meeting with a time of day; beyond that the end is a slip


def read(data: bytes, since: datetime, until: datetime, zone: str) -> Reading:
    """The meetings that begin from `since` to before `until`. `zone` is the rep's, for times that
    name none. Raises `NotACalendar`."""
    meetings: dict[str, Meeting] = {}
    unread = 0
    for part in calendars(data):
        reader = _Reader(ZoneInfo(part.zone or zone), sure=bool(part.zone))
        for uid, components in _by_uid(near(part.text, since, until)).items():
            try:
                events = [reader.event(each) for each in components]
                found = [*occurrences(events, since, until)]
            except (Unreadable, ValueError, TypeError, OverflowError, AttributeError, KeyError):
                unread += 1
                continue
            for each in found:
                meeting = reader.meeting(uid, each, part.withdrawn)
                if part.withdrawn or meeting.key not in meetings:
                    meetings[meeting.key] = meeting
    return Reading(tuple(sorted(meetings.values(), key=lambda m: (m.starts, m.key))), unread)


def _by_uid(text: str) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for component in _components(text):
        found[str(component.get("UID", "")) or _name_of(component)].append(component)
    return found


def _components(text: str) -> Iterator[Any]:
    """The events; where the file as a whole can't be parsed, those that can be."""
    try:
        yield from Calendar.from_ical(text).walk("VEVENT")
    except ValueError:
        yield from chain.from_iterable(map(_one, _cut(text)))


def _cut(text: str) -> Iterator[str]:
    """A calendar for each event, with all zones of the file."""
    first, *events = text.split("BEGIN:VEVENT\n")
    for event in events:
        inner, end, _ = event.partition("END:VEVENT\n")
        yield f"{first}BEGIN:VEVENT\n{inner}{end}END:VCALENDAR\n"


def _one(text: str) -> Sequence[Any]:
    try:
        return Calendar.from_ical(text).walk("VEVENT")
    except ValueError:
        return [{}]  # counted as unread


def _name_of(component: Any) -> str:
    """A UID for an event that has none: what it says."""
    said = f"{component.get('SUMMARY', '')} {_ical(component, 'DTSTART')}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _ical(component: Any, name: str) -> str:
    value = component.get(name)
    return value.to_ical().decode() if value is not None else ""


class _Reader:
    """Reads events; times that name no zone are in `zone`, for `sure` or by guess."""

    def __init__(self, zone: ZoneInfo, sure: bool) -> None:
        self._zone, self._sure = zone, sure

    def event(self, component: Any) -> Event:
        """Raises `Unreadable`, or what the library raises."""
        if "DTSTART" not in component:
            raise Unreadable
        began = component["DTSTART"].dt
        all_day = not isinstance(began, datetime)
        starts = self._moment(began)
        slot = component.get("RECURRENCE-ID")
        return Event(
            component, starts, self._end(component, starts, all_day), all_day,
            self._aware(slot.dt) if slot else None,
            bool(slot) and slot.params.get("RANGE", "").upper() == "THISANDFUTURE",
            _ical(component, "RRULE"),
            tuple(self._aware(at) for at in _listed(component, "EXDATE")),
            tuple(self._moment(at) for at in _listed(component, "RDATE")),
            (int(component.get("SEQUENCE", 0)), _ical(component, "LAST-MODIFIED")),
        )  # fmt: skip

    def meeting(self, uid: str, found: Occurrence, withdrawn: bool) -> Meeting:
        component, title = found.event.component, str(found.event.component.get("SUMMARY", ""))
        slot = f"@{found.slot.astimezone(UTC):%Y%m%dT%H%MZ}" if found.slot else ""
        status = str(component.get("STATUS", "")).lower()
        return Meeting(
            f"{uid}{slot}", uid, " ".join(title.split()),
            found.starts.astimezone(UTC), found.ends.astimezone(UTC),
            tuple(_attendees(component)), found.event.all_day,
            str(component.get("TRANSP", "")).lower() != FREE,
            str(component.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).lower() == AWAY,
            withdrawn or status == "cancelled" or title.lower().startswith(CALLED_OFF),
            not self._sure and _is_floating(component["DTSTART"].dt),
        )  # fmt: skip

    def _end(self, component: Any, starts: datetime, all_day: bool) -> datetime:
        """A file may say none, a length, or nonsense; then a call takes the usual time."""
        if "DTEND" in component:
            ends = self._moment(component["DTEND"].dt)
        elif "DURATION" in component:
            ends = (starts.astimezone(UTC) + component["DURATION"].dt).astimezone(starts.tzinfo)
        else:
            ends = starts
        if all_day:
            return max(ends, starts + timedelta(days=1))
        right = starts.astimezone(UTC) < ends.astimezone(UTC) <= starts.astimezone(UTC) + LONGEST
        return ends if right else starts + USUAL_LENGTH

    def _moment(self, at: date) -> datetime:
        moment = self._aware(at)
        if isinstance(moment, datetime):
            return moment
        return datetime.combine(moment, time(), self._zone)

    def _aware(self, at: date) -> date:
        """A time with its zone; a day stays one."""
        if isinstance(at, datetime) and at.tzinfo is None:
            return at.replace(tzinfo=self._zone)
        return at


def _is_floating(at: date) -> bool:
    return isinstance(at, datetime) and at.tzinfo is None


def _listed(component: Any, name: str) -> Iterator[date]:
    """The moments of a property that may occur more than once, with several in each."""
    found = component.get(name, [])
    for each in found if isinstance(found, list) else [found]:
        for moment in each.dts:
            yield moment.dt[0] if isinstance(moment.dt, tuple) else moment.dt


def _attendees(component: Any) -> Iterator[Attendee]:
    """People by their address, once each; the one who invites among them. Rooms are none."""
    seen = set()
    for name in ("ORGANIZER", "ATTENDEE"):
        found = component.get(name, [])
        for person in found if isinstance(found, list) else [found]:
            address = str(person).lower().removeprefix("mailto:").strip()
            kind = str(person.params.get("CUTYPE", "")).lower()
            if "@" not in address or address in seen or kind in NO_PERSON:
                continue
            seen.add(address)
            answer = "accepted" if name == "ORGANIZER" else _answer(person)
            yield Attendee(address, str(person.params.get("CN", "")).strip('" '), answer)


def _answer(person: Any) -> str:
    return str(person.params.get("PARTSTAT", "needs-action")).lower()
