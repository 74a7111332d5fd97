"""Times of day as people type them, ranges among them, with what has to be asked about each."""

from __future__ import annotations

import re
from datetime import time
from functools import cache
from typing import NamedTuple

from bot.clock._small_words import small_words
from bot.clock.calendar_words import CalendarWords
from bot.clock.local_time import say_clock
from bot.clock.typed_span import NUMBER_WORDS

SMALL = 6  # up to this hour nobody calls in the morning: “3:30” is one at night or after lunch
NIGHT = 5  # “05:00” is written as nobody writes five in the afternoon
EARLY = 8  # … and “at 8” may be either
_LATE = 21  # from here on a call may end on the next day
_IN_THE_MORNING = range(9, 13)  # “half past 10” is no hour at which anybody calls at night
_DUTCH = re.compile(r"(?<=[0-9]) ?u(?=[0-9]|$)")  # “15u30”, “15.00u”

_SHARP = re.compile(r" (?:sharp|prompt|exactly|on the dot|pünktlich|précises)$")
_UNIT = r"(?:uhr|uur|hrs|hours|heures?|horas?|hs|ore|o'?clock|oclock|h)"
_HALF = r"(?P<half>[ap])\.?m?\.?"
_ISH = re.compile(r"-?ish(?= |$)")
_FULL = re.compile(
    r"(?P<h>[0-9]{1,2})(?P<sep> ?[:.;h] ?| uhr | heures )(?P<m>[0-5][0-9])(?::[0-5][0-9])?"
    rf"(?: ?{_HALF})?(?: ?{_UNIT})?"
)
_HOUR = re.compile(rf"(?P<h>[0-9]{{1,2}})(?: ?(?P<unit>{_UNIT}))?(?: ?{_HALF})?")
_DIGITS = re.compile(rf"(?P<h>[0-9]{{1,2}})(?P<m>[0-5][0-9])(?: ?(?P<unit>{_UNIT}))?(?: ?{_HALF})?")
_WORDED = re.compile(
    r"(?P<h>[^\W\d_]+)(?: (?P<unit>o'?clock|uhr|uur|heures))?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_TOWARDS = re.compile(
    r"(?P<m>half|quarter|a quarter|five|ten|twenty|twenty five|[0-9]{1,2})(?: minutes| mins| min)?"
    rf" (?P<way>past|after|to|before) (?P<h>[0-9]{{1,2}}|[a-z]+)(?: ?{_UNIT})?(?: ?{_HALF})?"
)
_EAST = re.compile(
    r"(?P<half>午前|午後|上午|下午|오전|오후)? ?(?P<h>[0-9]{1,2}) ?[時时点點시]"
    r" ?(?:(?P<m>[0-9]{1,2}) ?[分분]|(?P<mid>半|반))?"
)
_NAMED = ("noon", "12 noon", "12:00 noon", "midday", "12 midday")
_NIGHT = ("midnight", "mitternacht", "minuit")
_PARTS = {p: p for p in ("morning", "afternoon", "evening", "night")}
_NOT_BEFORE = {"morning": NIGHT, "afternoon": 12, "evening": 15, "night": 17}  # and no later than …
_NOT_AFTER = {"morning": 12, "afternoon": 18}
_DASHED = ("->", "=>", "-")


class Clock(NamedTuple):
    """A time of day as it was most likely meant. `doubt` is a sentence for the rep, or "".

    `settled`: nobody has to choose between morning and afternoon. `bare`: a mere number, which is
    a time only beside a day, after “at”, or in a range. `sign`: what makes it one in any place.
    """

    at: time
    settled: bool = True
    doubt: str = ""
    bare: bool = False
    explicit: bool = False  # am or pm, or the hour of a 24-hour clock


class Range(NamedTuple):
    """From one time of day to another one; `minutes` is None where the end is not later."""

    start: Clock
    minutes: int | None
    doubt: str = ""


class _Patterns(NamedTuple):
    """What stands around a time of day, in one language and in English."""

    at: re.Pattern[str]
    about: re.Pattern[str]
    limit: re.Pattern[str]
    part: re.Pattern[str]
    between: re.Pattern[str]
    open_start: re.Pattern[str]
    towards: re.Pattern[str]
    half_before: re.Pattern[str]
    behind: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    small = small_words(language)
    at = rf"{small.at}(?:\.? |\.(?=[0-9])|(?<=\bh)(?=[0-9]))"
    parts = "|".join(sorted(map(re.escape, _PARTS | dict(small.parts)), key=len, reverse=True))
    number = r"(?P<h>[0-9]{1,2}|[^\W\d_]+)"
    tail = rf"(?: ?{_UNIT})?(?: ?{_HALF})?"
    return _Patterns(
        at=re.compile(at),
        about=re.compile(rf"{small.about}\.? (?:{at})?"),
        limit=re.compile(rf"{small.limit} (?:{at})?"),
        part=re.compile(rf" (?:in the |at )?({parts})$"),
        between=re.compile(
            rf"(?P<lead>(?:{small.froms}|{small.between}) )?(?P<left>.+?)"
            rf" ?(?P<by>->|=>|-|/| {small.to} | and | {small.ands} ) ?(?P<right>.+)"
        ),
        open_start=re.compile(rf"{small.between} "),
        towards=re.compile(
            rf"(?:(?P<past>{small.quarter_past})|(?P<to>{small.quarter_to})"
            rf"|(?P<m>[0-9]{{1,2}}|[^\W\d_]+) (?:(?P<mpast>{small.past})|(?P<mto>{small.to_hour})))"
            rf" {number}{tail}"
        ),
        half_before=re.compile(rf"(?P<word>{small.half_before}|half) {number}{tail}"),
        behind=re.compile(
            rf"(?P<clock>.+) (?:(?P<half>{small.half_behind})|(?P<quarter>{small.quarter_behind})"
            rf"|{small.quarter_less})"
        ),
    )


def read_clock(text: str, words: CalendarWords) -> Clock | None:
    """A time of day in lower-case words; with “about” or “after” it is one, and doubtful."""
    said, doubt, led = _SHARP.sub("", text), "", False
    around = _patterns(words.language)
    for lead, why in (
        (around.about, "“{}” is not exact."),
        (around.limit, "“{}” is no exact start."),
    ):
        if match := lead.match(said):
            said, doubt = said[match.end() :], why.format(text)
    if match := around.at.match(said):
        said, led = said[match.end() :], True
    if match := around.about.match(said):
        said, doubt = said[match.end() :], f"“{text}” is not exact."
    if _ISH.search(said):
        said, doubt = _ISH.sub("", said), f"“{text}” is not exact."
    part = ""
    match = around.part.search(said)
    if match and match[1] not in words.ahead:  # a German “6 morgen” is a name's end and a day
        said, part = said[: match.start()], (_PARTS | dict(words.small.parts))[match[1]]
    clock = _read(said, words)
    if clock is None:
        return None
    if part:
        clock = settle(clock, part)
    if clock.bare and (led or doubt or part):
        clock = clock._replace(bare=False)
    return clock._replace(doubt=doubt or clock.doubt)


def _read(said: str, words: CalendarWords) -> Clock | None:
    if said in _NAMED or said in words.small.noon:
        return Clock(time(12), explicit=True)
    if said in _NIGHT:
        return Clock(time(0), doubt="Midnight belongs to two days. Pick the one you mean.")
    if words.language == "nl":
        said = _DUTCH.sub("h", said)
    for reader in (_full, _hour, _digits, _towards, _half_hour, _behind, _east, _worded):
        if clock := reader(said, words):
            return clock
    return None


def _full(said: str, words: CalendarWords) -> Clock | None:
    match = _FULL.fullmatch(said)
    if not match or int(match["h"]) > 23 or (words.language == "it" and " h " in said):
        return None  # an Italian “h 15” is a time by itself
    hours = "h" in match["sep"] and not words.hour_is_clock and int(match["h"]) <= SMALL
    if hours or (match["sep"] == "." and said.endswith("h") and int(match["h"]) <= SMALL):
        return None  # “1h15” and “1.25h” are lengths
    clock = _made(match["h"], int(match["m"]), match["half"], said)
    if clock and ";" in match["sep"]:
        return clock._replace(doubt=f"I read “{said}” as {say_clock(clock.at)}.")
    return clock


def _hour(said: str, words: CalendarWords) -> Clock | None:
    match = _HOUR.fullmatch(said)
    if not match or int(match["h"]) > 24:
        return None
    hour, unit = int(match["h"]), match["unit"]
    if unit == "h" and not (hour > 12 or (words.hour_is_clock and hour > SMALL)):
        return None  # a length
    if unit in ("hours", "hour", "ore", "horas", "hora", "heures", "heure") and hour <= 12:
        return None
    clock = _made(match["h"], 0, match["half"], said)
    bare = not unit and not match["half"]
    if clock and not match["half"] and SMALL < hour <= EARLY and unit in (None, "o'clock"):
        clock = clock._replace(settled=False, doubt=_either(said, clock.at))
    return clock._replace(bare=bare) if clock else None


def _digits(said: str, words: CalendarWords) -> Clock | None:
    match = _DIGITS.fullmatch(said)
    if not match or int(match["h"]) > 23:
        return None
    if len(match["h"]) == 1 and not match["half"]:
        return None
    return _made(match["h"], int(match["m"]), match["half"], said)


def _worded(said: str, words: CalendarWords) -> Clock | None:
    match = _WORDED.fullmatch(said)
    hour = _number(match["h"], words) if match else None
    if not match or hour is None or not 1 <= hour <= 12 or match["h"] in ("a", "an"):
        return None
    clock = _made(str(hour), 0, match["half"], said)
    return clock._replace(bare=not (match["unit"] or match["half"])) if clock else None


def _towards(said: str, words: CalendarWords) -> Clock | None:
    """ "half past 3pm", "quarter to 4", "10 to 4pm"; “Viertel nach 10”, “5 vor 11”."""
    if not (match := _TOWARDS.fullmatch(said)):
        return _towards_abroad(said, words)
    hour = _number(match["h"], words)
    if hour is None or not 1 <= hour <= 24:
        return None
    named = {"half": 30, "quarter": 15, "a quarter": 15, "twenty five": 25}
    minutes = named.get(match["m"]) or _number(match["m"], words) or 0
    to = match["way"] in ("to", "before")
    if minutes not in (5, 10, 15, 20, 25, 30) or (to and minutes == 30):
        return None
    if match["m"].isdecimal() and to and minutes < hour:
        return None  # “10 to 11am” is a range
    clock = _made(str(hour), 0, match["half"], said)
    if clock is None:
        return None
    total = (clock.at.hour * 60 + (-minutes if to else minutes)) % (24 * 60)
    doubt = f"I read “{said}” as {say_clock(time(*divmod(total, 60)))}."
    is_worded = not match["m"].isdecimal() or match["way"] in ("past", "after")
    sure = is_worded and (bool(match["half"]) or hour in _IN_THE_MORNING)
    return clock._replace(at=time(*divmod(total, 60)), doubt="" if sure else doubt, settled=sure)


def _towards_abroad(said: str, words: CalendarWords) -> Clock | None:
    match = _patterns(words.language).towards.fullmatch(said)
    hour = _number(match["h"], words) if match else None
    minutes = 15 if match and not match["m"] else _number(match["m"], words) if match else None
    if not match or hour is None or not 1 <= hour <= 24 or minutes not in (5, 10, 15, 20, 25):
        return None
    return _moved(hour, -minutes if match["to"] or match["mto"] else minutes, match["half"], said)


def _half_hour(said: str, words: CalendarWords) -> Clock | None:
    """ "halb 4" is 3:30; an English “half 4” is 4:30, a Dutch one 3:30."""
    around = _patterns(words.language)
    match = around.half_before.fullmatch(said)
    hour = _number(match["h"], words) if match else None
    if not match or hour is None or not 1 <= hour <= 12 or match["h"] in ("a", "an"):
        return None
    before = re.fullmatch(words.small.half_before, match["word"]) is not None
    return _moved(hour, -30 if before else 30, match["half"], said)


def _behind(said: str, words: CalendarWords) -> Clock | None:
    """ "10h et demie", "once menos cuarto"."""
    match = _patterns(words.language).behind.fullmatch(said)
    clock = _read(match["clock"], words) if match else None
    if not match or clock is None or ":" in match["clock"] or not (hour := clock.at.hour):
        return None
    return _moved(hour, 30 if match["half"] else 15 if match["quarter"] else -15, None, said)


def _moved(hour: int, minutes: int, half: str | None, said: str) -> Clock | None:
    """So many minutes after the hour, or before it; in doubt it is said how it was read."""
    clock = _made(str(hour), 0, half, said)
    if clock is None:
        return None
    at = time(*divmod((clock.at.hour * 60 + minutes) % (24 * 60), 60))
    sure = hour in _IN_THE_MORNING and not said.startswith("half ")
    return Clock(at, sure, "" if sure else f"I read “{said}” as {say_clock(at)}.")


def _east(said: str, words: CalendarWords) -> Clock | None:
    match = _EAST.fullmatch(said)
    if not match:
        return None
    half = {"午前": "a", "上午": "a", "오전": "a"}.get(match["half"] or "", match["half"] and "p")
    return _made(match["h"], 30 if match["mid"] else int(match["m"] or 0), half, said)


def _number(text: str, words: CalendarWords) -> int | None:
    return int(text) if text.isdecimal() else (NUMBER_WORDS | dict(words.numbers)).get(text)


def _made(typed: str, minute: int, half: str | None, said: str) -> Clock | None:
    hour = int(typed) % 24 if int(typed) == 24 and not minute else int(typed)
    if hour > 23 or minute > 59:
        return None
    if half is None:
        return _without_half(typed, hour, minute, said)
    if hour > 12 or hour == 0:
        at = time(hour, minute)
        return Clock(at, True, f"“{said}” is two times in one. I put {say_clock(at)}.")
    at = time(hour % 12 + (12 if half == "p" else 0), minute)
    if hour == 12 and half == "a":
        return Clock(at, True, f"“{said}” is just after midnight. Write 12pm for noon.")
    return Clock(at, explicit=True)


def _without_half(typed: str, hour: int, minute: int, said: str) -> Clock:
    if 0 < hour <= SMALL and not typed.startswith("0"):
        at = time(hour + 12, minute)
        return Clock(at, False, _either(said, at))
    at = time(hour, minute)
    if typed.startswith("0") and 0 < hour < NIGHT:
        return Clock(at, True, f"{say_clock(at)} is at night. Change it if that is wrong.")
    return Clock(at, explicit=hour > 12 or typed.startswith("0"))


def _either(said: str, at: time) -> str:
    other = time((at.hour + 12) % 24, at.minute)
    first, second = sorted((at, other))
    return f"“{said}” may be {say_clock(first)} or {say_clock(second)}. I put {say_clock(at)}."


def settle(clock: Clock, part: str) -> Clock:
    """The time of day, once it is known that it is in the morning, afternoon or evening."""
    hour = clock.at.hour
    if clock.at == time(0) and clock.doubt:
        return clock  # midnight stays to be asked about
    later = part != "morning"
    if clock.explicit:
        fits = hour >= 12 if later else hour < 12
        said = f"{say_clock(clock.at)} is not in the {part}. Change what is wrong."
        return clock if fits or clock.doubt else clock._replace(doubt=said)
    at = clock.at if later == (hour >= 12) else clock.at.replace(hour=(hour + 12) % 24)
    if not _NOT_BEFORE.get(part, 0) <= at.hour <= _NOT_AFTER.get(part, 23):
        return clock._replace(
            doubt=f"{say_clock(clock.at)} is not in the {part}. Change what is wrong."
        )
    return clock._replace(at=at, settled=True, doubt="", bare=False)


def read_range(text: str, words: CalendarWords) -> Range | None:
    """ "14:00-15:00", "2 - 3pm", "from 2 to 3pm"; two mere numbers are one, and doubtful."""
    around = _patterns(words.language)
    match = around.between.fullmatch(text)
    if not match:
        return None
    left, right = (read_clock(match[side].strip(), words) for side in ("left", "right"))
    by, lead = match["by"].strip(), match["lead"]
    if match["by"] == "-" and (match["left"].isalpha() or match["right"].isalpha()):
        return None  # 7-Eleven
    if left is None or right is None:
        return None
    if left.bare and right.bare and not lead and by not in (*_DASHED, "to"):
        return None
    if match["left"] == "24":
        return None  # “jeudi 24 à 15h”
    if left.bare and not lead and match["left"].isalpha() and not match["right"].isalpha():
        return None  # “Capital One a las 15:00”
    if not lead and re.fullmatch(rf"and|{words.small.ands}", by):
        return None
    start, end = _in_one_half(left, right)
    span = (end.hour - start.hour) * 60 + end.minute - start.minute
    if start.hour >= _LATE and end.hour < NIGHT:
        span += 24 * 60  # “23:30-00:30”
    minutes = span if 5 <= span <= 12 * 60 else None
    return Range(
        left._replace(at=start, doubt="", bare=False),
        minutes,
        _range_doubt(text, match, left, right, start, end, minutes, around)
        if not around.open_start.match(text)
        else f"“{text}” leaves the start open. I put {say_clock(start)}.",
    )


def _in_one_half(left: Clock, right: Clock) -> tuple[time, time]:
    """What one side says of morning or afternoon holds for the other as far as it can."""
    start, end = left.at, right.at
    if not left.explicit and right.explicit:
        choices = sorted(
            {start.replace(hour=start.hour % 12), start.replace(hour=start.hour % 12 + 12)}
        )
        fitting = [each for each in choices if each < end]
        start = fitting[-1] if fitting else start
    elif left.explicit and not right.explicit:
        choices = sorted({end.replace(hour=end.hour % 12), end.replace(hour=end.hour % 12 + 12)})
        fitting = [each for each in choices if each > start]
        end = fitting[0] if fitting else end
    elif not left.explicit and not right.explicit and end <= start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    return start, end


def _range_doubt(
    text: str, match: re.Match[str], left: Clock, right: Clock, start: time, end: time,
    minutes: int | None, around: _Patterns,
) -> str:  # fmt: skip
    if minutes is None:
        return f"I can't make a length of “{text}”."
    exact = left.explicit or right.explicit or (left.settled and right.settled)
    by = match["by"].strip()
    is_at = by not in ("to", "until", "till") and left.bare and bool(around.at.match(f"{by} "))
    if by == "/" or is_at or (left.bare and right.bare) or not exact:
        return f"I read “{text}” as {say_clock(start)} to {say_clock(end)}."
    about = [c.doubt for c in (left, right) if c.doubt and c.settled]
    return about[0] if about else ""
