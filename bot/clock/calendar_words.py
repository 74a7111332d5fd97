"""How days and months are called: in English, and in the rep's own language by Slack's locale."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from bot.clock._small_words import SmallWords, small_words

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# What people write beside the names that every calendar knows.
_ENGLISH_DAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3} | {
    f"{name}s": n for n, name in enumerate(_DAYS)
}
_ENGLISH_AHEAD = {
    **dict.fromkeys(("today", "tod", "tdy", "2day"), 0),
    **dict.fromkeys(("tomorrow", "tmrw", "tmr", "tmw", "tmrrw", "tomo", "tom'w", "2moro"), 1),
    **dict.fromkeys(("tomm", "tommo", "tomrw", "tmro", "tmrow", "tmoro", "2mrw", "2morrow"), 1),
    **dict.fromkeys(("the day after tomorrow", "day after tomorrow", "overmorrow"), 2),
    **dict.fromkeys(("yesterday", "yday"), -1),
}
# Left out of CLDR's relative days, and by region in no file of its own.
_MORE_AHEAD: Mapping[str, Mapping[str, int]] = {
    "pt": {"depois de amanhã": 2, "depois de amanha": 2},
    "es": {"pasado mañana": 2, "pasado manana": 2, "manana": 1},
    "it": {"dopodomani": 2},
    "sv": {"imorgon": 1, "i övermorgon": 2, "övermorgon": 2, "i överimorgon": 2},
    "da": {"i overmorgen": 2, "overmorgen": 2, "idag": 0, "imorgen": 1},
    "nb": {"i overmorgen": 2, "overmorgen": 2, "idag": 0, "imorgen": 1},
    "fr": {"après demain": 2, "apres demain": 2, "apres-demain": 2},
    "de": {"uebermorgen": 2},
    "pl": {"pojutrze": 2},
    "fi": {"ylihuomenna": 2},
    "cs": {"pozítří": 2},
}
# For whom the month comes first in “12/5”; all others who write so begin with the day.
_MONTH_FIRST = ("US", "PH", "PW", "FM", "MH", "PR", "GU", "AS", "VI")
_AMBIGUOUS_ORDER = ("CA",)  # both are usual there
# Languages in which “15h” is a time of day.
_HOUR_IS_CLOCK = ("fr", "pt", "es", "ca", "it", "ro", "nl")
# Their words for days raise doubt in everybody's line: reps write to each other across borders.
_NEIGHBOURS = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "pl", "fi", "tr")
# The table's abbreviations that are small words first: a German “mit” is “with”, not Wednesday.
_JOINS = ("mit", "con", "en", "et", "med", "met", "com", "de", "le", "el", "il", "po")
_TELLING = 5  # letters of a neighbour's word that is not some other word of ours


class CalendarWords(NamedTuple):
    """Lower-case names. `days` count from Monday, 0; `months` from 1; `ahead` in days from today.

    `foreign` are names of days in other languages, which mean nothing but make one doubt.
    `month_first` is None where both orders are usual. `hour_is_clock`: “15h” is a time of day.
    `english` tells words of this language from those of the rep's own. `day_units` and `week_units`
    are what is counted; `spans_ahead` speak of a week, month or year. `loose` are words of the
    rep's language that end no name.
    """

    days: Mapping[str, int]
    months: Mapping[str, int]
    ahead: Mapping[str, int]
    minutes: frozenset[str]
    hours: frozenset[str]
    numbers: Mapping[str, int]
    foreign: frozenset[str]
    english: frozenset[str]
    month_first: bool | None
    hour_is_clock: bool
    language: str
    day_units: frozenset[str]
    week_units: frozenset[str]
    spans_ahead: frozenset[str]
    loose: frozenset[str]
    small: SmallWords


@cache
def words_of(locale: str) -> CalendarWords:
    """The words for a locale as Slack names it (“de-DE”), English among them.

    By the tables that `dateparser` makes from Unicode's CLDR; an unknown locale is English.
    """
    language, _, region = (locale or "en-US").replace("_", "-").partition("-")
    language = {"no": "nb", "iw": "he", "in": "id"}.get(language.casefold(), language.casefold())
    english, own = _table("en"), _table(language) if language != "en" else {}
    days = _numbered(own, _DAYS, 0) | _english(_DAYS, 0) | _ENGLISH_DAYS
    months = _numbered(own, _MONTHS, 1) | _english(_MONTHS, 1) | {"sept": 9}
    small = small_words(language)
    weeks = frozenset(_names(own, "week")) | {"week", "weeks", "wk", "wks"}
    units = {n for key in ("day", "week", "month", "year", "hour") for n in _names(own, key)}
    ahead = _ahead(own) | _ahead(english) | dict(_MORE_AHEAD.get(language, {})) | _ENGLISH_AHEAD
    return CalendarWords(
        days=_telling(days),
        months=_telling(months),
        ahead=ahead,
        minutes=frozenset(_names(own, "minute")) | {"m", "min", "mins", "minute", "minutes"},
        hours=frozenset(_names(own, "hour")) | {"h", "hr", "hrs", "hour", "hours"},
        numbers=_counted(own) | dict(small.numbers),
        foreign=_foreign() - days.keys() - months.keys() - ahead.keys(),
        english=frozenset({*_english(_DAYS, 0), *_ENGLISH_DAYS, *_ENGLISH_AHEAD}),
        month_first=None if region in _AMBIGUOUS_ORDER else region in _MONTH_FIRST,
        hour_is_clock=language in _HOUR_IS_CLOCK,
        language=language,
        day_units=frozenset(_names(own, "day")) | {"day", "days"},
        week_units=weeks,
        spans_ahead=frozenset(_spans_ahead(own)),
        loose=small.loose | {unit for unit in units if len(unit) > 2},
        small=small,
    )


def _table(language: str) -> Mapping[str, Any]:
    try:
        name = f"dateparser.data.date_translation_data.{language}"
        return dict(importlib.import_module(name).info)
    except (ImportError, ValueError):
        return {}


def _names(table: Mapping[str, Any], key: str) -> Iterable[str]:
    for name in table.get(key, ()):
        plain = unicodedata.normalize("NFKC", name).casefold().rstrip(".")
        yield plain
        yield "".join(c for c in unicodedata.normalize("NFD", plain) if not _is_accent(c))


def _is_accent(c: str) -> bool:
    return "\u0300" <= c <= "\u036f"


def _numbered(table: Mapping[str, Any], keys: Iterable[str], first: int) -> dict[str, int]:
    return {name: n for n, key in enumerate(keys, first) for name in _names(table, key)}


def _english(names: Iterable[str], first: int) -> dict[str, int]:
    """By their names and three letters: two, as in “Sa”, are the end of many a company's name."""
    return {short: n for n, name in enumerate(names, first) for short in (name, name[:3])}


def _ahead(table: Mapping[str, Any]) -> dict[str, int]:
    kinds = {"0 day ago": 0, "in 1 day": 1, "in 2 day": 2, "1 day ago": -1, "2 day ago": -2}
    said = table.get("relative-type", {})
    return {name: n for kind, n in kinds.items() for name in _names(said, kind)}


def _spans_ahead(table: Mapping[str, Any]) -> Iterable[str]:
    """ "nächste woche", "le mois dernier": a span of days, and none of them."""
    said = table.get("relative-type", {})
    kinds = [k for k in said if any(unit in k for unit in ("week", "month", "year"))]
    return (name for kind in kinds for name in _names(said, kind))


def _counted(table: Mapping[str, Any]) -> dict[str, int]:
    """ "zwei" is 2, by the language's own list."""
    pairs = [pair for each in table.get("simplifications", ()) for pair in each.items()]
    return {k.casefold(): int(v) for k, v in pairs if k.isalpha() and str(v).isdecimal()}


def _telling(names: dict[str, int]) -> dict[str, int]:
    """Without single letters and bare numbers, which some calendars use for days and months."""
    long = {n: v for n, v in names.items() if (len(n) > 1 or not n.isascii()) and n not in _JOINS}
    return {n: v for n, v in long.items() if not n.isdecimal()}


@cache
def _foreign() -> frozenset[str]:
    tables = [_table(language) for language in _NEIGHBOURS]
    names = {
        n for t in tables for n in (*_numbered(t, _DAYS, 0), *_numbered(t, _MONTHS, 1), *_ahead(t))
    }
    return frozenset(n for n in names if len(n) >= _TELLING)
