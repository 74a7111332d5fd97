"""The words after `/huddle`: account, play, start, length and people, read from the right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from bot.clock.local_time import (
    clock_change,
    local_day,
    local_instant,
    read_clock_time,
    read_day,
    read_span,
    say_clock,
    say_day,
    say_time,
)
from bot.text.phrase_match import fold

Kind = Literal["length", "start", "play"]
KINDS: tuple[Kind, ...] = ("length", "start", "play")
LONGEST_PHRASE = 7  # words: “at 3:30 pm on 1 Dec 2026”
# Nothing shorter or longer is the length of a call: “3M” stays a company.
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
FAR_AWAY = timedelta(days=180)
A_MINUTE = timedelta(minutes=1)

# As Slack escapes what was typed: docs.slack.dev/messaging/formatting-message-text
_TOKEN = re.compile(
    r"(?P<mention><[@#!][^<>]*>),?"
    r"|<(?P<link>[a-z][a-z+.-]*:[^<>|]*)(?:\|(?P<label>[^<>]+))?>"
    r"|[\"“”„«](?P<quoted>\s*[^\s\"“”„«»][^\"“”„«»]*)[\"“”»]"
    r"|(?P<word>(?:(?!<[@#!][^<>]*>)\S)+)"
)
_SINGLE_QUOTES = re.compile(r"\s*['‘](?=\S)([^'‘’]*)['’](?=\s|$)")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_JOINS = {"with", "and", "&", "+", ","}  # what stands before people, if it is not the account

_ONE_SPAN = re.compile(r"in [0-9]+ ?h\w* [0-5]?[0-9] ?m\w*")
_SMALL_HOUR = re.compile(r"(?:at )?[1-5][:.][0-9]{2}")

# What can only be meant as a time, as a day or as a length. “3M” is a company, as is “24.7”.
_LIKE_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?:[ap]m)?|[0-9]{1,2}[ap]m")
# 3/12 is in March or in December, as the reader may be in New York or in Berlin.
_LIKE_DAY = re.compile(
    r"(?!24/7)[0-9]{1,2}/[0-9]{1,2}(?:/(?:20)?[0-9]{2})?|[0-9]{1,2}(?:\.[0-9]{1,2}){2}"
)
_LIKE_LENGTH = re.compile(r"[0-9]+(?:h|hrs?|hours?|mins?|minutes?)|[0-9]{2,}m")

_ALIKE = dict.fromkeys("‘’ʼ`´", "'") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‐‑‒–—−", "-")


@dataclass(frozen=True)
class HuddleLine:
    """What was understood of a `/huddle`: the form opens filled with it if anything is doubtful.

    `account` is "" if nothing but people was typed. `play` is a slug; `starts` is UTC, and past
    only where a doubt says so; `people` are Slack user ids. Each doubt is a sentence for the rep.
    """

    account: str
    play: str | None = None
    starts: datetime | None = None
    length: timedelta | None = None
    people: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sorted:
    """Each word that was typed, in the one part that it belongs to, in the order typed."""

    account: tuple[str, ...]
    phrases: Mapping[Kind, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()  # “@sam” as plain text: Slack knew nobody of that name
    mentions: tuple[str, ...] = ()
    in_order: bool = False  # the length stands right behind the start
    unread: tuple[str, ...] = ()  # “25:99”: like a time or a length, but none
    doubtful: tuple[str, ...] = ()  # the same, with those that stay within the account
    left: str = ""  # the end of the account, where it could be read as another part


class TypedWord(NamedTuple):
    """A word of the command, or several that quotes keep together."""

    text: str
    quoted: bool = False


class When(NamedTuple):
    """A start as it was typed: a span from now, or a time of day with or without its day."""

    span: timedelta | None = None
    day: str = ""
    clock: str = ""


def read_huddle_words(text: str, now: datetime, zone: str, plays: Mapping[str, str]) -> HuddleLine:
    """Read `<account> [play] [time] [length] [@people…]`; times are those of `zone`.

    `text` is as Slack sends it, escaped. `plays` maps names and aliases to slugs.
    """
    today = local_day(now, zone)
    parts = sort_words(text, today, plays)
    slugs = {fold(name): slug for name, slug in plays.items()}
    starts, time_doubts = None, list[str]()
    when = _read_when(parts.phrases.get("start", ""), today)
    if when and not any(_is_unread_day(word) for word in parts.doubtful):
        starts, time_doubts = _place(when, now, zone)
    return HuddleLine(
        account=_trimmed(" ".join(parts.account)),
        play=slugs.get(fold(parts.phrases.get("play", ""))),
        starts=starts,
        length=_read_length(parts.phrases.get("length", "")),
        people=tuple(dict.fromkeys(m[1] for m in map(_PERSON.fullmatch, parts.mentions) if m)),
        doubts=(*time_doubts, *_doubts(parts)),
    )


def sort_words(text: str, today: date, plays: Mapping[str, str]) -> Sorted:
    """Put each word into its part. At least one word stays the account, quoted words always do."""
    words, mentions = _split(text)
    names = {fold(name) for name in plays} - {""}
    phrases: dict[Kind, str] = {}
    strangers: list[str] = []
    unread: list[str] = []
    while len(words) > 1:
        if _is_name(words[-1]) or (strangers and words[-1].text in _JOINS):
            strangers.insert(0, words.pop().text)
        elif found := _last_phrase(words, set(KINDS) - set(phrases), today, names):
            kind, count = found
            phrases[kind] = _joined(words[-count:])
            del words[-count:]
        elif _say_unread(words[-1].text) and not words[-1].quoted:
            unread.insert(0, words.pop().text)
        else:
            break
    # Told of one word more, it may find that the account is a phrase from end to end.
    rest = _last_phrase([TypedWord(""), *words], set(KINDS), today, names, loose=True)
    return Sorted(
        account=tuple(word.text for word in words),
        phrases=phrases,
        names=tuple(strangers),
        mentions=mentions,
        in_order="length,start" in ",".join(phrases),
        unread=tuple(unread),
        doubtful=(*(w.text for w in words[1:] if not w.quoted and _say_unread(w.text)), *unread),
        left=_joined(words[-rest[1] :]) if rest else "",
    )


def account_key(name: str) -> str:
    """The same for all spellings of one account: case, spaces, quotes, dashes, a final dot."""
    plain = "".join(_ALIKE.get(c, c) for c in name if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    spaced = " ".join(folded.split())
    return spaced.rstrip(".,;:!? \"'") or spaced


# Words


def _split(text: str) -> tuple[list[TypedWord], tuple[str, ...]]:
    """The words, and apart from them the mentions, which can stand anywhere."""
    words: list[TypedWord] = []
    mentions: list[str] = []
    if single := _SINGLE_QUOTES.match(text):
        words.append(TypedWord(_unescaped(single[1]), quoted=True))
    for token in _TOKEN.finditer(text, single.end() if single else 0):
        if mention := token["mention"]:
            mentions.append(mention)
            if len(words) > 1 and words[-1].text.casefold() in _JOINS:
                words.pop()
        elif quoted := token["quoted"]:
            words.append(TypedWord(_unescaped(" ".join(quoted.split())), quoted=True))
        else:
            shown = (token["label"] or "").strip() or token["link"] or token["word"] or token[0]
            words += [TypedWord(_unescaped(word)) for word in shown.split()]
    return words, tuple(mentions)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _joined(words: list[TypedWord]) -> str:
    return " ".join(word.text for word in words)


def _is_name(word: TypedWord) -> bool:
    return not word.quoted and len(word.text) > 1 and word.text.startswith("@")


def _last_phrase(
    words: list[TypedWord], kinds: set[Kind], today: date, plays: set[str], loose: bool = False
) -> tuple[Kind, int] | None:
    """The longest phrase of one of the kinds that the words end in, and its number of words.

    One word at least stays. `loose` also takes a day without a time, and “noon”.
    """
    for count in range(min(LONGEST_PHRASE, len(words) - 1), 0, -1):
        phrase, before = words[-count:], words[-count - 1].text.casefold()
        if any(word.quoted for word in phrase):
            continue
        text = _joined(phrase)
        if "length" in kinds and before != "in" and _read_length(text):
            return "length", count
        if "start" in kinds and (_read_when(text, today) or (loose and _is_part(text, today))):
            return "start", count
        # A name that is all there is must be the account: “Group demo 15:00”.
        if "play" in kinds and _is_play(phrase, plays) and (loose or not _is_play(words, plays)):
            return "play", count
    return None


def _is_play(words: list[TypedWord], plays: set[str]) -> bool:
    return fold(_joined(words)) in plays and all(fold(word.text) for word in words)


def _is_part(text: str, today: date) -> bool:
    """Whether it is a day, or an hour by its name: half a start. Or a day and a bare number."""
    day, _, number = text.rpartition(" ")
    bare = number.isdecimal() and read_day(day.removesuffix(" at"), today)
    return bool(read_day(text, today) or read_clock_time(text) or bare)


def _trimmed(account: str) -> str:
    plain = re.sub(r"(?:[,;]|\s[-–—])+$", "", account) or account
    whole = re.fullmatch(r"['‘](\S.*\S)['’]", plain)  # one with an apostrophe inside
    return whole[1] if whole else plain


# Starts and lengths


def _read_length(text: str) -> timedelta | None:
    span = read_span(text.casefold().removeprefix("for "))
    return span if span and SHORTEST <= span <= LONGEST else None


def _read_when(text: str, today: date) -> When | None:
    """A start: "now", "in 20m", "15:00", "tomorrow 9:30", "10:00 on Friday"."""
    words = text.casefold().strip(",;").split()
    phrase = " ".join(words)
    if phrase in ("now", "right now"):
        return When(span=timedelta(0))
    # “in 1h 30m” is a start and a length, as they stand in that order.
    two_parts = re.search(r"[0-9] ?h\w* [0-9]", phrase)
    if phrase.startswith("in ") and (span := read_span(phrase[3:])):
        return None if two_parts else When(span=span)
    if read_clock_time(phrase) and phrase not in ("noon", "midday"):
        return When(clock=phrase)
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        for day, clock in ((left, right), (right, left)):
            if read_day(day, today) and read_clock_time(clock):
                return When(day=day, clock=clock)
    return None


def _place(when: When, now: datetime, zone: str) -> tuple[datetime, list[str]]:
    """The moment that was meant, in UTC, and what is doubtful about it."""
    today, clock = local_day(now, zone), read_clock_time(when.clock)
    day = read_day(when.day or "today", today)
    if not clock or not day:
        return now + (when.span or timedelta(0)), []
    doubts = []
    if local_instant(day, clock, zone) <= now - A_MINUTE:
        later = read_day(when.day or "today", today + timedelta(days=1)) or day
        doubts.append(_say_passed(clock, day, later, today))
        day = later
    starts = local_instant(day, clock, zone)
    return starts, [
        *doubts,
        *_clock_doubts(clock, day, starts, zone),
        *_reading_doubts(when, day, today),
    ]


def _say_passed(clock: time, day: date, later: date, today: date) -> str:
    said = f"{say_clock(clock)} has passed today"
    if later != day:
        return f"{said}. I put {say_day(later, today)}; change it if that is wrong."
    if day != today:
        said = f"{say_day(day, today)} {say_clock(clock)} has passed"
    return f"{said}. Change it if that is wrong."


def _clock_doubts(clock: time, day: date, starts: datetime, zone: str) -> Iterator[str]:
    change, said = clock_change(day, clock, zone), say_clock(clock)
    if change == "skipped":
        put = say_time(starts, zone, starts).removeprefix("today ")
        yield f"The clocks go forward and skip {said} that day. I put {put}."
    if change == "repeated":
        yield f"The clocks go back and {said} comes twice that day. I put the first one."


def _reading_doubts(when: When, day: date, today: date) -> Iterator[str]:
    """Readings that were likely, but not certain."""
    said = say_day(day, today)
    if _SMALL_HOUR.fullmatch(when.clock):
        clock = when.clock.removeprefix("at ")
        yield f"{clock} is at night. Write {clock}pm if you meant the afternoon."
    if when.day.startswith("next ") and day.isocalendar()[:2] == today.isocalendar()[:2]:
        yield f"I took “{when.day}” for {said}. Change it if you meant the week after."
    if day - today > FAR_AWAY:
        yield f"{said} is more than half a year away. Change it if that is wrong."


def _doubts(parts: Sorted) -> Iterator[str]:
    """What is doubtful about the words themselves."""
    yield from dict.fromkeys(map(_say_unread, parts.doubtful))
    length, start = (parts.phrases.get(kind, "") for kind in ("length", "start"))
    if _ONE_SPAN.fullmatch(f"{start} {length}".casefold()) and parts.in_order:
        yield f"I took “{start}” for the start and “{length}” for the length, not for one span."
    for mention in dict.fromkeys(parts.mentions):
        if not _PERSON.fullmatch(mention):
            yield f"{_say_mention(mention)} is not a person. Choose the people one by one."
    for name in dict.fromkeys(parts.names):
        if name.startswith("@"):
            yield f"I know nobody called {name.strip(',;')}. Choose them from the list."
    if parts.left:
        yield f"I left “{parts.left}” in the account. Change it if you meant something else."


def _say_unread(word: str) -> str:
    """ "25:99 is no time that I know."; "" for a word that can be read, or is not like one."""
    plain = word.casefold().strip(",;")
    if _LIKE_TIME.fullmatch(plain) and not read_clock_time(plain):
        return f"{plain} is no time that I know."
    if _LIKE_LENGTH.fullmatch(plain) and not _read_length(plain):
        return f"{plain} is no length that I know: from 5 minutes to 12 hours."
    if _is_unread_day(word):
        return f"I can't be sure which day {plain} is. Pick it, or write it like 1 Dec."
    return ""


def _is_unread_day(word: str) -> bool:
    return bool(_LIKE_DAY.fullmatch(word.casefold().strip(",;")))


def _say_mention(mention: str) -> str:
    """ "#general", "@sales", "@here": the label, where Slack sends one."""
    inner, _, label = mention.strip("<>").partition("|")
    sign = "#" if inner.startswith("#") else "@"
    return sign + _unescaped(label or inner.lstrip("@#!")).lstrip(sign)
