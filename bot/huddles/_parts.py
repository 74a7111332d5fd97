"""Which part of a line each token belongs to: the account, a phrase, a person, or none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock.calendar_words import CalendarWords
from bot.clock.typed_clock import read_clock
from bot.clock.typed_day import Day
from bot.huddles import _zones
from bot.huddles._account import find_account
from bot.huddles._phrases import NTH, Phrase
from bot.huddles._tokens import Token, joined
from bot.huddles._vocabulary import AND, COMPANY_ENDS, OR, TOWARDS, WITH

_DASHED = re.compile(r"[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True)
class Parts:
    """Each token in exactly one place. `doubts` are sentences; `cut` are words out of the account.

    `extra` are phrases that numbers became by their place. `zone` is what stood behind the time.
    """

    account: list[Token] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    people: tuple[str, ...] = ()
    strays: list[str] = field(default_factory=list)
    zone: tuple[str, _zones.Zone] | None = None
    doubts: list[str] = field(default_factory=list)
    either: bool = False  # “or” stood between two phrases


def sort_tokens(
    tokens: Sequence[Token], found: list[Phrase], known: int, words: CalendarWords, moved: bool
) -> Parts:
    """Put each token into its part; the first `known` tokens are a known account."""
    doubts: list[str] = []
    phrases = _without_names(tokens, found, known, words, doubts)
    owner: dict[int, Phrase] = {i: p for p in phrases for i in range(p.start, p.end)}
    free = {i for i in range(len(tokens)) if i not in owner}
    people = tuple(
        dict.fromkeys(tokens[i].text for i in sorted(free) if tokens[i].kind == "person")
    )
    zone = _zone(tokens, phrases, free) or _zone_before(tokens, phrases, free, known)
    either = _drop_joins(tokens, phrases, free)
    if moved:
        _drop_towards(tokens, owner, free)
    phrases = [*phrases, *_numbers(tokens, phrases, free, words)]
    doubts += _strangers(tokens, free)
    account, strays = find_account(tokens, free, known, phrases, words, doubts)
    return Parts(account, phrases, people, strays, zone, doubts, either)


# Phrases that are parts of names -----------------------------------------------------------


def _without_names(
    tokens: Sequence[Token],
    found: list[Phrase],
    known: int,
    words: CalendarWords,
    doubts: list[str],
) -> list[Phrase]:
    """The phrases but for those that belong to a name: “Sun Life”, “Ruby Tuesday”."""
    while True:
        kept = _without_some(tokens, found, known, words, doubts)
        if len(kept) == len(found):
            return kept
        found = kept


def _without_some(
    tokens: Sequence[Token],
    found: list[Phrase],
    known: int,
    words: CalendarWords,
    doubts: list[str],
) -> list[Phrase]:
    kept = list(found)
    for phrase in found:
        others = [each for each in kept if each is not phrase]
        taken = {i for each in kept for i in range(each.start, each.end)}
        left, right = phrase.start - 1, phrase.end
        is_word = [t.kind in ("word", "quoted") or t.key == "&" for t in tokens]
        has_left = left >= 0 and left not in taken and is_word[left]
        has_right = right < len(tokens) and right not in taken and is_word[right]
        if has_left and _is_half_a_range(phrase, tokens):
            number = tokens[phrase.start].text
            doubts.append(f"“{number}” may be a part of the name or of the time. Check both.")
        if _is_plain_time(phrase, tokens, others):
            continue
        before = any(
            is_word[i] and i not in taken and tokens[i].key not in WITH | AND
            for i in range(phrase.start)
        )
        why = None
        if not before and has_right and not (known and phrase.start < known):
            why = _leading(phrase, tokens, others)
            if why == "" and phrase.kind == "day":
                why = _dated(phrase, tokens, others, doubts)
        elif not before and (
            phrase.kind in ("play", "sign", "length") or _is_owned(phrase, tokens)
        ):
            if not any(is_word[n] and n not in taken for n in range(right, len(tokens))):
                why = f"I left “{_typed(tokens, phrase)}” in the account. Change it if it is wrong."
        elif has_left and has_right and left >= known:
            named = _is_title(phrase, tokens) or _is_no_date(phrase)
            before_it = tokens[left].is_title or tokens[left].key.isdecimal()
            title = before_it and named and tokens[right].is_title
            why = "" if title else None
        elif has_left and left >= known:
            why = _trailing(phrase, tokens, left, words)
        if why is not None:
            kept.remove(phrase)
            doubts += [why] if why else []
    return kept


def _is_half_a_range(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """ "No. 7 - 3 pm": its first number may end a name."""
    if phrase.kind != "range" or phrase.end - phrase.start < 3:
        return False
    first, second = tokens[phrase.start], tokens[phrase.start + 1]
    return second.kind == "mark" and first.key.isdecimal() and tokens[phrase.start - 1].is_title


def _is_plain_time(phrase: Phrase, tokens: Sequence[Token], others: list[Phrase]) -> bool:
    """A clock time with its digits is no part of a name, unless there is a second one."""
    digits = any(c.isdecimal() for c in phrase.text)
    if _DASHED.fullmatch(phrase.text):
        return False  # “1-3 Year Bonds”
    if phrase.kind in ("clock", "range") and digits:
        first_of_two = phrase.start == 0 and any(p.kind in ("clock", "range") for p in others)
        return not (first_of_two and phrase.end < len(tokens) and tokens[phrase.end].is_title)
    return phrase.kind == "offset" and digits


def _leading(phrase: Phrase, tokens: Sequence[Token], others: list[Phrase]) -> str | None:
    """What becomes of a phrase that begins the line and has a word behind it: "" for a name."""
    following = tokens[phrase.end]
    if phrase.kind in ("clock", "range") and any(c.isdecimal() for c in phrase.text):
        return None
    small = not _is_title(phrase, tokens) and following.is_lower
    if small and following.key.rstrip(".,") in COMPANY_ENDS | {"by"}:
        return f"I left “{_typed(tokens, phrase)}” in the account. Change it if it is wrong."
    if _is_no_date(phrase) and following.is_title:
        return ""  # 1st Source, 20/20 Biolabs
    if _is_title(phrase, tokens) and following.key in ("by", "of", "on", "to", "and"):
        return ""  # Renewal by Andersen
    hyphened = phrase.kind == "length" and "-" in phrase.text
    if hyphened or (_is_title(phrase, tokens) and (following.is_title or following.key == "&")):
        return ""
    if _is_title(phrase, tokens) and following.text[:1].isdecimal():
        return ""
    return None


def _dated(
    phrase: Phrase, tokens: Sequence[Token], others: list[Phrase], doubts: list[str]
) -> str | None:
    """What becomes of a day that is written as names are, in the way of `_leading`: in
    “3pm Feb 12 Acme” it is one, in “Mar 10 Labs” it is none."""
    typed, digits = _typed(tokens, phrase), any(c.isdecimal() for c in phrase.text)
    size = phrase.end - phrase.start
    if _is_no_date(phrase) or (digits and size == 1):
        return ""
    if digits and (phrase.start or size > 2):
        return None
    if phrase.start and not any(each.kind == "day" for each in others):
        doubts.append(f"I took “{typed}” for the day, not for a part of the account's name.")
        return None
    behind = {t.key.rstrip(".,") for t in tokens[phrase.end :] if t.is_title}
    if digits and not behind & COMPANY_ENDS:
        return f"“{typed}” may be the day or a part of the name. I left it in the account."
    return ""


def _trailing(
    phrase: Phrase, tokens: Sequence[Token], left: int, words: CalendarWords
) -> str | None:
    """A sentence where the end of a name may be a day or a play: “Black Friday”."""
    if not (tokens[left].is_title and _is_title(phrase, tokens)):
        return None
    typed = _typed(tokens, phrase)
    if phrase.kind == "day" and tokens[left].text.endswith(","):
        return None
    if phrase.kind in ("play", "sign"):
        return f"“{typed}” may be the play or a part of the name. I left it in the account."
    single = phrase.end == phrase.start + 1
    if phrase.kind == "day" and len(typed) == 2 and typed.isupper():  # SA, AG, SO
        return f"“{typed}” may be the day or a part of the name. I left it in the account."
    digits = any(c.isdecimal() for c in phrase.text)
    short = len(phrase.text) <= 5 and phrase.text not in ("today", "sun", "sat", "now", "noon")
    if not single or digits or (phrase.kind == "day" and short):
        return None
    if phrase.kind == "day" and phrase.text not in words.english and words.language != "en":
        return None
    return f"“{typed}” may be the day or a part of the name. I left it in the account."


def _is_title(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    lettered = [t for t in tokens[phrase.start : phrase.end] if any(c.isalpha() for c in t.text)]
    return (
        bool(lettered)
        and all(t.text[:1].isupper() or t.text[:1].isdecimal() for t in lettered)
        and (any(t.text[:1].isupper() for t in lettered))
    )


def _is_owned(phrase: Phrase, tokens: Sequence[Token]) -> bool:
    """ "Friday's" alone in a line is whoever goes by that name."""
    return phrase.kind == "day" and phrase.text.endswith("'s") and _is_title(phrase, tokens)


def _is_no_date(phrase: Phrase) -> bool:
    """Digits that look like a day and are none by themselves: “1st”, “75/25”."""
    if _DASHED.fullmatch(phrase.text):
        return True
    if phrase.kind != "day" or not isinstance(phrase.value, Day):
        return False
    plain = not any(c.isalpha() for c in phrase.text)
    return (plain and phrase.value.day is None) or bool(NTH.fullmatch(phrase.text))


def _typed(tokens: Sequence[Token], phrase: Phrase) -> str:
    return joined(tokens[phrase.start : phrase.end])


# What stands around phrases ----------------------------------------------------------------


def _zone(
    tokens: Sequence[Token], phrases: list[Phrase], free: set[int]
) -> tuple[str, _zones.Zone] | None:
    """The zone right behind a time, whose tokens are free no more."""
    for phrase in phrases:
        if phrase.kind not in ("clock", "range", "day"):
            continue
        for end in range(min(phrase.end + _zones.LONGEST + 2, len(tokens)), phrase.end, -1):
            span = range(phrase.end, end)
            if not all(i in free and tokens[i].kind in ("word", "mark") for i in span):
                continue
            inner = [tokens[i] for i in span if tokens[i].key not in ("(", ")", ",")]
            text = " ".join(t.key for t in inner)
            brackets = len(inner) < len(span)
            if phrase.kind == "day" and text in ("here", "local"):
                continue
            if inner and (zone := _zones.read_typed_zone(text, brackets)):
                free.difference_update(span)
                return joined(inner), zone
    return None


def _zone_before(
    tokens: Sequence[Token], phrases: list[Phrase], free: set[int], known: int
) -> tuple[str, _zones.Zone] | None:
    """ "acme Pacific 10am", where the name before it is not written as a name."""
    for phrase in phrases:
        i = phrase.start - 1
        if phrase.kind not in ("clock", "range") or i <= max(known - 1, 0) or {i, i - 1} - free:
            continue
        if _zones.is_area(tokens[i].key) and (i <= known or not tokens[i - 1].is_title):
            free.discard(i)
            return tokens[i].text, _zones.Zone(None)
    return None


def _drop_joins(tokens: Sequence[Token], phrases: list[Phrase], free: set[int]) -> bool:
    """Take out what only joins people or phrases; True where an “or” stood between phrases."""
    starts, ends = {p.start for p in phrases}, {p.end for p in phrases}
    people = {i for i in free if tokens[i].kind in ("person", "group")}
    people |= {
        i for i in free if tokens[i].text.startswith("@") and len(tokens[i].key) > 1 and i > 0
    }
    either = False
    for i in sorted(free, reverse=True):
        key = tokens[i].key
        if key in OR and (i + 1 in starts and i in ends):
            free.discard(i)
            either = True
        before_person = any(j in people for j in range(i + 1, min(i + 3, len(tokens)))) and (
            i + 1 in people or (i + 1 < len(tokens) and i + 1 not in free)
        )
        if (
            (key in WITH | AND and (i + 1 in people or before_person))
            or (
                key in AND
                and (i - 1 in people or i in ends)
                and (i + 1 in starts or i + 1 >= len(tokens))
            )
            or (key in AND and i - 1 in people and i + 1 in people)
        ):
            free.discard(i)
    free.difference_update({i for i in people if tokens[i].kind == "person"})
    return either


def _drop_towards(tokens: Sequence[Token], owner: dict[int, Phrase], free: set[int]) -> None:
    """In a change, the “to” of “to 4pm”."""
    for i in sorted(free):
        number = i + 1 < len(tokens) and tokens[i + 1].key.isdecimal()
        if tokens[i].key in TOWARDS and (i + 1 in owner or number):
            free.discard(i)


def _numbers(
    tokens: Sequence[Token], phrases: list[Phrase], free: set[int], words: CalendarWords
) -> list[Phrase]:
    """A mere number behind a day is an hour; behind a time, minutes."""
    more: list[Phrase] = []
    clocks = [p for p in phrases if p.kind in ("clock", "range", "offset")]
    lengths = [p for p in phrases if p.kind == "length"]
    for phrase in phrases:
        i = phrase.end
        if i in free and tokens[i].key in ("-", "x", "+"):
            i += 1
        if i not in free or not tokens[i].key.isdecimal():
            continue
        number = tokens[i].key
        if phrase.kind == "day" and not clocks and (clock := read_clock(number, words)):
            more.append(Phrase("clock", i, i + 1, number, clock, clock.doubt))
            free.discard(i)
        elif phrase.kind == "clock" and not lengths and int(number) in range(5, 181, 5):
            more.append(Phrase("length", i, i + 1, number, timedelta(minutes=int(number))))
            free.discard(i)
    return more


def _strangers(tokens: Sequence[Token], free: set[int]) -> list[str]:
    """Sentences on names and groups that are no people whom Slack knows."""
    said: list[str] = []
    words = [i for i in sorted(free) if tokens[i].kind in ("word", "quoted")]
    for i in sorted(free):
        token = tokens[i]
        if token.kind == "group":
            said.append(f"{token.text} is not a person. Choose the people one by one.")
            free.discard(i)
        elif token.text.startswith("@") and len(token.key) > 1 and words[:1] != [i]:
            said.append(
                f"I know nobody called {token.text.strip(',;')}. Choose them from the list."
            )
            free.discard(i)
    return list(dict.fromkeys(said))
