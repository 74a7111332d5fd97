"""Zones behind a typed time: “ET”, “GMT+1”, “London time”; each of them opens the form."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.clock.local_time import read_zone

_AREAS = {
    **dict.fromkeys(("et", "est", "edt", "eastern", "us/eastern"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt", "central", "us/central"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt", "mountain", "us/mountain"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt", "pacific", "us/pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("bst", "uk"), "Europe/London"),
    **dict.fromkeys(("wet", "west"), "Europe/Lisbon"),
    **dict.fromkeys(("eet", "eest"), "Europe/Helsinki"),
    **dict.fromkeys(("gmt", "utc", "z", "zulu"), "UTC"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
    "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong",
    "msk": "Europe/Moscow", "brt": "America/Sao_Paulo", "kst": "Asia/Seoul",
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt) ?(?P<sign>[+-]) ?(?P<h>[0-9]{1,2})(?::?(?P<m>[0-5][0-9]))?")
_OWN = {"my time", "local time", "my local time", "our time", "here", "my zone", "local"}
_THEIRS = re.compile(
    r"(?:their|his|her|your|customer|customer's|client|client's|the customer's|host)"
    r"(?: local)? (?:time|tz|zone)"
)
LONGEST = 4  # tokens


class Zone(NamedTuple):
    """`name` is an IANA name, "" for the rep's own and None where it can't be told."""

    name: str | None


def read_typed_zone(text: str, in_brackets: bool = False) -> Zone | None:
    """The zone that lower-case words behind a time name; a mere city only with “time”."""
    if text in _OWN:
        return Zone("")
    if _THEIRS.fullmatch(text):
        return Zone(None)
    plain = text.removesuffix(" time").removesuffix(" tz")
    said_so = plain != text or in_brackets
    if plain in _AREAS:
        return Zone(_AREAS[plain])
    if "/" in plain and (named := read_zone(plain)):
        return Zone(named)
    if match := _OFFSET.fullmatch(plain):
        return Zone(_fixed(match))
    if said_so:
        named = read_zone(plain)
        return Zone(named) if named or text.endswith(" time") else None
    return None


def is_area(text: str) -> bool:
    """Whether a lower-case word is the name of a zone, and of nothing smaller."""
    return text in _AREAS and text not in ("z", "uk", "west", "central", "mountain")


def _fixed(match: re.Match[str]) -> str | None:
    """ "Etc/GMT-1" is an hour ahead of UTC: its sign is turned round."""
    hours, minutes = int(match["h"]), int(match["m"] or 0)
    if minutes or hours > 12:
        return None
    sign = "-" if match["sign"] == "+" else "+"
    return f"Etc/GMT{sign}{hours}" if hours else "UTC"
