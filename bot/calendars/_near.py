"""Of a calendar's text what may matter: the events near a window, and of each what is read of it.

Parsing is most of the work, and most of a calendar is years of single events, descriptions and
alarms. What is left out here is what the parser's result would be passed over for.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

ZONES = timedelta(days=2)  # more than any two zones are apart
_EVENT, _END = "BEGIN:VEVENT\n", "END:VEVENT\n"
_ANY_EVENT = re.compile(r"^BEGIN:VEVENT\s*$", re.M | re.I)
_UID = re.compile(r"^UID(?:;[^:\n]*)?:(.*)$", re.M | re.I)
_STARTS = re.compile(r"^DTSTART(?:;[^:\n]*)?:(\d{8})(T\d{6}Z?)?\s*$", re.M | re.I)
_REPEATS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.M | re.I)
_READ = re.compile(
    r"(?:BEGIN|END|UID|SUMMARY|DTSTART|DTEND|DURATION|RECURRENCE-ID|RRULE|EXDATE|RDATE|SEQUENCE"
    r"|LAST-MODIFIED|STATUS|TRANSP|X-MICROSOFT-CDO-BUSYSTATUS|ORGANIZER|ATTENDEE)[;:]",
    re.I,
)


def near(text: str, since: datetime, until: datetime) -> str:
    """The text without single events that begin well outside of the window, and without what is
    read of none. Lines are unfolded; where the text is written in another way, it is left whole."""
    first, *events = text.split(_EVENT)
    if len(events) != len(_ANY_EVENT.findall(text)):
        return text
    span = f"{since - ZONES:%Y%m%d}", f"{until + ZONES:%Y%m%d}"
    uids = Counter(_uid(event) for event in events)
    kept = [first]
    for event in events:
        inner, end, rest = event.partition(_END)
        if not end:
            kept.append(_EVENT + event)
            continue
        if uids[_uid(inner)] > 1 or not _is_far(inner, span):
            lines = (line for line in inner.split("\n") if _READ.match(line))
            kept.append("\n".join([_EVENT[:-1], *lines, end]))
        kept.append(rest)
    return "".join(kept)


def _uid(event: str) -> str:
    found = _UID.search(event)
    return found[1].strip() if found else ""


def _is_far(event: str, span: tuple[str, str]) -> bool:
    starts = _STARTS.findall(event)
    if len(starts) != 1 or not _uid(event) or _REPEATS.search(event):
        return False
    day, time = starts[0]
    began_long_ago = day < span[0] and bool(time)  # whole days may last for weeks
    return began_long_ago or day > span[1]
