"""What somebody types after `/coach nudges`, `hours` or `away`: on, off, or what the form holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from bot.clock.calendar_words import words_of
from bot.clock.local_time import read_days
from bot.clock.typed_clock import read_range
from bot.clock.typed_day import read_typed_day
from bot.clock.typed_span import NUMBER_WORDS
from bot.outbox.manners import RepHours

_HELP = ("help", "?", "list", "usage")
_UNTIL = re.compile(
    r"(?:away |off )?(?P<how>until|till|til|through|bis|for|today|tomorrow|this week)"
    r"(?: (?P<rest>.+))?"
)
_FOR = re.compile(r"(?P<n>[a-z]+|[0-9]{1,3}) (?P<unit>days?|weeks?)")


class HoursWish(NamedTuple):
    """ "on" and "off" are for good; "form" opens it, filled with `hours`; "usage" tells how.

    `why` is a sentence on what the form is filled with, or on what was not understood.
    """

    result: Literal["on", "off", "form", "usage"]
    hours: RepHours
    why: str = ""


def read_hours(typed: str, hours: RepHours, today: date, locale: str = "") -> HoursWish:
    """Read it; `hours` are those that hold now. A time that ends never turns them off for good."""
    words = " ".join(typed.casefold().replace("?", " ? ").split()).strip(".,;! ")
    if words in ("on", "off"):
        return HoursWish("on" if words == "on" else "off", hours)
    if not words:
        return HoursWish("form", hours)
    if words in _HELP:
        return HoursWish("usage", hours)
    if words.startswith("off ") or _UNTIL.fullmatch(words):
        return _away(words, hours, today, locale)
    return _working(words.removeprefix("on ").strip(), typed, hours, locale)


def _away(words: str, hours: RepHours, today: date, locale: str) -> HoursWish:
    match = _UNTIL.fullmatch(words)
    last = _last_day(match, today, locale) if match else None
    if last is None or last < today:
        why = f"I can't tell until when “{words}” is. Pick the last day away; nothing is off yet."
        return HoursWish("form", hours, why)
    return HoursWish(
        "form", replace(hours, away_until=last), "Nothing is off yet. Save this to be left alone."
    )


def _last_day(match: re.Match[str], today: date, locale: str) -> date | None:
    """The last day away: “until Monday” ends before it, “through Monday” with it."""
    how, rest = match["how"], match["rest"] or ""
    if how in ("today", "tomorrow", "this week"):
        ahead = {"today": 0, "tomorrow": 1, "this week": 6 - today.weekday()}[how]
        return None if rest else today + timedelta(days=ahead)
    if how == "for" and (span := _FOR.fullmatch(rest)):
        number = span["n"]
        count = int(number) if number.isdecimal() else NUMBER_WORDS.get(number, 0)
        size = 7 if span["unit"].startswith("week") else 1
        return today + timedelta(days=count * size - 1)
    day = read_typed_day(rest, today, words_of(locale))
    if day is None or day.day is None or day.part:
        return None
    if how in ("through", "for") or rest in ("today", "tonight"):
        return day.day
    following = day.day + timedelta(days=7) if day.day == today else day.day
    return following - timedelta(days=1)


def _working(words: str, typed: str, hours: RepHours, locale: str) -> HoursWish:
    """ "weekdays 9-17": days and hours, in any order."""
    parts = words.replace(",", " ").split()
    for cut in range(len(parts) + 1):
        for days, clock in ((parts[:cut], parts[cut:]), (parts[cut:], parts[:cut])):
            found = read_days(" ".join(days)) if days else hours.working_days
            span = _hours(" ".join(clock), locale) if clock else (hours.start, hours.end)
            if found and span:
                new = replace(hours, working_days=found, start=span[0], end=span[1], nudges_on=True)
                return HoursWish("form", new, "Nothing is kept yet. Save this if it is right.")
    return HoursWish("usage", hours, f"I don't know “{typed.strip()[:60]}”.")


def _hours(text: str, locale: str) -> tuple[time, time] | None:
    """ "9-17", "9 to 5", "from 8:30 to 18:00"."""
    found = read_range(text, words_of(locale))
    if found is None or found.minutes is None:
        return None
    total = found.start.at.hour * 60 + found.start.at.minute + found.minutes
    return found.start.at, time(*divmod(total % (24 * 60), 60))
