"""What somebody types after `/debrief`: which call it is about, and how it went."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from bot.calls.account import account_key
from bot.clock.calendar_words import words_of
from bot.clock.typed_clock import read_clock
from bot.debriefs.form import DebriefForm
from bot.text.phrase_match import best_hit, fold

MOST = 300  # characters that are read: an account, and a few words
NAMED = 5  # open calls in one answer

_DAY_LIKE = r"(?:mon|tue|wed|thu|fri|sat|sun|next|tomorrow|today|later|the|another|\d)"
_CALL = r"(?:call|meeting|mtg|huddle|demo)"
_LEAD = re.compile(
    rf"(?:(?:debrief|re:?) )?"
    rf"(?:(?:the |my |our )?{_CALL} (?:with|at) |(?:with|about|for|on|debrief) )(?:the )?"
    rf"|(?:the|my|our) (?=.+ {_CALL}\b)",
    re.I,
)
_QUOTED = re.compile(r"\s*[\"“”„«'‘]([^\"“”„«»]+?)[\"“”»'’](?=\W|$)(.*)", re.S)
_SPOKEN = {
    "Yes": "yes y yep yeah yup reached won done ja oui sí si sì tak sim jo kyllä",
    "Partly": "partly partially partial part half somewhat teils teilweise partiellement"
    " parcialmente parzialmente deels gedeeltelijk delvis częściowo",
    "No": "no n nope nein non não nej nee nie nei",
}
_REACHED = {word: reached for reached, words in _SPOKEN.items() for word in words.split()}
_SAYS_SO = ("reached", "won", "done")  # words that stay, as they say more than a yes
_GOAL = re.compile(
    r"(?:(?:the )?goal )?(?:was |is )?(?P<no>not |never )?(?:reached|met|achieved)\W*", re.I
)
# Behind a mere “no” they begin a sentence; “no budget” is one piece of news.
_SUBJECTS = frozenset(
    [
        "i",
        "we",
        "they",
        "he",
        "she",
        "it",
        "you",
        "there",
        "but",
        "because",
        "since",
        "as",
        "the",
        "our",
        "their",
    ]
)
_NOT_HELD = re.compile(
    rf"(?:(?:the )?{_CALL} )?(?:(?:was|is|got|has been|it was|they|we|i|he|she) )?(?:"
    rf"(?:cancell?ed|moved|rescheduled|postponed)(?= (?:the|it|our|this|that|on|by|to|for|at|last"
    rf"|until|again|because)\b|\W*$)(?! to (?!{_DAY_LIKE}))"
    r"|cancel|no[ -]?shows?|noshow|ghosted|skipped|stood (?:me|us) up|fell through"
    r"|(?:did not|didn'?t|never|has not|hasn'?t|won'?t) (?:happen(?:ed)?|take place|taken place"
    r"|show(?:ed)?(?: up)?|come|turn(?:ed)? up|came)"
    r"|abgesagt|verschoben|verlegt|ausgefallen|fiel aus|(?:ist )?nicht (?:erschienen|gekommen|da)"
    r"|war nicht da|annulée?|reportée?|décalée?|pas venue?s?|cancelad[oa]|aplazad[oa]|anulad[oa]"
    r"|no se present\w+|annullat[oa]|rimandat[oa]|non (?:si è )?presentat\w+|afgezegd|geannuleerd"
    r"|verplaatst|verzet|niet (?:gekomen|verschenen)|aflyst|avlyst|inställ[td]|avbokad|adiad[oa]"
    r"|odwołane|przełożone)\b.*|(?:nobody|no one) (?:came|showed(?: up)?)\b.*",
    re.I,
)
_NOT_TODAY = re.compile(
    r"(?:yesterday|last \w+|(?:on )?(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?"
    r"|tomorrow|\d{1,2}[./-]\d{1,2}\.?)",
    re.I,
)
_NOISE = {
    "call",
    "meeting",
    "today",
    "huddle",
    "debrief",
    "just",
    "now",
    "this",
    "morning",
    "afternoon",
}
_SIGNS = ",;:.!=-–—"
USAGE = ("help", "?", "??", "list", "usage", "ls", "hilfe", "all", "open", "show", "aide", "ayuda")
_LATEST = (
    "last",
    "latest",
    "last one",
    "last call",
    "the last one",
    "the last call",
    "most recent",
)


class Wanted(NamedTuple):
    """`account` as it is known, else as typed; "" for the most recent call.

    "form": it opens, `reached` ("Yes", "Partly", "No" or "") and `said` filled in; `words` go to
    the choice of the form. "ask": `why` asks, `choices` are the open calls to choose from, and
    `not_held` that the words say it did not take place. "usage": help.
    """

    result: Literal["form", "ask", "usage"]
    account: str = ""
    words: str = ""
    reached: str = ""
    said: str = ""
    choices: tuple[str, ...] = ()
    why: str = ""
    not_held: bool = False


def read_debrief(
    typed: str, open_calls: Sequence[str], known: Sequence[str], forms: Mapping[str, DebriefForm]
) -> Wanted:
    """Read a line, unescaped; accounts of `open_calls` come newest first, as do those `known`.

    The longest known account at the start counts, or the open call whose account begins so.
    """
    line = " ".join(typed[:MOST].split())
    if line.casefold() in USAGE:
        return Wanted("usage")
    if not line or line.casefold() in _LATEST:
        return Wanted("form", open_calls[0] if open_calls else "")
    quoted = _QUOTED.fullmatch(line)
    if quoted:
        names, rest = [quoted[1].strip()], quoted[2].strip()
        return _of_name(names[0], rest, open_calls, known, forms)
    plain = _LEAD.sub("", line, count=1) if _LEAD.match(line) else line
    if found := _start_of(plain, [*open_calls, *known]):
        return _went(*found, forms)
    if found := _end_of(plain, open_calls):
        return _went(*found, forms)
    if open_calls and _is_speech(plain):
        return _nameless(line, open_calls, forms)
    for near_ones in (_begun, _alike):
        for length in range(len(plain.split()), 0, -1):
            name, rest = _cut(plain, length)
            if near := near_ones(name, open_calls):
                return _which(near, name, rest, open_calls, forms)
    return _unknown(plain, open_calls, known, forms)


def _nameless(line: str, open_calls: Sequence[str], forms: Mapping[str, DebriefForm]) -> Wanted:
    """Only how it went: of the one open call, or it is asked of which."""
    choices = tuple(dict.fromkeys(open_calls))[:NAMED]
    went = _went(open_calls[0] if len(choices) == 1 else "", line, forms)
    if len(choices) == 1:
        return went
    return went._replace(result="ask", choices=choices, why="Which call is that about?")


def accounts_named(typed: str, accounts: Sequence[str]) -> list[str]:
    """The account that is spelled so, else those that begin so, else the one spelled much like it;
    quotes and “call with” are taken off. Unescaped."""
    line = " ".join(typed.split())
    quoted = _QUOTED.fullmatch(line)
    name = quoted[1].strip() if quoted else _LEAD.sub("", line, count=1)
    if spelled := _spelled(name, accounts):
        return [spelled]
    return _begun(name, accounts) or _alike(name, accounts)


def _of_name(
    name: str, rest: str, open_calls: Sequence[str], known: Sequence[str],
    forms: Mapping[str, DebriefForm],
) -> Wanted:  # fmt: skip
    """A name in quotes is one from end to end."""
    spelled = _spelled(name, [*open_calls, *known])
    if spelled or not open_calls:
        return _went(spelled or name, rest, forms)
    if near := _begun(name, open_calls) or _alike(name, open_calls):
        return _which(near, name, rest, open_calls, forms)
    return _no_such(name, rest, open_calls, forms)


def _cut(line: str, length: int) -> tuple[str, str]:
    parts = line.split()
    return " ".join(parts[:length]), " ".join(parts[length:])


def _spelled(name: str, known: Sequence[str]) -> str | None:
    key = account_key(name)
    return next((each for each in known if account_key(each) == key), None)


def _start_of(line: str, known: Sequence[str]) -> tuple[str, str] | None:
    """The longest known account that the line begins with, and what follows it."""
    for length in range(len(line.split()), 0, -1):
        name, rest = _cut(line, length)
        if spelled := _spelled(name, known):
            return spelled, rest
    return None


def _end_of(line: str, open_calls: Sequence[str]) -> tuple[str, str] | None:
    """ "no show acme", "yes acme": how it went, and then the account."""
    for length in range(1, len(line.split())):
        head, name = _cut(line, length)
        spelled = _spelled(name, open_calls)
        if spelled and (_reached(head)[0] or _NOT_HELD.fullmatch(head)):
            return spelled, head
    return None


def _is_speech(line: str) -> bool:
    """Whether a line says only how it went, and no name."""
    first = line.split()[0].casefold().strip(_SIGNS)
    return bool(_NOT_HELD.fullmatch(line) or _reached(line)[0] or first in _SUBJECTS - {"the"})


def _begun(name: str, open_calls: Sequence[str]) -> list[str]:
    """Open calls whose account begins so."""
    key = account_key(name)
    begun = [each for each in open_calls if account_key(each).startswith(key)]
    return list(dict.fromkeys(begun)) if len(key) > 1 else []


def _alike(name: str, open_calls: Sequence[str]) -> list[str]:
    """The open call whose account is spelled much like it."""
    from difflib import get_close_matches  # late: only slips need it

    keys = {account_key(each): each for each in open_calls}
    key = account_key(name)
    return [keys[near] for near in get_close_matches(key, list(keys), 1, 0.85)] if key[3:] else []


def _which(
    near: list[str], name: str, rest: str, open_calls: Sequence[str],
    forms: Mapping[str, DebriefForm],
) -> Wanted:  # fmt: skip
    if len(near) == 1:
        went = _went(near[0], rest, forms)
        slip = not account_key(near[0]).startswith(account_key(name))
        return (
            went._replace(why=f"I took “{name}” for {near[0]}.") if slip and not went.why else went
        )
    went = _went("", rest, forms)
    why = f"Which call do you mean by “{name}”?"
    return went._replace(result="ask", account=name, choices=tuple(near), why=why)


def _unknown(
    line: str, open_calls: Sequence[str], known: Sequence[str], forms: Mapping[str, DebriefForm]
) -> Wanted:
    """An account without a call: `Big Corp churned` opens the form, a mere name is asked about."""
    parts = line.split()
    phrases = {fold(p) for form in forms.values() for p in (form.slug, *form.names, *form.signs)}
    for length in range(len(parts)):
        name, behind = _cut(line, length)
        if fold(behind) in phrases and not _NOT_HELD.fullmatch(behind):
            account = name or (open_calls[0] if open_calls else "")
            return Wanted("form", account, behind)
    if not open_calls:
        return Wanted("form", line)
    for length in range(1, len(parts)):
        name, behind = _cut(line, length)
        if _reached(behind)[0] or _NOT_HELD.fullmatch(behind):
            return _no_such(name, behind, open_calls, forms)
    return _no_such(line, "", open_calls, forms)


def _no_such(
    name: str, rest: str, open_calls: Sequence[str], forms: Mapping[str, DebriefForm]
) -> Wanted:
    why = f"No call of yours without a debrief is with “{name}”."
    went = _went("", rest, forms)
    choices = tuple(dict.fromkeys(open_calls))[:NAMED]
    return went._replace(result="ask", account=name, choices=choices, why=why)


def _went(account: str, rest: str, forms: Mapping[str, DebriefForm]) -> Wanted:
    """What the words behind the account say of how it went."""
    rest = rest.strip(" ,;:-–—")
    if _NOT_HELD.fullmatch(rest):
        why = f"Did the call with {account} take place?" if account else ""
        return Wanted("ask", account, choices=(account,) if account else (), why=why, not_held=True)
    if _NOT_TODAY.fullmatch(rest):
        return Wanted("ask", account, choices=(account,) if account else (),
                      why=f"Which call with {account} do you mean by “{rest}”?")  # fmt: skip
    whole = _form_named(rest, forms)
    if whole is not None:
        return Wanted("form", account, rest, said="" if whole else rest)
    reached, said = _reached(rest)
    return Wanted("form", account, reached=reached, said=_without_noise(said))


def _form_named(rest: str, forms: Mapping[str, DebriefForm]) -> bool | None:
    """True where the words are the name of a form, False where they speak of one, else None."""
    if not rest:
        return None
    for form in forms.values():
        called = (form.slug, form.title, *form.names)
        if best_hit(called, form.signs, rest):
            return fold(rest) in {fold(each) for each in (*called, *form.signs)}
    return None


def _reached(rest: str) -> tuple[str, str]:
    """ "yes they signed" is a yes, and words; so is “call: yes”. “no budget” is news, no answer."""
    told = rest.split(" ", 1)
    while len(told) == 2 and _is_noise(told[0]):
        told = told[1].strip().split(" ", 1)
    first, more = told[0], told[1] if len(told) == 2 else ""
    word = first.casefold().strip(_SIGNS)
    if goal := _GOAL.fullmatch(" ".join(told)):
        return ("No" if goal["no"] else "Yes"), ""
    reached = _REACHED.get(word, "")
    if not reached or (word in _SAYS_SO and more):
        return "", rest
    following = more.split()[0].casefold().strip(_SIGNS) if more.strip(_SIGNS) else ""
    stopped = first[-1:] in _SIGNS or more[:1] in _SIGNS
    one_piece = reached == "No" and following and not stopped and following not in _SUBJECTS
    if one_piece or (following == "and" and "no" in more.casefold().split()):
        return "", rest
    return reached, more.strip(f" {_SIGNS}")


def _is_noise(word: str) -> bool:
    plain = word.casefold().strip(_SIGNS)
    return not plain or plain in _NOISE or read_clock(plain, words_of("en")) is not None


def _without_noise(said: str) -> str:
    """Without “call”, “today” or the time at which it was."""
    return "" if all(map(_is_noise, said.split())) else said
