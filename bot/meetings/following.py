"""Calls follow their meetings: card, debrief and news move in the transaction of a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.calendars.calendar import Calendar
from bot.calendars.kept import KeptMeeting, Move, News
from bot.calendars.meetings_table import Meetings
from bot.calendars.offered import MEETING_OFFER
from bot.calendars.table import Calendars
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.debriefs.follow_up_table import FollowUps
from bot.huddles import announcement
from bot.huddles.table import Huddles
from bot.meetings import offer
from bot.meetings.binding import bind
from bot.meetings.kinds import why_not
from bot.meetings.offer import MEETING_MOVED, MEETING_OFF, About, key_of, read_about, written
from bot.outbox.message import OutboxMessage, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.storage.database import Database
from bot.storage.moments import to_text

FOR_EVER = timedelta(days=36_500)
TOLD = ("sent", "sending", "unknown")


class Following:
    """What a change of a calendar brings about. `after`: between a call's end and its question."""

    def __init__(self, after: timedelta) -> None:
        self._after = after

    def news(self, db: Database, calendar: Calendar, news: News, now: datetime) -> None:
        """After a look: calls move or are off with their meetings, and offers are planned anew."""
        for move in news.moved:
            self._moved(db, move, now)
        for meeting in news.off:
            _off(db, meeting, now)
        if any(news):
            bind(db, calendar.rep, now)
            plan_offers(db, calendar.rep, now)

    def _moved(self, db: Database, move: Move, now: datetime) -> None:
        was, meeting = move
        offered = _move_offers(db, was, meeting)
        if offered and meeting.call_id is None and meeting.starts != was.starts > now:
            Outbox(db).plan(offer.plan_moved(was, meeting, now))
        call = _own_call(db, meeting)
        if call is None or call.starts != was.starts:
            return  # none, or the rep has moved it by hand
        after = replace(call, starts=meeting.starts, ends=meeting.ends, state="planned")
        Calls(db).change(call, after, meeting.rep, now)
        FollowUps(db).replan(after, self._after)
        if after.starts != call.starts and after.ends > now:
            move_told = [to_text(call.starts), call.state, to_text(after.starts)]
            _tell(db, after, announcement.MOVED, move_told, now)


def plan_offers(db: Database, rep: Rep, now: datetime) -> None:
    """Plan an offer before each meeting ahead that is to have one. What was not said, and is over,
    is forgotten: it holds the titles of meetings."""
    outbox = Outbox(db)
    outbox.forget_unsaid(Recipient(*rep), MEETING_OFFER, now)
    if (calendar := Calendars(db).of(rep)) is None:
        _forget(db, rep, now)
        return
    for meeting in Meetings(db).of(rep):
        if meeting.starts > now and not meeting.cancelled and not why_not(db, meeting):
            outbox.replan(offer.plan(meeting, calendar))


def _forget(db: Database, rep: Rep, now: datetime) -> None:
    """No calendar, no titles: of what was said stays that it was."""
    outbox, to = Outbox(db), Recipient(*rep)
    for kind in (MEETING_OFFER, MEETING_OFF, MEETING_MOVED):
        outbox.forget_unsaid(to, kind, now + FOR_EVER)
        for message in outbox.said_to(to, kind):
            starts = read_about(message).starts
            outbox.set_about(message, written(About("", starts)))


def started(db: Database, rep: Rep, now: datetime) -> None:
    """The rep has a new call: it may stand in the calendar."""
    bind(db, rep, now)


def _off(db: Database, meeting: KeptMeeting, now: datetime) -> None:
    """The owner hears once; where there was neither a huddle nor an offer, nobody has to."""
    offers, call = _offers(db, meeting), _own_call(db, meeting)
    Outbox(db).close([each for each in offers if each.state == "pending"], "skipped", "it is off")
    if call and _stands_elsewhere(db, meeting, call, now):
        return
    if call and call.ends > now:
        Calls(db).set_state(call, "cancelled", meeting.rep, now)
        FollowUps(db).drop(call, "cancelled")
        _tell(db, call, announcement.CANCELLED, (), now)
    if meeting.starts > now and (call or any(each.state in TOLD for each in offers)):
        Outbox(db).plan(offer.plan_off(meeting, call.id if call else None, now))


def _stands_elsewhere(db: Database, meeting: KeptMeeting, call: Call, now: datetime) -> bool:
    """Whether the call is not off with its meeting: the rep has moved it by hand, or another entry
    of the calendar took the place of this one."""
    Meetings(db).became(meeting, None)
    bind(db, meeting.rep, now)
    theirs = Meetings(db).of_call(call.owner.workspace_id, call.id)
    return call.starts != meeting.starts or any(m.rep == meeting.rep for m in theirs)


def _tell(db: Database, call: Call, kind: str, move: list[str] | tuple[()], now: datetime) -> None:
    """The others on the card; the owner's calendar is the owner's word."""
    if huddle := Huddles(db).get(call.owner.workspace_id, call.id):
        told = announcement.News(call.owner.user_id, (), move)
        announcement.tell(db, huddle, kind, f"calendar:{call.id}:{to_text(now)}", told, now)


def _own_call(db: Database, meeting: KeptMeeting) -> Call | None:
    """The call that it became, if it is the rep's own and neither held nor cancelled."""
    call = Calls(db).get(meeting.rep.workspace_id, meeting.call_id) if meeting.call_id else None
    own = call is not None and call.owner == meeting.rep and not call.review
    return call if call and own and call.state in ("planned", "moved") else None


def _move_offers(db: Database, was: KeptMeeting, now: KeptMeeting) -> bool:
    """What was said is about the meeting as it is now; what was not, is planned anew. Whether
    something was said."""
    offers = _offers(db, was)
    for message in offers:
        if message.state in TOLD:
            Outbox(db).set_about(message, written(About(now.title, now.starts)))
        else:
            Outbox(db).close([message], "skipped", "it moved")
    return any(message.state in TOLD for message in offers)


def _offers(db: Database, meeting: KeptMeeting) -> list[OutboxMessage]:
    keys = (key_of(meeting.rep, About(meeting.title, meeting.starts), nth) for nth in (1, 2, 3))
    return [found for key in keys if (found := Outbox(db).by_key(key))]
