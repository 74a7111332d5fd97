"""A nudge: something said unasked, whether it is still wanted, and when it may be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from bot.calls.call import Call
from bot.clock.local_time import local_day, local_instant, say_day
from bot.clock.working_hours import Hours, next_allowed
from bot.debriefs.debrief import Debrief
from bot.people.rep import Rep

Kind = Literal["debrief", "next_step", "daily_tip"]
State = Literal["pending", "sending", "sent", "unknown", "skipped", "dead"]

A_CALL = 2  # nudges about one call, then silence; each snooze asks for one more
A_DAY = 3  # messages that a rep gets unasked on one local day
SOON = timedelta(minutes=15)  # a call that starts within this is not disturbed
ASKED_FOR = timedelta(days=5)  # a call is asked about this long after it ended: a long weekend
TIP_LATE = timedelta(hours=2)  # a daily tip that is later than this is skipped
MOVED = "the call moved"

# What came of it, said in its message.
SKIPPED = "Skipped. I won't ask about this call again."
ASKS_AGAIN = "I'll ask again"
IN_WORDS = "Kept: what you wrote."
DEBRIEFED = "Kept: your debrief."
IT_MOVED = "Kept: it moved."
NEW_TIME = "Kept: it moved. Type `/huddle` once it has a new time, and I ask after that."


class Recipient(NamedTuple):
    """Whom or where something is said: the id of a rep (U…) or of a conversation (C…, D…)."""

    workspace_id: str
    id: str

    @property
    def is_rep(self) -> bool:
        return self.id[:1] in "UW"


@dataclass(frozen=True)
class Nudge:
    """One row of what is said unasked. Moments are aware, UTC.

    `wanted_at` is when it was meant for, `due_at` when it is tried next, `nth` which one about
    its call it is. `nonce` stands in the message's metadata. `asked` means that the rep wanted
    this one (a snooze). `said` is the conversation and, once it is known, the message.
    `outcome` is what came of it, None if nothing. `looked_up_at` is when it was last sought in
    its conversation and not found.
    """

    id: int
    key: str
    kind: Kind
    place: Recipient
    user_id: str | None
    call_id: int | None
    nth: int
    asked: bool
    wanted_at: datetime
    due_at: datetime
    not_after: datetime
    state: State
    why: str
    nonce: str
    attempt_at: datetime | None
    attempts: int
    dropped: bool
    said: tuple[str, str | None] | None
    tip_id: int | None
    outcome: str | None
    looked_up_at: datetime | None

    @property
    def rep(self) -> Rep:
        """Whose it is; nobody's in a channel."""
        return Rep(self.place.workspace_id, self.user_id or "")


@dataclass(frozen=True)
class RepHours:
    """When a rep wants to be spoken to; the zone comes from Slack. Times are the rep's own."""

    nudges_on: bool = True
    working_days: frozenset[int] = frozenset(range(5))
    start: time = time(8)
    end: time = time(19)
    quiet: tuple[time, time] | None = None
    holidays: str | None = None
    away_until: date | None = None

    def in_zone(self, zone: str) -> Hours:
        return Hours(
            zone, self.working_days, self.start, self.end, self.quiet, self.holidays,
            self.away_until,
        )  # fmt: skip


class Skip(NamedTuple):
    """It is not wanted any more; `why` is for `/coach status` and the record."""

    why: str


class Wait(NamedTuple):
    """Not now, but at `until`."""

    until: datetime
    why: str


class Manners(NamedTuple):
    """What has to be known before a rep is spoken to. `calls` are the rep's own around now."""

    wishes: RepHours
    zone: str
    calls: Sequence[Call]
    said_today: int
    after: timedelta  # between a call's end and its nudge


@dataclass(frozen=True)
class FollowUpLine:
    """One nudge as its message shows it. `when` says on which other day the call was, "" for
    today; `step` is the next step that is due; `outcome` is what came of it, "" if nothing;
    `debriefed` says that the rep's debrief of the call is kept."""

    nudge: Nudge
    call: Call
    when: str
    step: str
    outcome: str
    nudges_on: bool = True
    debriefed: bool = False


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_said(moment: datetime, zone: str, now: datetime) -> str:
    """A past day: "" for today, "yesterday", "on Friday", "on Fri 13 Nov"."""
    day, today = local_day(moment, zone), local_day(now, zone)
    ago = (today - day).days
    if ago <= 1:
        return "yesterday" if ago == 1 else ""
    return f"on {_WEEKDAYS[day.weekday()]}" if ago < 7 else f"on {say_day(day, today)}"


def step_due(debrief: Debrief | None, day: date) -> str:
    """The step that a debrief names for this day; "" if it names none any more."""
    if debrief is None:
        return ""
    steps = [(debrief.by_when, debrief.next_step), (debrief.their_by_when, debrief.their_step)]
    return "; ".join(step for by, step in steps if by == day and step)


def key_of(call: Call, nth: int) -> str:
    """A call with another end is another thing to ask about."""
    return f"{call.owner.workspace_id}:debrief:{call.id}:{call.ends:%Y%m%dT%H%MZ}:{nth}"


class Doubt(NamedTuple):
    """The file was taken up at `at` and may be an old copy: what was wanted before `before` may
    have been said by a coach whose file was lost, though not before `since`."""

    since: datetime
    before: datetime
    at: datetime


def doubtful(nudge: Nudge, doubt: Doubt | None) -> bool:
    """Whether it has to be looked up before it is said."""
    if doubt is None or nudge.wanted_at >= doubt.before:
        return False
    return nudge.looked_up_at is None or nudge.looked_up_at < doubt.at


def wanted(nudge: Nudge, call: Call | None, now: datetime) -> Skip | None:
    """None if it is still wanted at all; the manners come after."""
    if nudge.dropped:
        return Skip(nudge.why)
    if nudge.kind == "debrief" and (call is None or call.state in ("moved", "cancelled")):
        return Skip("the call did not take place" if call else "the call is gone")
    if now > nudge.not_after:
        return Skip("it was too late")
    return None


def manners(nudges: Iterable[Nudge], about: Manners, now: datetime) -> Skip | Wait | None:
    """Whether a rep may be spoken to now: None for yes, else when, or that it is not wished."""
    if not about.wishes.nudges_on:
        return Skip("nudges are off")
    hours = about.wishes.in_zone(about.zone)
    if (open_at := next_allowed(now, hours)) > now:
        return Wait(open_at, "outside of working hours")
    if busy := [c for c in about.calls if c.starts - SOON <= now < c.ends]:
        return Wait(max(c.ends for c in busy) + about.after, "another call")
    if about.said_today >= A_DAY and not any(nudge.asked for nudge in nudges):
        return Wait(next_morning(now, hours), "enough for one day")
    return None


def next_morning(now: datetime, hours: Hours) -> datetime:
    """The start of the next working day after today, as it is where the rep is."""
    tomorrow = local_day(now, hours.zone) + timedelta(days=1)
    return next_allowed(local_instant(tomorrow, time(0), hours.zone), hours)
