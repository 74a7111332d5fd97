"""A huddle that somebody typed and the same meeting in the calendar are one call."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calendars.calendar import Calendar
from bot.calendars.choices_table import Choices
from bot.calendars.customers import Choice, domain_of_a_company, outsiders
from bot.calendars.kept import KeptMeeting
from bot.calendars.meetings_table import Meetings
from bot.calendars.table import Calendars
from bot.calls.account import account_key
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.meetings.offer import About, key_of
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database

AROUND = timedelta(days=1), timedelta(days=15)


def bind(db: Database, rep: Rep, now: datetime) -> None:
    """Of the rep's calls find those that stand in their calendar, too: they begin at the same time,
    and nothing says that the account is another."""
    if (calendar := Calendars(db).of(rep)) is None:
        return
    calls = [
        call
        for call in Calls(db).of_rep(rep, now - AROUND[0], now + AROUND[1])
        if call.state == "planned"
    ]
    if not calls:
        return
    meetings = [m for m in Meetings(db).of(rep) if not (m.cancelled or m.all_day)]
    bound = {m.call_id for m in meetings}
    for call in calls:
        if call.id not in bound and (meeting := _of(call, meetings)):
            _bind(db, calendar, meeting, call, now)


def taken(db: Database, meeting: KeptMeeting) -> str:
    """Why a meeting that is no call yet is not to be offered all the same: a call stands at its
    time, by another entry that goes; "" if none does."""
    until = meeting.starts + timedelta(seconds=1)
    calls = Calls(db).of_rep(meeting.rep, meeting.starts, until)
    alike = (not meeting.account or _is_alike(meeting.account, call.account) for call in calls
             if call.state == "planned")  # fmt: skip
    return "its call has a huddle" if any(alike) else ""


def _of(call: Call, meetings: list[KeptMeeting]) -> KeptMeeting | None:
    """The meeting that is this call; one with its account rather than one that has none."""
    fits = [
        m for m in meetings
        if m.starts == call.starts and m.call_id is None and m.verdict != "none"
        if not m.account or _is_alike(m.account, call.account)
    ]  # fmt: skip
    return next(iter(sorted(fits, key=lambda m: not m.account)), None)


def _is_alike(one: str, other: str) -> bool:
    """Acme and Acme Ltd."""
    a, b = account_key(one), account_key(other)
    return a.startswith(b) or b.startswith(a)


def _bind(
    db: Database, calendar: Calendar, meeting: KeptMeeting, call: Call, now: datetime
) -> None:
    Meetings(db).became(meeting, call.id)
    key = key_of(meeting.rep, About(meeting.title, meeting.starts))
    Outbox(db).set_call(key.rpartition(":")[0], call.id)
    if not meeting.account and call.owner == meeting.rep:
        _learn(db, calendar, meeting, call.account, now)


def _learn(
    db: Database, calendar: Calendar, meeting: KeptMeeting, account: str, now: datetime
) -> None:
    """With whom the series is, and where all of the other side are of one company, that company."""
    choice = Choice(True, account)
    Choices(db).put(meeting.rep, meeting.series, choice, now)
    Meetings(db).decide(meeting, choice)
    outside = outsiders(meeting.people, frozenset(), calendar.myself)
    if calendar.myself and (domain := domain_of_a_company(outside)):
        Choices(db).put(meeting.rep, f"@{domain}", choice, now)
