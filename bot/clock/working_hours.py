"""The hours in which somebody may be spoken to unasked: working days, quiet hours, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.clock.local_time import WEEKDAYS, local_day, local_instant
from bot.errors import CoachError

Span = tuple[datetime, datetime]  # from, until: UTC, half open

# Days in which to look for an open hour, after an absence: longer than any run of holidays.
_AHEAD = 60


@dataclass(frozen=True)
class Hours:
    """When a rep or a channel may be spoken to unasked.

    `working_days` counts from Monday, 0. An `end`, or a second quiet time, that is not later than
    the first belongs to the next date; equal quiet times are none. `holidays` is an ISO 3166 code,
    with a region if wanted ("DE", "DE-BY"); None leaves public holidays out. `away_until` is the
    last day away.
    """

    zone: str
    working_days: frozenset[int] = WEEKDAYS
    start: time = time(8)
    end: time = time(19)
    quiet: tuple[time, time] | None = None
    holidays: str | None = None
    away_until: date | None = None


def allowed(moment: datetime, hours: Hours) -> bool:
    """Whether `moment`, aware, is a working hour and not a quiet one; raises as `next_allowed`."""
    days = _days(local_day(moment, hours.zone), 2)
    at_work = any(starts <= moment < ends for starts, ends in _working(days, hours))
    return at_work and _after_quiet(moment, hours) == moment


def next_allowed(moment: datetime, hours: Hours) -> datetime:
    """The first allowed moment at or after `moment`, in UTC: mostly the next working morning.

    Where quiet hours leave nothing of the working ones, the next working start; where no day is a
    working day, `moment` itself. Raises `CoachError` for a country that is not known.
    """
    moment = moment.astimezone(UTC)
    today = local_day(moment, hours.zone)
    days = _days(max(today, hours.away_until or today), _AHEAD)
    for starts, ends in _working(days, hours):
        open_at = _after_quiet(max(starts, moment), hours)
        if open_at < ends:
            return open_at
    return next((starts for starts, _ in _working(days, hours) if starts >= moment), moment)


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The holidays of "DE", or of a part of it ("DE-BY"), by the `holidays` package.

    Raises `CoachError` where the package does not know the country or the part.
    """
    import holidays  # late: it is large, and off by default

    state, _, part = country.strip().upper().partition("-")
    try:
        return frozenset(holidays.country_holidays(state, subdiv=part or None, years=year))
    except NotImplementedError:
        raise CoachError(
            f"I know no public holidays for “{country}”. Type the country's two letters, such as"
            " DE, GB or US, with a region if you like, such as DE-BY."
        ) from None


def _days(today: date, count: int) -> list[date]:
    """From yesterday on, for its hours may reach into today."""
    return [today + timedelta(days=n) for n in range(-1, count - 1)]


def _working(days: list[date], hours: Hours) -> Iterator[Span]:
    """The working hours of those of the days that are working days, in order."""
    for day in days:
        if _works(day, hours):
            yield _span(day, hours.start, hours.end, hours.zone)


def _works(day: date, hours: Hours) -> bool:
    if day.weekday() not in hours.working_days or (hours.away_until and day <= hours.away_until):
        return False
    return not hours.holidays or day not in public_holidays(hours.holidays, day.year)


def _after_quiet(moment: datetime, hours: Hours) -> datetime:
    """`moment`, or the end of the quiet hours that it falls into."""
    if not hours.quiet or hours.quiet[0] == hours.quiet[1]:
        return moment
    for day in _days(local_day(moment, hours.zone), 3):
        starts, ends = _span(day, *hours.quiet, hours.zone)
        if starts <= moment < ends:
            moment = ends
    return moment


def _span(day: date, start: time, end: time, zone: str) -> Span:
    last = day if start < end else day + timedelta(days=1)
    return local_instant(day, start, zone), local_instant(last, end, zone)
