"""Calendars of our own: files, a server that hands them out, and connecting one in Slack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.calendars.calendar import Wishes
from bot.calendars.kept import KeptMeeting
from bot.calendars.meeting import Attendee
from bot.calendars.meetings_table import Meetings
from bot.calendars.table import Calendars
from bot.clock.now import HandClock
from bot.coach import Coach
from bot.meetings.following import plan_offers
from bot.meetings.offer import plan_shared
from bot.outbox.message import AT_ONCE
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from handlers.app import Bot
from handlers.calendars import forms
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually
from tests.support.web_server import Page, Visit, WebServer

SECRET = "/private-k7f3a9/basic.ics"
ME, KIM_AT, JO, LEE = "sam@ours.example", "kim@ours.example", "jo@acme.com", "lee@acme.com"
SAM, KIM = Rep("T1", "U1"), Rep("T1", "U2")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A time of the Monday on which stories begin, or of a day after it."""
    return MONDAY + timedelta(days=days, hours=hour, minutes=minute)


def event(
    title: str,
    starts: datetime,
    *people: str,
    uid: str = "",
    minutes: int = 45,
    more: tuple[str, ...] = (),
    me: str = ME,
) -> str:
    """A meeting of `me` and these people."""
    invited = [f"ATTENDEE;CN={who.partition('@')[0].title()}:mailto:{who}" for who in (me, *people)]
    lines = (
        "BEGIN:VEVENT",
        f"UID:{uid or title}",
        f"SUMMARY:{title}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}",
        *(invited if people else ()),
        *more,
        "END:VEVENT",
    )
    return "\n".join(lines) + "\n"


def inside(n: int = 4, me: str = ME) -> str:
    """Meetings among colleagues, by which one's own address and company are known."""
    return "".join(
        event(f"Team {i}", at(7, days=1 + i), f"mate{i}@ours.example", uid=f"in{i}", me=me)
        for i in range(n)
    )


def ics(*parts: str) -> bytes:
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:ours\n" + "".join(parts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def publish(server: WebServer, *parts: str, path: str = SECRET) -> None:
    """From now on the calendar holds these events, under an ETag of its own."""
    body = ics(*parts)
    mark = f'"{hash(body)}"'

    def answer(visit: Visit) -> Page:
        if visit.headers.get("if-none-match") == mark:
            return Page(status=304, says_length=False)
        return Page(body, "text/calendar", headers={"ETag": mark})

    server.pages[path] = answer


def fill_in(slack: FakeSlack, user: str = "U1", **values: str) -> dict[str, str]:
    """Type `/coach calendar` and send its form; what it objects to."""
    slack.command(user, "C1", "/coach", "calendar")
    view = eventually(lambda: slack.modal(user))
    return slack.submit(user, view, values).errors


def connect(
    slack: FakeSlack,
    wake: Callable[[], None],
    server: WebServer,
    user: str = "U1",
    path: str = SECRET,
    **values: str,
) -> Message:
    """Connect a calendar; what was found in it."""
    assert fill_in(slack, user, **{forms.ADDRESS: server.url(path)}, **values) == {}
    return found(slack, wake, user)


def found(slack: FakeSlack, wake: Callable[[], None], user: str = "U1") -> Message:
    """What the coach tells of the calendar, once it has looked."""

    def look() -> Message | None:
        wake()
        told = [m for m in to(slack, user) if _is_found(m)]
        return told[-1] if told else None

    return eventually(look)


def _is_found(message: Message) -> bool:
    said = message.plain
    return "in the next two weeks" in said or "can't read your calendar" in said


def to(slack: FakeSlack, user: str = "U1") -> list[Message]:
    """What the coach wrote to somebody, oldest first."""
    return [m for m in slack.messages(slack.dm(user)) if m.user != user]


def press(slack: FakeSlack, message: Message, label: str, user: str = "U1") -> None:
    block_id, action_id, value = slack.button(message, label)
    done = slack.click(user, message, action_id, value, block_id)
    assert (done.status, done.error) == (200, None)


def connected(coach: Coach, rep: Rep = SAM, wishes: Wishes | None = None) -> None:
    """A calendar that was looked at and is not due again for a day."""
    now = coach.now()

    def work(db: Database) -> None:
        Calendars(db).connect(rep, "https://calendar.example/a.ics", wishes or Wishes(), now)
        calendar = Calendars(db).of(rep)
        assert calendar is not None
        later = now + timedelta(days=1)
        Calendars(db).looked(replace(calendar, looked_at=now, next_at=later, myself=ME))

    coach.store.write(work)


def kept(
    rep: Rep = SAM,
    title: str = "Acme demo",
    starts: datetime | None = None,
    people: tuple[str, ...] = (ME, JO, LEE),
    **more: Any,
) -> KeptMeeting:
    """A meeting of a customer's, as a look keeps it."""
    begins = starts or at(15)
    invited = tuple(Attendee(who, who.partition("@")[0].title(), "accepted") for who in people)
    meeting = KeptMeeting(
        0, rep, title, title, title, begins, begins + timedelta(minutes=45), invited,
        False, True, False, False, False, "customer", "Acme", "its title names Acme",
    )  # fmt: skip
    return replace(meeting, **more)


def put(coach: Coach, *meetings: KeptMeeting) -> None:
    coach.store.write(lambda db: Meetings(db).put(meetings))


def offers(slack: FakeSlack, user: str = "U1") -> list[Message]:
    """The offers before meetings, oldest first."""
    return [m for m in to(slack, user) if "in your calendar" not in m.plain and _is_offer(m)]


def _is_offer(message: Message) -> bool:
    return any(sign in message.plain for sign in (" in 15 minutes", " minutes, with", "begins now"))


def look(bot: Bot, clock: HandClock, wake: Callable[[], None], minutes: int = 10) -> None:
    """Ten minutes later: the calendars are looked at, and what follows is said."""
    clock.forward(minutes=minutes)
    wake()
    clock.forward(seconds=16)
    wake()


def offered(coach: Coach, *meetings: KeptMeeting) -> None:
    """A calendar with these meetings, the offers before them planned."""
    connected(coach)
    put(coach, *meetings)
    coach.store.write(lambda db: plan_offers(db, SAM, coach.now()))


def asked_who_else(coach: Coach, call_id: int = 1) -> None:
    """Kim may have the same meeting as Sam's call; Sam is to be asked."""
    now = coach.now()
    asks = plan_shared(SAM, call_id, KIM, now - AT_ONCE, now + timedelta(hours=1))
    coach.store.write(lambda db: Outbox(db).plan(asks))
