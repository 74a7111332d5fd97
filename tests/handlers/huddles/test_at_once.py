"""One call, one card: asked for twice at once, while Slack is slow, or after a crash in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.storage.moments import to_text
from handlers.app import Bot
from handlers.dispatch.ack_first import WORKERS
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.huddles import ask, card, form, huddle, kept, press, private, reads, save, told

Wake = Callable[[], None]
LONG = 30  # seconds; every story lets Slack go on before


def waiting(db: Path) -> int:
    with closing(sqlite3.connect(db)) as file:
        return int(
            file.execute("SELECT count(*) FROM inbox WHERE handled_at IS NULL").fetchone()[0]
        )


def held(slack: FakeSlack, method: str) -> None:
    """Wait until Slack has been asked, and holds the answer back."""
    eventually(lambda: not slack.faults.waiting(method))


def comes_along(bot: Bot, user_id: str) -> None:
    eventually(lambda: any(person.user_id == user_id for person in kept(bot).people))


@pytest.mark.parametrize("user", ["U1", "U4"])
def test_two_lines_for_one_call_at_once_make_one_card(
    slack: FakeSlack, bot: Bot, db: Path, user: str
) -> None:
    slack.add_user("U4", "lou", tz="America/New_York")
    slack.join("U4", "C1")
    bot.coach.people.greet(Rep("T1", "U4"))
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    ask(slack, "Acme 15:00")
    held(slack, "chat.postMessage")
    ask(slack, "acme 15:00 @kim", user)
    comes_along(bot, "U2")  # the second line is at work, and the first card is not there yet
    slack.release()
    private(slack, "has a huddle already", user)
    reads(slack, "Support @kim")
    eventually(lambda: not waiting(db))
    assert len(slack.messages("C1")) == 1


def test_a_line_and_a_form_for_one_call_at_once_make_one_card(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme @kim")
    form(slack)
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    ask(slack, "Acme 15:00")
    held(slack, "chat.postMessage")
    save(slack, starts=int(kept(bot).call.starts.timestamp()))
    slack.release()
    told(slack, "has a huddle already", "U1")
    assert len(slack.messages("C1")) == 1


def test_a_button_pressed_twice_posts_one_more_card(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "Acme 15:00")
    there = private(slack, "has a huddle already")
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    press(slack, there, "Post it again")
    held(slack, "chat.postMessage")
    press(slack, there, "Post it again")
    slack.release()
    eventually(lambda: len(slack.messages("C1")) == 2 and kept(bot).ts == card(slack).ts)
    bot.stop()
    old, new = slack.messages("C1")
    assert "is in #deals now" in old.plain and "0 of 7 ready" in new.plain


def test_a_line_behind_a_card_that_slack_did_not_confirm_finds_it(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.world.workspaces["T1"].scopes.add("channels:history")
    slack.fail("chat.postMessage", "reset_after_accept")
    ask(slack, "Acme 15:00")
    private(slack, "Slack did not answer")
    ask(slack, "Acme 15:00 @kim")
    private(slack, "has a huddle already, in #deals")
    reads(slack, "Support @kim")
    assert [message.ts for message in slack.messages("C1")] == [kept(bot).ts]


@pytest.mark.parametrize("readable", [True, False])
def test_a_card_that_may_still_land_is_not_posted_before_that_is_over(
    slack: FakeSlack, bot: Bot, clock: HandClock, readable: bool
) -> None:
    slack.world.workspaces["T1"].scopes |= {"channels:history"} if readable else set()
    slack.fail("chat.postMessage", "reset")
    ask(slack, "Acme 15:00")
    sorry = private(slack, "Slack did not answer")
    press(slack, sorry, "Try again")
    again = private(slack, "Look again in a minute")
    assert not slack.messages("C1")
    clock.forward(minutes=1)
    if not readable:  # whoever types a line may not have looked; whoever presses was asked to
        ask(slack, "Acme 15:00")
        again = private(slack, "If you don't see it, try again")
    press(slack, again, "Try again")
    reads(slack, "0 of 7 ready")
    private(slack, "The card for *Acme* is in #deals now")
    assert len(slack.messages("C1")) == 1


def test_somebody_elses_card_that_became_private_meanwhile_stays_theirs(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("conversations.info", "slow", seconds=LONG)
    ask(slack, "Acme now", channel="C2")
    held(slack, "conversations.info")
    ask(slack, "Acme now @mia", "U2", "C2")
    comes_along(bot, "U3")
    slack.release()
    private(slack, "@sam asked for *Acme* at that time too", "U2")
    assert kept(bot).channel_id == slack.dm("U1")


@pytest.mark.parametrize("sent", ["lines", "forms"])
def test_cards_that_slack_is_slow_to_take_hold_up_no_form_and_no_answer(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake, sent: str
) -> None:
    huddle(slack, "Initech 10:00 30m", "U2")
    clock.forward(minutes=40)
    wake()
    slack.fail("chat.postMessage", "slow", times=WORKERS, seconds=LONG)
    for n in range(WORKERS + 1):
        ask(slack, f"Acme{n} 15:00" if sent == "lines" else f"Acme{n}")
        if sent == "forms":
            save(slack, starts=int(clock.now().timestamp()) + 3600)
    held(slack, "chat.postMessage")
    ask(slack, "Globex")
    assert "Globex" in str(form(slack).screen.values("U1"))
    press(slack, told(slack, "How did *Initech* go?", "U2"), "It moved", "U2")
    form(slack, "U2", "Change the huddle")
    slack.command("U1", "C1", "/tip", "the customer wants to cancel")
    private(slack, "Our note on")
    press(slack, slack.messages("C1")[0], "Why")
    private(slack, "*Lead* runs the call")
    assert len(slack.messages("C1")) == 1
    slack.release()
    eventually(lambda: len(slack.messages("C1")) == 1 + WORKERS + 1)


def test_a_form_that_slack_hangs_over_is_given_up_long_before_a_card_is(
    slack: FakeSlack, bot: Bot
) -> None:
    """While it waits it holds one of the threads that listen for Slack."""
    message = huddle(slack, "Acme 15:00")
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    ask(slack, "Globex 16:00")
    held(slack, "chat.postMessage")
    slack.fail("views.open", "slow", seconds=LONG)
    press(slack, message, "Change")
    private(slack, "That took too long for a form. Try again.")
    assert not [m for m in slack.ephemerals("U1") if "Slack did not answer" in m.plain]
    slack.release()
    reads(slack, "Globex")


# Killed in between --------------------------------------------------------------------------


def in_hand(db: Path, count: int) -> list[tuple[str, str]]:
    """What was acked and is not done yet: so many lines and forms, by their ids."""
    eventually(lambda: waiting(db) == count)
    with closing(sqlite3.connect(db)) as file:
        return file.execute("SELECT payload, event_id FROM inbox WHERE payload NOT NULL").fetchall()


def unfinished(db: Path, acked: list[tuple[str, str]], begun: datetime | None) -> None:
    """As if the process had been killed with these acked, and the card given to Slack."""
    with closing(sqlite3.connect(db)) as file:
        file.execute("UPDATE huddles SET ts = NULL, channel_id = NULL")
        if begun:
            sending = "UPDATE outbox SET state = 'sending', said_ts = NULL, attempt_at = ?"
            file.execute(f"{sending} WHERE kind = 'card'", [to_text(begun)])
        else:
            file.execute("DELETE FROM outbox WHERE kind = 'card'")
        again = "UPDATE inbox SET handled_at = NULL, user_id = 'U1', payload = ? WHERE event_id = ?"
        file.executemany(again, acked)
        file.commit()


@pytest.mark.parametrize("sent", ["lines", "a form"])
@pytest.mark.parametrize(
    "killed", ["before it was posted", "after", "after, by a clock that is fast", "in that moment"]
)
def test_what_a_crash_left_behind_for_one_call_makes_one_card(
    slack: FakeSlack, bot: Bot, db: Path, clock: HandClock, wake: Wake, restart: Wake,
    killed: str, sent: str,
) -> None:  # fmt: skip
    slack.world.workspaces["T1"].scopes.add("channels:history")
    ask(slack, "Acme @kim")
    form(slack)
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    ask(slack, "Acme 15:00")
    held(slack, "chat.postMessage")
    if sent == "lines":
        ask(slack, "Acme 15:00 @kim")
    else:
        save(slack, starts=int(kept(bot).call.starts.timestamp()))
    comes_along(bot, "U2")
    acked = in_hand(db, 2)
    slack.release()
    reads(slack, "Support @kim")
    eventually(lambda: not waiting(db))
    begun = clock.now() + timedelta(minutes=8) * killed.endswith("fast")
    unfinished(db, acked, None if killed == "before it was posted" else begun)
    if not killed.startswith("after"):
        slack.world.channel_messages["C1"].clear()
    restart()
    wake()
    if killed == "in that moment":
        assert waiting(db) == 2 and not slack.messages("C1")
        clock.forward(minutes=1)
        wake()
    assert not waiting(db)
    assert ["Support @kim" in message.plain for message in slack.messages("C1")] == [True]


def test_a_line_typed_while_another_is_taken_up_again_makes_no_second_card(
    slack: FakeSlack, bot: Bot, db: Path, clock: HandClock, wake: Wake, restart: Wake
) -> None:
    slack.fail("chat.postMessage", "slow", seconds=LONG)
    ask(slack, "Acme 15:00")
    held(slack, "chat.postMessage")
    line = in_hand(db, 1)
    slack.release()
    reads(slack, "0 of 7 ready")
    eventually(lambda: not waiting(db))
    unfinished(db, line, clock.now())
    slack.world.channel_messages["C1"].clear()
    slack.world.workspaces["T1"].scopes.add("channels:history")
    restart()
    wake()
    ask(slack, "Acme 15:00")
    private(slack, "Look again in a minute")
    clock.forward(minutes=1)
    wake()
    eventually(lambda: not waiting(db))
    assert len(slack.messages("C1")) == 1
