"""The offer of a meeting, as its message: which meeting it is about, and when it comes.

It is about a title and a start, not about an id of the calendar: a calendar that is made anew with
other ids, or connected once more, offers nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.calendars.calendar import Calendar
from bot.calendars.kept import KeptMeeting
from bot.calendars.meeting import Attendee
from bot.calendars.meetings_table import Meetings
from bot.calendars.offered import MEETING_OFFER
from bot.errors import CoachError
from bot.huddles.account_memory import Memory
from bot.outbox.message import AT_ONCE, OutboxMessage, Plan, Recipient
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text

# The kinds of message, beside the offer.
MEETING_OFF, MEETING_MOVED, MEETING_SHARED = "meeting_off", "meeting_moved", "meeting_shared"
LAST_CALL = timedelta(minutes=5)  # before the start, when “Later” comes back
OF_USE = timedelta(minutes=10)  # after the start, an offer may still be said

NOT_A_CUSTOMER = "Kept: not a customer's meeting. I won't offer its series again."
STARTED = "The huddle is started."


class OfferGone(CoachError):
    """A button under an offer whose meeting is not there any more."""


class About(NamedTuple):
    """Which meeting: what it is called, and when it begins."""

    title: str
    starts: datetime


@dataclass(frozen=True)
class Offered:
    """What an offer shows. `outside` are those of the other side; `memory` is what the rep knows of
    the last call, None where there was none or no account is known. `asks`: the account has to be
    told first. `outcome` is what came of it, "" for nothing yet; `channel_id` is where its card
    stands for all to see, "" where it does not."""

    message: OutboxMessage
    meeting: KeptMeeting
    outside: tuple[Attendee, ...]
    memory: Memory | None
    asks: bool
    outcome: str
    channel_id: str


def plan(meeting: KeptMeeting, calendar: Calendar) -> Plan:
    """The offer at the chosen minutes before the meeting."""
    due = meeting.starts - timedelta(minutes=calendar.wishes.minutes)
    return _plan(meeting, due, 1, asked=calendar.wishes.each)


def plan_later(meeting: KeptMeeting, before: OutboxMessage, now: datetime) -> Plan | None:
    """Once more, right before the start: the rep wants it. None where it begins right now."""
    times = (meeting.starts - LAST_CALL, meeting.starts)
    due = next((at for at in times if at > now + timedelta(minutes=1)), None)
    return _plan(meeting, due, before.nth + 1, asked=True) if due else None


def _plan(meeting: KeptMeeting, due: datetime, nth: int, asked: bool) -> Plan:
    rep = meeting.rep
    return Plan(
        key_of(rep, About(meeting.title, meeting.starts), nth), MEETING_OFFER, Recipient(*rep),
        due, meeting.starts + OF_USE, rep.user_id, meeting.call_id,
        written(About(meeting.title, meeting.starts)), nth=nth, asked=asked,
    )  # fmt: skip


def plan_shared(owner: Rep, call_id: int, who: Rep, now: datetime, until: datetime) -> Plan:
    """The question to a card's owner, until the call is over, whether somebody else is on it."""
    key = f"{owner.workspace_id}:{MEETING_SHARED}:{call_id}:{who.user_id}"
    return Plan(
        key, MEETING_SHARED, Recipient(*owner), now + AT_ONCE, until, owner.user_id, call_id,
        json.dumps([who.user_id]), asked=True,
    )  # fmt: skip


def plan_off(meeting: KeptMeeting, call_id: int | None, now: datetime) -> Plan:
    """That a meeting is off, to the rep in whose calendar it was."""
    about = About(meeting.title, meeting.starts)
    return Plan(
        f"{key_of(meeting.rep, about)}:off", MEETING_OFF, Recipient(*meeting.rep), now,
        meeting.ends, meeting.rep.user_id, call_id, written(about), asked=True,
    )  # fmt: skip


def plan_moved(was: KeptMeeting, meeting: KeptMeeting, now: datetime) -> Plan:
    """That a meeting which was offered has another time."""
    about = About(meeting.title, meeting.starts)
    key = key_of(meeting.rep, About(was.title, was.starts))
    return Plan(
        f"{key}:moved:{meeting.starts:%Y%m%dT%H%MZ}", MEETING_MOVED, Recipient(*meeting.rep), now,
        was.ends, meeting.rep.user_id, None, written(about), asked=True,
    )  # fmt: skip


def key_of(rep: Rep, about: About, nth: int = 1) -> str:
    title = hashlib.sha256(about.title.encode()).hexdigest()[:16]
    return f"{rep.workspace_id}:meeting:{rep.user_id}:{title}:{about.starts:%Y%m%dT%H%MZ}:{nth}"


def written(about: About) -> str:
    return json.dumps([about.title, to_text(about.starts)], ensure_ascii=False)


def read_about(message: OutboxMessage) -> About:
    title, starts = json.loads(message.about)
    return About(title, from_text(starts))


def meeting_of(db: Database, message: OutboxMessage) -> KeptMeeting | None:
    """The meeting that a message is about, as it stands in the rep's calendar."""
    about = read_about(message)
    found = [m for m in Meetings(db).of(message.rep) if (m.title, m.starts) == about]
    return next((m for m in found if not m.cancelled), None)
