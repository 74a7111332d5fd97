"""The people's calendars: a week of meetings to move, to cancel and to add to, as an address that
the coach reads as it reads Google's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Final

from bot.clock.local_time import local_instant
from handlers.trial.small_slack.world import CantDo, Json

OURS: Final = "ours.example"  # the mail domain of everybody in the trial
MOST = 60  # meetings: the page shows them all


@dataclass(frozen=True)
class Event:
    """A meeting. `starts` is UTC; `people` are those of the trial, `guests` addresses of others."""

    id: str
    title: str
    starts: datetime
    minutes: int
    people: tuple[str, ...]
    guests: tuple[str, ...] = ()
    cancelled: bool = False
    version: int = 0


class SmallCalendar:
    """One calendar for all; each person's address shows the meetings that they are in."""

    def __init__(self, people: Sequence[str]) -> None:
        self._lock = Lock()
        self._secrets = {user: secrets.token_urlsafe(16) for user in people}
        self._events: dict[str, Event] = {}

    def furnish(self, today: date, zone: str) -> None:
        """A week of working days from `today` on, as it is in `zone`, some of it with customers."""
        days = [day for n in range(7) if (day := today + timedelta(days=n)).weekday() < 5]
        for n, (title, nth, at, minutes, people, guests) in enumerate(WEEK):
            starts = local_instant(days[nth], at, zone).astimezone(UTC)
            event = Event(f"week-{n}", title, starts, minutes, people, guests)
            self._events[event.id] = event

    # What a person does -----------------------------------------------------------------------

    def of(self, user: str, since: datetime) -> list[Event]:
        """The person's meetings that are not over by then, the next one first."""
        with self._lock:
            mine = [event for event in self._events.values() if user in event.people]
        ahead = [e for e in mine if e.starts + timedelta(minutes=e.minutes) > since]
        return sorted(ahead, key=lambda event: (event.starts, event.id))

    def move(self, user: str, id: str, by: timedelta) -> None:
        with self._lock:
            event = self._mine(user, id)
            self._put(replace(event, starts=event.starts + by))

    def cancel(self, user: str, id: str) -> None:
        with self._lock:
            self._put(replace(self._mine(user, id), cancelled=True))

    def add(self, user: str, title: str, starts: datetime, guest: str = "") -> Event:
        """A meeting of half an hour. Raises `CantDo` without a title, or past `MOST`."""
        title = " ".join(title.split())[:120]
        if not title:
            raise CantDo("Give the meeting a name, such as “Acme demo”.")
        with self._lock:
            if len(self._events) >= MOST:
                raise CantDo("The calendar is full. Cancel something, or start over.")
            guests = (guest.strip(),) if "@" in guest else ()
            event = Event(secrets.token_hex(6), title, starts, 30, (user,), guests)
            self._put(event)
        return event

    def _mine(self, user: str, id: str) -> Event:
        event = self._events.get(id)
        if event is None or user not in event.people or event.cancelled:
            raise CantDo("That meeting is not in your calendar any more.")
        return event

    def _put(self, event: Event) -> None:
        self._events[event.id] = replace(event, version=event.version + 1)

    # As the coach reads it --------------------------------------------------------------------

    def path(self, user: str) -> str:
        """The secret part of the person's address."""
        return f"/calendar/{user}/{self._secrets[user]}.ics"

    def read(self, path: str, names: dict[str, str]) -> bytes | None:
        """The calendar under that path, in iCalendar (RFC 5545); None if there is none."""
        with self._lock:
            user = next((u for u in self._secrets if secrets.compare_digest(
                self.path(u).encode(), path.encode())), None)  # fmt: skip
            events = [e for e in self._events.values() if user in e.people]
        return None if user is None else _written(user, events, names)

    # Kept -------------------------------------------------------------------------------------

    def told(self) -> Json:
        with self._lock:
            events = [
                asdict(event) | {"starts": event.starts.isoformat()}
                for event in self._events.values()
            ]
            return {"secrets": dict(self._secrets), "events": events}

    def restore(self, kept: Json) -> None:
        self._secrets |= kept.get("secrets", {})
        for event in kept.get("events", ()):
            known = event | {
                "starts": datetime.fromisoformat(event["starts"]),
                "people": tuple(event["people"]),
                "guests": tuple(event["guests"]),
            }
            self._events[event["id"]] = Event(**known)


def address(name: str) -> str:
    """The mail address of somebody of the trial."""
    return f"{name}@{OURS}"


def _written(user: str, events: Iterable[Event], names: dict[str, str]) -> bytes:
    from icalendar import Calendar, vCalAddress
    from icalendar import Event as Component

    calendar = Calendar()
    calendar.add("prodid", "-//Trial//The small calendar//EN")
    calendar.add("version", "2.0")
    for event in events:
        one = Component()
        one.add("uid", f"{event.id}@{OURS}")
        one.add("summary", event.title)
        one.add("dtstart", event.starts)
        one.add("dtend", event.starts + timedelta(minutes=event.minutes))
        one.add("dtstamp", event.starts)
        one.add("sequence", event.version)
        one.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        ours = [(names[person], address(names[person])) for person in event.people]
        for name, mail in (*ours, *((guest.partition("@")[0], guest) for guest in event.guests)):
            invited = vCalAddress(f"mailto:{mail}")
            invited.params["cn"] = name.title()
            invited.params["partstat"] = "ACCEPTED"
            one.add("attendee", invited)
        calendar.add_component(one)
    return bytes(calendar.to_ical())


# Title, which working day from today on, when it is for sam, minutes, who of the trial, and guests.
WEEK = (
    ("Acme demo", 0, time(11, 0), 45, ("U1", "U2"), ("jo@acme.example", "lee@acme.example")),
    ("Pipeline review", 0, time(12, 0), 30, ("U1", "U3"), ()),
    ("Northwind intro", 1, time(10, 0), 30, ("U1",), ("ana@northwind.example",)),
    ("Team lunch", 1, time(12, 30), 60, ("U1", "U2", "U3"), ()),
    ("Acme: price talk", 2, time(15, 0), 45, ("U1", "U3"), ("jo@acme.example",)),
    ("Harbor Foods pilot", 3, time(9, 30), 60, ("U2", "U1"), ("kai@harborfoods.example",)),
    ("Northwind follow-up", 4, time(14, 0), 30, ("U1",), ("ana@northwind.example",)),
)  # fmt: skip
