"""A manager follows a feed: looked at once a day, told what is new, imported at the button."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.clock.now import HandClock
from bot.settings import Settings
from handlers.app import Bot
from handlers.library import drawing
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually, rows
from tests.support.feeds import MIA, feed, labels, library, press, to
from tests.support.web_server import Page, Visit, WebServer

Wake = Callable[[], None]
SECRET = "/feed?key=k7f3a9"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The blog lies on this machine, as it would in an intranet."""
    return replace(settings, fetch_inside=True)


@pytest.fixture
def blog() -> Iterator[WebServer]:
    with WebServer(https=False) as server:
        publish(server, "One", "Two")
        yield server


def publish(blog: WebServer, *titles: str) -> None:
    """The feed with these posts, under an ETag of its own."""
    body, mark = feed(titles), f'"{len(titles)}-{hash(titles)}"'

    def answer(visit: Visit) -> Page:
        if visit.headers.get("if-none-match") == mark:
            return Page(status=304, says_length=False)
        return Page(body, "application/rss+xml", headers={"ETag": mark})

    blog.pages[SECRET] = answer


def follow(slack: FakeSlack, address: str) -> dict[str, str]:
    """Fill in the form; what it objects to."""
    press(slack, library(slack), "Follow a feed")
    form = eventually(lambda: slack.modal(MIA))
    return slack.submit(MIA, form, {drawing.ADDRESS: address}).errors


@pytest.fixture
def followed(slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake) -> None:
    assert follow(slack, blog.url(SECRET)) == {}
    eventually(lambda: to(slack))
    wake()
    wake()  # what a feed brought is told by the job before it


def last(slack: FakeSlack) -> str:
    return to(slack)[-1].plain


def test_a_feed_is_looked_at_when_it_is_followed_and_nothing_is_imported_yet(
    slack: FakeSlack, bot: Bot, followed: None
) -> None:
    assert "The feed of *Our Field Notes* has 2 posts, 2 new." in last(slack)
    assert labels(to(slack)[-1]) == ["Import 2", "Leave"]
    assert rows(bot, "SELECT count(*) FROM posts") == [(0,)]
    press(slack, to(slack)[-1], "Import 2")


def test_the_list_shows_what_is_followed_without_its_address(
    slack: FakeSlack, bot: Bot, followed: None
) -> None:
    shown = library(slack)
    assert "*Our Field Notes*, 127.0.0.1 · last looked at today" in shown.plain
    assert "k7f3a9" not in repr(shown.blocks)
    assert "127.0.0.1" not in library(slack, "U1").plain


def test_new_posts_are_told_the_next_day_and_those_alone(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    press(slack, to(slack)[-1], "Import 2")
    wake()
    publish(blog, "One", "Two", "Three")
    clock.forward(hours=23)
    wake()
    assert len(blog.visits) == 1
    clock.forward(hours=2)
    wake()
    wake()
    assert "has 3 posts, 1 new." in last(slack)
    assert "Three" in last(slack)
    press(slack, to(slack)[-1], "Import 1")
    wake()
    assert rows(bot, "SELECT count(*) FROM posts") == [(3,)]


def test_a_feed_without_news_is_asked_for_its_mark_and_nothing_is_said(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    told = len(to(slack))
    for _ in range(3):
        clock.forward(hours=25)
        wake()
        wake()
    assert len(to(slack)) == told
    assert [bool(visit.headers.get("if-none-match")) for visit in blog.visits] == [
        False,
        *[True] * 3,
    ]


def test_posts_that_were_left_are_not_offered_again(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    press(slack, to(slack)[-1], "Leave")
    eventually(lambda: "nothing was imported" in last(slack))
    publish(blog, "One", "Two", "Three")
    clock.forward(hours=25)
    wake()
    wake()
    assert "1 new" in last(slack)
    press(slack, to(slack)[-1], "Import 1")
    wake()
    assert rows(bot, "SELECT title FROM posts") == [("Three",)]


def test_an_offer_of_last_week_has_the_feed_looked_at_again(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    offered = to(slack)[-1]
    for _ in range(3):
        clock.forward(hours=25)
        wake()
    eventually(lambda: rows(bot, "SELECT DISTINCT content FROM offers") == [(None,)])
    press(slack, offered, "Import 2")
    eventually(lambda: "look at the feed again" in slack.ephemerals(MIA)[-1].plain)
    wake()
    wake()
    assert "2 new" in last(slack)
    press(slack, to(slack)[-1], "Import 2")
    wake()
    assert rows(bot, "SELECT count(*) FROM posts") == [(2,)]


def test_a_feed_that_fails_is_told_once_and_tried_every_day(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    told = len(to(slack))
    blog.pages[SECRET] = Page(status=500)
    for _ in range(3):
        clock.forward(hours=25)
        wake()
        wake()
    assert len(to(slack)) == told + 1
    assert "answered with an error (500). I try again every day." in last(slack)
    assert "try again every day" in library(slack).plain
    assert len(blog.visits) == 4
    publish(blog, "One", "Two", "Three")
    clock.forward(hours=25)
    wake()
    wake()
    assert "3 posts" in last(slack)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=404), "nothing at that address"),
        (Page(b"<html><title>A page</title><p>Text</p></html>", "text/html"), "no feed"),
        (Page(b"%PDF-1.7", "application/pdf"), "PDF"),
        (Page(feed(["One"])[:200], "application/rss+xml"), "cut off"),
    ],
)
def test_an_address_that_is_no_feed_is_said_to_be_none_and_not_followed(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, page: Page, words: str
) -> None:
    blog.pages[SECRET] = page
    follow(slack, blog.url(SECRET))
    eventually(lambda: to(slack))
    wake()
    wake()
    assert words in last(slack)
    assert "I do not follow it." in last(slack)
    assert rows(bot, "SELECT count(*) FROM feeds") == [(0,)]


def test_the_address_of_a_blog_leads_to_the_feed_that_it_names(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake
) -> None:
    link = f'<link href="{SECRET}" type="application/rss+xml" rel="alternate">'
    blog.pages["/"] = Page(f"<!doctype html><head>{link}</head>".encode(), "text/html")
    follow(slack, blog.url("/"))
    eventually(lambda: to(slack))
    wake()
    wake()
    assert "has 2 posts, 2 new" in last(slack)
    assert rows(bot, "SELECT url FROM feeds") == [(blog.url(SECRET),)]


@pytest.mark.parametrize(
    ("address", "words"),
    [("not an address", "can't read"), ("ftp://a.example", "can't read"),
     ("https://ann:secret@a.example/feed", "password")],
)  # fmt: skip
def test_the_form_says_what_is_wrong_with_an_address(
    slack: FakeSlack, bot: Bot, address: str, words: str
) -> None:
    assert words in follow(slack, address)[drawing.ADDRESS]


def test_a_feed_is_followed_once(
    slack: FakeSlack, bot: Bot, blog: WebServer, followed: None
) -> None:
    assert "already" in follow(slack, blog.url(SECRET))[drawing.ADDRESS]


def test_a_feed_is_followed_no_more_after_the_button(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None
) -> None:
    press(slack, library(slack), "Stop")
    eventually(lambda: "I look at it no more." in slack.ephemerals(MIA)[-1].plain)
    clock.forward(hours=25)
    wake()
    assert len(blog.visits) == 1


def test_an_address_in_a_message_is_offered_to_be_followed(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake
) -> None:
    slack.say(MIA, slack.dm(MIA), blog.url(SECRET))
    eventually(lambda: to(slack))
    press(slack, to(slack)[-1], "Follow")
    eventually(lambda: "I look at it now" in last(slack))
    wake()
    wake()
    assert "2 new" in last(slack)


def test_what_a_feed_brought_is_told_once_by_whichever_process(
    slack: FakeSlack, served: Served, blog: WebServer
) -> None:
    follow(slack, blog.url(SECRET))
    eventually(lambda: to(slack))
    served.bot.scheduler.wake()
    for _ in range(3):
        served.restart()
        served.bot.scheduler.wake()
    assert len([m for m in to(slack) if "2 new" in m.plain]) == 1
    assert len(blog.visits) == 1


def test_logs_and_error_texts_hold_no_address_of_a_feed(
    slack: FakeSlack, bot: Bot, blog: WebServer, wake: Wake, clock: HandClock, followed: None,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG, "bot")
    blog.pages[SECRET] = Page(status=404)
    clock.forward(hours=25)
    wake()
    wake()
    assert "k7f3a9" not in slack.said_to(MIA)
    assert "k7f3a9" not in "".join(f"{r.getMessage()}{r.__dict__}" for r in caplog.records)


def test_without_the_setting_no_feed_inside_the_network_is_looked_at(
    slack: FakeSlack, served: Served, blog: WebServer, settings: Settings, clock: HandClock
) -> None:
    served.stop()
    guarded = Served(replace(settings, fetch_inside=False), slack, clock)
    try:
        assert "https" in follow(slack, blog.url(SECRET))[drawing.ADDRESS]
        slack.close(MIA, eventually(lambda: slack.modal(MIA)))
        assert follow(slack, blog.url(SECRET).replace("http:", "https:")) == {}
        eventually(lambda: to(slack))
        guarded.bot.scheduler.wake()
        guarded.bot.scheduler.wake()
        eventually(lambda: "lies inside a network" in last(slack))
        assert blog.visits == []
    finally:
        guarded.stop()
        served.start()
