"""The coach is killed before each statement of the delivery path in turn, and another goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bot.calendars.calendar import Calendar, Wishes
from bot.calendars.kept import KeptMeeting
from bot.calendars.meeting import Attendee
from bot.calendars.meetings_table import Meetings
from bot.calendars.offered import MEETING_OFFER
from bot.calendars.table import Calendars
from bot.calendars.telling import plan_failing, plan_found
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import EVERY_DAY
from bot.clock.now import HandClock
from bot.coach import ROOT, Coach
from bot.daily_tips.setting import Daily
from bot.daily_tips.table import DailyTips
from bot.debriefs import debrief as debriefs
from bot.debriefs.follow_up import DEBRIEF
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.handed_on import HANDED_ON
from bot.debriefs.table import Debriefs
from bot.huddles import announcement, before_call, card_message
from bot.huddles.announcement import News
from bot.huddles.huddle import parts
from bot.huddles.table import Huddles
from bot.imports.offer import Dropped, Found, Offer
from bot.imports.table import Offers, packed
from bot.imports.telling import plan_telling
from bot.inbox.event import Event
from bot.inbox.table import Inbox
from bot.library.citation import Citation
from bot.library.post import Post
from bot.meetings import offer
from bot.outbox.hours_table import HoursKept
from bot.outbox.manners import A_DAY
from bot.outbox.message import AT_ONCE, OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.questions.question import ANSWER, IN_TIME, Question, key_of
from bot.questions.table import Questions
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.notes import Notes
from bot.storage.store import Store
from bot.tips.table import SaidTip, Tips
from bot.writing.statement import Supported, Written
from handlers.huddles.card_drawing import HUDDLE_CANCEL
from handlers.huddles.forms import HUDDLE_CHANGED, HUDDLE_START
from handlers.meetings.drawing import START as MEETING_START
from handlers.slack.client import client
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.soak import Verdict, marks
from tests.soak.lives import few
from tests.soak.victim import FILES, Half, Point, Statement, core
from tests.support.processes import ALWAYS, with_store

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTLED = 41  # seconds: the HTTP timeout, thirty seconds, and one
# How another coach goes on, in seconds between its wakings: long enough for all that was put off.
GOES_ON = (1, SETTLED, 1, SETTLED, 1, 600, 600, 600, 600, SETTLED, 1)
CARD_TS = f"{START.timestamp():.6f}"


class Story(NamedTuple):
    """A way of a message: what Slack does to it, and the seconds before each waking.

    `plan` names by their keys what is to be said, if that is not planned yet; `said` is how often
    it has to stand there at last. `meanwhile` happens in Slack before the waking of that number.
    """

    name: str
    plan: Callable[[Database], Sequence[str] | Call | None]
    faults: Sequence[tuple[str, str]]
    wakes: Sequence[int]
    said: Sequence[int] = (1,)
    meanwhile: tuple[int, Callable[[FakeSlack], object]] | None = None


def points(folder: Path, every: bool) -> Verdict:
    """Each statement of the core, in the first story that reaches it; with `every`, each statement
    of the whole path in each story."""
    reached: set[Statement] = set()
    wrong = Counter({"lost": 0, "twice": 0, "undecided": 0, "missed": 0})
    kills = met_by_chance = 0
    with _site(folder) as site:
        for story in STORIES:
            walked = site.tell(story)
            for point in _first(walked, None if every else core() - reached):
                went_wrong = site.run(story, point)
                if went_wrong["missed"] and point[1:3] not in core():
                    went_wrong["missed"] = 0  # what two writes that meet do, and did not meet again
                    met_by_chance += 1
                wrong.update(went_wrong)
                kills += 1
            reached |= {(file, line) for _, file, line, _ in walked}
    return Verdict(
        "a message of each kind outlives a kill at any statement",
        {"stories": len(STORIES), "statements": len(reached), "of the core": len(core() & reached)}
        | {"kills": kills, "met by chance": met_by_chance},
        dict(wrong) | {"unreached in the core": len(core() - reached)},
    )


def _first(walked: Sequence[Point], wanted: set[Statement] | None) -> list[Point]:
    """The first time at each of the wanted statements; at each of all for None."""
    first: dict[Statement, Point] = {}
    for point in walked:
        first.setdefault(point[1:3], point)
    return [point for here, point in first.items() if wanted is None or here in wanted]


# What happens -------------------------------------------------------------------------------

REP, CHANNEL = Rep("T1", "U1"), Recipient("T1", "C1")
A_POST = Post("bees", "Bees", None, None, None, None, False, False, "Count the hives.")
CITED: list[Citation] = []  # from the library of a run
A_CARD = "T1:card:1:20261123T1300Z:1"
MOVE = [to_text(START - timedelta(hours=1)), "planned", to_text(START)]


def _one_call(db: Database) -> Call:
    return _call(db, "Acme", START)


def _two_calls(db: Database) -> None:
    _call(db, "Acme", START)
    _call(db, "Globex", START)


def _during_another(db: Database) -> None:
    _call(db, "Acme", START)
    _call(db, "Globex", START + timedelta(minutes=20))


def _cancelled(db: Database) -> None:
    Calls(db).set_state(_one_call(db), "cancelled", REP, START)


def _on_a_copy(db: Database) -> None:
    """The file was copied an hour ago, and may not know what was said since."""
    _one_call(db)
    Notes(db).awake(START - timedelta(hours=1))
    Notes(db).mark_copy(START - timedelta(hours=1))


def _call(db: Database, account: str, due: datetime) -> Call:
    """A call of half an hour whose question is due then."""
    ends = due - timedelta(minutes=10)
    starts = ends - timedelta(minutes=30)
    HoursKept(db).put(REP, ALWAYS)
    call = Calls(db).add(REP, account, starts, ends, "", "", None, starts)
    FollowUps(db).plan_debrief(call, timedelta(minutes=10))
    return call


def _asked_again(db: Database) -> None:
    call = _one_call(db)
    FollowUps(db).drop(call, "it was said")
    FollowUps(db).ask_again(call, 2, START, asked=False)


def _nudges_off(db: Database) -> None:
    _one_call(db)
    HoursKept(db).put(REP, replace(ALWAYS, nudges_on=False))


def _a_step(db: Database) -> None:
    """The next step of a call is due now."""
    call = _one_call(db)
    FollowUps(db).drop(call, "debriefed")
    blank = debriefs.blank(REP, call.id, START)
    Debriefs(db).put(replace(blank, form="short", next_step="Call", by_when=START.date()), START)
    FollowUps(db).plan_next_step(REP, call.id, START, START + timedelta(days=1))


def _a_tip(db: Database) -> None:
    yesterday, last = START - timedelta(days=1), START + timedelta(hours=2)
    DailyTips(db).put(Daily(CHANNEL, START.time(), EVERY_DAY, "UTC", "U1", yesterday))
    key = f"T1:C1:daily_tip:{START:%Y-%m-%d}"
    Outbox(db).plan(Plan(key, "daily_tip", CHANNEL, START, last))


def _a_tip_of_a_post_that_is_gone(db: Database) -> None:
    _a_tip(db)
    cited = Citation("gone", "card", "", 0, 1)
    tip_id = Tips(db).put(SaidTip(0, "C1", "", "Ask.", cited), "T1", None, START)
    (tip,) = _rows(db)
    Outbox(db).set_about(tip, str(tip_id))


def _a_question(
    db: Database,
    channel_id: str = "D1",
    words: str = "they want a free trial",
    call_id: int | None = None,
) -> None:
    ts = f"{START.timestamp():.6f}"
    asked = Question(0, REP, channel_id, ts, "", words, START)
    about, last = str(Questions(db).put(asked)), START + IN_TIME
    Outbox(db).plan(Plan(
        key_of("T1", channel_id, ts), ANSWER, Recipient("T1", channel_id), START, last,
        REP.user_id, call_id, about, asked=True,
    ))  # fmt: skip


def _a_mention(db: Database, call_id: int | None = None) -> None:
    _a_question(db, "C1", call_id=call_id)


def _small_talk(db: Database) -> None:
    _a_question(db, words="thanks")


def _a_gap(db: Database) -> None:
    _a_question(db, words="kubernetes ingress certificates")


def _a_written_answer(db: Database) -> None:
    """A model has written it, so it is said in parts; the words may be kept under a call."""
    now = START
    call = Calls(db).add(REP, "Acme", now, now + timedelta(minutes=30), "discovery", "", "C1", now)
    _a_mention(db, call.id)
    parts = (Supported("Ask who decides.", CITED[-1]), Supported("Then wait.", CITED[-1]))
    tip = SaidTip(0, "C1", "discount", "Ask.", CITED[-1])
    tip_id = Tips(db).put(tip, "T1", "U1", START)
    Tips(db).put_written("T1", tip_id, Written(parts, "tip", ()))
    if asked := Questions(db).get(1):
        Questions(db).set_tip(asked, tip_id)


def _a_question_that_was_deleted(db: Database) -> None:
    _a_question(db)
    if asked := Questions(db).get(1):
        Questions(db).reword(asked, "", anew=True)


def _an_offer(db: Database, new: int = 1) -> Offer:
    """A manager dropped a file, and it was looked at."""
    Offers(db).receive(REP, Dropped("notes.xml", "F1", CARD_TS, CARD_TS), START)
    offer = Offers(db).due(("received",), START)
    assert offer is not None
    Offers(db).set_content(offer.id, packed([A_POST]), Found(posts=1, new=new, titles=("Bees",)))
    plan_telling(db, offer, START)
    return offer


def _told_what_came(db: Database) -> None:
    _an_offer(db)


def _told_that_nothing_is_new(db: Database) -> None:
    _an_offer(db, new=0)


def _told_why_nothing_came(db: Database) -> None:
    Offers(db).receive(REP, Dropped("deck.pdf", "F2", "1.2"), START)
    offer = Offers(db).due(("received",), START)
    assert offer is not None
    Offers(db).refuse(offer.id, "This is a PDF.")
    plan_telling(db, offer, START)


def _an_offer_in_place_of_which_another_came(db: Database) -> None:
    Offers(db).move(_an_offer(db).id, ["found"], "gone")


def _a_form(db: Database) -> list[str]:
    """The form of a huddle was acked; its card is still to come."""
    call = _huddle(db)
    _sent(db, HUDDLE_START, call=call.id, joined=[], channel=CHANNEL.id)
    return [A_CARD]


def _a_form_for_two(db: Database) -> list[str]:
    """The same, for a channel where the card can't stand: in private another has to be told."""
    call = _huddle(db, "U2")
    _sent(db, HUDDLE_START, call=call.id, joined=[], channel=CHANNEL.id)
    return [A_CARD, "T1:invitation:1:U2"]


def _a_card_of_which_they_know(db: Database) -> list[str]:
    """Kim was told of a private card; now it is to come to the channel."""
    call = _huddle(db, "U2")
    _invited(db, call, "U2")
    _sent(db, HUDDLE_START, call=call.id, joined=[], channel=CHANNEL.id)
    return [A_CARD, "T1:card_in_channel:1:U2"]


def _a_card_in_doubt(db: Database) -> list[str]:
    """A coach that died was posting the card; since then it was asked for in private."""
    call = _huddle(db)
    first = card_message.plan(db, call, CHANNEL.id, REP, None, START)
    Outbox(db).claim([first], CHANNEL.id, "", START)
    _sent(db, HUDDLE_START, call=call.id, joined=[], channel="D1")
    return [A_CARD, f"{A_CARD[:-1]}2"]


def _shortly_before(db: Database) -> list[str]:
    """A call begins in eight minutes; its card was made long ago."""
    starts = START + timedelta(minutes=8)
    call = Calls(db).add(REP, "Acme", starts, starts + timedelta(hours=1), "", "", None, START)
    Huddles(db).start(call, parts(REP, ("U2",)), (), START - timedelta(hours=2))
    return [Outbox(db).plan(plan).key for plan in before_call.due(db, call, START)]


def _a_closed_card(db: Database) -> list[str]:
    """Outsiders read where the card stands; its owner has to know."""
    call = _huddle(db)
    Huddles(db).place(call, CHANNEL.id, CARD_TS, False)
    _sent(db, HUDDLE_CHANGED, call=call.id, joined=[], move=None, reword=False)
    return ["T1:card_closed:1:C1"]


def _an_owner_who_left(db: Database) -> list[str]:
    """Kim is told that Sam's call needs somebody."""
    huddle = Huddles(db).find(REP, _huddle(db, "U2").id)
    return [announcement.ask_for_owner(db, huddle, "U2", START).key]


def _an_owner_who_left_and_a_call_that_is_off(db: Database) -> list[str]:
    said = _an_owner_who_left(db)
    if call := Calls(db).get("T1", 1):
        Calls(db).set_state(call, "cancelled", REP, START)
    return said


def _not_handed_on(db: Database) -> list[str]:
    """What Sam shared did not arrive for a day, and the coach was not there to try."""
    where, about = Recipient("T1", "webhook"), json.dumps({"data": {"account": "Acme"}})
    then, call = START - timedelta(days=2), _call(db, "Acme", START + timedelta(days=2))
    plan = Plan("T1:handed_on:1:a", HANDED_ON, where, then, START - timedelta(days=1), REP.user_id)
    Outbox(db).plan(plan._replace(call_id=call.id, about=about))
    return ["T1:handed_on:1:a:told"]


def _handed_on_by_one_who_died(db: Database) -> list[str]:
    """Nobody knows whether it arrived; by now nothing is handed on any more."""
    where, about = Recipient("T1", "webhook"), json.dumps({"data": {"account": "Acme"}})
    plan = Plan("T1:handed_on:1:a", HANDED_ON, where, START, START + timedelta(days=1), REP.user_id)
    row = Outbox(db).plan(plan._replace(about=about))
    Outbox(db).claim([row], "outside", "", START)
    return ["T1:handed_on:1:a:told"]


def _a_change(db: Database, private: bool = False) -> list[str]:
    """The form was acked that moved a call and added Kim; both have to be told still."""
    call = _huddle(db, "U2", "U3")
    Huddles(db).place(call, "D1" if private else CHANNEL.id, CARD_TS, private)
    _invited(db, call, "U3")
    _sent(db, HUDDLE_CHANGED, call=call.id, joined=["U2"], move=MOVE, reword=False)
    return ["T1:invitation:1:U2", f"T1:news:1.1{':U3' if private else ''}"]


def _a_change_in_private(db: Database) -> list[str]:
    return _a_change(db, private=True)


def _a_change_that_is_off(db: Database) -> list[str]:
    said = _a_change(db)
    if call := Calls(db).get("T1", 1):
        Calls(db).set_state(call, "cancelled", REP, START)
    return said


def _a_change_in_doubt(db: Database, private: bool = False) -> list[str]:
    """The same, and a coach that died right then was telling them."""
    said = _a_change(db, private)
    huddle, news = Huddles(db).find(REP, 1), News(REP.user_id, ["U2"], MOVE)
    told = announcement.tell(db, huddle, announcement.MOVED, "1.1", news, START)
    for message in [*announcement.invite(db, huddle, ["U2"], REP.user_id, START), *told]:
        to, thread = message.recipient, message.thread
        where = f"D{to.id[1:]}" if to.is_rep else to.id
        Outbox(db).claim([message], where, thread, START)
    return said


def _a_private_change_in_doubt(db: Database) -> list[str]:
    return _a_change_in_doubt(db, private=True)


def _a_cancellation(db: Database, whose: str = "") -> list[str]:
    """The click was acked that cancelled a call."""
    call = _huddle(db, "U2")
    Huddles(db).place(call, CHANNEL.id, CARD_TS, False)
    Calls(db).set_state(call, "cancelled", REP, START)
    _sent(db, HUDDLE_CANCEL, call=call.id)
    return [f"T1:news:1.1{whose}"]


def _a_cancellation_told_to_each(db: Database) -> list[str]:
    return _a_cancellation(db, "|T1:news:1.1:U2")


def _a_calendar(db: Database, each: bool = False) -> Calendar:
    """Connected, and looked at just now."""
    Calendars(db).connect(REP, "https://calendar.example/a.ics", Wishes(each=each), START)
    calendar = Calendars(db).of(REP)
    assert calendar is not None
    Calendars(db).looked(replace(calendar, looked_at=START, next_at=START + timedelta(days=1)))
    return calendar


def _a_meeting(db: Database, title: str = "Acme demo", account: str = "Acme") -> KeptMeeting:
    """It begins in a quarter of an hour; its offer is due now."""
    calendar = Calendars(db).of(REP) or _a_calendar(db)
    starts = START + timedelta(minutes=15)
    people = (Attendee("jo@acme.com", "Jo"),)
    meeting = KeptMeeting(
        0, REP, title, title, title, starts, starts + timedelta(minutes=30), people,
        False, True, False, False, False, "customer", account, "its title says so",
    )  # fmt: skip
    Meetings(db).put([meeting])
    (*_, kept) = Meetings(db).of(REP)
    Outbox(db).plan(offer.plan(kept, calendar))
    return kept


def _an_offered_meeting(db: Database) -> None:
    _a_meeting(db)


def _a_meeting_of_an_unknown_account(db: Database) -> None:
    _a_meeting(db, "Review", "")


def _a_meeting_with_a_huddle(db: Database) -> None:
    """Somebody typed its huddle; nothing has put the two together yet."""
    meeting = _a_meeting(db, account="")
    Calls(db).add(REP, "Acme", meeting.starts, meeting.ends, "", "", None, START)


def _a_meeting_that_is_gone(db: Database) -> None:
    Meetings(db).drop([_a_meeting(db)])


def _a_meeting_while_away(db: Database) -> None:
    _a_meeting(db)
    HoursKept(db).put(REP, replace(ALWAYS, away_until=START.date()))


def _the_fourth_message_of_a_day(db: Database) -> None:
    for n in range(A_DAY):
        old = Plan(f"T1:old:{n}", DEBRIEF, Recipient(*REP), START, None, REP.user_id)
        row = Outbox(db).plan(old)
        Outbox(db).claim([row], "D1", "", START)
        Outbox(db).said([row], "D1", f"{START.timestamp() + n:.6f}", START)
    _a_meeting(db)


def _a_meeting_that_is_off(db: Database, back: bool = False) -> list[str]:
    meeting = _a_meeting(db)
    Outbox(db).drop("T1", "it is off", MEETING_OFFER)
    if not back:
        Meetings(db).drop([meeting])
    return [Outbox(db).plan(offer.plan_off(meeting, None, START)).key]


def _a_meeting_that_is_back(db: Database) -> list[str]:
    return _a_meeting_that_is_off(db, back=True)


def _a_meeting_that_moved(db: Database, again: bool = False) -> list[str]:
    """It was offered; since then it is an hour later."""
    was = _a_meeting(db)
    Outbox(db).drop("T1", "it moved", MEETING_OFFER)
    hour = timedelta(hours=1)
    now = replace(was, starts=was.starts + hour, ends=was.ends + hour)
    Meetings(db).put([replace(now, starts=now.starts + hour) if again else now])
    return [Outbox(db).plan(offer.plan_moved(was, now, START)).key]


def _a_meeting_that_moved_again(db: Database) -> list[str]:
    return _a_meeting_that_moved(db, again=True)


def _perhaps_shared(db: Database, over: bool = False) -> list[str]:
    """Kim may have the meeting of Sam's call, and Sam is to say so."""
    call = _huddle(db)
    if over:
        Calls(db).set_state(call, "cancelled", REP, START)
    asks = offer.plan_shared(REP, call.id, Rep("T1", "U2"), START - AT_ONCE, call.ends)
    return [Outbox(db).plan(asks).key]


def _perhaps_shared_once(db: Database) -> list[str]:
    return _perhaps_shared(db, over=True)


def _started_from_a_meeting(db: Database) -> list[str]:
    """The click was acked that started its huddle; the card is still to come."""
    _a_meeting(db)
    (message,) = _rows(db)
    Outbox(db).claim([message], "D1", "", START)
    Outbox(db).said([message], "D1", CARD_TS, START)
    call = _huddle(db)
    _sent(db, MEETING_START, call=call.id, joined=[], channel=CHANNEL.id, offer=message.id)
    return [A_CARD]


def _on_a_colleagues_card(db: Database) -> list[str]:
    """The click was acked that put them on the card of a colleague, who is to see that."""
    said = _started_from_a_meeting(db)
    call = Calls(db).get("T1", 1)
    assert call is not None
    Huddles(db).place(call, CHANNEL.id, CARD_TS, False)
    db.execute("DELETE FROM inbox")
    more = {"joined": [], "move": None, "reword": False, "offer": 1, "on_it": True}
    _sent(db, MEETING_START, call=call.id, **more)
    return said


def _what_is_in_a_calendar(db: Database, failing: bool = False) -> None:
    calendar = _a_calendar(db)
    (plan_failing if failing else plan_found)(db, calendar, START)


def _a_calendar_that_fails(db: Database) -> None:
    calendar = Calendars(db).of(REP) or _a_calendar(db)
    Calendars(db).looked(replace(calendar, failing="It is gone.", failing_since=START,
                                 next_at=START + timedelta(days=1)))  # fmt: skip
    plan_failing(db, calendar, START)


def _a_calendar_that_comes_again(db: Database) -> None:
    _what_is_in_a_calendar(db, failing=True)


def _a_calendar_that_was_ended(db: Database) -> None:
    _what_is_in_a_calendar(db)
    Calendars(db).end(REP)


def _huddle(db: Database, *others: str) -> Call:
    ends = START + timedelta(hours=4)
    call = Calls(db).add(REP, "Acme", START, ends, "", "They name the budget", CHANNEL.id, START)
    Huddles(db).start(call, parts(REP, others), (), START)
    return call


def _invited(db: Database, call: Call, user_id: str) -> None:
    """They were told an hour ago that they come along, when the card was in private or nowhere."""
    then = START - timedelta(hours=1)
    huddle = replace(Huddles(db).find(REP, call.id), ts=None)
    for message in announcement.invite(db, huddle, [user_id], REP.user_id, then):
        Outbox(db).claim([message], f"D{user_id[1:]}", "", then)
        Outbox(db).said([message], f"D{user_id[1:]}", "1.1", then)


def _sent(db: Database, name: str, **begun: Any) -> None:
    """A form or a click of that name was begun and acked."""
    body: dict[str, Any] = {"type": "view_submission", "view": {"callback_id": name}}
    if name in (HUDDLE_CANCEL, MEETING_START):
        body = {"type": "block_actions", "actions": [{"action_id": name, "value": "1"}]}
    body |= {"user": {"id": REP.user_id, "team_id": REP.workspace_id}, "trigger_id": "1.1"}
    Inbox(db).keep(Event(REP.workspace_id, "1.1", body, START).going_on(**begun), REP.user_id)


def _rows(db: Database) -> list[OutboxMessage]:
    """What is planned for the time of a story, and not said yet."""
    rows = db.query(
        "SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND wanted_at < ?",
        [to_text(START + timedelta(hours=8))],
    )
    return [found for row in rows if (found := Outbox(db).by_id(row["id"]))]


def _its_card_stands(slack: FakeSlack) -> None:
    coach = slack.world.workspaces["T1"].bot_user
    with slack.world.change():
        slack.world.channel_messages["C1"].append(Message(CARD_TS, "C1", coach, "Acme"))


def _their_file_stands(slack: FakeSlack) -> None:
    dm = slack.dm("U1")
    with slack.world.change():
        slack.world.channel_messages[dm].append(Message(CARD_TS, dm, "U1", "notes.xml"))


def _it_lands_twice(slack: FakeSlack) -> None:
    web = client("xoxb-T1", slack.api_url)
    for said in slack.messages(slack.dm("U1")):
        web.chat_postMessage(
            channel=said.channel, text=said.text, blocks=said.blocks, metadata=said.metadata
        )


def _outsiders_join(slack: FakeSlack) -> None:
    slack.world.channels["C1"].shared = True


POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"
INFO = "conversations.info"
REPLIES, STOP, UPDATE = "conversations.replies", "chat.stopStream", "chat.update"
FILE = (0, _their_file_stands)
CARD = (0, _its_card_stands)  # or the message that asked something, at the same moment
STORIES = (
    Story("two in one message", _two_calls, (), (0, 1)),
    Story("two in one message that is too long", _two_calls, [(POST, "msg_too_long")], (0, 2, 2)),
    Story("its answer is lost", _one_call, [(POST, "reset_after_accept")], (0, SETTLED, 1)),
    Story("it is lost itself", _one_call, [(POST, "reset")], (0, SETTLED, 1)),
    Story("Slack asks to wait", _one_call, [(POST, "429")], (0, 2)),
    Story("a token that is refused", _one_call, [(POST, "invalid_auth")], (0, 301)),
    Story("no conversation yet", _one_call, [(OPEN, "500")], (0, 61)),
    Story("no history yet", _one_call, [(POST, "reset"), (HISTORY, "500")], (0, SETTLED, 31, 1)),
    Story("a daily tip", _a_tip, [(POST, "reset_after_accept")], (0, SETTLED, 1)),
    Story("during another call", _during_another, (), (0, 1200, 1)),
    Story("on a copy", _on_a_copy, (), (0, 1, 1)),
    Story("there twice", _one_call, [(POST, "reset_after_accept")], (0, SETTLED, 1),
          meanwhile=(1, _it_lands_twice)),
    Story("refused", _one_call, [(POST, "user_disabled")], (0, 1), (0, 1)),
    Story("not to be looked up", _one_call, [(POST, "reset"), (HISTORY, "thread_not_found")],
          (0, SETTLED, 1), (0, 1)),
    Story("cancelled", _cancelled, (), (0, 1), (0,)),
    Story("a channel that is shared", _a_tip, (), (0, 1), (0,), meanwhile=(0, _outsiders_join)),
    Story("its time passes", _a_tip, [(POST, "ekm_access_denied")], (0, 7300, 1), (0, 1)),
    Story("its time passes before it gets anywhere", _a_tip, [(INFO, "ekm_access_denied")] * 2,
          (0, 7300, 1), (0, 1)),
    Story("a permission that is granted later", _one_call,
          [(POST, "reset"), (HISTORY, "missing_scope")], (0, SETTLED, 301, 1)),
    Story("a post that is gone", _a_tip_of_a_post_that_is_gone, (), (0, 1), (0,)),
    Story("asked again", _asked_again, (), (0, 1)),
    Story("nudges are off", _nudges_off, (), (0, 1), (0,)),
    Story("a next step", _a_step, [(POST, "reset_after_accept")], (0, SETTLED, 1)),
    Story("what is in a file", _told_what_came, [(POST, "reset_after_accept")], (0, SETTLED, 1),
          meanwhile=FILE),
    Story("a file that is lost on its way", _told_what_came, [(POST, "reset")], (0, SETTLED, 1),
          meanwhile=FILE),
    Story("a file with nothing new", _told_that_nothing_is_new, (), (0, 1), meanwhile=FILE),
    Story("a file that is none", _told_why_nothing_came, (), (0, 1)),
    Story("a file that Slack takes no word of", _told_what_came, [(POST, "msg_too_long")], (0, 1),
          (0, 1), meanwhile=FILE),
    Story("an offer that another took the place of", _an_offer_in_place_of_which_another_came, (),
          (0, 1), (0,)),
    Story("an answer", _a_question, (), (0, 1)),
    Story("an answer that nothing is known of", _a_gap, (), (0, 1)),
    Story("a small reply", _small_talk, (), (0, 1)),
    Story("an answer whose answer is lost", _a_question, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("an answer that is lost in a thread", _a_mention, [(POST, "reset")], (0, SETTLED, 1),
          meanwhile=CARD),
    Story("an answer that stands in a thread", _a_mention, [(POST, "reset_after_accept")],
          (0, SETTLED, 1), meanwhile=CARD),
    Story("an answer where outsiders read", _a_mention, (), (0, 1),
          meanwhile=(0, _outsiders_join)),
    Story("an answer that nobody wants", _a_question_that_was_deleted, (), (0, 1), (0,)),
    Story("an answer that Slack does not take there", _a_mention, [(POST, "restricted_action")],
          (0, 1), meanwhile=CARD),
    Story("an answer that goes nowhere yet", _a_mention,
          [(POST, "restricted_action"), (OPEN, "500")], (0, 61, 1), meanwhile=CARD),
    Story("an answer in parts", _a_written_answer, (), (0, 1), meanwhile=CARD),
    Story("an answer in parts that is cut off", _a_written_answer,
          [(STOP, "reset"), (STOP, "reset"), (UPDATE, "reset")], (0, SETTLED, 1), meanwhile=CARD),
    Story("a card", _a_form, (), (0, 1)),
    Story("a card whose answer is lost", _a_form, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("a card that is lost", _a_form, [(POST, "reset")], (0, SETTLED, 1)),
    Story("a card that is refused", _a_form, [(POST, "msg_too_long")], (0, 1), (0, 1)),
    Story("a card that has to wait", _a_form, [(POST, "429")], (0, 2)),
    Story("a card where outsiders read", _a_form_for_two, [(OPEN, "500")], (0, 61, 1),
          meanwhile=(0, _outsiders_join)),
    Story("a card that comes to a channel", _a_card_of_which_they_know, (), (0, 1)),
    Story("a card that is closed", _a_closed_card, [(POST, "reset_after_accept")],
          (0, SETTLED, 1), meanwhile=(0, _outsiders_join)),
    Story("a card in doubt", _a_card_in_doubt, (), (0, SETTLED, 1), (0, 1)),
    Story("shortly before a call", _shortly_before, (), (0, 1), (1, 1)),
    Story("shortly before a call, and the answer is lost", _shortly_before,
          [(POST, "reset_after_accept")], (0, SETTLED, 1), (1, 1)),
    Story("an owner who left", _an_owner_who_left, (), (0, 1)),
    Story("an owner who left, and the answer is lost", _an_owner_who_left,
          [(POST, "reset_after_accept")], (0, SETTLED, 1)),
    Story("an owner who left, and a call that is off", _an_owner_who_left_and_a_call_that_is_off,
          (), (0, 1), (0,)),
    Story("what was not handed on", _not_handed_on, (), (0, 1, 1)),
    Story("what was not handed on, and the answer is lost", _not_handed_on,
          [(POST, "reset_after_accept")], (0, 1, SETTLED, 1)),
    Story("what one who died was handing on", _handed_on_by_one_who_died, (), (0, SETTLED, 1, 1)),
    Story("news", _a_change, (), (0, 1), meanwhile=CARD),
    Story("news whose answer is lost", _a_change, [(POST, "reset_after_accept")] * 2,
          (0, SETTLED, 1), meanwhile=CARD),
    Story("news that is lost", _a_change, [(POST, "reset")] * 2, (0, SETTLED, 1),
          meanwhile=CARD),
    Story("news that is refused under the card", _a_cancellation_told_to_each,
          [(POST, "msg_too_long")], (0, 1), meanwhile=CARD),
    Story("news of a private card", _a_change_in_private, (), (0, 1)),
    Story("a cancellation whose answer is lost", _a_cancellation, [(POST, "reset_after_accept")],
          (0, SETTLED, 1), meanwhile=CARD),
    Story("news of what was cancelled since", _a_change_that_is_off, (), (0, 1), (0,)),
    Story("news that is refused", _a_change_in_private, [(POST, "msg_too_long")] * 3, (0, 1),
          (0, 1)),
    Story("news in doubt", _a_change_in_doubt, [(HISTORY, "500"), (REPLIES, "500")],
          (0, 1, SETTLED, 1), meanwhile=CARD),
    Story("news that may not be looked up", _a_change_in_doubt,
          [(HISTORY, "missing_scope"), (REPLIES, "missing_scope")], (0, SETTLED, 1), (0, 1),
          meanwhile=CARD),
    Story("an offer before a meeting", _an_offered_meeting, (), (0, 1)),
    Story("an offer whose answer is lost", _an_offered_meeting, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("an offer that is lost", _an_offered_meeting, [(POST, "reset")], (0, SETTLED, 1)),
    Story("an offer that comes too late", _an_offered_meeting, [(POST, "ekm_access_denied")],
          (0, 1600, 1), (0, 1)),
    Story("an offer without an account", _a_meeting_of_an_unknown_account, (), (0, 1)),
    Story("an offer of what has a huddle", _a_meeting_with_a_huddle, (), (0, 1), (0,)),
    Story("an offer of what is gone", _a_meeting_that_is_gone, (), (0, 1), (0,)),
    Story("an offer to who is away", _a_meeting_while_away, (), (0, 1), (0,)),
    Story("an offer beyond the few of a day", _the_fourth_message_of_a_day, (), (0, 1), (0,)),
    Story("a meeting that is off", _a_meeting_that_is_off, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("a meeting that is back", _a_meeting_that_is_back, (), (0, 1), (0,)),
    Story("a meeting that moved", _a_meeting_that_moved, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("a meeting that moved again", _a_meeting_that_moved_again, (), (0, 1), (0,)),
    Story("who else has a meeting", _perhaps_shared, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("who else has what is off", _perhaps_shared_once, (), (0, 1), (0,)),
    Story("a huddle of a meeting", _started_from_a_meeting, [(POST, "reset_after_accept")],
          (0, SETTLED, 1), meanwhile=CARD),
    Story("a colleague's card", _on_a_colleagues_card, (), (0, 1), (0,), meanwhile=CARD),
    Story("what is in a calendar", _what_is_in_a_calendar, [(POST, "reset_after_accept")],
          (0, SETTLED, 1)),
    Story("a calendar that fails", _a_calendar_that_fails, (), (0, 1)),
    Story("a calendar that comes again", _a_calendar_that_comes_again, (), (0, 1), (0,)),
    Story("a calendar that was ended", _a_calendar_that_was_ended, (), (0, 1), (0,)),
    Story("news of a private card in doubt", _a_private_change_in_doubt, (), (0, SETTLED, 1)),
)  # fmt: skip


# The run ------------------------------------------------------------------------------------


class _Site:
    """A small Slack, a coach that dies in it, and another one that goes on with its file."""

    def __init__(
        self, folder: Path, slack: FakeSlack, clock: HandClock, process: subprocess.Popen[bytes]
    ) -> None:
        self._slack, self._clock, self._process = slack, clock, process
        self._fresh, self._planned, self._db = (
            folder / name for name in ("fresh.db", "planned.db", "coach.db")
        )
        self._cards = few(folder / "posts")
        self._settings = Settings.from_env({**_env(slack), "COACH_DB": str(self._db)})
        self._marks: list[list[str]] = []
        with Coach(Settings(db=self._fresh), clock, cards=self._cards) as coach:
            entry = next(iter(coach.library.entries().values()))
            CITED.append(entry.cite(entry.card.lessons[0]))

    def tell(self, story: Story) -> list[Point]:
        """Begin another story; returns what a coach walks through that nobody kills."""
        shutil.copy(self._fresh, self._planned)
        self._marks = with_store(self._planned, lambda store: _plan(store, story))
        self._set_up(story)
        return self._live_and_die(story, None)

    def run(self, story: Story, kill_at: Point) -> dict[str, int]:
        """Kill a coach there, have another one go on, and return what was wrong in the end."""
        self._set_up(story)
        survived = self._live_and_die(story, kill_at)
        undecided = self._go_on()
        said = [m for each in self._slack.world.channel_messages.values() for m in each]
        heard = Counter(mark for m in said if not m.deleted for mark in marks(m))
        times = [sum(map(heard.__getitem__, either)) for either in self._marks]
        return {
            "lost": sum(n < min(story.said) for n in times),
            "twice": sum(n > max(story.said) for n in times),
            "undecided": undecided,
            "missed": int(bool(survived)),
        }

    def _set_up(self, story: Story) -> None:
        """The story from its beginning: nothing was said yet, and all is due."""
        for left in ("-wal", "-shm"):
            Path(f"{self._db}{left}").unlink(missing_ok=True)
        shutil.copy(self._planned, self._db)
        self._clock.set(START)
        with self._slack.world.change():
            self._slack.world.channels["C1"].shared = False
            for said in self._slack.world.channel_messages.values():
                said.clear()
        for method in {method for each in STORIES for method, _ in each.faults}:
            while self._slack.faults.take(method):  # left from the last time
                pass
        for method, how in story.faults:
            self._slack.fail(method, how, retry_after=1)
        self._happens(story, 0)

    def _happens(self, story: Story, woken: int) -> None:
        if story.meanwhile and story.meanwhile[0] == woken:
            story.meanwhile[1](self._slack)

    def _live_and_die(self, story: Story, kill_at: Point | None) -> list[Point]:
        """The points of one who lived to the end; [] of one who was killed."""
        order = {"db": str(self._db), "at": START.isoformat(), "wakes": story.wakes}
        self._write(json.dumps(order | {"kill_at": kill_at}).encode() + b"\n")
        reached: list[Point] = []
        woken = 0
        while (line := self._read()) != "dead":
            if line == "wakes":
                self._clock.forward(seconds=story.wakes[woken])
                if woken:
                    self._happens(story, woken)
                self._write(b"!")
                woken += 1
            else:
                reached = [tuple(point) for point in json.loads(line)]
        return reached

    def _go_on(self) -> int:
        """What is still to be decided once another coach has worked for a while."""
        with Coach(self._settings, self._clock, cards=self._cards, read=FILES) as coach:
            half = Half(coach)
            for wait_s in GOES_ON:
                self._clock.forward(seconds=wait_s)
                half.wake()
                if not (undecided := self._undecided(coach.store)):
                    break
            half.stop()
        return undecided

    def _undecided(self, store: Store) -> int:
        return len(_rows(store.read)) + len(Inbox(store.read).waiting())

    def _write(self, data: bytes) -> None:
        assert self._process.stdin
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def _read(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().decode().strip()
        assert line, "the victims' process ended"
        return line


def _plan(store: Store, story: Story) -> list[list[str]]:
    """The marks of all that is to be said in a story, each with those that do as well."""
    planned, notes = store.write(story.plan), Notes(store.read)
    if isinstance(planned, list) and planned:
        return [[notes.mark(key) for key in either.split("|")] for either in planned]
    return [[message.mark] for message in _rows(store.read)]


def _env(slack: FakeSlack) -> dict[str, str]:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
    where = {"SLACK_API_URL": slack.api_url, "COACH_EMBED_MODEL": "none"}
    return {**os.environ, **tokens, **where}


@contextmanager
def _site(folder: Path) -> Iterator[_Site]:
    clock = HandClock(START)
    with FakeSlack(clock) as slack:
        slack.world.workspaces["T1"].scopes.add("channels:history")
        for user_id, name in (("U1", "sam"), ("U2", "kim"), ("U3", "mia")):
            slack.add_user(user_id, name, tz="UTC")
            slack.dm(user_id)
        slack.add_channel("C1", "deals", members=["U1", "U2", "U3"])
        with open(folder / "victims.log", "w") as log, subprocess.Popen(
            [sys.executable, "-m", "tests.soak.victim"], cwd=ROOT, env=_env(slack),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        ) as process:  # fmt: skip
            try:
                yield _Site(folder, slack, clock, process)
            finally:
                assert process.stdin
                process.stdin.close()
