"""Days as people type them, and which of them have to be asked about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from bot.clock.calendar_words import CalendarWords
from bot.clock.local_time import say_day
from bot.clock.typed_span import NUMBER_WORDS

_SAME_DAY_PARTS = {
    "this morning": "morning", "this afternoon": "afternoon", "this evening": "evening",
    "tonight": "evening", "tonite": "evening", "heute abend": "evening", "heute morgen": "morning",
    "heute nachmittag": "afternoon", "ce soir": "evening", "cet après-midi": "afternoon",
    "ce matin": "morning", "esta tarde": "afternoon", "esta noche": "evening",
    "stasera": "evening", "vanavond": "evening", "vanmiddag": "afternoon",
    "vanochtend": "morning", "morning": "morning", "afternoon": "afternoon",
    "evening": "evening",
}  # fmt: skip
_PARTS = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "evening",
    "am": "morning", "pm": "afternoon", "früh": "morning", "vormittag": "morning",
    "nachmittag": "afternoon", "abend": "evening", "matin": "morning", "après-midi": "afternoon",
    "soir": "evening", "tarde": "afternoon", "mattina": "morning", "pomeriggio": "afternoon",
    "ochtend": "morning", "middag": "afternoon", "avond": "evening", "lunchtime": "afternoon",
}  # fmt: skip
_ON = re.compile(r"(?:on|on the|am|le|el|il|op|på|na|no|den|der) ")
_WHICH = re.compile(
    r"(?P<which>this|this coming|coming|upcoming|next|last|nächsten|nächste|kommenden|diesen"
    r"|prochain|próximo|volgende|komende|nästa) "
)
_BEHIND = re.compile(r" (?P<which>prochain|prochaine|próximo|que viene|prossimo|que vem)$")
_UNSURE = {"coming", "upcoming", "this coming", "kommenden", "komende"}
_PAST = {"last"}
_VAGUE = re.compile(
    r"(?:asap|a\.s\.a\.p|tba|eod|eow|eom|cob|later(?: today| this week)?|soon"
    r"|sometime.*|some time.*"
    r"|any ?time|tbd|tbc|whenever|shortly|end of (?:the )?(?:day|week|month|quarter|year)"
    r"|(?:next|this|last|nächste|kommende|diese|early|mid|late)(?: early| late| mid)? "
    r"(?:week|month|quarter|year|weekend|woche|monat)|(?:the )?weekend"
    r"|first thing(?: .+)?|(?:wk|week|kw|w|semaine|vecka|uge|uke)\.? ?[0-9]{1,2}(?: .+)?"
    r"|(?:early|late|mid) .+"
    r"|in an? (?:few|couple(?: of)?|while|bit)(?: (?:minutes?|mins?|hours?|days?|weeks?))?"
    r"|in (?:a )?(?:few|several|some) (?:minutes?|mins?|hours?|days?|weeks?)"
    r"|in (?:an?|one|two|three|[0-9]{1,2}) (?:months?|years?|fortnights?)"
    r"|(?:every|each|alternate) (?:other )?(?:\S*days?|week|month|mon|tue|wed|thu|fri|sat|sun)"
    r"|weekdays?"
    r"|(?:a )?(?:week|fortnight|month) (?:on )?\S+day"
    r"|the other day|one day|one of these days|in [0-9]{1,2}|demnächst|bald"
    r"|bientôt|pronto|snart|binnenkort|same time|usual time|lunch ?time|after lunch|before lunch"
    r"|after work|vormittags?|nachmittags?|abends)"
)
_VAGUE_DAY_TAIL = re.compile(r"^(?:wk|week|kw|w|semaine|vecka|first thing|early|late|mid)\b")

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
_IN = re.compile(r"in (?P<n>[a-z]+|[0-9]{1,3}) (?P<unit>days?|weeks?|tagen?|wochen?|jours?|dagen)")
_FROM_NOW = re.compile(r"(?P<n>[a-z]+|[0-9]{1,3}) (?P<unit>days?|weeks?) from (?:now|today)")
_WEEK = re.compile(r"(?:next week|nächste woche|la semaine prochaine) (?:on )?(?P<day>\S+)")
_WEEK_BEHIND = re.compile(r"(?P<day>\S+) (?:of )?(?P<which>next week|nächste woche|week|in a week)")


class Day(NamedTuple):
    """A day; None where it can't be told, and then `doubt` says why. `part` of it, or ""."""

    day: date | None
    doubt: str = ""
    part: str = ""


def read_typed_day(text: str, today: date, words: CalendarWords) -> Day | None:
    """A day in lower-case words, doubtful or not; None for what names none."""
    text = text.removesuffix("'s")
    if text in _SAME_DAY_PARTS:
        return Day(today, part=_SAME_DAY_PARTS[text])
    said, part = _without_part(_ON.sub("", text, count=1) if _ON.match(text) else text)
    for reader in (_ahead, _by_week, _weekday_and_date, _weekday, _dated, _counted):
        if (day := reader(said, today, words)) is not None:
            return day._replace(part=part) if part else day
    if text != said and (day := _the_nth(text, today)):
        return day
    if (day := _the_nth(text, today)) is not None:
        return day
    return _vague(text, today, words)


def _without_part(said: str) -> tuple[str, str]:
    head, _, last = said.rpartition(" ")
    if head.endswith(" in the") and last in _PARTS:
        head = head.removesuffix(" in the")
    if head and last in _PARTS:
        return head, _PARTS[last]
    return said, ""


def _ahead(said: str, today: date, words: CalendarWords) -> Day | None:
    rest = said.removeprefix("the ").removeprefix("day after ")
    if rest != said and words.ahead.get(rest) == 1:
        return Day(today + timedelta(days=2))
    if (count := words.ahead.get(said)) is None:
        return None
    day = today + timedelta(days=count)
    return Day(day) if count >= 0 else Day(None, f"“{said}” has passed. Pick a day from now on.")


def _weekday(said: str, today: date, words: CalendarWords) -> Day | None:
    which, name = "", said
    if match := _WHICH.match(said) or _BEHIND.search(said):
        which = match["which"]
        name = said.replace(match[0], "", 1)
    if (number := words.days.get(name.rstrip("."))) is None:
        return None
    ahead = (number - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    if which in _PAST:
        return Day(None, f"“{said}” has passed. Pick a day from now on.")
    if which in ("this", "diesen"):
        gone = number < today.weekday()
        return Day(day, f"I took “{said}” for {say_day(day, today)}.") if gone else Day(day)
    if which and which not in _UNSURE:
        return _next(said, day, today)
    if which:
        return Day(day, f"I took “{said}” for {say_day(day, today)}. Change it if that is wrong.")
    if name in words.english and name.endswith("days"):
        return Day(day, f"“{said}” sounds like every week. I put {say_day(day, today)}.")
    return Day(day)


def _next(said: str, day: date, today: date) -> Day:
    """ "next fri" is clear only where this week's has passed, and the coming one is near."""
    day = day if day != today else day + timedelta(days=7)
    other_week = day.isocalendar()[:2] != today.isocalendar()[:2]
    if other_week and (day - today).days <= 5:
        return Day(day)
    after = "" if other_week else " Change it if you meant the week after."
    return Day(day, f"I took “{said}” for {say_day(day, today)}.{after}")


def _by_week(said: str, today: date, words: CalendarWords) -> Day | None:
    """ "next week tue", "tue next week", "tuesday week"."""
    match = _WEEK.fullmatch(said) or _WEEK_BEHIND.fullmatch(said)
    number = words.days.get(match["day"].rstrip(".,")) if match else None
    if not match or number is None:
        return None
    day = today + timedelta(days=7 - today.weekday() + number)
    if match.groupdict().get("which") in ("week", "in a week"):
        day = today + timedelta(days=(number - today.weekday()) % 7 + 7)
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
    match = _IN.fullmatch(said) or _FROM_NOW.fullmatch(said)
    counts = NUMBER_WORDS | dict(words.numbers)
    if not match:
        return None
    count = int(match["n"]) if match["n"].isdecimal() else counts.get(match["n"])
    if count is None:
        return None
    weeks = match["unit"].startswith(("week", "woche"))
    return Day(today + timedelta(days=count * (7 if weeks else 1)))


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
    if not _VAGUE.fullmatch(text):
        return None
    head, _, rest = text.partition(" ")
    tail = _VAGUE_DAY_TAIL.match(text)
    if tail and head in ("early", "late", "mid"):
        known = rest in words.days or rest in words.months or rest in words.ahead
        known = known or rest in ("week", "month", "afternoon", "morning", "evening")
        if not known:
            return None
    if text.startswith("first thing ") and not read_typed_day(text[12:], today, words):
        return None
    if (
        number := re.match(r"(?:wk|week|kw|w|semaine|vecka|uge|uke)\.? ?[0-9]{1,2} (.+)", text)
    ) and (read_typed_day(number[1], today, words) is None):
        return None
    return Day(None, f"“{text}” is no exact time. Pick the day and the time.")
