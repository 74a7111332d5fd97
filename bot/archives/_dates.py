"""The day of a date as blogs, feeds and front matter write it, where its author wrote it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from bot.archives._line_kinds import MONTHS
from bot.clock.calendar_words import words_of

OLDEST = 1990  # there were no blogs before; a zero clock reads 1970
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ZERO = re.compile(r"-0001|0000[-/]|^0+$")
_YEAR_FIRST = re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T\d{4,6}.*)?$")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?[ -](?:of )?({_MONTH})\.?,?[ -](\d{{4}}|\d\d)\b", re.I
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?[ -](\d{{1,2}})(?:st|nd|rd|th)?,?[ -](\d{{4}})\b", re.I)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_ELSEWHERE = re.compile(  # `3. März 2016`, `1er août 2016`, `3 de marzo de 2016`
    r"\b(\d{1,2})(?:\.|er|º|ste|e)?\s+(?:de\s+|di\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b"
)
_LANGUAGES = ("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "pl", "fi")  # of most blogs
_CLOCK = re.compile(r"^(\d{10})(?:\d{3})?$")  # seconds, or milliseconds, since 1970


def day_of(text: object, month_first: bool = False) -> date | None:
    """The day that `text` names, whatever else stands in it; None for none, or for a zero date.

    `03/04/2016` is 3 April, unless `month_first` is given or there is no such day.
    """
    said = " ".join(str(text or "").split())
    if not said or _ZERO.search(said):
        return None
    if found := _YEAR_FIRST.search(said):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.match(said):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.search(said):
        return _day(_year(found[3]), MONTHS[found[2].lower()], int(found[1]))
    if found := _MONTH_DAY.search(said):
        return _day(int(found[3]), MONTHS[found[1].lower()], int(found[2]))
    if (found := _ELSEWHERE.search(said)) and (month := _month(found[2].casefold())):
        return _day(int(found[3]), month, int(found[1]))
    if found := _NUMBERS.search(said):
        return _of_numbers(int(found[1]), int(found[3]), int(found[4]), month_first)
    if found := _CLOCK.match(said):
        from datetime import UTC, datetime

        return datetime.fromtimestamp(int(found[1]), UTC).date()
    return None


@cache
def _month(name: str) -> int | None:
    """The number of a month that is named in another language than English."""
    return next((n for each in _LANGUAGES if (n := words_of(each).months.get(name))), None)


def day_in_name(name: str) -> date | None:
    """The day at the start of a file's name, `2014-05-06-ring-the-bell.md`, or of its folder's."""
    for part in reversed(name.replace("\\", "/").split("/")):
        if found := re.match(r"(\d{4})[-_.](\d{1,2})[-_.](\d{1,2})(?!\d)", part):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    return None


def _of_numbers(first: int, second: int, year: int, month_first: bool) -> date | None:
    day, month = (second, first) if month_first else (first, second)
    return _day(year, month, day) or _day(year, day, month)


def _year(text: str) -> int:
    """A year of two digits is of this century, as in RFC 822, up to 69."""
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= OLDEST else None
    except ValueError:
        return None
