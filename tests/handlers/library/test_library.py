"""`/coach library`: who reads what, and how a blog is taken out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.app import Bot
from handlers.library import drawing
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually, rows
from tests.support.feeds import MIA, feed, labels, library, press, to

Wake = Callable[[], None]


@pytest.fixture
def two_blogs(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    """Three posts of one blog and one of another, as a manager brought them."""
    slack.world.workspaces["T1"].scopes.add("files:read")
    for name, titles in (("Dock Notes", ["One", "Two", "Three"]), ("Yard & News", ["Four"])):
        host = f"{name[:4].lower()}.example"
        slack.share(MIA, slack.dm(MIA), f"{name}.xml", feed(titles, name, host))
        eventually(lambda: not bot.coach.inbox.waiting())
        wake()
        press(slack, to(slack)[-1], f"Import {len(titles)}")
        wake()


def test_everybody_reads_the_list_and_only_managers_get_buttons(
    slack: FakeSlack, two_blogs: None
) -> None:
    mine, theirs = library(slack, MIA), library(slack, "U1")
    for shown in (mine, theirs):
        assert "*Dock Notes* · 3 posts" in shown.plain
        assert "*Yard & News* · 1 post" in shown.plain
        assert "came with me" in shown.plain
    assert labels(mine) == ["Remove", "Remove", "Follow a feed"]
    assert labels(theirs) == []
    assert "drop a file" in mine.plain
    assert "drop a file" not in theirs.plain
    assert not [m for m in slack.messages("C1") if "Dock Notes" in m.plain], "for one pair of eyes"


def test_a_blog_is_taken_out_after_a_question_and_the_rest_stays(
    slack: FakeSlack, bot: Bot, two_blogs: None
) -> None:
    press(slack, library(slack), "Remove")
    eventually(lambda: labels(slack.ephemerals(MIA)[-1]) == ["Remove 3 posts", "Keep"])
    assert rows(bot, "SELECT count(*) FROM posts") == [(4,)]
    press(slack, slack.ephemerals(MIA)[-1], "Remove 3 posts")
    eventually(lambda: "3 posts of *Dock Notes* were taken out" in slack.ephemerals(MIA)[-1].plain)
    assert rows(bot, "SELECT title FROM posts") == [("Four",)]
    shown = library(slack)
    assert "Dock Notes" not in shown.plain
    assert "Yard" in shown.plain


def test_a_blog_stays_where_the_manager_thinks_better_of_it(
    slack: FakeSlack, bot: Bot, two_blogs: None
) -> None:
    press(slack, library(slack), "Remove")
    eventually(lambda: "Keep" in labels(slack.ephemerals(MIA)[-1]))
    press(slack, slack.ephemerals(MIA)[-1], "Keep")
    eventually(lambda: "Nothing was taken out." in slack.ephemerals(MIA)[-1].plain)
    assert rows(bot, "SELECT count(*) FROM posts") == [(4,)]


def test_what_was_taken_out_can_be_imported_again(
    slack: FakeSlack, bot: Bot, wake: Wake, two_blogs: None
) -> None:
    press(slack, library(slack), "Remove")
    eventually(lambda: "Keep" in labels(slack.ephemerals(MIA)[-1]))
    press(slack, slack.ephemerals(MIA)[-1], "Remove 3 posts")
    eventually(lambda: rows(bot, "SELECT count(*) FROM posts") == [(1,)])
    data = feed(["One", "Two", "Three"], "Dock Notes", "dock.example")
    slack.share(MIA, slack.dm(MIA), "again.xml", data)
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    press(slack, to(slack)[-1], "Import 3")
    wake()
    assert rows(bot, "SELECT count(*) FROM posts") == [(4,)]


def test_a_removal_that_was_acknowledged_is_done_by_the_next_process(
    slack: FakeSlack, served: Served, two_blogs: None
) -> None:
    press(slack, library(slack), "Remove")
    eventually(lambda: "Keep" in labels(slack.ephemerals(MIA)[-1]))
    press(slack, slack.ephemerals(MIA)[-1], "Remove 3 posts")
    served.restart()
    served.bot.scheduler.wake()
    eventually(lambda: rows(served.bot, "SELECT count(*) FROM posts") == [(1,)])


def test_who_is_no_manager_any_more_changes_nothing(
    slack: FakeSlack, bot: Bot, two_blogs: None
) -> None:
    """A button may be older than the setting, or be pressed by a request that somebody made up."""
    message = library(slack, "U1")
    key = next(iter(rows(bot, "SELECT 1")), None)
    assert key
    live = slack.world.message(message.channel, message.ts)
    assert live is not None
    live.blocks.append(
        {
            "type": "actions",
            "block_id": "old",
            "elements": [
                {"type": "button", "action_id": action, "value": "1",
                 "text": {"type": "plain_text", "text": action}}
                for action in (drawing.REMOVE, drawing.REMOVE_SURE, drawing.IMPORT, drawing.LEAVE,
                               drawing.FOLLOW, drawing.UNFOLLOW)
            ],
        }
    )  # fmt: skip
    for action in (drawing.REMOVE, drawing.REMOVE_SURE, drawing.IMPORT, drawing.LEAVE,
                   drawing.FOLLOW, drawing.UNFOLLOW):  # fmt: skip
        before = len(slack.ephemerals("U1"))
        slack.click("U1", message, action, "1", "old")
        eventually(lambda before=before: len(slack.ephemerals("U1")) > before)  # type: ignore[misc]
        assert "Only managers change the library." in slack.ephemerals("U1")[-1].plain
    assert slack.modal("U1") is None
    assert rows(bot, "SELECT count(*) FROM posts") == [(4,)]


def test_an_empty_library_says_how_to_fill_it(slack: FakeSlack, bot: Bot) -> None:
    shown = library(slack)
    assert "drop a file" in shown.plain
    assert labels(shown) == ["Follow a feed"]


def test_help_names_it(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "help")
    eventually(lambda: "/coach library" in slack.ephemerals("U1")[-1].plain)
