"""A manager drops a file: looked at, asked about, imported or left; nobody else can."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.now import HandClock
from bot.imports.table import Offers
from handlers.app import Bot
from handlers.library._files import is_slacks
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.feeds import MIA, feed, labels, library, press, to, zipped

Wake = Callable[[], None]
NOTES = feed(["Ask about spring", "Silence after the price", "The second meeting"])


@pytest.fixture(autouse=True)
def may_read(slack: FakeSlack) -> None:
    slack.world.workspaces["T1"].scopes.add("files:read")


def drop(
    slack: FakeSlack, bot: Bot, wake: Wake, name: str = "notes.xml", data: bytes = NOTES,
    user: str = MIA, text: str = "", thread_ts: str | None = None,
) -> None:  # fmt: skip
    """Drop a file, and wait until the coach has seen to it."""
    done = slack.share(user, slack.dm(user), name, data, text, thread_ts)
    assert done.status == 200
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()


def imported(bot: Bot) -> list[str]:
    return [str(title) for (title,) in rows(bot, "SELECT title FROM posts ORDER BY slug")]


def test_a_dropped_file_is_looked_at_and_nothing_is_imported_before_the_button(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    drop(slack, bot, wake)
    (asked,) = to(slack)
    assert "*notes.xml* holds 3 posts of Our Field Notes, 3 new." in asked.plain
    assert "Ask about spring" in asked.plain
    assert labels(asked) == ["Import 3", "Leave"]
    assert imported(bot) == []


def test_the_button_imports_and_the_posts_are_quoted_from_then_on(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    drop(slack, bot, wake)
    press(slack, to(slack)[0], "Import 3")
    wake()
    assert "3 posts were added" in to(slack)[0].plain
    assert labels(to(slack)[0]) == []
    assert imported(bot) == ["Ask about spring", "Silence after the price", "The second meeting"]
    slack.command("U1", "C1", "/tip", "how to plan a warehouse dock pilot")
    eventually(lambda: "Plan the warehouse pilot" in slack.ephemerals("U1")[-1].plain)
    assert rows(bot, "SELECT count(*) FROM offers WHERE content IS NOT NULL") == [(0,)]


def test_the_same_file_again_brings_nothing_new(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    drop(slack, bot, wake)
    press(slack, to(slack)[0], "Import 3")
    wake()
    drop(slack, bot, wake)
    assert "All of it is in the library already." in to(slack)[-1].plain
    assert labels(to(slack)[-1]) == []


def test_what_is_left_is_forgotten(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    drop(slack, bot, wake)
    asked = to(slack)[0]
    press(slack, asked, "Leave")
    eventually(lambda: "nothing was imported" in to(slack)[0].plain)
    press_old = slack.button(asked, "Import 3")
    slack.click(MIA, asked, press_old[1], press_old[2], press_old[0])
    eventually(
        lambda: slack.ephemerals(MIA) and "You left these" in slack.ephemerals(MIA)[-1].plain
    )
    wake()
    assert imported(bot) == []
    assert rows(bot, "SELECT content FROM offers") == [(None,)]


def test_what_nobody_decided_about_is_gone_after_a_day(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    drop(slack, bot, wake)
    clock.forward(hours=23)
    wake()
    assert rows(bot, "SELECT count(*) FROM offers WHERE content IS NOT NULL") == [(1,)]
    clock.forward(hours=2)
    wake()
    eventually(lambda: rows(bot, "SELECT content FROM offers") == [(None,)])
    press(slack, to(slack)[0], "Import 3")
    eventually(lambda: "it is gone" in slack.ephemerals(MIA)[-1].plain)


def test_a_zip_file_with_several_things_says_what_was_not_read(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    data = zipped(feed__xml=NOTES, broken__xml=b"<rss><channel><item>")
    drop(slack, bot, wake, "blog.zip", data)
    told = to(slack)[0].plain
    assert "*blog.zip* holds 3 posts" in told
    assert "Not read: broken.xml" in told


def test_drafts_stay_out_and_are_counted_and_nothing_of_them_is_kept(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    draft = b"---\ntitle: Not yet\ndraft: true\n---\nA thought that nobody may read.\n"
    done = b"---\ntitle: Out\ndate: 2026-06-01\n---\nA thought for everybody who sells.\n"
    drop(slack, bot, wake, "site.zip", zipped(draft__md=draft, done__md=done))
    told = to(slack)[0].plain
    assert "1 post" in told
    assert "Left out, as they are no published posts: 1 draft." in told
    kept = Offers(bot.coach.store.read).posts(1)
    assert kept is not None
    assert [post.title for post in kept] == ["Out"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("deck.pdf", b"%PDF-1.7 ...", "PDF"),
        ("empty.xml", b"", "empty"),
        ("notes.xml", NOTES[: len(NOTES) // 2], "cut off"),
        ("image.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "image.png"),
        ("nothing.zip", zipped(), "nothing"),
    ],
)
def test_what_holds_no_posts_gets_a_sentence_and_no_button(
    slack: FakeSlack, bot: Bot, wake: Wake, name: str, data: bytes, words: str
) -> None:
    drop(slack, bot, wake, name, data)
    (told,) = to(slack)
    assert words in told.plain
    assert name in told.plain
    assert labels(told) == []


def test_a_zip_file_that_grows_too_large_is_not_unpacked(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    drop(slack, bot, wake, "big.zip", zipped(a__txt=bytes(201_000_000)))
    assert "larger than 200 MB" in to(slack)[0].plain


def test_who_is_no_manager_is_told_so_in_one_sentence_and_their_words_are_heard(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    drop(slack, bot, wake, user="U1")
    assert [m.plain for m in to(slack, "U1")] == [
        "Only managers add posts to the library, so I did not look at that file."
    ]
    drop(slack, bot, wake, user="U1", text="they went quiet after the proposal")
    eventually(lambda: len(to(slack, "U1")) > 2)
    assert rows(bot, "SELECT count(*) FROM offers") == [(0,)]


def test_without_the_scope_the_manager_is_told_which_one(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.world.workspaces["T1"].scopes.discard("files:read")
    drop(slack, bot, wake)
    (told,) = to(slack)
    assert "files:read" in told.plain
    assert rows(bot, "SELECT count(*) FROM offers") == [(0,)]


def test_a_scope_that_was_taken_away_meanwhile_is_said_as_well(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.fail("files.info", "missing_scope", needed="files:read", provided="chat:write")
    drop(slack, bot, wake)
    assert "files:read" in to(slack)[0].plain


def test_a_file_that_slack_does_not_hand_out_is_said_to_be_so(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.fail("files-pri", "500")
    drop(slack, bot, wake)
    assert "Slack did not hand me the file." in to(slack)[0].plain
    slack.fail("files.info", "file_not_found")
    drop(slack, bot, wake)
    assert "deleted" in to(slack)[1].plain


def test_a_file_in_a_thread_is_answered_in_that_thread(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.say(MIA, slack.dm(MIA), "hello")
    thread = slack.messages(slack.dm(MIA))[0].ts
    eventually(lambda: not bot.coach.inbox.waiting())
    drop(slack, bot, wake, thread_ts=thread)
    assert "3 new" in to(slack)[-1].plain
    assert to(slack)[-1].thread_ts == thread
    press(slack, to(slack)[-1], "Import 3")
    wake()
    assert "3 posts were added" in to(slack)[-1].plain


@pytest.mark.parametrize(
    "change", [{"mode": "tombstone"}, {"mode": "external", "is_external": True}]
)
def test_a_file_that_slack_does_not_hold_gets_a_sentence(
    slack: FakeSlack, bot: Bot, wake: Wake, change: dict[str, object]
) -> None:
    slack.share(MIA, slack.dm(MIA), "notes.xml", NOTES)
    next(iter(slack.world.files.values())).update(change)
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    assert labels(to(slack)[0]) == []
    assert len(to(slack)[0].plain) > 30


def test_a_file_that_is_too_large_is_not_fetched(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    slack.share(MIA, slack.dm(MIA), "notes.xml", NOTES)
    next(iter(slack.world.files.values()))["size"] = 26_000_000
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    assert "larger than 25 MB" in to(slack)[0].plain
    assert not [each for each in slack.log if each.name == "files-pri"]


def test_the_log_of_slack_shows_no_token_and_the_file_is_asked_for_once(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    drop(slack, bot, wake)
    asked = [each for each in slack.log if each.name == "files-pri"]
    assert [(each.status, each.response) for each in asked] == [(200, {"bytes": len(NOTES)})]
    assert "xoxb" not in repr(slack.log)


def test_a_message_that_comes_twice_is_looked_at_once(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    done = slack.share(MIA, slack.dm(MIA), "notes.xml", NOTES)
    slack.replay(done)
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    slack.replay(done)
    wake()
    assert len(to(slack)) == 1


def test_a_press_that_comes_twice_imports_once(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    drop(slack, bot, wake)
    message = to(slack)[0]
    block_id, action_id, value = slack.button(message, "Import 3")
    slack.click(MIA, message, action_id, value, block_id)
    slack.click(MIA, message, action_id, value, block_id)
    wake()
    eventually(lambda: "being imported" in slack.ephemerals(MIA)[-1].plain)
    assert len(imported(bot)) == 3


def test_an_import_that_was_promised_is_done_by_the_next_process(
    slack: FakeSlack, served: Callable[[], None], bot: Bot, wake: Wake, restart: Wake
) -> None:
    drop(slack, bot, wake)
    press(slack, to(slack)[0], "Import 3")
    restart()
    wake()
    assert "3 posts were added" in to(slack)[0].plain


def test_a_file_at_which_a_process_ended_is_not_looked_at_by_the_next_one(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.share(MIA, slack.dm(MIA), "notes.xml", NOTES)
    offer = eventually(lambda: bot.coach.imports.next("received"))
    assert bot.coach.imports.begin(offer) is None, "and then the process was killed"
    clock.forward(minutes=2)
    wake()
    assert "I was interrupted" in to(slack)[0].plain
    drop(slack, bot, wake)
    assert "3 new" in to(slack)[1].plain


def test_a_message_that_slack_refused_is_said_later_and_once(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "ratelimited")
    drop(slack, bot, wake)
    assert to(slack) == []
    clock.forward(minutes=2)
    wake()
    wake()
    assert len(to(slack)) == 1


def test_a_message_of_which_nobody_knows_whether_it_arrived_is_not_repeated(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "reset_after_accept")
    drop(slack, bot, wake)
    clock.forward(minutes=2)
    wake()
    assert len(to(slack)) == 1


def test_names_and_titles_are_shown_as_they_are_and_call_nobody(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    wild = feed(["<!channel> & <https://x.example|y>"], blog="<!here> *Notes*")
    drop(slack, bot, wake, "<!everyone>.xml", wild)
    (told,) = to(slack)
    raw = repr(told.blocks) + told.text
    assert "<!" not in raw
    assert "<https" not in raw
    press(slack, told, "Import 1")
    wake()
    shown = library(slack)
    assert "<!here> *Notes*" in shown.plain
    drawn = [b["text"]["text"] for b in shown.blocks if b["type"] == "section"]
    assert not [text for text in drawn if "<!" in text]


def test_others_are_answered_while_a_large_file_is_imported(
    slack: FakeSlack, bot: Bot, wake: Wake, in_time: None
) -> None:
    drop(slack, bot, wake, "big.xml", feed([f"Post number {n}" for n in range(28)] * 40))
    press(slack, to(slack)[0], next(each for each in labels(to(slack)[0]) if "Import" in each))
    at_work = threading.Thread(target=wake)
    at_work.start()
    try:
        for n in range(3):
            assert slack.command("U1", "C1", "/tip", f"they want a discount {n}").status == 200
        eventually(lambda: len(slack.ephemerals("U1")) == 3)
    finally:
        at_work.join()


def test_who_is_forgotten_leaves_no_file_behind(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    drop(slack, bot, wake)
    slack.command(MIA, "C1", "/coach", "forget me")
    eventually(lambda: labels(slack.ephemerals(MIA)[-1]) == ["Forget me", "Keep it"])
    press(slack, slack.ephemerals(MIA)[-1], "Forget me")
    eventually(lambda: rows(bot, "SELECT count(*) FROM offers") == [(0,)])


# The token ----------------------------------------------------------------------------------

API = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.xml", API),
        ("https://acme.slack.com/files-pri/T1-F1/a.xml", API),
        ("https://files.slack-gov.com/files-pri/T1-F1/a.xml", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:4000/files-pri/T1-F1/a.xml", "http://127.0.0.1:4000/api/"),
    ],
)
def test_the_token_goes_to_slacks_own_hosts(url: str, api: str) -> None:
    assert is_slacks(url, api)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.evil.example/a", "https://evilslack.com/a", "https://slack.com@e.x/",
        "http://files.slack.com/a", "https://files.slack.com:8443/a", "https://x.example/slack.com",
        "https://e.x\\.slack.com/a", "//files.slack.com/a", "", "https://docs.google.com/d/1",
        "https://slack.com\n", "https://[::1/a", "https://user:pass@files.slack.com/a",
    ],
)  # fmt: skip
def test_the_token_goes_nowhere_else(url: str) -> None:
    assert not is_slacks(url, API)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_an_address_is_made_of_its_host_ends_in_slacks(before: str, after: str) -> None:
    url = f"https://{before}slack.com{after}"
    if is_slacks(url, API):
        host = url.removeprefix("https://").partition("/")[0].partition("?")[0].partition("#")[0]
        assert host.lower() == "slack.com" or host.lower().endswith(".slack.com")


def test_a_file_elsewhere_is_not_asked_for(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    slack.share(MIA, slack.dm(MIA), "notes.xml", NOTES)
    (kept,) = slack.world.files.values()
    kept["url_private_download"] = "https://drive.example/notes.xml"
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    assert "outside Slack" in to(slack)[0].plain


def test_a_page_to_log_in_is_not_taken_for_the_file(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    slack.share(MIA, slack.dm(MIA), "page.html", b"<html><body><p>Our text</p></body></html>")
    (kept,) = slack.world.files.values()
    kept["content"] = b"<!doctype html><title>Sign in</title><p>Log in to see this file.</p>"
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    assert "Slack did not hand me the file." in to(slack)[0].plain


def test_what_came_in_before_and_would_stay_out_today_is_named(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    page = "---\ntitle: Margin\ndate: 2026-06-01\n{}---\nWe never go below eleven per cent.\n"
    drop(slack, bot, wake, "margin.md", page.format("").encode())
    press(slack, to(slack)[0], "Import 1")
    wake()
    drop(slack, bot, wake, "again.md", page.format("private: true\n").encode())
    told = to(slack)[-1]
    assert "In the library, and would stay out today: _Margin_" in told.plain
    assert "1 private post" in told.plain
    assert labels(told) == []
