"""The account of a line: the first run of words that is a name, and what looks like no name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.clock.calendar_words import CalendarWords
from bot.clock.typed_clock import read_clock
from bot.clock.typed_span import read_length
from bot.huddles import _zones
from bot.huddles._phrases import Phrase
from bot.huddles._tokens import Token, joined
from bot.huddles._vocabulary import (
    ABOUT_CALL,
    AND,
    ARTICLES,
    ASKING,
    CALLED,
    COMMANDS,
    ELSEWHERE,
    IN_NAMES,
    INSIDE,
    LEADS,
    NOISE,
    SPEECH,
    TAILS,
    WITH,
)  # fmt: skip

_CLOCK_LIKE = re.compile(
    r".*[0-9][:：][0-9].*|[0-9ol]{1,2}[:：][0-9ol]{2}|[0-9]{1,2}[ap]\.?m.*|.*[0-9](?:am|pm)|[0-9]{1,2}h[0-9]{2}|[0-9]{1,2}uhr"
)
_DAY_LIKE = re.compile(r"(?!24/7)[0-9]{1,2}/[0-9]{1,2}(?:/.*)?|[0-9]{1,2}(?:\.[0-9]{1,2}){2}")
_LENGTH_LIKE = re.compile(r"[0-9]+(?:h|hrs?|hours?|mins?|minutes?)|[0-9]{2,}m")
_LINK = re.compile(r"[a-z]+:.+|[^/ ]+\.[^/ ]+/.*|\S+@\S+\.\S+|/[a-z]+")
_NUMBERED = re.compile(r"#[0-9]+|[0-9]{1,2}\.|[0-9]+(?:st|nd|rd|th)")
_DAYS = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[-/](?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
)
_QUARTER = re.compile(r"(?:q[1-4]|h[12]|fy ?[0-9]{2,4})(?:/[0-9]{2,4})?")
_DAY_INSIDE = re.compile(r".(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow")
_MONTH = 31
_USUAL_LENGTHS = {"15", "20", "25", "30", "45", "60", "90"}
_MOST_NAME = 8  # words; a longer “name” is a sentence


def find_account(
    tokens: Sequence[Token], free: set[int], known: int, phrases: list[Phrase],
    words: CalendarWords, doubts: list[str],
) -> tuple[list[Token], list[str]]:  # fmt: skip
    """The first run of free tokens that is a name; what else is left are strays."""
    account: list[Token] = []
    strays: list[str] = []
    for run in _runs(tokens, free):
        held = {i: tokens[i] for i in run}
        if account or not any(t.kind in ("word", "quoted") for t in held.values()):
            if rest := _without_noise([held[i] for i in run]):
                strays.append(joined(rest))
            continue
        sure = known if run[0] == 0 else 0
        account, more = _name([held[i] for i in run], sure, run[0] > 0, doubts)
        if not account and more:
            strays += more
            continue
        followed = any(p.start == run[-1] + 1 and p.is_time for p in phrases)
        account, cut = _without_numbers(account, sure, followed, phrases, words, doubts)
        strays += [*more, *cut]
        doubts += _suspicions(account, sure, words, doubts)
        account = _without_unreadable(account, sure)
    return account, strays


def _runs(tokens: Sequence[Token], free: set[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in sorted(free):
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _without_noise(run: list[Token]) -> list[Token]:
    """What is left of a run beside the account; a lone sign or “please” says nothing."""
    said = [t for t in run if t.kind != "mark" or t.key in ("+", "#")]
    if all(t.key in NOISE or t.key in AND for t in said):
        return []
    return _trimmed(run)


def _trimmed(run: list[Token]) -> list[Token]:
    """Without signs at the ends, but for brackets that belong together."""
    run = list(run)
    while run and run[0].kind == "mark" and not (run[0].key in "([{" and _balanced(run)):
        run.pop(0)
    while run and run[-1].kind == "mark" and not (run[-1].key in ")]}" and _balanced(run)):
        run.pop()
    return run


def _balanced(run: list[Token]) -> bool:
    keys = [t.key for t in run]
    pairs = (("(", ")"), ("[", "]"), ("{", "}"))
    inner = [t for t in run if t.kind != "mark"]
    wrapped = keys[0] in "([{" and keys[-1] in ")]}" and len(inner) == len(run) - 2
    return all(keys.count(a) == keys.count(b) for a, b in pairs) and not wrapped


def _name(
    run: list[Token], known: int, late: bool, doubts: list[str]
) -> tuple[list[Token], list[str]]:
    """The name within a run, and words around it that belong to no name."""
    strays: list[str] = []
    run = _trimmed(run)
    if not known:
        run = _without_lead(run, late, doubts)
    for n in range(max(1, known), len(run)):
        if run[n].key in WITH and run[n].is_lower and run[n].kind == "word":
            if tail := _trimmed(run[n + 1 :]):
                doubts.append(f"I can't tell who “{joined(tail)}” is. Choose them from the list.")
            else:
                doubts.append(f"“{run[n].text}” whom? Choose them from the list.")
            run = run[:n]
            break
    while len(run) > max(1, known) and run[-1].kind == "word" and run[-1].is_lower:
        if run[-1].key in CALLED:
            run = run[:-1]
        elif run[-1].key in TAILS:
            strays.insert(0, run[-1].text)
            run = run[:-1]
        else:
            break
        run = _trimmed(run)
    if len(run) > max(1, known) and run[-1].key in TAILS & {"@", "~"}:
        run = run[:-1]
    return _trimmed(run), strays


def _without_lead(run: list[Token], late: bool, doubts: list[str]) -> list[Token]:
    """Without “call with”, “for” or a small “new” before the name."""
    run = _without_asking(run, doubts)
    keys = [t.key for t in run]
    if len(run) > 2 and keys[0] in CALLED and keys[1] in LEADS and run[1].is_lower:
        return run[2:]
    if len(run) > 2 and keys[0] in ("a", "the", "my") and keys[1] in CALLED and keys[2] in LEADS:
        return run[3:]
    if len(run) > 1 and keys[0] in CALLED and run[0].is_lower:
        doubts.append(
            f"I left “{run[0].text}” out of the account. Put it back if it belongs there."
        )
        return run[1:]
    if len(run) > 1 and keys[0] == "new" and run[0].is_lower:
        doubts.append("I left “new” out of the account. Put it back if it belongs to the name.")
        return run[1:]
    if (
        len(run) > 1
        and keys[0] in LEADS
        and run[0].is_lower
        and (late or keys[0] in ("for", "with"))
    ):
        return run[1:]
    return run


def _without_asking(run: list[Token], doubts: list[str]) -> list[Token]:
    """Without “please book a” before the name; what was left out is said."""
    n = 0
    while n < len(run) - 1 and run[n].is_lower and run[n].key in ASKING | ARTICLES:
        n += 1
    while n and run[n - 1].key in ARTICLES and run[n].key not in CALLED:
        n -= 1  # “the” begins many a name
    if any(t.key in ASKING for t in run[:n]):
        left = joined(run[:n])
        doubts.append(f"I left “{left}” out of the account. Put it back if it belongs there.")
        return run[n:]
    return run


def _without_numbers(
    account: list[Token], known: int, followed: bool, phrases: list[Phrase],
    words: CalendarWords, doubts: list[str],
) -> tuple[list[Token], list[str]]:  # fmt: skip
    """A number at the end may be an hour, a length, or a part of the name."""
    least = max(1, known)
    first = next((n for n in range(least, len(account)) if _starts_a_number(account, n)), None)
    if first is not None:
        tail = joined(account[first:])
        doubts.append(f"I left “{tail}” out of the account. Put it where it belongs.")
        return account[:first], []
    if len(account) <= least or not account[-1].key.isdecimal() or account[-1].kind == "quoted":
        return account, []
    number, before = account[-1].key, account[-2]
    if followed and before.is_title and number not in _USUAL_LENGTHS:
        return account, []
    timed = any(p.kind in ("clock", "range", "offset") for p in phrases)
    if (followed and timed) or (before.is_title and not before.key.isdecimal()):
        if followed:
            doubts.append(f"“{number}” may be a part of the name or of the time. Check both.")
        return account, []
    clock = None if timed else read_clock(number, words)
    if clock:
        phrases.append(
            Phrase("clock", -1, -1, number, clock, clock.doubt or f"Is “{number}” the hour?")
        )
    else:
        doubts.append(f"I left “{number}” out of the account. Put it where it belongs.")
    return account[:-1], []


def _starts_a_number(account: list[Token], n: int) -> bool:
    """Whether a telephone number begins here."""
    key = account[n].key
    rest = account[n:]
    numeric = [t for t in rest if re.fullmatch(r"\+?[0-9()-]+", t.key)]
    return (key.startswith("+") and key[1:].isdecimal()) or (
        len(numeric) == len(rest) > 2 and key[:1].isdecimal()
    )


def _suspicions(
    account: list[Token], known: int, words: CalendarWords, doubts: Sequence[str]
) -> list[str]:
    """Sentences on words of the account that look like something else."""
    said: list[str] = []
    last = len(account) - 1
    small = [t for t in account if t.is_lower and t.key not in IN_NAMES]
    if len(account) > max(_MOST_NAME, known) and small:
        return ["That is a long name. Put each part into its field."]
    for n, token in enumerate(account):
        if n < known or token.kind != "word":
            continue
        why = _suspicious(token, n, last, account, words)
        if why and not any(f"“{token.text.strip(',;:!?')}”" in each for each in doubts):
            said.append(why)
    alone = account[0] if len(account) == 1 and not known and account[0].kind == "word" else None
    if alone and alone.key in words.months:
        said.append(f"“{alone.text}” is a month. Is it the account?")
    if len(account) == 1 and account[0].is_lower and not known and account[0].key in ELSEWHERE:
        said.append(f"“{account[0].text}” is a word of another command. Is it the account?")
    return list(dict.fromkeys(said))


def _without_unreadable(account: list[Token], known: int) -> list[Token]:
    """Without times and lengths at the end that are none; a sentence on each was said."""
    rest = list(account)
    while (
        len(rest) > max(1, known)
        and rest[-1].kind == "word"
        and _unreadable(rest[-1], len(rest) - 1)
    ):
        rest.pop()
    return _trimmed(rest) or account


def _unreadable(token: Token, n: int) -> str:
    """ "25:99 is no time that I know."; "" for a word that is not like one."""
    key, shown = token.key, token.text.strip(",;:!?")
    if _CLOCK_LIKE.fullmatch(key) and (n > 0 or re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", key)):
        return f"{shown} is no time that I know."
    if n and _LENGTH_LIKE.fullmatch(key):
        return f"{shown} is no length that I know: from 5 minutes to 12 hours."
    if _DAY_LIKE.fullmatch(key):
        return f"I can't be sure which day {shown} is. Pick it, or write it like 1 Dec."
    return ""


def _suspicious(token: Token, n: int, last: int, account: list[Token], words: CalendarWords) -> str:
    key, shown = token.key, token.text.strip(",;:!?")
    left = f"I left “{shown}” in the account. Change it if you meant something else."
    if why := _unreadable(token, n):
        return why
    counted = n > 1 and account[n - 1].key.isdecimal() and int(account[n - 1].key) <= _MONTH
    if token.is_lower and n == last and (_DAY_INSIDE.search(key) or (counted and key.isalpha())):
        return left  # “thisfriday”, “5 janaury”
    follows_small = n < last and account[n + 1].is_lower
    if key in SPEECH and last and (token.is_lower or (not n and follows_small)):
        return left
    if not n:
        return ""
    name_like = token.is_title and n < last
    if (_is_calendar(key, words) or key in words.foreign) and not name_like:
        return left
    if key.rstrip(".") in words.loose and not name_like and (n == last or key not in IN_NAMES):
        return left
    if _QUARTER.fullmatch(key) and n == last:
        return left
    if _zones.is_area(key) and n == last:
        return left
    if token.is_lower and (key in INSIDE or key in COMMANDS or key in ("or", "oder")):
        return left
    if token.is_lower and key in ABOUT_CALL and (n == last or key in ("every", "each")):
        return left
    if _LINK.fullmatch(key) or _NUMBERED.fullmatch(key) or _DAYS.fullmatch(key):
        return left
    if token.is_lower and n == last and key in ELSEWHERE:
        return left
    if n == last and token.is_title is False and read_length(key, words) and key != "a":
        return left
    return ""


def _is_calendar(key: str, words: CalendarWords) -> bool:
    plain = key.rstrip(".")
    if plain in words.days or plain in words.months or plain in words.ahead:
        return True
    return plain in ("noon", "now", "midnight", "tonight", "week", "weekend", "asap")
