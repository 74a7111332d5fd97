"""A rep connects their calendar: a secret address, what is found in it, a switch, an end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.app import Bot
from handlers.calendars import forms
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import FILES, Served, eventually, rows
from tests.support.calendars import (
    JO,
    LEE,
    SECRET,
    at,
    connect,
    event,
    fill_in,
    found,
    ics,
    inside,
    press,
    publish,
    to,
)
from tests.support.web_server import Page, WebServer

Wake = Callable[[], None]
SAM = Rep("T1", "U1")
KEY, OLD = "A" * 42 + "E=", "B" * 42 + "E="


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The calendar lies on this machine; whoever runs the coach has set a key."""
    return replace(settings, fetch_inside=True, secret_keys=(KEY,))


@pytest.fixture
def feed() -> Iterator[WebServer]:
    with WebServer(https=False) as server:
        publish(server, inside(), event("Acme demo", at(15), JO, LEE))
        yield server


def test_what_is_found_is_told_with_reasons_and_a_switch(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer
) -> None:
    said = connect(slack, wake, feed)
    assert "5 meetings in the next two weeks, 1 looks like a customer." in said.plain
    assert "people of acme.com are invited" in said.plain
    assert "today 10:00" in said.plain  # where Sam is
    press(slack, said, "Not a customer")
    eventually(lambda: "none look like customers" in to(slack)[-1].plain)
    assert rows(bot, "SELECT customer FROM meeting_choices") == [(0,)]
    press(slack, to(slack)[-1], "Is a customer")
    eventually(lambda: rows(bot, "SELECT customer FROM meeting_choices") == [(1,)])


def test_only_the_rep_hears_of_it(slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer) -> None:
    connect(slack, wake, feed)
    for user in ("U2", "U3"):
        assert not [m for m in slack.seen_by(user) if "Acme" in m.plain]


def test_the_address_is_nowhere_in_the_file_in_clear(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    connect(slack, wake, feed)
    assert not in_the_files(bot.coach.store.path, b"private-k7f3a9")
    assert "private-k7f3a9" not in caplog.text
    assert not [m for m in slack.seen_by("U1") if "private-k7f3a9" in m.plain]


def in_the_files(db: Path, secret: bytes) -> list[str]:
    """The database and its log, byte by byte."""
    files = [db, Path(f"{db}-wal")]
    return [file.name for file in files if file.exists() and secret in file.read_bytes()]


def test_without_a_key_it_is_kept_as_it_is_and_handed_out_to_nobody(
    settings: Settings, slack: FakeSlack, clock: HandClock, feed: WebServer, tmp_path: Path
) -> None:
    served = Served(replace(settings, secret_keys=()), slack, clock)
    assert fill_in(slack, **{forms.ADDRESS: feed.url(SECRET)}) == {}
    assert in_the_files(served.coach.store.path, b"private-k7f3a9")
    served.coach.records.export(tmp_path / "out")
    written = (tmp_path / "out" / "calendars.csv").read_text()
    assert "U1" in written and "private" not in written
    served.stop()
    # A key is set now: what was clear is sealed at the start.
    sealed = Served(settings, slack, clock, read=FILES)
    assert not in_the_files(sealed.coach.store.path, b"private-k7f3a9")
    sealed.stop()
    # Another key stands first, and the old one opens what it sealed.
    both = Served(replace(settings, secret_keys=(OLD, KEY)), slack, clock)
    both.stop()
    rotated = Served(replace(settings, secret_keys=(OLD,)), slack, clock)
    try:
        assert rotated.coach.calendars.of(SAM) is not None
        rotated.bot.scheduler.wake()
        assert eventually(lambda: feed.visits)
    finally:
        rotated.stop()


def test_an_address_that_no_key_opens_is_asked_for_again(
    settings: Settings, slack: FakeSlack, clock: HandClock, feed: WebServer
) -> None:
    first = Served(settings, slack, clock)
    assert fill_in(slack, **{forms.ADDRESS: feed.url(SECRET)}) == {}
    first.stop()
    other = Served(replace(settings, secret_keys=(OLD,)), slack, clock)

    def wake() -> None:
        other.bot.scheduler.wake()
        other.bot.deliverer.wait(20)

    assert "Paste the address again." in found(slack, wake).plain
    assert connect(slack, wake, feed).plain
    other.stop()


def test_what_can_be_no_address_stays_in_the_form(slack: FakeSlack, bot: Bot) -> None:
    page = "https://calendar.google.com/calendar/u/0/r"
    for typed in ("", "not an address at all", "ftp://x.example/a.ics", page):
        assert list(fill_in(slack, **{forms.ADDRESS: typed})) == [forms.ADDRESS]
    assert rows(bot, "SELECT count(*) FROM calendars") == [(0,)]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(b"<html><p>Sign in</p></html>", "text/html"), "brings no calendar"),
        (Page(b"", "text/calendar"), "came empty"),
        (Page(ics(event("Acme", at(15)))[:-20], "text/calendar"), "came only in part"),
        (Page(status=404), "has nothing at that address"),
    ],
)
def test_an_address_that_brings_no_calendar_is_told_at_once(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, page: Page, why: str
) -> None:
    feed.pages[SECRET] = page
    assert why in connect(slack, wake, feed).plain


def test_an_address_inside_the_network_is_not_asked(
    settings: Settings, slack: FakeSlack, clock: HandClock
) -> None:
    served = Served(replace(settings, fetch_inside=False), slack, clock)

    def wake() -> None:
        served.bot.scheduler.wake()
        served.bot.deliverer.wait(20)

    assert fill_in(slack, **{forms.ADDRESS: "https://127.0.0.1/private-k7f3a9.ics"}) == {}
    said = found(slack, wake).plain
    assert "127.0.0.1 lies inside a network" in said and "k7f3a9" not in said
    served.stop()


def test_an_address_in_the_command_is_not_taken(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "calendar https://x.example/secret-a.ics")
    view = eventually(lambda: slack.modal("U1"))
    assert "I took none." in view.plain and "secret-a" not in view.plain
    assert not in_the_files(bot.coach.store.path, b"secret-a")


def test_the_form_is_filled_with_what_holds_but_for_the_address(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer
) -> None:
    connect(slack, wake, feed, minutes="30", channel="C1")
    assert fill_in(slack, minutes="5") == {}
    assert rows(bot, "SELECT minutes, channel_id FROM calendars") == [(5, "C1")]
    slack.command("U1", "C1", "/coach", "calendar")
    view = eventually(lambda: slack.modal("U1"))
    assert "private-k7f3a9" not in str(view.blocks)


def test_what_could_not_be_read_is_counted(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer
) -> None:
    broken = "BEGIN:VEVENT\nUID:x\nSUMMARY:No start\nEND:VEVENT\n"
    publish(feed, inside(), event("Acme", at(15), JO), broken)
    assert "1 entry in your calendar could not be read" in connect(slack, wake, feed).plain


@pytest.mark.parametrize("way", ["command", "button", "forget me"])
def test_it_is_turned_off_and_nothing_of_it_stays(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, way: str
) -> None:
    connect(slack, wake, feed)
    if way == "command":
        slack.command("U1", "C1", "/coach", "calendar off")
    elif way == "button":
        slack.command("U1", "C1", "/coach", "calendar")
        view = eventually(lambda: slack.modal("U1"))
        slack.click("U1", view, forms.CALENDAR_OFF, "-", view.blocks[0]["block_id"])
    else:
        slack.command("U1", "C1", "/coach", "forget me")
        sure = eventually(lambda: slack.ephemerals("U1")[-1])
        press(slack, sure, "Forget me")
    for table in ("calendars", "meetings"):
        eventually(lambda table=table: rows(bot, f"SELECT count(*) FROM {table}") == [(0,)])
    eventually(lambda: not in_the_files(bot.coach.store.path, b"Acme demo"))


def test_status_says_what_is_connected(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer
) -> None:
    connect(slack, wake, feed)
    slack.command("U1", "C1", "/coach", "status")
    said = eventually(lambda: slack.ephemerals("U1")[-1])
    assert "Calendar: 1 meeting with customers ahead" in said.plain
