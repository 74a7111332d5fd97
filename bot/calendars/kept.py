"""A meeting as it is kept of a rep's calendar, and what looks at the calendar make of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.calendars.meeting import Attendee
from bot.people.rep import Rep

KEPT = timedelta(days=1)  # after its end
FEW = 4  # of so few meetings half may go at once
GONE_AFTER = 2  # good looks in a row in which it was not there


@dataclass(frozen=True)
class KeptMeeting:
    """One occurrence; see `Meeting`. `verdict`, `account` and `why` are those of `Verdict`.

    `id` is 0 before it is kept. `missed` counts the good looks in a row in which it was not there.
    `call_id` is the call that it became.
    """

    id: int
    rep: Rep
    key: str
    series: str
    title: str
    starts: datetime
    ends: datetime
    people: tuple[Attendee, ...]
    all_day: bool
    busy: bool
    away: bool
    cancelled: bool
    zone_unsure: bool
    verdict: Literal["customer", "unsure", "none"]
    account: str
    why: str
    missed: int = 0
    call_id: int | None = None

    @property
    def times(self) -> tuple[datetime, datetime]:
        return self.starts, self.ends


class Move(NamedTuple):
    """A meeting with another time, before and now."""

    was: KeptMeeting
    now: KeptMeeting


class News(NamedTuple):
    """What a look brought. `put` are meetings to be kept as they are now, `gone` those to be kept
    no more. Among them are those that `moved`, and those that are `off`, as they were."""

    put: Sequence[KeptMeeting] = ()
    gone: Sequence[KeptMeeting] = ()
    moved: Sequence[Move] = ()
    off: Sequence[KeptMeeting] = ()


def compare(
    kept: Collection[KeptMeeting], read: Sequence[KeptMeeting], until: datetime, now: datetime
) -> News:
    """What a good look at all of the calendar changes: of what is new, what begins before `until`.

    What is missing is gone only when it is missing again.
    """
    pairs = _pairs(kept, read)
    put, moved, off = list[KeptMeeting](), list[Move](), list[KeptMeeting]()
    for new in read:
        if (old := pairs.get(new.key)) is None:
            if not new.cancelled and new.starts < until and new.ends > now - KEPT:
                put.append(new)
            continue
        current = replace(new, id=old.id, call_id=old.call_id)
        if current != old:
            put.append(current)
        if current.cancelled and not old.cancelled:
            off.append(old)
        elif current.times != old.times and not current.cancelled:
            moved.append(Move(old, current))
    found = {old.id for old in pairs.values()}
    missing, gone, lost = missed([old for old in kept if old.id not in found], now)
    return News([*put, *missing], gone, moved, [*off, *lost])


def again(kept: Collection[KeptMeeting], now: datetime) -> News:
    """The same file came once more: what was missing in it is missing again."""
    put, gone, off = missed([old for old in kept if old.missed], now)
    over = [old for old in kept if not old.missed and old.ends <= now - KEPT]
    return News(put, [*gone, *over], (), off)


def missed(
    those: Iterable[KeptMeeting], now: datetime
) -> tuple[list[KeptMeeting], list[KeptMeeting], list[KeptMeeting]]:
    """Meetings that were not there: those to look for again, those that are gone, and those of
    these that were still ahead, and so are off."""
    counted = [replace(old, missed=old.missed + 1) for old in those]
    gone = [old for old in counted if old.missed >= GONE_AFTER or old.ends <= now - KEPT]
    off = [old for old in gone if old.ends > now and not old.cancelled]
    return [old for old in counted if old not in gone], gone, off


def is_shrunken(kept: Collection[KeptMeeting], read: Sequence[KeptMeeting], now: datetime) -> bool:
    """Whether much of what was still ahead is missing at once: a calendar that came in part, more
    likely than a rep who cleared it."""
    ahead = [old for old in kept if old.ends > now and not old.cancelled]
    if not read:
        return bool(ahead)
    found = {old.id for old in _pairs(kept, read).values()}
    left = sum(old.id in found for old in ahead)
    return len(ahead) >= FEW and 2 * left < len(ahead)


def _pairs(kept: Iterable[KeptMeeting], read: Sequence[KeptMeeting]) -> dict[str, KeptMeeting]:
    """What each meeting that was read is among those kept: by its key, else, as of a calendar that
    was made anew with other ids, by title and start."""
    by_key = {old.key: old for old in kept}
    pairs = {new.key: by_key[new.key] for new in read if new.key in by_key}
    left = {(old.title, old.starts): old for old in by_key.values() if old.key not in pairs}
    for new in read:
        if new.key not in pairs and (old := left.pop((new.title, new.starts), None)):
            pairs[new.key] = old
    return pairs
