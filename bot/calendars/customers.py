"""Which meetings of a calendar are with customers, and with which account, each with a reason.

Pure rules. What they can't tell is `unsure`, to be asked; no account is made up from an address
alone: one that nobody named yet is taken from a title that says the same as the guests' domain.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bot.calendars.meeting import Attendee, Meeting

# Anybody may have an address there, so it says nothing about whom they work for.
_ANYBODYS = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        *("icloud.com", "me.com", "mac.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr"),
        *("aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.com", "web.de"),
        *("t-online.de", "orange.fr", "qq.com", "163.com", "naver.com", "mail.ru", "yandex.ru"),
    )
)
# Rooms, calendars and programs that take notes are invited as people are.
_NOBODYS = (
    *("calendar.google.com", "fireflies.ai", "otter.ai", "read.ai", "fathom.video", "tldv.io"),
    *("avoma.com", "grain.com", "meetgeek.ai", "sembly.ai", "notta.ai"),
)
_NOTETAKER = re.compile(r"note[ ._-]?taker", re.IGNORECASE)
# So many series at least, before what they share is taken for one's own.
_FEWEST = 3

_WORDS = 4  # of a title, at most, that may be a company's name

YOU_SAID_SO = "you said so"


class Choice(NamedTuple):
    """What the rep said once, about a series or about everybody of a domain."""

    customer: bool
    account: str = ""


@dataclass(frozen=True)
class Known:
    """What is known beforehand. `choices` by a meeting's `series`, or by “@” and a domain.

    `own_domains`: one's own company's; left empty, they are what most meetings share.
    """

    accounts: Collection[str] = ()
    choices: Mapping[str, Choice] = field(default_factory=dict)
    own_domains: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """`account` is empty where none is known; `why` completes “because …”."""

    kind: Literal["customer", "unsure", "none"]
    account: str
    why: str


class _Feed(NamedTuple):
    """What only all meetings together tell."""

    own: frozenset[str]
    myself: str
    names: list[tuple[str, str]]  # as `_sought`, and the account; the longest first
    names_people: bool  # of others or oneself; a calendar of busy times has none


def sort_out(meetings: Sequence[Meeting], known: Known) -> list[Verdict]:
    """A verdict for each meeting, in their order. `meetings` is all of one rep's calendar."""
    own, myself = _own_side(meetings, known)
    names = sorted(((_sought(name), name) for name in known.accounts), key=lambda n: -len(n[0]))
    feed = _Feed(own, myself, names, any(meeting.attendees for meeting in meetings))
    return [_verdict(meeting, known, feed) for meeting in meetings]


def oneself(meetings: Sequence[Meeting], known: Known) -> str:
    """The rep's own address, as all of their calendar tells it; "" where it does not."""
    return _own_side(meetings, known)[1]


def outsiders(
    people: Iterable[Attendee], own_domains: Collection[str], myself: str
) -> list[Attendee]:
    """Those who are of another company; `own_domains` may be empty, as in `Known`."""
    own = own_domains or ({_domain(myself)} - _ANYBODYS)
    return [
        person
        for person in _persons(people)
        if person.address != myself and not _is_own(_domain(person.address), own)
    ]


def domain_of_a_company(people: Iterable[Attendee]) -> str:
    """The one domain that all of them have, where only a company's people have it; else ""."""
    domains = {_domain(person.address) for person in people}
    return domains.pop() if len(domains) == 1 and not domains & _ANYBODYS else ""


def _own_side(meetings: Sequence[Meeting], known: Known) -> tuple[frozenset[str], str]:
    """The domains of one's own company, and one's own address."""
    own = known.own_domains or _own(meetings, known)
    myself = _shared(meetings, lambda person: person.address)
    mine = _is_own(_domain(myself), own) or _domain(myself) in _ANYBODYS
    return own, myself if mine else ""


def _own(meetings: Sequence[Meeting], known: Known) -> frozenset[str]:
    """The domain that most meetings share, if it may be one's own company's."""
    domain = _shared(meetings, lambda person: _domain(person.address))
    chosen = f"@{domain}" in known.choices
    if not domain or domain in _ANYBODYS or chosen or _of_domain(domain, known.accounts):
        return frozenset()
    return frozenset((domain,))


def _shared(meetings: Iterable[Meeting], of: Callable[[Attendee], str]) -> str:
    """What more than half of the series with attendees have, and no other as many; else “”."""
    by_series: dict[str, set[str]] = {}
    for meeting in meetings:
        if people := _people(meeting):
            by_series.setdefault(meeting.series, set()).update(of(person) for person in people)
    counted = Counter(one for those in by_series.values() for one in those if one)
    first, second = [*counted.most_common(2), ("", 0), ("", 0)][:2]
    enough = first[1] >= _FEWEST and first[1] > second[1] and 2 * first[1] > len(by_series)
    return first[0] if enough else ""


def _verdict(meeting: Meeting, known: Known, feed: _Feed) -> Verdict:
    if why := _no_call(meeting, feed.myself):
        return Verdict("none", "", why)
    if chosen := known.choices.get(meeting.series):
        return Verdict("customer" if chosen.customer else "none", chosen.account, YOU_SAID_SO)
    named = _named(meeting.title, feed.names)
    if not (people := [p for p in _people(meeting) if p.address != feed.myself]):
        return _titled(named) or _nobody_told(feed)
    outside = [p for p in people if not _is_own(_domain(p.address), feed.own)]
    if not outside:
        return Verdict("none", "", f"everybody invited is of {' or '.join(sorted(feed.own))}")
    return _titled(named) or _with_outsiders(meeting.title, outside, known, feed)


def _no_call(meeting: Meeting, myself: str) -> str:
    """Why it is no call at all, whoever is invited; “” if it may be one."""
    declined = any(p.declined and p.address == myself for p in meeting.attendees)
    reasons = {
        "it is cancelled": meeting.cancelled,
        "you are away then": meeting.away,
        "it takes whole days": meeting.all_day,
        "it is marked as free": not meeting.busy,
        "you declined it": declined,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _titled(named: list[str]) -> Verdict | None:
    why = f"its title names {' and '.join(named)}"
    if len(named) > 1:
        return Verdict("unsure", "", why)
    return Verdict("customer", named[0], why) if named else None


def _nobody_told(feed: _Feed) -> Verdict:
    if feed.names_people:
        return Verdict("none", "", "nobody else is invited")
    return Verdict("unsure", "", "this calendar does not tell who is invited")


def _with_outsiders(title: str, outside: list[Attendee], known: Known, feed: _Feed) -> Verdict:
    domains = sorted({_domain(person.address) for person in outside})
    said = [known.choices.get(f"@{domain}") for domain in domains]
    if all(choice and not choice.customer for choice in said):
        return Verdict("none", "", f"you said that {' and '.join(domains)} is no customer")
    learned = [choice.account for choice in said if choice and choice.account]
    learned = learned or [name for d in domains for name in _of_domain(d, known.accounts)]
    if not learned and feed.own:
        learned = [name for d in domains if (name := _said_by_both(title, d))]
    accounts = list({_plain(name): name for name in learned}.values())
    if len(accounts) > 1:
        return Verdict("unsure", "", f"people of {' and '.join(accounts)} are invited")
    if not accounts and not feed.own:
        return Verdict("unsure", "", "it is not known which addresses are your company's")
    sure = accounts or not _ANYBODYS.issuperset(domains)
    why = f"people of {' and '.join(domains)} are invited"
    return Verdict("customer" if sure else "unsure", "".join(accounts), why)


def _people(meeting: Meeting) -> list[Attendee]:
    return _persons(meeting.attendees)


def _persons(attendees: Iterable[Attendee]) -> list[Attendee]:
    """Without rooms, calendars and programs."""
    return [
        person
        for person in attendees
        if (domain := _domain(person.address)) and not _within(domain, _NOBODYS)
        if not _NOTETAKER.search(f"{person.name} {person.address.partition('@')[0]}")
    ]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower() if "@" in address else ""


def _within(domain: str, domains: Iterable[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)


def _is_own(domain: str, own: Iterable[str]) -> bool:
    """Exchange may name a colleague by the tenant: `ours.onmicrosoft.com` for `ours.com`."""
    tenants = {f"{one.partition('.')[0]}.onmicrosoft.com" for one in own}
    return _within(domain, {*own, *tenants})


def _of_domain(domain: str, accounts: Iterable[str]) -> list[str]:
    """The accounts whose name is a part of the domain's: Acme Labs of `mail.acme-labs.co.uk`."""
    parts = {_plain(part).replace(" ", "") for part in domain.split(".")[:-1]}
    if domain in _ANYBODYS:
        return []
    return [a for a in accounts if len(key := _plain(a).replace(" ", "")) > 2 and key in parts]


def _said_by_both(title: str, domain: str) -> str:
    """The words of a title that are the domain's name: “Acme Labs” of acme-labs.example, or ""."""
    if domain in _ANYBODYS:
        return ""
    name = max(
        (_plain(part).replace(" ", "") for part in domain.split(".")[:-1]), key=len, default=""
    )
    words = [*re.finditer(r"[\w&]+", title)]
    for first in range(len(words)):
        for last in words[first : first + _WORDS]:
            said = title[words[first].start() : last.end()]
            if len(name) > 2 and _plain(said).replace(" ", "") == name:
                return said
    return ""


def _named(title: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """The accounts that a title names, without those that are only a part of a longer one."""
    left = f" {_plain(title)} "
    found = []
    for sought, account in names:
        if sought and sought in left:
            found.append(account)
            left = left.replace(sought, "  ")
    return sorted(found)


def _sought(account: str) -> str:
    """The name as whole words; in a script without case, such as Japanese, words may be joined."""
    plain = _plain(account)
    if not plain:
        return ""
    before, after = (" " if _ends_a_word(edge) else "" for edge in (plain[0], plain[-1]))
    return before + plain + after


def _ends_a_word(char: str) -> bool:
    return char.lower() != char.upper() or unicodedata.category(char) == "Nd"


def _plain(text: str) -> str:
    """Its words, in one spelling of case, width and punctuation."""
    return " ".join(re.findall(r"\w+|&", unicodedata.normalize("NFKC", text).casefold()))
