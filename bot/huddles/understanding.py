"""What a line after `/huddle` means: a card where it has one reading, else a form that says why."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clock.calendar_words import CalendarWords, words_of
from bot.clock.local_time import (
    clock_change,
    local_day,
    local_instant,
    say_clock,
    say_day,
    say_time,
)
from bot.clock.typed_clock import Clock, Range, settle
from bot.clock.typed_day import Day
from bot.clock.typed_span import read_length
from bot.huddles._commands import Command, read_command
from bot.huddles._known import Match, match_known
from bot.huddles._parts import Parts, sort_tokens
from bot.huddles._phrases import LONGEST_CALL, Phrase, PlayNames, find_phrases
from bot.huddles._tokens import Token, joined, tokenize
from bot.huddles.play import Play
from bot.text.phrase_match import fold

Result = Literal["card", "form", "change", "cancel", "list", "usage"]

FAR_AWAY = timedelta(days=180)
A_MINUTE = timedelta(minutes=1)
JUST_NOW = timedelta(minutes=15)  # a start that passed so lately is this one, not tomorrow's
MOST_TOKENS = 60  # at the end of a line, in which phrases are looked for
_GOALS = {"goal", "ziel", "objectif", "objetivo", "obiettivo", "doel", "mål", "aim"}

NO_ACCOUNT = "Type the account's name."
NO_START = "Pick the day and the time."


@dataclass(frozen=True)
class Setting:
    """In what a line is read: `now` aware, an IANA `zone`, Slack's `locale`, the plays by slug,
    and the accounts that the rep knows, as they are spelled."""

    now: datetime
    zone: str
    locale: str
    plays: Mapping[str, Play]
    known: Sequence[str] = ()


@dataclass(frozen=True)
class Understanding:
    """What was understood. A form, and a change, are filled with it.

    `starts` is UTC; `play` a slug, None where no word speaks of one; `sign` are words that did.
    `people` are Slack ids. `near` are known accounts one of which may be meant, `typed` what would
    be a new one beside them. `why` are sentences for the rep: there is one at least for a form.
    """

    result: Result
    account: str = ""
    starts: datetime | None = None
    length: timedelta | None = None
    people: tuple[str, ...] = ()
    play: str | None = None
    goal: str = ""
    why: tuple[str, ...] = ()
    sign: str = ""
    near: tuple[str, ...] = ()
    typed: str = ""


@dataclass(frozen=True)
class _Start:
    at: datetime | None = None
    minutes: int | None = None
    doubts: tuple[str, ...] = ()


def understand(line: str, setting: Setting) -> Understanding:
    """Read what follows `/huddle`, as Slack sent it, escaped. It raises nothing."""
    tokens = tokenize(line)
    tokens, goal = _goal(tokens)
    command = read_command(tokens, match_known(tokens, setting.known))
    if command.wanted in ("usage", "list"):
        why = f"“{joined(tokens)}” is no account. In quotes it is one."
        return Understanding("usage" if command.wanted == "usage" else "list", why=(why,))
    words = words_of(setting.locale)
    known = match_known(command.rest, setting.known)
    names = play_names(setting.plays)
    kept = {*range(known), *range(len(command.rest) - MOST_TOKENS)}
    today = local_day(setting.now, setting.zone)
    found = find_phrases(command.rest, today, words, names, kept)
    moved = command.wanted == "change"
    parts = sort_tokens(command.rest, _one_reading(found, words), known, words, moved)
    said = _composed(parts, known, setting, command)
    return _judged(replace(said, goal=goal), command, setting)


def as_words(line: str) -> str:
    """A line that Slack sent as it looked: mentions and links by what they show."""
    return html.unescape(line) if "<" not in line else joined(tokenize(line))


def play_names(plays: Mapping[str, Play]) -> PlayNames:
    """The names and the signs of all plays, folded, by slug. A name goes before a sign."""
    names: dict[str, str] = {}
    for slug, play in plays.items():
        for name in play.names:
            names.setdefault(fold(name), slug)
    for slug, play in plays.items():
        names |= {fold(play.title): slug, fold(slug): slug}
    signs = {fold(sign): slug for slug, play in plays.items() for sign in play.signs}
    return PlayNames(
        {n: s for n, s in names.items() if n}, {n: s for n, s in signs.items() if n not in names}
    )


def _goal(tokens: list[Token]) -> tuple[list[Token], str]:
    """The line without “goal: …”, which goes to its end, and that."""
    for n, token in enumerate(tokens):
        ahead = tokens[n + 1] if n + 1 < len(tokens) else None
        signed = token.text.endswith((":", "=")) or (ahead and ahead.text in (":", "=", "-"))
        if n and token.key.rstrip("=") in _GOALS and signed:
            rest = tokens[n + 1 :]
            people = [t for t in rest if t.kind == "person"]
            words = [t for t in rest if t.kind != "person"]
            while words and words[0].kind == "mark":
                words = words[1:]
            return [*tokens[:n], *people], joined(words)
    return tokens, ""


def _one_reading(found: list[Phrase], words: CalendarWords) -> list[Phrase]:
    """Where there are two times, the one that may be a day is one: “27.11 10:00”."""
    timed = [p for p in found if p.kind in ("clock", "range")]
    if len(timed) < 2:
        return found
    changed = []
    for phrase in found:
        length = read_length(phrase.text, words)
        if length and phrase.kind == "clock" and length <= LONGEST_CALL:  # “15:00 1:30h”
            phrase = phrase._replace(kind="length", value=length, doubt="")
        if phrase.other is not None and phrase.kind in ("clock", "range"):
            phrase = phrase._replace(
                kind="day", value=phrase.other, doubt=phrase.other.doubt, other=None
            )
        changed.append(phrase)
    kept = [p for p in changed if p.kind in ("clock", "range")]
    sure = [p for p in kept if not p.text.isdecimal()]
    if len(kept) > 1 and sure:  # “2026” beside “15:00” is no second time
        changed = [p for p in changed if p not in kept or p in sure]
    return changed


def _composed(parts: Parts, known: int, setting: Setting, command: Command) -> Understanding:
    typed = _account_text(parts.account)
    match = Match(typed) if known and len(parts.account) <= known and typed else None
    match = _spelled(match, setting) if match else _similar(typed, parts.account, setting)
    play, sign, play_doubts = _play(parts, bool(known) or match.is_known)
    start = _start(parts, setting, command.wanted == "change")
    length, length_doubts = _length(parts, start)
    strays = [f"I could not place “{each}”." for each in parts.strays]
    why = (
        *([match.question] if match.question else []),
        *start.doubts, *length_doubts, *play_doubts, *parts.doubts, *strays,
    )  # fmt: skip
    return Understanding(
        "form", match.account, start.at, length, parts.people, play, why=tuple(dict.fromkeys(why)),
        sign=sign, near=match.near, typed=typed if match.near else "",
    )  # fmt: skip


def _judged(said: Understanding, command: Command, setting: Setting) -> Understanding:
    """A card if nothing is doubtful and nothing missing; else a form, which says why."""
    if command.wanted == "cancel":
        return replace(said, result="cancel", why=said.why or ("This cancels the call.",))
    shifted = said.length and said.starts is None and not command.sized
    if command.wanted == "change" and shifted:
        by = "I can't tell whether that is the length or by how much it moves. Pick the time."
        return replace(said, result="change", length=None, why=(*said.why, by))
    if command.wanted == "change":
        return replace(said, result="change", why=said.why or ("This changes the call.",))
    play = setting.plays.get(said.play or "")
    review = play is not None and play.serves == "review"
    missing = [] if said.account else [NO_ACCOUNT]
    timeless = said.starts is None and not review
    if timeless and not any("Pick" in why for why in said.why):
        missing.append(NO_START)
    if said.why or missing or timeless:
        return replace(said, result="form", why=(*said.why, *missing))
    return replace(said, result="card")


# The account -------------------------------------------------------------------------------


def _account_text(account: list[Token]) -> str:
    text = joined(account)
    if text.count('"') == 1 and text[0] + text[-1] != '"':
        text = text.strip('"')  # one of a pair that was never closed
    return text.rstrip(",;:|…") or text


def _spelled(match: Match, setting: Setting) -> Match:
    from bot.huddles._known import spelled

    return Match(spelled(match.account, setting.known) or match.account, is_known=True)


def _similar(typed: str, account: list[Token], setting: Setting) -> Match:
    from bot.huddles._known import similar

    quoted = len(account) == 1 and account[0].kind == "quoted"
    return similar(typed, setting.known, ask=not quoted)


# The play ----------------------------------------------------------------------------------


def _play(parts: Parts, known: bool) -> tuple[str | None, str, list[str]]:
    """The play's slug, the words that only speak of one, and what is doubtful about it."""
    plays = [p for p in parts.phrases if p.kind in ("play", "sign")]
    doubts = [p.doubt for p in plays if p.doubt]
    slugs = list(dict.fromkeys(str(p.value) for p in plays))
    if len(slugs) > 1:
        named = " and ".join(f"“{p.text}”" for p in plays)
        doubts.append(f"{named} are two plays. Choose one.")
    signs = [p.text for p in plays if p.kind == "sign"]
    for sign in signs if not known else []:
        doubts.append(f"I took “{sign}” for the play, not for a part of the account's name.")
    return (slugs[0] if slugs else None), " ".join(signs), doubts


# The start ---------------------------------------------------------------------------------


def _start(parts: Parts, setting: Setting, moved: bool) -> _Start:
    offsets = [p for p in parts.phrases if p.kind == "offset"]
    days = [p for p in parts.phrases if p.kind == "day"]
    clocks = [p for p in parts.phrases if p.kind in ("clock", "range")]
    if moved and len(clocks) == 2:
        clocks = clocks[1:]
    if parts.either or len(clocks) + len(offsets) > 1 or (offsets and days):
        named = " and ".join(f"“{p.text}”" for p in (*offsets, *days, *clocks))
        return _Start(doubts=(f"{named}: I can't tell which you mean. Pick the day and the time.",))
    if offsets:
        return _offset(parts, offsets[0], setting)
    return _dated(parts, days, clocks[0] if clocks else None, setting, moved)


def _offset(parts: Parts, phrase: Phrase, setting: Setting) -> _Start:
    assert isinstance(phrase.value, timedelta)
    doubts = [phrase.doubt] if phrase.doubt else []
    for each in parts.phrases:
        if each.kind == "length" and each.start == phrase.end and _is_one_span(phrase, each):
            doubts.append(
                f"I took “{phrase.text}” for the start and “{each.text}” for the length,"
                " not for one span."
            )
    starts = (setting.now + phrase.value).astimezone(UTC)
    return _Start(starts, doubts=tuple(doubts))


def _is_one_span(offset: Phrase, length: Phrase) -> bool:
    if length.text.startswith("for "):
        return False
    ends_in_hours = any(u in offset.text.split()[-1] for u in ("h", "hour", "hr"))
    return offset.text != "now" and ends_in_hours and length.value < timedelta(hours=1)  # type: ignore[operator]


def _dated(
    parts: Parts, days: list[Phrase], timed: Phrase | None, setting: Setting, moved: bool
) -> _Start:
    zone, zone_doubts = _zone(parts, setting)
    today = local_day(setting.now, setting.zone)
    day, day_doubts = _day(days)
    part = next((p.value.part for p in days if isinstance(p.value, Day) and p.value.part), "")
    if timed is None:
        read = [f"I read “{p.text}” as {say_day(p.value.day, today)}." for p in days
                if isinstance(p.value, Day) and p.value.day and not p.doubt]  # fmt: skip
        pick = ["Pick the time."] if read else []
        return _Start(doubts=(*read, *pick, *day_doubts, *zone_doubts))
    clock, minutes, doubts = _clock(timed, moved)
    if part:
        was = clock.doubt
        clock = settle(clock, part)
        doubts = [d for d in doubts if d != was] if not clock.doubt else doubts
        doubts += [clock.doubt] if clock.doubt else []
    if days and day is None:
        return _Start(None, minutes, (*day_doubts, *doubts, *zone_doubts))
    if zone is None:
        return _Start(None, minutes, (*day_doubts, *doubts, *zone_doubts))
    at, placed = _place(clock.at, day, bool(days), setting, zone)
    return _Start(at, minutes, tuple(dict.fromkeys([*day_doubts, *doubts, *placed, *zone_doubts])))


def _day(days: list[Phrase]) -> tuple[date | None, list[str]]:
    doubts = [p.doubt for p in days if p.doubt]
    meant = {p.value.day for p in days if isinstance(p.value, Day)}
    if len(meant) > 1:
        named = " and ".join(f"“{p.text}”" for p in days)
        return None, [*doubts, f"{named} are two days. Pick the one you mean."]
    return (meant.pop() if meant else None), doubts


def _clock(timed: Phrase, moved: bool) -> tuple[Clock, int | None, list[str]]:
    doubts = [timed.doubt] if timed.doubt else []
    if isinstance(timed.value, Range):
        start, minutes = timed.value.start, timed.value.minutes
        if moved and minutes and " to " in timed.text:  # “from 3pm to 4pm” moves to 4pm
            total = start.at.hour * 60 + start.at.minute + minutes
            return start._replace(at=time(*divmod(total % (24 * 60), 60))), None, doubts
        return start, minutes, doubts
    assert isinstance(timed.value, Clock)
    return timed.value, None, doubts


def _zone(parts: Parts, setting: Setting) -> tuple[str | None, list[str]]:
    """The zone of what was typed; None where it can't be told."""
    if parts.zone is None or parts.zone[1].name == "":
        return setting.zone, []
    typed, zone = parts.zone
    if zone.name is None:
        return None, [f"I don't know the zone “{typed}”. Pick the time as it is with you."]
    there, here = (
        setting.now.astimezone(ZoneInfo(z)).utcoffset() for z in (zone.name, setting.zone)
    )
    if there == here:
        return setting.zone, []
    return zone.name, [f"I put “{typed}” into your own time. Check the hour."]


def _place(
    clock: time, day: date | None, named: bool, setting: Setting, zone: str
) -> tuple[datetime, list[str]]:
    """The moment that was meant, in UTC, and what is doubtful about it."""
    today = local_day(setting.now, setting.zone)
    meant = day or today
    at = local_instant(meant, clock, zone)
    doubts = []
    if at <= setting.now - A_MINUTE:
        later = _later(meant, named, today)
        if at > setting.now - JUST_NOW and meant == today:
            later = meant
        doubts.append(_say_passed(clock, meant, later, today))
        meant = later
        at = local_instant(meant, clock, zone)
    return at, [
        *doubts,
        *_clock_doubts(clock, meant, at, zone, setting),
        *_far(meant, today),
    ]


def _later(meant: date, named: bool, today: date) -> date:
    """When it is meant where it has passed: tomorrow, or in a week for a day of this one."""
    if meant < today:
        return meant
    return meant + timedelta(days=7 if named else 1)


def _say_passed(clock: time, day: date, later: date, today: date) -> str:
    said = f"{say_clock(clock)} has passed today"
    if later != day:
        return f"{said}. I put {say_day(later, today)}; change it if that is wrong."
    if day != today:
        said = f"{say_day(day, today)} {say_clock(clock)} has passed"
    return f"{said}. Change it if that is wrong."


def _clock_doubts(
    clock: time, day: date, at: datetime, zone: str, setting: Setting
) -> Iterator[str]:
    change, said = clock_change(day, clock, zone), say_clock(clock)
    if change == "skipped":
        put = say_time(at, setting.zone, at).removeprefix("today ")
        yield f"The clocks go forward and skip {said} that day. I put {put}."
    if change == "repeated":
        yield f"The clocks go back and {said} comes twice that day. I put the first one."


def _far(day: date, today: date) -> Iterator[str]:
    if day - today > FAR_AWAY:
        yield f"{say_day(day, today)} is more than half a year away. Change it if that is wrong."


# The length --------------------------------------------------------------------------------


def _length(parts: Parts, start: _Start) -> tuple[timedelta | None, list[str]]:
    lengths = [p for p in parts.phrases if p.kind == "length"]
    values = list(dict.fromkeys(p.value for p in lengths if isinstance(p.value, timedelta)))
    if start.minutes:
        values = [*values, timedelta(minutes=start.minutes)]
        values = list(dict.fromkeys(values))
    doubts = [p.doubt for p in lengths if p.doubt]
    if len(values) > 1:
        doubts.append("I read two lengths. Check the one I put.")
    return (values[-1] if values else None), doubts


__all__ = ["CalendarWords", "Setting", "Understanding", "play_names", "understand"]
