"""Days as people type them, and which of them have to be asked about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from bot.clock._small_words import alternatives, small_words
from bot.clock.calendar_words import CalendarWords, words_of
from bot.clock.local_time import say_day
from bot.clock.typed_span import NUMBER_WORDS

_SAME_DAY_PARTS = {
    "this morning": "morning", "this afternoon": "afternoon", "this evening": "evening",
    "tonight": "evening", "tonite": "evening", "stasera": "evening", "vanavond": "evening",
    "vanmiddag": "afternoon", "vanochtend": "morning", "stamattina": "morning",
    "i eftermiddag": "afternoon", "i ettermiddag": "afternoon", "i kväll": "evening",
    "i aften": "evening", "i kveld": "evening", "i förmiddag": "morning", "i formiddag": "morning",
    "morning": "morning", "afternoon": "afternoon", "evening": "evening",
}  # fmt: skip
_PARTS = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "evening",
    "am": "morning", "pm": "afternoon", "lunchtime": "afternoon",
}  # fmt: skip
_GLUED_PART = 5  # letters of a part of the day that may be written in one with the day
_SPAN = "(?:day|week|month|quarter|year|weekend)"
_VAGUE = re.compile(
    r"(?:asap|a\.s\.a\.p|tba|eod|eow|eom|cob|close of (?:play|business)|later(?: today| this week)?"
    r"|soon(?:ish)?|sometime.*|some time.*|any ?time|tbd|tbc|whenever|shortly"
    rf"|(?:the )?(?:very )?(?:end|start|beginning|middle|back) of (?:next |this |the )?{_SPAN}"
    rf"|(?:next|this|last|following|early|mid|late)(?: early| late| mid)? {_SPAN}"
    r"|(?:in )?(?:the )?week after(?: next)?|in two weeks(?:'|’)? time"
    rf"|(?:the )?weekend|(?:all|any|the whole|full|most of the) day"
    r"|first thing(?: .+)?|(?:wk|week|kw|w|semaine|vecka|uge|uke)\.? ?[0-9]{1,2}(?: .+)?"
    r"|(?:early|late|mid) .+"
    r"|in an? (?:few|couple(?: of)?|while|bit)(?: (?:minutes?|mins?|hours?|days?|weeks?))?"
    r"|in (?:a )?(?:few|several|some) (?:minutes?|mins?|hours?|days?|weeks?)"
    r"|in (?:an?|one|two|three|[0-9]{1,2}) (?:months?|years?|fortnights?)"
    r"|(?:every|each|alternate) (?:other )?(?:\S*days?|week|month|mon|tue|wed|thu|fri|sat|sun)"
    r"|weekdays?"
    r"|(?:a )?(?:week|fortnight|month) (?:on )?\S+day"
    r"|the other day|one day|one of these days|in [0-9]{1,2}|same time|usual time|lunch ?time"
    r"|(?:after|before|over|at) (?:lunch|work|breakfast|dinner|hours)|midweek)"
)
_VAGUE_DAY_TAIL = re.compile(r"^(?:wk|week|kw|w|semaine|vecka|first thing|early|late|mid)\b")

_OF = "(?:of|the|in|de|de la|la|della|da|der|i|na|en)"  # before “next week”, in any language
_HOURS = re.compile(r"[0-9]{1,2}-[0-9]{1,2}")
_DAY_PAIR = re.compile(r"[^\W\d_]+[/-][^\W\d_]+")
_ISO = re.compile(r"(?P<y>20[0-9]{2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})")
_NUMERIC = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?:(?P=s)(?P<y>(?:20)?[0-9]{2}))?(?P<dot>\.)?"
)
_ORDINAL = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:,? '?(?P<y>(?:20)?[0-9]{2}))?"
_DAY_MONTH = re.compile(
    rf"(?:the )?{_ORDINAL}(?: of(?= )| de(?= )|-|/)? ?(?P<m>[^\W\d_]+)\.?(?:-| de )?{_YEAR}"
)
_MONTH_DAY = re.compile(rf"(?P<m>[^\W\d_]+)\.?(?: |-|/)?(?:the )?{_ORDINAL}{_YEAR}")
_EAST = re.compile(r"(?:(?P<y>20[0-9]{2})年 ?)?(?P<m>[0-9]{1,2})[月월] ?(?P<d>[0-9]{1,2})[日일]")
_NTH = re.compile(r"(?:the )?(?P<d>[0-9]{1,2})(?P<sign>st|nd|rd|th)")
_THE_NTH = re.compile(r"(?:the|le|el|il|den) (?P<d>[0-9]{1,2})\.?|am (?P<d2>[0-9]{1,2})\.")
_IN = r"(?P<n>[^\W\d_]+|[0-9]{1,3}) (?P<unit>[^\W\d_]+)"
_FROM_NOW = re.compile(r"(?P<n>[a-z]+|[0-9]{1,3}) (?P<unit>days?|weeks?) from (?:now|today)")


class Day(NamedTuple):
    """A day; None where it can't be told, and then `doubt` says why. `part` of it, or ""."""

    day: date | None
    doubt: str = ""
    part: str = ""


class _Patterns(NamedTuple):
    """What stands around a day, in one language and in English."""

    on: re.Pattern[str]
    this: re.Pattern[str]
    which: re.Pattern[str]
    behind: re.Pattern[str]
    every: re.Pattern[str]
    counted: re.Pattern[str]
    next_week: re.Pattern[str]
    vague: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    words, small = words_of(language), small_words(language)
    which = rf"(?P<which>{small.this}|{small.coming}|{small.next}|{small.last})"
    week = alternatives(words.week_units)
    lead = rf"(?:(?:{small.on}|{small.into}|{_OF}) )*"
    return _Patterns(
        on=re.compile(rf"{small.on}\.? "),
        this=re.compile(rf"{small.this} "),
        which=re.compile(rf"{which}\.? "),
        behind=re.compile(rf" (?P<which>{small.next}|{small.last})$"),
        every=re.compile(rf"{small.every} (?P<day>.+)"),
        counted=re.compile(rf"{small.into} {_IN}"),
        next_week=re.compile(
            rf"{lead}(?:(?:{small.next}|{small.coming}) {week}|{week} {small.next})"
        ),
        vague=re.compile(rf"{lead}{small.vague}(?: (?P<rest>.+))?"),
    )


def read_typed_day(text: str, today: date, words: CalendarWords) -> Day | None:
    """A day in lower-case words, doubtful or not; None for what names none."""
    text = text.removesuffix("'s")
    if not text:
        return None
    if text in _SAME_DAY_PARTS:
        return Day(today, part=_SAME_DAY_PARTS[text])
    around = _patterns(words.language)
    this = around.this.match(text)
    if this and (part := words.small.parts.get(text[this.end() :])):  # “cet après-midi”
        return Day(today, part=part)
    bare = around.on.sub("", text, count=1) if around.on.match(text) else text
    if (day := _read(bare, text, today, words)) is not None:
        return day
    if day := _with_part(bare, today, words):
        return day
    return _the_nth(text, today) or _vague(text, today, words)


def _read(said: str, text: str, today: date, words: CalendarWords) -> Day | None:
    for reader in (_ahead, _by_week, _weekday_and_date, _weekday, _dated, _counted):
        if (day := reader(said, today, words)) is not None:
            return day
    return _the_nth(text, today) if text != said else None


def _with_part(said: str, today: date, words: CalendarWords) -> Day | None:
    """ "tomorrow in the morning", "viernes por la tarde", “morgenochtend”."""
    parts = _PARTS | dict(words.small.parts)
    for part in sorted(parts, key=len, reverse=True):
        if said.endswith(f" {part}"):
            head = said.removesuffix(part).strip().removesuffix(" in the")
        elif said.endswith(part) and len(part) >= _GLUED_PART:
            head = said.removesuffix(part)
        else:
            continue
        if part in ("am", "pm") and head[-1:].isdecimal():
            continue  # “feb 3 pm” is three o'clock on a day in February
        if head and (day := _read(head, head, today, words)) is not None:
            return day._replace(part=parts[part])
    return None


def _ahead(said: str, today: date, words: CalendarWords) -> Day | None:
    rest = said.removeprefix("the ").removeprefix("day after ")
    if rest != said and words.ahead.get(rest) == 1:
        return Day(today + timedelta(days=2))
    if (count := words.ahead.get(said)) is None:
        return None
    day = today + timedelta(days=count)
    return Day(day) if count >= 0 else Day(None, f"“{said}” has passed. Pick a day from now on.")


def _weekday(said: str, today: date, words: CalendarWords) -> Day | None:
    which, name, small = "", said, words.small
    around = _patterns(words.language)
    if match := around.every.fullmatch(said):
        daily = _day_number(match["day"], words) is not None
        return Day(None, f"“{said}” sounds like every week. Pick one day.") if daily else None
    if match := around.which.match(said) or around.behind.search(said):
        which = match["which"]
        name = said.replace(match[0], "", 1)
    if (number := _day_number(name, words)) is None:
        return None
    ahead = (number - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    if which and re.fullmatch(small.last, which):
        return Day(None, f"“{said}” has passed. Pick a day from now on.")
    if which and re.fullmatch(small.this, which):
        gone = number < today.weekday()
        return Day(day, f"I took “{said}” for {say_day(day, today)}.") if gone else Day(day)
    if which and re.fullmatch(small.next, which):
        return _next(said, day, today, sure=which == "next")
    if which:
        return Day(day, f"I took “{said}” for {say_day(day, today)}. Change it if that is wrong.")
    if name not in words.days or (name in words.english and name.endswith("days")):
        return Day(day, f"“{said}” sounds like every week. I put {say_day(day, today)}.")
    return Day(day)


def _day_number(name: str, words: CalendarWords) -> int | None:
    """Of the day of the week, be it in the plural: “montags”, “lundis”."""
    plain = name.rstrip(".'")
    number = words.days.get(plain)
    if number is None and len(plain) > _GLUED_PART and plain.endswith("s"):
        return words.days.get(plain.removesuffix("s"))
    return number


def _next(said: str, day: date, today: date, sure: bool) -> Day:
    """ "next fri" is clear only where this week's has passed, and the coming one is near.

    In other languages than English, and as “following”, it means either even then.
    """
    day = day if day != today else day + timedelta(days=7)
    other_week = day.isocalendar()[:2] != today.isocalendar()[:2]
    if sure and other_week and (day - today).days <= 5:
        return Day(day)
    after = "" if sure and other_week else " Change it if you meant the week after."
    return Day(day, f"I took “{said}” for {say_day(day, today)}.{after}")


def _by_week(said: str, today: date, words: CalendarWords) -> Day | None:
    """ "next week tue", "tue next week", “mardi de la semaine prochaine”, "tuesday week"."""
    if len(parts := said.split()) < 2:
        return None
    week = _patterns(words.language).next_week
    number, later = None, 0
    for name, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        text = " ".join(rest)
        if (number := words.days.get(name.rstrip(".,"))) is None:
            continue
        if text in words.week_units or text == "in a week":
            later = (number - today.weekday()) % 7 + 7
            break
        if week.fullmatch(text.removesuffix(" on")):
            later = 7 - today.weekday() + number
            break
    if not later or number is None:
        return None
    day = today + timedelta(days=later)
    return Day(day, f"I took “{said}” for {say_day(day, today)}. Change it if that is wrong.")


def _weekday_and_date(said: str, today: date, words: CalendarWords) -> Day | None:
    """ "thu, nov 26", "wed 25th": the two have to agree."""
    parts = said.split(" ")
    for cut, name, rest in ((1, parts[0], parts[1:]), (-1, parts[-1], parts[:-1])):
        number = words.days.get(name.strip(".,"))
        if number is None or not rest:
            continue
        text = " ".join(rest)
        dated = _dated(text, today, words) or _the_nth(text, today)
        if dated is None and cut == 1 and text.isdecimal() and 1 <= int(text) <= 31:
            dated = _next_nth(int(text), today, text)
            if dated.day is None or dated.day.weekday() != number:
                return None  # “tue 10” is ten o'clock on Tuesday
            return Day(dated.day, f"I took “{said}” for {say_day(dated.day, today)}.")
        if dated is None:
            continue
        if dated.day is None and _HOURS.fullmatch(text):
            return None  # “friday 9-10”
        if dated.day and dated.day.weekday() != number:
            return Day(None, f"“{said}”: that day is no {name.strip('.,').capitalize()}. Pick it.")
        return Day(dated.day) if dated.day else dated
    return None


def _dated(said: str, today: date, words: CalendarWords) -> Day | None:
    if match := _ISO.fullmatch(said):
        return _on(int(match["y"]), int(match["m"]), int(match["d"]), said, today)
    if match := _EAST.fullmatch(said):
        return _on(_year(match["y"], today), int(match["m"]), int(match["d"]), said, today)
    for form in (_DAY_MONTH, _MONTH_DAY):
        match = form.fullmatch(said)
        if match and (month := words.months.get(match["m"].rstrip("."))):
            year = _year(match["y"], today)
            if year and len(match["y"]) == 2 and abs(year - today.year) > 1:
                return None  # “No. 7 Feb 12” is no day in 2012
            return _on(_year(match["y"], today), month, int(match["d"]), said, today)
    if match := _NUMERIC.fullmatch(said):
        return _numeric(match, said, today, words)
    return None


def _year(typed: str | None, today: date) -> int | None:
    if not typed:
        return None
    return int(typed) if len(typed) == 4 else today.year // 100 * 100 + int(typed)


def _numeric(match: re.Match[str], said: str, today: date, words: CalendarWords) -> Day | None:
    a, b, sign = int(match["a"]), int(match["b"]), match["s"]
    year = _year(match["y"], today)
    if sign == "." and not year and not match["dot"] and (b == 0 or a == 0):
        return None
    if sign == "/" and (a, b) in ((24, 7), (1, 2)) and not year:
        return None
    readings = {(b, a)} if sign == "." else {(b, a), (a, b)}
    valid = {(m, d) for m, d in readings if 1 <= m <= 12 and 1 <= d <= 31}
    if not valid:
        odd = f"“{said}” is no day that I know. Pick it."
        return Day(None, odd) if (sign == "/" and max(a, b) <= 99) or year else None
    if len(valid) > 1:
        return Day(None, f"I can't be sure which day {said} is. Pick it, or write it like 1 Dec.")
    month, day = valid.pop()
    return _on(year, month, day, said, today)


def _on(year: int | None, month: int, day: int, said: str, today: date) -> Day:
    for each in [year] if year else [today.year, today.year + 1]:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return Day(found)
    return Day(None, f"There is no such day as “{said}”. Pick one.")


def _counted(said: str, today: date, words: CalendarWords) -> Day | None:
    match = _patterns(words.language).counted.fullmatch(said) or _FROM_NOW.fullmatch(said)
    if not match or match["unit"] not in words.day_units | words.week_units:
        return None
    counts = NUMBER_WORDS | dict(words.numbers)
    count = int(match["n"]) if match["n"].isdecimal() else counts.get(match["n"])
    if count is None:
        return None
    return Day(today + timedelta(days=count * (7 if match["unit"] in words.week_units else 1)))


def _the_nth(text: str, today: date) -> Day | None:
    """ "26th", "the 26th", "the 26": of this month, or of the next."""
    plain = text.removeprefix("on ")
    match = _NTH.fullmatch(plain) or _THE_NTH.fullmatch(plain)
    if not match:
        return None
    number = match["d"] or match.groupdict().get("d2") or "0"
    return _next_nth(int(number), today, text)


def _next_nth(number: int, today: date, said: str) -> Day:
    for step in (0, 1):
        month = (today.month - 1 + step) % 12 + 1
        year = today.year + (today.month + step > 12)
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= today:
            return Day(day)
    return Day(None, f"There is no such day as “{said}”. Pick one.")


def _vague(text: str, today: date, words: CalendarWords) -> Day | None:
    around = _patterns(words.language)
    if _DAY_PAIR.fullmatch(text) and all(d in words.days for d in re.split("[/-]", text)):
        return Day(None, f"“{text}” are two days. Pick the one you mean.")
    abroad = around.vague.fullmatch(text)
    if abroad and (not abroad["rest"] or _is_all_time(abroad["rest"], words)):
        return Day(None, f"“{text}” is no exact time. Pick the day and the time.")
    no_day = text in words.spans_ahead or around.next_week.fullmatch(text)
    if not no_day and not _is_vague(text, today, words):
        return None
    return Day(None, f"“{text}” is no exact time. Pick the day and the time.")


def _is_all_time(text: str, words: CalendarWords) -> bool:
    named = words.days.keys() | words.months.keys() | words.ahead.keys() | words.week_units
    spans = {word for span in words.spans_ahead for word in span.split()}
    return set(text.split()) <= named | spans | words.small.parts.keys() | words.loose


def _is_vague(text: str, today: date, words: CalendarWords) -> bool:
    if not _VAGUE.fullmatch(text):
        return False
    head, _, rest = text.partition(" ")
    if _VAGUE_DAY_TAIL.match(text) and head in ("early", "late", "mid"):
        known = rest in words.days or rest in words.months or rest in words.ahead
        spans = ("week", "month", "year", "afternoon", "morning", "evening")
        return known or rest.split()[-1] in spans
    if text.startswith("first thing "):
        return read_typed_day(text[12:], today, words) is not None
    number = re.match(r"(?:wk|week|kw|w|semaine|vecka|uge|uke)\.? ?[0-9]{1,2} (.+)", text)
    return not number or read_typed_day(number[1], today, words) is not None
