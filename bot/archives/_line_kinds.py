"""What single lines of an archive look like: dates, footers, headings, ends of teasers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

_NAMES = "january february march april may june july august september october november december"
MONTHS = {name: n for n, name in enumerate(_NAMES.split(), 1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_WRITTEN = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY}),?\s+)?"
    rf"(?:(?P<month>{_MONTH})\s+(?P<day>{_DAY})|(?P<day2>{_DAY})\s+(?P<month2>{_MONTH})),?"
    r"\s+(?P<year>\d{4})",
    re.I,
)
_NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")

_COUNT = (
    r"(?:(?:no|\d+)\s+(?:comments?|responses?)\s*[:»]?"
    r"|comments?\s+(?:are\s+)?(?:off|closed)\b.*|leave\s+a\s+(?:comment|reply))"
)
_COMMENTS = re.compile(_COUNT, re.I)
_DATE_AND_COUNT = re.compile(rf"(?P<date>\S.*\d)[\s|,·–-]+{_COUNT}", re.I)
_TAGS = re.compile(
    r"(?:technorati(?:\s+tags?)?|del\.icio\.us(?:\s+tags?)?|tags?|labels?|categor(?:y|ies)"
    r"|filed\s+under)\s*:.*|reblog\s+this\s+post.*|email\s*this.*blogthis!.*"
    r"|links\s+to\s+this\s+post:?|(?:newer|older)\s+posts?|subscribe\s+to:\s.*|post\s+a\s+comment",
    re.I,
)
# `Posted at 08:10 AM in Price | Permalink | Comments (3)` and `Posted in Price | 3 Comments`
_POSTED_IN = re.compile(
    r"posted\s+(?:(?:by\s+.{1,60}?\s+)?(?:at|on)\s+.{0,40}\d.{0,60}?|in\s+.{1,120}?)\s*"
    r"(?:[|·•]\s*(?:permalink|permanent\s+link|(?:\d+|no)\s+(?:comments?|responses?)"
    r"|comments?\s*(?:\(\d+\)|off|closed|are\s+off)|trackbacks?\s*(?:\(\d+\))?"
    r"|leave\s+a\s+(?:comment|reply)|tagged\s.{1,100}|e-?mail\s+this|edit)\s*)+",
    re.I,
)
_POSTED_BY = re.compile(r"posted\s+by:?\s+(?P<author>.{1,60}?)(?:\s+(?:at|on)\s+.*\d.*)?", re.I)
_POSTED_ON = re.compile(
    r"(?:(?:posted|published|written|submitted|by\s+(?P<before>.{2,40}?))\s*(?:on\s+|[:,|–—-]\s*|\s))?"
    rf"(?P<date>(?:{_WEEKDAY},?\s+)?(?:{_MONTH}|\d).{{2,34}}?\d{{4}}|\d{{4}}-\d\d-\d\d)"
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?)?"
    r"(?:\s*[|,·•–—-]?\s*(?:by|for)\s+(?P<author>.{2,60}?))?"
    rf"(?:\s*[|,·•–—-]+\s*{_COUNT})?",
    re.I,
)
_FEED = re.compile(r"(?:rss|atom)(?:\s+feed)?|subscribe|entries\s+\(rss\)", re.I)
_HEADING = re.compile(
    rf"(?:(?:monthly\s+|blog\s+)?archives?\b.{{0,30}}?)?(?P<month>{_MONTH}),?\s+\d{{4}}"
    r"|archives?\s+for\b.{0,60}",
    re.I,
)
_ON = r"(?:…|\.{3}|→|»|>>)"
READ_MORE = re.compile(
    rf"\s*[\[(]?\s*(?:(?:Read|READ)\s+(?:more|More|MORE)|\b[Cc]ontinue\s+reading(?:\s.{{1,120}}?)?)"
    rf"\s*{_ON}\s*[\])]?\s*$"
    r"|(?:(?<=[.!?…”’\"')\]])\s+|^\s*)(?:Read|READ)\s+(?:more|More|MORE)\s*$"
    rf"|\s*[\[(]\s*more\s*{_ON}\s*[\])]\s*$"
)


class Stamp(NamedTuple):
    """A date as it was written; `ambiguous` if day and month were numbers."""

    year: int
    month: int
    day: int
    weekday: str
    ambiguous: bool = False

    @property
    def date(self) -> date | None:
        """None if there is no such day."""
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def swapped(self) -> Stamp:
        return self._replace(month=self.day, day=self.month)

    @property
    def weekday_is_wrong(self) -> bool:
        day = self.date
        return day is not None and self.weekday not in ("", _DAYS[day.weekday()][:3])


def folded(line: str) -> str:
    """A line for looking at: no-break spaces are spaces, and white space is evened out."""
    return " ".join(line.split())


def stamp(text: str) -> Stamp | None:
    """The date that `text` is, if it is one and nothing else. `31.03.2009` is read day first."""
    if found := _WRITTEN.fullmatch(text):
        month = MONTHS[(found["month"] or found["month2"]).lower().rstrip(".")]
        day = int(re.sub(r"\D", "", found["day"] or found["day2"]))
        return Stamp(int(found["year"]), month, day, (found["weekday"] or "").lower()[:3])
    if found := _ISO.fullmatch(text):
        return Stamp(int(found["year"]), int(found["month"]), int(found["day"]), "")
    if found := _NUMERIC.fullmatch(text):
        return Stamp(int(found["year"]), int(found["b"]), int(found["a"]), "", ambiguous=True)
    return None


def counted_stamp(text: str) -> Stamp | None:
    """The date of a line that also holds a comment count: `31.03.2009 No comments`."""
    found = _DATE_AND_COUNT.fullmatch(text)
    return stamp(found["date"].rstrip(" |,·–-")) if found else None


class Posted(NamedTuple):
    """A line that tells the day of a post, and who wrote it if it says so."""

    day: Stamp
    author: str | None


def posted_on(text: str) -> Posted | None:
    """`Posted on March 17, 2010 by Ada Lund`, `March 17, 2010 8:10 AM`: more than a mere date."""
    found = _POSTED_ON.fullmatch(text) if len(text) <= 120 else None
    day = stamp(found["date"].strip()) if found else None
    if found is None or day is None or found["date"].strip() == text:
        return None
    return Posted(day, found["author"] or found["before"])


def day_first(stamps: Sequence[Stamp], month: int | None) -> bool:
    """Whether numbers stand day first: what makes the most real dates, and dates of `month`."""

    def fit(read: Sequence[Stamp]) -> tuple[int, int]:
        real = [each for each in read if each.date]
        return len(real), sum(each.month == month for each in real)

    return fit(stamps) >= fit([each.swapped for each in stamps])


def day_of_month(text: str) -> int | None:
    """The number of a line that holds nothing but a day of the month."""
    return int(text) if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", text) else None


def month_name(text: str) -> int | None:
    """The month of a line that holds nothing but its name, short or long."""
    return MONTHS.get(text.lower().rstrip("."))


def is_heading(text: str) -> bool:
    """Whether a line heads a page of posts: `Archive for March, 2009`."""
    return _HEADING.fullmatch(text) is not None


def heading_month(text: str) -> int | None:
    found = _HEADING.fullmatch(text)
    return MONTHS[found["month"].lower().rstrip(".")] if found and found["month"] else None


def is_feed(text: str) -> bool:
    return _FEED.fullmatch(text) is not None


def is_comments(text: str) -> bool:
    """Whether a line is a comment count: `2 Comments`, `No comments:`, `Comments Off on …`."""
    return _COMMENTS.fullmatch(text) is not None


def is_tags(text: str) -> bool:
    """Whether a line is a footer of tags, categories or links to share."""
    return len(text) <= 300 and _TAGS.fullmatch(text) is not None


def posted_by(text: str) -> str | None:
    """The author that a line `Posted by … at …` names."""
    found = _POSTED_BY.fullmatch(re.sub(r"\s*\|.*", "", text))
    return found["author"] if found else None


def is_footer(text: str) -> bool:
    """Whether a line may stand in the footer of a post, and nowhere in its text."""
    posted = len(text) <= 300 and _POSTED_IN.fullmatch(text) is not None
    return is_comments(text) or is_tags(text) or posted or posted_by(text) is not None
