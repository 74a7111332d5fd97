"""What is typed behind `/coach keep`: for how long things are to be kept."""

from __future__ import annotations

import re

_UNITS = {
    "d": 1,
    "day": 1,
    "w": 7,
    "week": 7,
    "m": 30,
    "month": 30,
    "y": 365,
    "year": 365,
    "yr": 365,
}
_LENGTH = re.compile(r"(?:for )?(?P<n>[0-9]{1,5}|an?|one|two|three) ?(?P<unit>[a-z]+?)?s?")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_FOR_EVER = re.compile(r"(?:for )?(?:ever|forever|always|everything|all|off|unlimited|no limit)")
MOST = 36_500  # days: a hundred years


class Unclear(ValueError):
    """Words that name no length of time."""


def read_days(typed: str) -> int | None:
    """How many days; None for ever. A month is 30 days, a year 365. Raises `Unclear`."""
    text = " ".join(typed.casefold().strip(" .").split())
    if _FOR_EVER.fullmatch(text):
        return None
    if not (found := _LENGTH.fullmatch(text)) or (found["unit"] or "day") not in _UNITS:
        raise Unclear(typed)
    number = _NUMBERS.get(found["n"]) or int(found["n"])
    return min(number * _UNITS[found["unit"] or "day"], MOST)
