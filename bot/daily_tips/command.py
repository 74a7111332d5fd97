"""The words after `/coach daily`, in any order: a time, days, a zone, whose holidays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar

from bot.clock.calendar_words import words_of
from bot.clock.local_time import DAYS, WEEKDAYS, read_clock_time, read_days, read_zone
from bot.clock.typed_clock import EARLY, read_clock
from bot.clock.working_hours import public_holidays
from bot.errors import CoachError

_HOLIDAYS = re.compile(
    r"[,;]?\s*(?:\b(?:no|not on|without|except|skip|excluding)\s+)?(?:\bpublic\s+)?"
    r"\bholidays?\b[:=]?\s*"
    r"(?:(?:(?-i:in|of|for)\s+)?(?P<land>[a-z]{2})(?:-(?P<part>[a-z0-9]{1,3}))?(?![\w-]))?"
    r"(?:\s+(?P<next>[A-Z]{1,3})(?!\w))?",
    re.I,
)
T = TypeVar("T")

_NOISE = {
    "at",
    "on",
    "every",
    "each",
    "the",
    "time",
    "in",
    "and",
    "um",
    "a",
    "tip",
    "daily",
    "from",
    *("please", "pls", "thanks", "just", "only", "send", "set", "post", "give", "us"),
}
_WORKDAYS = (
    *("werktags", "wochentags", "en semaine", "jours ouvrés", "días laborables", "laborables"),
    *("giorni feriali", "dias úteis", "werkdagen", "doordeweeks", "hverdage", "hverdager"),
    *("vardagar", "w dni robocze", "arkisin"),
)
_LONGEST = 8  # words of one phrase: “mon , tue , wed and thu”
_LATE, _NIGHT = 12, 6
SHOWN = 60


@dataclass(frozen=True)
class DailyRequest:
    """What was typed after `daily`; `zone` and `holidays` are None where none were."""

    at: time
    days: frozenset[int]
    zone: str | None
    holidays: str | None = None


@dataclass
class _Found:
    times: list[tuple[str, time]] = field(default_factory=list)
    days: list[tuple[str, frozenset[int]]] = field(default_factory=list)
    zones: list[tuple[str, str]] = field(default_factory=list)

    def take(self, text: str) -> bool:
        """Whether it is a time, days or a zone; it is kept then."""
        plain = text.rstrip(".,;")
        if (at := _time(plain)) is not None:
            self.times.append((text, at))
        elif (days := _days(plain)) is not None:
            self.days.append((text, days))
        elif (zone := _zone(plain)) is not None:
            self.zones.append((text, zone))
        else:
            return False
        return True


class NotADaily(CoachError):
    """Words after `daily` that name no time, or something that is neither days nor a zone."""


def read_wish(words: str, locale: str = "en") -> DailyRequest:
    """A time, and in any order with it days, a zone, `holidays DE`. Raises `NotADaily`.

    Without days it is weekdays; days may be in the language of Slack's `locale`. The sentence
    names the word that was not understood.
    """
    rest, holidays = _without_holidays(_in_english(" ".join(words.split()), locale))
    found = _read(_tokens(rest))
    if not found.times:
        raise NotADaily("I found no time in that.")
    days = _one(found.days, "sets of days")
    return DailyRequest(
        _one(found.times, "times") or time(9),
        days or WEEKDAYS,
        _one(found.zones, "zones"),
        holidays,
    )


def _in_english(typed: str, locale: str) -> str:
    """With the names of days, and of all workdays, in English."""
    days = {name: n for name, n in words_of(locale).days.items() if name not in words_of("en").days}

    def named(match: re.Match[str]) -> str:
        number = days.get(match[0].casefold())
        return match[0] if number is None else DAYS[number]

    workdays = "|".join(map(re.escape, _WORKDAYS))
    return re.sub(
        r"[^\W\d_]+", named, re.sub(rf"\b(?:{workdays})\b", "weekdays", typed, flags=re.I)
    )


def _one(found: list[tuple[str, T]], what: str) -> T | None:
    """The one that was typed; the same in other words ("daily", "every day") is no second one."""
    if len({value for _, value in found}) > 1:
        raise NotADaily(f"“{found[0][0]}” and “{found[1][0]}” are two {what}. Name one.")
    return found[0][1] if found else None


def _without_holidays(words: str) -> tuple[str, str | None]:
    """The words but for `holidays DE`, and its country, if any."""
    match = _HOLIDAYS.search(words)
    if not match:
        return words, None
    if not match["land"] or match["land"] == "in":  # India's code is typed “IN”
        raise NotADaily("Say whose public holidays, by the country's two letters: `holidays DE`.")
    land, end = match["land"].upper(), match.end()
    part = (match["part"] or "").upper()
    following = match["next"]
    if following and not part and _is_known(f"{land}-{following}"):
        part = following
    elif following:
        end = match.start("next")
    country = f"{land}-{part}" if part else land
    if not _is_known(country):
        raise NotADaily(
            f"I know no public holidays for “{country}”. Type the country's two letters, such as"
            " DE, GB or US, with a region if you like, such as DE-BY."
        )
    return f"{words[: match.start()]} {words[end:]}", country


def _is_known(country: str) -> bool:
    try:
        public_holidays(country, date.today().year)  # noqa: DTZ011 - any year will do
    except (CoachError, KeyError):
        return False
    return True


def _tokens(text: str) -> list[str]:
    """Words without the signs around them; a comma is a token of its own."""
    spaced = re.sub(r"[()\[\]]|(?<=[^\W\d_])\+(?=[^\W\d_])", " ", text)
    spaced = re.sub(r"\s*([,;&])\s*", r" \1 ", spaced)
    return [t for word in spaced.split() if (t := word.strip("!?") if word != "." else "")]


def _read(tokens: list[str]) -> _Found:
    """Each phrase by its kind, the longest first. Raises `NotADaily` for the word that is none."""
    found = _Found()
    at = 0
    while at < len(tokens):
        sizes = range(min(_LONGEST, len(tokens) - at), 0, -1)
        taken = next((n for n in sizes if found.take(" ".join(tokens[at : at + n]))), 0)
        if not taken and tokens[at] not in _NOISE and tokens[at] not in ",;&.-–":
            word = tokens[at][:SHOWN]
            raise NotADaily(f"I don't know “{word}” as a time, as days or as a zone.")
        at += taken or 1
    return found


def _time(text: str) -> time | None:
    """ "09:00", "9 am", "0900", "09h00", "noon"; a mere "9" is one as well."""
    plain = text.casefold()
    if (at := read_clock_time(plain)) is not None:
        return at
    clock = read_clock(plain, words_of("en"))
    if clock is None or (clock.doubt and clock.settled):
        return None
    if not clock.doubt:
        return clock.at
    number = plain.removeprefix("at ")
    if number.isdecimal() and _NIGHT < int(number) <= EARLY:
        return clock.at.replace(hour=int(number))
    if number.isdecimal() and int(number) <= _LATE:
        raise NotADaily(f"{clock.doubt.split('.')[0]}. Write {number}am or {number}pm.")
    return None


def _days(text: str) -> frozenset[int] | None:
    """ "mon-fri", "mon through fri", "mon/wed/fri", "on tuesdays and thursdays"."""
    plain = re.sub(
        r"\s+(?:through|thru|until|till|bis|a|à|au|al|tot|til|do)\s+", "-", text.casefold()
    )
    return read_days(re.sub(r"\s*/\s*", ",", plain))


def _zone(text: str) -> str | None:
    return read_zone(text.removesuffix(" time").removesuffix(" Time"))
