"""Whether somebody is away, as the status in their Slack profile has it."""

from __future__ import annotations

import re
from datetime import datetime

# The signs of Slack's own suggestions “Vacationing” and “Out sick”. Its others (in a meeting,
# commuting, working remotely) are of people who are at work.
_SIGNS = frozenset((":palm_tree:", ":face_with_thermometer:"))
_WORDS = re.compile(
    r"\b(?:vacation(?:ing)?|holidays?|out of (?:the )?office|ooo|o\.o\.o|pto|on leave|day off"
    r"|(?:annual|parental|maternity|paternity|sick) leave|off sick|out sick|i['’]?m sick|away until"
    r"|urlaub|im urlaub|krank|abwesend|en vacances|en congés?|vacaciones|de baja|in ferie|vakantie"
    r"|férias)\b",
    re.IGNORECASE,
)


def away_until(text: str, sign: str, ends: datetime | None) -> datetime | None:
    """When they are back (UTC); None for somebody who is not away.

    Only a status with an end counts: one without is often left standing for months.
    """
    says_so = sign in _SIGNS or bool(_WORDS.search(text))
    return ends if says_so else None
