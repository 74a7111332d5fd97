"""The phrases of a line: which of its tokens tell a day, a time, a length or a play."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from bot.clock.calendar_words import CalendarWords
from bot.clock.typed_clock import Clock, Range, read_clock, read_range
from bot.clock.typed_day import Day, read_typed_day
from bot.clock.typed_span import NUMBER_WORDS, read_length
from bot.huddles._tokens import Token
from bot.huddles._vocabulary import CALLED, CONNECTORS
from bot.text.phrase_match import LONG_ENOUGH, SPELLED_ALIKE, fold

Kind = Literal["day", "clock", "range", "length", "offset", "play", "sign"]
LONGEST = 8  # tokens of one phrase: “from half past 3 to 4 o'clock”
SURE_SLIP = 0.85  # difflib's ratio; “thrusday” has 0.88, and “sundae” 0.83
SKELETON = 3  # consonants that may stand for a day's name
SHORT = 5  # letters of a day's name, in which a slip can still be told
# Nothing shorter or longer is the length of a call: “3M” stays a company.
SHORTEST, LONGEST_CALL = timedelta(minutes=5), timedelta(hours=12)

_FROM_NOW = re.compile(r"(.+) (?:from now|ab jetzt)")
_TWO_SPANS = re.compile(r"in [0-9]+ ?h\w* [0-9].*")
_NOW = ("now", "right now", "jetzt", "maintenant", "ahora", "adesso", "agora", "nu", "nå", "teraz")
NTH = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)")
_DOTTED = re.compile(r"[0-9]{1,2}\.[0-9]{2}")

Value = Day | Clock | Range | timedelta | str


class Phrase(NamedTuple):
    """Tokens `start` to `end` (not included) and what they say. `other` is a second reading."""

    kind: Kind
    start: int
    end: int
    text: str
    value: Value
    doubt: str = ""
    other: Day | None = None

    @property
    def is_time(self) -> bool:
        return self.kind in ("day", "clock", "range", "offset", "length")


@dataclass(frozen=True)
class PlayNames:
    """What plays are called, folded: by their names, and by words that speak of them."""

    names: Mapping[str, str]
    signs: Mapping[str, str]

    @property
    def longest(self) -> int:
        return max((len(each.split()) for each in (*self.names, *self.signs)), default=0)


def find_phrases(
    tokens: Sequence[Token], today: date, words: CalendarWords, plays: PlayNames, kept: set[int]
) -> list[Phrase]:
    """The phrases that leave the fewest tokens over. Those in `kept` belong to none."""
    found: dict[int, list[Phrase]] = {}
    for start in range(len(tokens)):
        found[start] = list(_starting(tokens, start, today, words, plays, kept))
    best: list[tuple[int, int, Phrase | None]] = [(0, 0, None)] * (len(tokens) + 1)
    for start in range(len(tokens) - 1, -1, -1):
        best[start] = (best[start + 1][0], best[start + 1][1], None)
        for phrase in found[start]:
            size = sum(_weighs(token) for token in tokens[phrase.start : phrase.end])
            covered, fewer, _ = best[phrase.end]
            if (covered + size, fewer - 1) > best[start][:2]:
                best[start] = (covered + size, fewer - 1, phrase)
    chosen, at = [], 0
    while at < len(tokens):
        best_here = best[at][2]
        chosen += [best_here] if best_here else []
        at = best_here.end if best_here else at + 1
    return chosen


def _weighs(token: Token) -> bool:
    """A dash between two parts says nothing; “~3pm” does."""
    return token.kind != "mark" or token.key == "~"


def _starting(
    tokens: Sequence[Token], start: int, today: date, words: CalendarWords, plays: PlayNames,
    kept: set[int],
) -> Iterator[Phrase]:  # fmt: skip
    for end in range(start + 1, min(start + LONGEST, len(tokens)) + 1):
        if end - 1 in kept or not tokens[end - 1].key:
            return
        text = " ".join(token.key for token in tokens[start:end])
        phrase = _timely(text, start, end, today, words) or _play(text, start, end, plays)
        if phrase and (
            _ends_in_a_name(phrase, tokens)
            or _counts_calls(phrase, tokens)
            or _led_by_a_name(phrase, tokens, words)
        ):
            phrase = None
        small = tokens[start].is_lower or (start and tokens[start - 1].is_lower)
        if phrase is None and end == start + 1 and small:
            phrase = _slip(text, start, end, today, words, plays)
        if phrase is not None:
            yield phrase


def _ends_in_a_name(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """ "the 15th May & Co"."""
    named = tokens[phrase.end].key == "&" if phrase.end < len(tokens) else False
    return named and phrase.kind == "day" and tokens[phrase.end - 1].is_title


def _counts_calls(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """ "2nd call" is no day."""
    following = tokens[phrase.end].key if phrase.end < len(tokens) else ""
    counted = following in CALLED or following in ("round", "demo", "intro", "attempt", "try")
    return phrase.kind == "day" and bool(NTH.fullmatch(phrase.text)) and counted


def _led_by_a_name(phrase: Phrase, tokens: Sequence[Token], words: CalendarWords) -> bool:
    """ "Einride AB 10:00": what leads a time in some language ends a name when it is a capital."""
    first = tokens[phrase.start]
    key = first.key.rstrip(".")
    small = key in CONNECTORS or key in NUMBER_WORDS or (key in words.loose and len(key) <= 2)
    return phrase.start > 0 and small and first.is_title and phrase.is_time


def _timely(text: str, start: int, end: int, today: date, words: CalendarWords) -> Phrase | None:
    if text in _NOW:
        return Phrase("offset", start, end, text, timedelta(0))
    if (span := _offset(text, words)) is not None:
        return Phrase("offset", start, end, text, span)
    day = read_typed_day(text, today, words)
    clock = read_clock(text, words)
    if (clock is None or clock.bare) and (found := read_range(text, words)):
        return Phrase("range", start, end, text, found, found.doubt, day)
    if clock and not clock.bare:
        doubt = clock.doubt
        odd = clock.at.minute % 5 and (_DOTTED.fullmatch(text) or text.isdecimal())
        if odd and not doubt:
            doubt = f"I read “{text}” as a time of day. Change it if that is wrong."
        return Phrase(
            "clock", start, end, text, clock, doubt, day if _DOTTED.fullmatch(text) else None
        )
    if day:
        return Phrase("day", start, end, text, day, day.doubt)
    length = read_length(text, words)
    if length and SHORTEST <= length <= LONGEST_CALL:
        return Phrase("length", start, end, text, length)
    if text.startswith("for ") and text[4:].isdecimal() and 5 <= int(text[4:]) <= 240:
        return Phrase("length", start, end, text, timedelta(minutes=int(text[4:])))
    return None


def _offset(text: str, words: CalendarWords) -> timedelta | None:
    """ "in 20m", "20 minutes from now"; “in 1h 30m” is a start and a length in that order."""
    lead = re.match(rf"{words.small.into} ", text)
    if lead and not _TWO_SPANS.fullmatch(text) and not text[lead.end() :].startswith("for "):
        return read_length(text[lead.end() :], words)
    match = _FROM_NOW.fullmatch(text)
    return read_length(match[1], words) if match else None


def _play(text: str, start: int, end: int, plays: PlayNames) -> Phrase | None:
    if end - start > plays.longest + 2 or text.startswith("-") or text.endswith("-"):
        return None
    folded = fold(text)
    if not folded or not all(fold(word) for word in text.split()):
        return None
    if slug := plays.names.get(folded):
        return Phrase("play", start, end, text, slug)
    if slug := plays.signs.get(folded):
        return Phrase("sign", start, end, text, slug)
    return None


def _slip(
    text: str, start: int, end: int, today: date, words: CalendarWords, plays: PlayNames
) -> Phrase | None:
    """A day or a play with a slip of spelling: “thrusday”, “dsicovery”."""
    text = re.sub("^2(?=[a-z])", "to", text)  # “2morow”
    if not text.isalpha():
        return None
    if day := read_typed_day(text, today, words):
        return Phrase("day", start, end, text, day, day.doubt)
    if len(text) < LONG_ENOUGH:
        return _short_slip(text, start, end, today, words) if start else None
    days = [name for name in (*words.days, *words.ahead) if len(name) >= LONG_ENOUGH]
    name, ratio = _nearest(text, [*days, "yesterday", "tonight"])
    if ratio >= SPELLED_ALIKE and (day := read_typed_day(name, today, words)):
        sure = f"I read “{text}” as {name}." if ratio < SURE_SLIP else ""
        return Phrase("day", start, end, text, day, day.doubt or sure)
    if start == 0:
        return None
    if phrase := _short_slip(text, start, end, today, words):
        return phrase
    name, ratio = _nearest(text, [each for each in plays.names if len(each) >= LONG_ENOUGH])
    if ratio >= SPELLED_ALIKE:
        return Phrase("play", start, end, text, plays.names[name], f"I read “{text}” as {name}.")
    return None


def _short_slip(
    text: str, start: int, end: int, today: date, words: CalendarWords
) -> Phrase | None:
    """ "toda", "fridy": so short that it may be a name, and is asked about."""
    days = [name for name in (*words.days, *words.ahead, "tonight") if len(name) >= SHORT]
    name, ratio = _nearest(text, days) if len(text) >= SHORT - 1 else ("", 0.0)
    if len(text) >= SKELETON and _skeleton(text) == text:  # “thrs”, “tmrrw”
        name = next((each for each in days if _skeleton(each) == text), name)
        ratio = 1.0 if name and _skeleton(name) == text else ratio
    if len(text) >= SHORT - 1 and ratio < 1:  # “tuesd”
        cut = next((each for each in days if each.startswith(text) and each in words.days), "")
        name, ratio = (cut, 1.0) if cut else (name, ratio)
    if ratio < SURE_SLIP or not (day := read_typed_day(name, today, words)):
        return None
    return Phrase("day", start, end, text, day, day.doubt or f"I read “{text}” as {name}.")


def _skeleton(name: str) -> str:
    return re.sub("[aeiou]", "", name)


def _nearest(text: str, names: Sequence[str]) -> tuple[str, float]:
    near = [(n, SequenceMatcher(None, text, n).ratio()) for n in names if n[0] == text[0]]
    near += [
        (n, 0.9) for n in names if len(n) == len(text) and sorted(n) == sorted(text) and n != text
    ]
    return max(near, key=lambda each: each[1], default=("", 0.0))
