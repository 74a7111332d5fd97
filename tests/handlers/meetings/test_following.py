"""A call follows its meeting: moved, called off, or read from a calendar that went wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock.now import HandClock
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support import huddles
from tests.support.calendars import (
    JO,
    LEE,
    SECRET,
    at,
    connect,
    event,
    ics,
    inside,
    look,
    offers,
    press,
    publish,
    to,
)
from tests.support.web_server import Page, WebServer

Wake = Callable[[], None]
STARTS = "SELECT starts FROM calls WHERE id = 2"
STATE = "SELECT state FROM calls WHERE id = 2"
QUESTIONS = "SELECT due_at, state FROM outbox WHERE kind = 'debrief' AND call_id = 2 ORDER BY id"
ACME = event("Acme demo", at(15), JO, LEE)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, fetch_inside=True)


@pytest.fixture
def feed() -> Iterator[WebServer]:
    with WebServer(https=False) as server:
        publish(server, inside(), ACME)
        yield server


@pytest.fixture
def started(slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock) -> WebServer:
    """The huddle of three o'clock was started early, in #deals, with Kim on it."""
    huddles.debriefed(bot)
    connect(slack, wake, feed, minutes="60", channel="C1")
    clock.set(at(14))
    wake()
    press(slack, eventually(lambda: offers_or_said(slack))[0], "Start the huddle")
    huddles.reads(slack, "Acme")
    huddles.press(slack, huddles.card(slack), "Add people")
    huddles.save(slack, people=["U2"])
    huddles.reads(slack, "kim")
    return feed


def offers_or_said(slack: FakeSlack) -> list:  # type: ignore[type-arg]
    return [m for m in to(slack) if " minutes, with" in m.plain]


def test_moved_card_debrief_and_news_move_together(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    publish(started, inside(), event("Acme demo", at(17), JO, LEE))
    look(bot, clock, wake)
    assert rows(bot, STARTS) == [("2026-11-23T17:00:00.000Z",)]
    waiting = [due for due, state in rows(bot, QUESTIONS) if state == "pending"]
    assert waiting == ["2026-11-23T17:55:00.000Z"]
    eventually(lambda: any("moved the call with" in m.plain for m in slack.messages("C1")))
    for _ in range(3):
        look(bot, clock, wake)
    assert len([m for m in slack.messages("C1") if "moved the call with" in m.plain]) == 1


def test_what_was_offered_and_moves_is_told_and_offered_again(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed)
    clock.set(at(14, 45))
    wake()
    eventually(lambda: offers(slack))
    publish(feed, inside(), event("Acme demo", at(17), JO, LEE))
    for _ in range(2):
        look(bot, clock, wake)
    told = [m for m in to(slack) if "is today 12:00 now, says your calendar." in m.plain]
    assert len(told) == 1
    clock.set(at(16, 45))
    wake()
    eventually(lambda: len(offers(slack)) == 2)


def test_a_call_is_run_without_having_typed_a_command(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    """From the offer to the question afterwards, over a move."""
    (item, *_) = huddles.ticks(bot, 2)
    huddles.tick(slack, huddles.card(slack), item)
    publish(started, inside(), event("Acme demo", at(17), JO, LEE))
    look(bot, clock, wake)
    card = eventually(lambda: next(m for m in slack.messages("C1") if "12:00" in m.plain))
    assert "Acme" in card.plain
    clock.set(at(17, 55))
    for _ in range(3):
        wake()
    asked = eventually(lambda: next(m for m in to(slack) if "How did *Acme* go?" in m.plain))
    assert "Goal" in asked.plain or "further" in asked.plain


@pytest.mark.parametrize("how", ["cancelled", "title", "method", "gone"])
def test_called_off_is_told_once_and_nobody_is_asked_how_it_went(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock, how: str
) -> None:
    now = {
        "cancelled": event("Acme demo", at(15), JO, LEE, more=("STATUS:CANCELLED",)),
        "title": event("Canceled: Acme demo", at(15), JO, LEE, uid="Acme demo"),
        "method": "",
        "gone": "",
    }[how]
    publish(started, inside(), now)
    if how == "method":
        called_off = ics(ACME).replace(b"PRODID", b"METHOD:CANCEL\r\nPRODID")
        started.pages[SECRET] = Page(ics(inside()) + called_off, "text/calendar")
    look(bot, clock, wake)
    if how == "gone":
        assert rows(bot, STATE) == [("planned",)]  # it may have come in part
    for _ in range(2):
        look(bot, clock, wake)
    assert rows(bot, STATE) == [("cancelled",)]
    assert "pending" not in [state for _, state in rows(bot, QUESTIONS)]
    assert len([m for m in to(slack) if "is off in your calendar" in m.plain]) == 1
    assert len([m for m in slack.messages("C1") if "cancelled the call with" in m.plain]) == 1


def test_a_call_that_was_moved_by_hand_stands_when_its_old_entry_goes(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    huddles.press(slack, huddles.card(slack), "Change")
    huddles.save(slack, starts=str(int(at(17).timestamp())))
    huddles.reads(slack, "12:00")
    publish(started, inside(), event("Acme again", at(17), JO, LEE))
    for _ in range(3):
        look(bot, clock, wake)
    assert rows(bot, STATE) == [("planned",)]
    assert rows(bot, "SELECT call_id FROM meetings WHERE title = 'Acme again'") == [(2,)]


def test_an_entry_in_the_place_of_another_is_the_same_call(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    publish(started, inside(), event("Acme, final demo", at(15), JO, LEE))
    for _ in range(3):
        look(bot, clock, wake)
    assert rows(bot, STATE) == [("planned",)]
    assert len(offers_or_said(slack)) == 1
    assert not [m for m in to(slack) if "is off in your calendar" in m.plain]
    publish(started, inside(), event("Acme, final demo", at(16), JO, LEE))
    look(bot, clock, wake)
    assert rows(bot, STARTS) == [("2026-11-23T16:00:00.000Z",)]


def test_moved_into_the_past_is_no_storm(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    before = len(slack.messages("C1"))
    publish(started, inside(), event("Acme demo", at(10), JO, LEE))
    for _ in range(3):
        look(bot, clock, wake)
    assert rows(bot, STARTS) == [("2026-11-23T10:00:00.000Z",)]
    assert len(slack.messages("C1")) == before
    assert len([m for m in to(slack) if "How did" in m.plain]) <= 1
    assert len(offers_or_said(slack)) == 1


def test_a_calendar_that_is_made_anew_with_other_ids_changes_nothing(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock
) -> None:
    before = (len(slack.messages("C1")), len(to(slack)))
    publish(started, inside().replace("UID:", "UID:new-"), ACME.replace("UID:", "UID:new-"))
    for _ in range(4):
        look(bot, clock, wake)
    assert (len(slack.messages("C1")), len(to(slack))) == before
    assert rows(bot, STATE) == [("planned",)]
    publish(started, inside().replace("UID:", "UID:new-"),
            event("Acme demo", at(17), JO, LEE, uid="new-Acme demo"))  # fmt: skip
    look(bot, clock, wake)
    assert rows(bot, STARTS) == [("2026-11-23T17:00:00.000Z",)]


BAD = {
    "an error": Page(status=503),
    "empty": Page(b"", "text/calendar"),
    "a page": Page(b"<!doctype html><p>Sign in</p>", "text/html"),
    "cut off": Page(ics(inside(), ACME)[:-30], "text/calendar"),
    "shrunken": Page(ics(event("Team 0", at(7, days=1), "m@ours.example", uid="in0"))),
    "without events": Page(ics()),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_look_that_went_wrong_changes_nothing(
    slack: FakeSlack, bot: Bot, started: WebServer, wake: Wake, clock: HandClock, bad: str
) -> None:
    kept = rows(bot, "SELECT key, starts, verdict FROM meetings ORDER BY id")
    before = (len(slack.messages("C1")), len(to(slack)))
    started.pages[SECRET] = BAD[bad]
    for _ in range(4):
        look(bot, clock, wake)
    assert rows(bot, "SELECT key, starts, verdict FROM meetings ORDER BY id") == kept
    assert rows(bot, STATE) == [("planned",)]
    assert (len(slack.messages("C1")), len(to(slack))) == before


def test_one_that_hangs_holds_up_no_other(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    never = threading.Event()
    feed.pages["/hangs.ics"] = Page(b"BEGIN:VCALENDAR" * 2_000, "text/calendar", drip=never)
    slack.command("U2", "C1", "/coach", "calendar")
    view = eventually(lambda: slack.modal("U2"))
    slack.submit("U2", view, {"address": feed.url("/hangs.ics")})
    thread = threading.Thread(target=wake)
    thread.start()
    eventually(lambda: any(visit.path == "/hangs.ics" for visit in feed.visits))
    slack.command("U1", "C1", "/coach", "calendar")
    view = eventually(lambda: slack.modal("U1"))
    slack.submit("U1", view, {"address": feed.url(SECRET)})
    eventually(lambda: rows(bot, "SELECT count(*) FROM meetings WHERE user_id = 'U1'") == [(5,)])
    never.set()
    thread.join()


def test_what_did_not_change_is_not_sent_again(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed)
    clock.forward(minutes=9)
    wake()
    assert len(feed.visits) == 1
    look(bot, clock, wake, 1)
    eventually(lambda: len(feed.visits) == 2)
    look(bot, clock, wake)
    eventually(lambda: len(feed.visits) == 3)  # the answer to the last one named no mark
    assert all(visit.headers.get("if-none-match") for visit in feed.visits[1:])


def test_the_rep_hears_once_that_it_does_not_come_any_more(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed)
    feed.pages[SECRET] = Page(status=404)
    for _ in range(8):
        clock.forward(hours=2)
        wake()
        wake()
    told = [m for m in to(slack) if "I can't read your calendar." in m.plain]
    assert len(told) == 1 and "What I knew of it still holds." in told[0].plain


def test_an_occurrence_that_moved_and_those_that_follow_it(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    """Daily at three, in the zone of Berlin; the second one moves, then all from the third on."""
    zone = ";TZID=Europe/Berlin"

    def daily(*overrides: str) -> str:
        head = event("Acme", at(15), JO, uid="s", more=("RRULE:FREQ=DAILY;COUNT=4",))
        head = head.replace("DTSTART:20261123T150000Z", f"DTSTART{zone}:20261123T160000")
        head = head.replace("DTEND:20261123T154500Z", f"DTEND{zone}:20261123T164500")
        return head + "".join(overrides)

    def override(day: int, to_hour: int, more: str = "") -> str:
        changed = event("Acme", at(to_hour, days=day - 23), JO, uid="s")
        slot = f"RECURRENCE-ID{zone}{more}:202611{day}T160000"
        return changed.replace("END:VEVENT", f"{slot}\nEND:VEVENT")

    starts = "SELECT starts FROM meetings WHERE series = 's' ORDER BY starts"
    publish(feed, inside(), daily())
    connect(slack, wake, feed)
    publish(feed, inside(), daily(override(24, 17)))
    look(bot, clock, wake)
    hours = [int(each[11:13]) for (each,) in rows(bot, starts)]
    assert hours == [15, 17, 15, 15]
    publish(feed, inside(), daily(override(24, 17), override(25, 12, ";RANGE=THISANDFUTURE")))
    look(bot, clock, wake)
    assert [int(each[11:13]) for (each,) in rows(bot, starts)] == [15, 17, 12, 12]
    assert rows(bot, "SELECT count(*) FROM meetings WHERE series = 's'") == [(4,)]
    clock.set(at(11, 45, days=2))
    for _ in range(3):  # what was due on the days between is too late
        wake()
    eventually(lambda: offers(slack))


def test_three_calendars_of_one_team_colour_each_other_in_nothing(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    """Each defines the zone “Ours” for itself; one of them is no calendar."""
    for user, offset, path in (("U1", "+0100", "/a.ics"), ("U2", "+0900", "/b.ics")):
        zone = (
            "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
            f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
        acme = event("Acme", at(15), JO).replace(
            "DTSTART:20261123T150000Z", "DTSTART;TZID=Ours:20261124T160000"
        ).replace("DTEND:20261123T154500Z", "DTEND;TZID=Ours:20261124T164500")  # fmt: skip
        publish(feed, zone, inside(), acme, path=path)
        connect(slack, wake, feed, user, path)
    feed.pages["/c.ics"] = Page(b"\x00\x01 no calendar", "text/calendar")
    assert "brings no calendar" in connect(slack, wake, feed, "U3", "/c.ics").plain
    found = "SELECT user_id, starts FROM meetings WHERE title = 'Acme' ORDER BY user_id"
    assert rows(bot, found) == [
        ("U1", "2026-11-24T15:00:00.000Z"),
        ("U2", "2026-11-24T07:00:00.000Z"),
    ]


def test_a_rep_who_travels_takes_times_without_a_zone_along(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    floating = event("Acme", at(15, days=1), JO).replace("0000Z", "0000").replace("4500Z", "4500")
    publish(feed, inside(), floating)
    said = connect(slack, wake, feed)
    assert "the calendar names no time zone; I took yours" in said.plain
    starts = "SELECT starts FROM meetings WHERE title = 'Acme'"
    assert rows(bot, starts) == [("2026-11-24T20:00:00.000Z",)]  # New York
    slack.world.users["U1"].tz = "Europe/Berlin"
    slack.subscriptions.add("user_change")
    user = {"id": "U1", "name": "sam", "tz": "Europe/Berlin", "profile": {"display_name": "sam"}}
    assert slack._event("user_change", "T1", {"type": "user_change", "user": user}).status == 200
    eventually(lambda: not bot.coach.inbox.waiting())
    look(bot, clock, wake)
    eventually(lambda: rows(bot, starts) == [("2026-11-24T14:00:00.000Z",)])


def test_a_series_keeps_its_hour_when_the_clocks_change(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    clock.set(at(9) - timedelta(days=32))  # 22 October; Berlin's clocks go back on the 25th
    weekly = event("Acme", at(15), JO, more=("RRULE:FREQ=DAILY;COUNT=6",))
    weekly = weekly.replace(
        "DTSTART:20261123T150000Z", "DTSTART;TZID=Europe/Berlin:20261023T160000"
    )
    weekly = weekly.replace("DTEND:20261123T154500Z", "DTEND;TZID=Europe/Berlin:20261023T164500")
    publish(feed, inside(), weekly)
    connect(slack, wake, feed)
    starts = rows(bot, "SELECT starts FROM meetings WHERE title = 'Acme' ORDER BY starts")
    assert [int(each[11:13]) for (each,) in starts] == [14, 14, 15, 15, 15, 15]
