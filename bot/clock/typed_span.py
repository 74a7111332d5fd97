"""Lengths of time as people type them: “45m”, “1h30”, “an hour and a half”, “20 Minuten”."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.clock.calendar_words import CalendarWords

_COUNTS = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        range(1, 13),
        strict=True,
    )
)
NUMBER_WORDS = _COUNTS | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40}
NUMBER_WORDS |= {"forty five": 45, "sixty": 60, "ninety": 90}
_FIXED = {
    **dict.fromkeys(("half an hour", "half hour", "a half hour", "1/2 hour", "1/2 h", "½ h"), 30),
    **dict.fromkeys(("½ hour", "1/2 an hour"), 30),
    **dict.fromkeys(("quarter of an hour", "a quarter of an hour", "quarter hour"), 15),
    **dict.fromkeys(("an hour and a half", "one and a half hours", "hour and a half"), 90),
    **dict.fromkeys(("1 1/2 hours", "1½ hours", "1½h"), 90),
    "three quarters of an hour": 45,
    **dict.fromkeys(("the hour", "hour", "one hour", "an hour"), 60),
}  # fmt: skip
_MOST_COLON = 4  # “1:30h” is a length, “11:00 h” a time of day
_LEAD = re.compile(r"(?:for|a|quick|short|about|für|pour|pendant|por|per|voor|durante)(?: a)? ")
_PARTS = re.compile(
    r"(?:(?P<h>[0-9]{1,2})(?:(?P<colon>:)(?P<hm>[0-5][0-9])|(?P<part>[.,][0-9]{1,2}))?"
    r"[ -]?(?P<hu>[^\W\d_]+)\.?(?: and|,)?)?"
    r"(?: ?(?P<m>[0-9]{1,3})[ -]?(?P<mu>[^\W\d_]+|')?\.?)?"
)


def read_length(text: str, words: CalendarWords) -> timedelta | None:
    """Minutes and hours with their unit; “for” may stand before them. None for anything else."""
    said, fixed = text.removeprefix("+"), _FIXED | dict(words.small.spans)
    while match := _LEAD.match(said):
        if said in fixed:
            break
        said = said[match.end() :]
    if said in fixed:
        return None if said == "hour" else timedelta(minutes=fixed[said])
    head, _, unit = said.rpartition(" ")
    counts = NUMBER_WORDS | dict(words.numbers)
    if head in counts and (unit in words.hours or unit in words.minutes):
        size = timedelta(hours=1) if unit in words.hours else timedelta(minutes=1)
        return size * counts[head] if len(unit) > 1 else None
    return _counted(said, words)


def _counted(said: str, words: CalendarWords) -> timedelta | None:
    match = _PARTS.fullmatch(said)
    if not match or not (match["h"] or match["m"]):
        return None
    hours, minutes = int(match["h"] or 0), int(match["m"] or match["hm"] or 0)
    hour_unit, minute_unit = match["hu"], match["mu"]
    if hour_unit and hour_unit not in words.hours:
        if hour_unit not in words.minutes or match["m"] or match["part"] or match["colon"]:
            return None
        return timedelta(minutes=hours)
    if match["colon"] and (match["m"] or hours > _MOST_COLON):
        return None
    if minute_unit and minute_unit not in {*words.minutes, "'"}:
        return None
    if match["m"] and not minute_unit and not (hour_unit and minutes < 60 and len(match["m"]) == 2):
        return None
    part = float((match["part"] or "0").replace(",", "."))
    return timedelta(hours=hours, minutes=minutes + round(part * 60))
