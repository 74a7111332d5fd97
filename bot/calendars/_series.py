"""The events of one UID become occurrences, each with the slot that its series had for it.

What the field's expanders make of real files goes wrong in known ways: occurrences changed "from
here on" share one id, a slot that is left out and moved at once is gone, an occurrence that names
its slot by the day alone comes twice, and the last day of a rule that ends with a date is lost
(jens-maus/node-ical, openhab, calendarize and others report them). The rule itself is dateutil's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr

USUAL_LENGTH = timedelta(minutes=30)  # of a call whose end the file does not give, or gives wrong
FINEST = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")


class Unreadable(Exception):
    """An event, or its rule, can't be read."""


@dataclass(frozen=True)
class Event:
    """A VEVENT with aware times. `slot`: which occurrence it replaces; `onwards`: with all later.

    `starts` and `ends` of whole days are midnights. `rule` is as in RFC 5545, "" for none.
    """

    component: Any
    starts: datetime
    ends: datetime
    all_day: bool
    slot: date | None
    onwards: bool
    rule: str
    left_out: tuple[date, ...]
    more: tuple[datetime, ...]
    version: tuple[int, str]


@dataclass(frozen=True)
class Occurrence:
    """`slot` is where the series had it, None for an event that stands alone."""

    event: Event
    starts: datetime
    ends: datetime
    slot: datetime | None


def occurrences(events: Sequence[Event], since: datetime, until: datetime) -> Iterator[Occurrence]:
    """Of the events of one UID all that begin in the window. Raises `Unreadable`."""
    masters = _newest(e for e in events if e.slot is None)
    changes = [e for e in events if e.slot is not None]
    for master in masters:
        yield from _of_master(master, changes, since, until, alone=len(masters) == 1)
    if not masters:  # invited to some occurrences of somebody else's series
        for change in _by_slot(changes, None).values():
            yield from _within([_changed(change, _slot(change, None))], since, until)


def _newest(masters: Iterable[Event]) -> list[Event]:
    """Events that share a UID: the newest where they are versions, all where they are not."""
    found = list(masters)
    newest = max((m.version for m in found), default=(0, ""))
    return [m for m in found if m.version == newest] if _are_versions(found) else found


def _are_versions(masters: Sequence[Event]) -> bool:
    return len({m.version[0] for m in masters}) == len(masters)


def _of_master(
    master: Event, changes: Sequence[Event], since: datetime, until: datetime, alone: bool
) -> Iterator[Occurrence]:
    if not (master.rule or master.more or changes):
        slot = None if alone else master.starts
        yield from _within([Occurrence(master, master.starts, master.ends, slot)], since, until)
        return
    by_slot = _by_slot(changes, master)
    onwards = sorted((slot for slot, e in by_slot.items() if e.onwards), reverse=True)
    found = [_changed(event, slot) for slot, event in by_slot.items()]
    for slot in _slots(master, by_slot, until - _earliest_shift(by_slot), onwards):
        found.append(_in_slot(master, slot, by_slot, onwards))
    yield from _within(found, since, until)


def _earliest_shift(by_slot: Mapping[datetime, Event]) -> timedelta:
    """By how much later occurrences were moved back at most: so far beyond the window to look."""
    moved = [event.starts - slot for slot, event in by_slot.items() if event.onwards]
    return min([timedelta(), *moved])


def _in_slot(
    master: Event, slot: datetime, by_slot: Mapping[datetime, Event], onwards: Sequence[datetime]
) -> Occurrence:
    """The occurrence as its series has it, or as the last change from some slot on moved it."""
    if (since := next((at for at in onwards if at < slot), None)) is None:
        return Occurrence(master, slot, slot + (master.ends - master.starts), slot)
    event = by_slot[since]
    starts = _shifted(slot, event.starts, since)
    return Occurrence(event, starts, starts + (event.ends - event.starts), slot)


def _shifted(slot: datetime, to: datetime, was: datetime) -> datetime:
    """`slot` moved as `was` was moved: by days and by the time of the day, over a clock change."""
    local = to.astimezone(slot.tzinfo)
    days = local.date() - was.date()
    return datetime.combine(slot.date() + days, local.time(), slot.tzinfo)


def _slots(
    master: Event, by_slot: Mapping[datetime, Event], until: datetime, onwards: Sequence[datetime]
) -> Iterator[datetime]:
    """Where the series has something that no single change replaces."""
    left_out = {out for e in master.left_out if (out := _as_slot(e, master)) is not None}
    zone = master.starts.tzinfo
    for at in (*_by_rule(master, until), *master.more):
        slot = at.astimezone(zone)
        if slot not in left_out and slot not in by_slot:
            yield slot


def _by_rule(master: Event, until: datetime) -> Iterator[datetime]:
    zone = master.starts.tzinfo
    first = master.starts.replace(tzinfo=None)
    yield master.starts
    if not master.rule:
        return
    end = until.astimezone(zone).replace(tzinfo=None)
    for local in _rule(master.rule, first, zone):
        if local > end:
            return
        if local != first:
            yield local.replace(tzinfo=zone)


def _rule(rule: str, first: datetime, zone: tzinfo | None) -> Iterable[datetime]:
    """The rule in local time. One that repeats within a day is no series of meetings."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    if parts.get("FREQ") not in FINEST or any("," in parts.get(name, "") for name in TIMES):
        raise Unreadable
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_end(parts["UNTIL"], zone)
    try:
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        rule_of: Iterable[datetime] = rrulestr(text, dtstart=first, cache=False)
    except (ValueError, TypeError) as error:
        raise Unreadable from error
    return rule_of


def _local_end(until: str, zone: tzinfo | None) -> str:
    """UNTIL in local time; of a bare date the end of that day, which the series includes."""
    if "T" not in until:
        return f"{until}T235959"
    if not until.endswith("Z"):
        return until
    moment = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")


def _by_slot(changes: Iterable[Event], master: Event | None) -> dict[datetime, Event]:
    """The newest change of each slot."""
    found: dict[datetime, Event] = {}
    for change in sorted(changes, key=lambda e: e.version):
        found[_slot(change, master)] = change
    return found


def _slot(change: Event, master: Event | None) -> datetime:
    assert change.slot is not None
    if master and (slot := _as_slot(change.slot, master)):
        return slot
    if isinstance(change.slot, datetime):
        return change.slot
    return datetime.combine(change.slot, time(), change.starts.tzinfo)


def _as_slot(said: date, master: Event) -> datetime | None:
    """The slot of a series that was meant: files give the day alone too, or its midnight."""
    zone = master.starts.tzinfo
    if not isinstance(said, datetime):
        return datetime.combine(said, master.starts.time(), zone)
    local = said.astimezone(zone)
    if said.time() == time() and master.starts.time() != time() and not _falls_on(local, master):
        return datetime.combine(said.date(), master.starts.time(), zone)
    return local


def _falls_on(local: datetime, master: Event) -> bool:
    return local.time() == master.starts.time()


def _changed(event: Event, slot: datetime) -> Occurrence:
    return Occurrence(event, event.starts, event.ends, slot)


def _within(found: Iterable[Occurrence], since: datetime, until: datetime) -> Iterator[Occurrence]:
    """By overlap for whole days, which last long; by its start for anything else."""
    for each in found:
        begins = each.ends if each.event.all_day else each.starts
        if begins >= since and each.starts < until:
            yield each
