"""A nudge is said once, whatever Slack does in the meantime."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Replies
from bot.outbox.message import Recipient
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually
from tests.support.huddles import card, huddle, tick, ticks
from tests.support.nudges import Wake, at_ten, dms, nudges, plan, press, status

__all__ = ["at_ten"]  # a fixture

SETTLED = timedelta(seconds=41)  # the HTTP timeout, thirty seconds, and one
DUE = timedelta(minutes=-10)


@pytest.mark.parametrize("fault", ["reset", "500", "internal_error", "fatal_error"])
def test_a_post_that_may_have_failed_is_looked_up_and_then_said(
    fault: str, bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", fault)
    wake()
    assert [n.state for n in nudges(bot, call)] == ["sending"]
    at_ten.forward(seconds=39)
    wake()
    assert not dms(slack), "nothing is said while the first request may still land"
    at_ten.forward(seconds=2)
    wake()
    at_ten.forward(seconds=1)
    wake()
    assert len(dms(slack)) == 1


@pytest.mark.parametrize("fault", ["reset_after_accept", "late"])
def test_a_post_that_arrived_although_the_answer_was_lost_is_not_repeated(
    fault: str, bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", fault)
    wake()
    assert nudges(bot, call)[0].state == "sending"
    at_ten.forward(seconds=41)
    for _ in range(3):
        wake()
        at_ten.forward(seconds=1)
    assert len(dms(slack)) == 1
    first = nudges(bot, call)[0]
    assert first.state == "sent" and first.said == (slack.dm("U1"), dms(slack)[0].ts)


def test_an_answer_to_a_nudge_of_which_the_coach_knows_nothing_yet_is_kept(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    bot.coach.people.greet(Rep("T1", "U1"))
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "reset_after_accept")
    wake()
    at_ten.forward(seconds=20)
    slack.say("U1", slack.dm("U1"), "They want the trial")
    wake()
    assert len(dms(slack)) == 2, "the question and its answer: nobody is told that it is none"
    at_ten.forward(seconds=21)
    wake()
    wake()
    said = Replies(bot.coach.store.read).of_call(Rep("T1", "U1"), call.id)
    assert [reply.said for reply in said] == ["They want the trial"]
    assert dms(slack)[-1].plain.startswith("Kept, under *Acme*")


def test_a_snooze_before_the_coach_knows_that_its_question_arrived_is_kept(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "reset_after_accept")
    wake()
    at_ten.forward(seconds=20)
    press(slack, "Snooze 1 h")
    at_ten.forward(seconds=21)
    wake()
    at_ten.forward(minutes=59)
    wake()
    assert len(dms(slack)) == 1
    at_ten.forward(minutes=1)
    wake()
    assert len(dms(slack)) == 2


def test_what_stands_there_twice_is_taken_back_once(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "reset_after_accept")
    wake()
    said = dms(slack)[0]
    bot.messenger.client.web.chat_postMessage(
        channel=said.channel, text=said.text, blocks=said.blocks, metadata=said.metadata
    )
    at_ten.forward(seconds=41)
    wake()
    assert len(dms(slack)) == 1


def test_slack_says_wait_and_the_nudge_waits(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "429", retry_after=30)
    wake()
    assert nudges(bot, call)[0].state == "pending"
    at_ten.forward(seconds=29)
    wake()
    assert not dms(slack)
    at_ten.forward(seconds=1)
    wake()
    assert len(dms(slack)) == 1


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
def test_a_token_that_an_admin_has_to_mend_costs_no_nudge(
    method: str, bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.fail(method, "invalid_auth", times=3)
    for _ in range(3):
        wake()
        assert nudges(bot, call)[0].state == "pending"
        at_ten.forward(minutes=5)
    wake()
    assert len(dms(slack)) == 1


def test_a_clock_that_is_minutes_ahead_of_slacks_brings_nothing_twice(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    slack.world.clock = HandClock(at_ten.now() - timedelta(minutes=10))
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "reset_after_accept")
    wake()
    at_ten.forward(seconds=41)
    for _ in range(3):
        wake()
        at_ten.forward(seconds=1)
    assert nudges(bot, call)[0].state == "sent" and len(dms(slack)) == 1


def test_a_message_that_may_have_come_counts_as_one_of_the_three_of_a_day(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    for name in ("Acme", "Globex", "Initech"):
        plan(bot, name, DUE)
        slack.fail("chat.postMessage", "reset_after_accept")
        wake()
        at_ten.forward(seconds=2)
    plan(bot, "Hooli", DUE)
    for _ in range(3):
        wake()
        at_ten.forward(seconds=1)
    assert len(dms(slack)) == 3


@pytest.mark.parametrize("granted", [True, False])
def test_where_the_history_may_not_be_read_it_is_not_said_again_before_it_may(
    granted: bool, bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call, scopes = plan(bot, "Acme", DUE), slack.world.workspaces["T1"].scopes
    scopes.discard("im:history")
    slack.fail("chat.postMessage", "reset")
    wake()
    for _ in range(3):
        at_ten.forward(minutes=5)
        wake()
    assert nudges(bot, call)[0].state == "sending" and not dms(slack)
    assert "I can't tell whether the question how a call went reached you" in status(slack)
    scopes |= {"im:history"} if granted else set()
    at_ten.forward(**({"minutes": 5} if granted else {"days": 5}))
    wake()
    wake()
    assert nudges(bot, call)[0].state == ("sent" if granted else "unknown")
    assert len(dms(slack)) == granted


def test_a_call_cancelled_while_a_post_was_uncertain_is_not_asked_about(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.fail("chat.postMessage", "reset")
    wake()
    bot.coach.store.write(lambda db: FollowUps(db).drop(call, "cancelled"))
    at_ten.forward(seconds=41)
    wake()
    at_ten.forward(seconds=1)
    wake()
    assert not dms(slack)
    assert nudges(bot, call)[0].state == "skipped"


def test_a_slack_that_hangs_for_one_rep_keeps_nobody_waiting(
    bot: Bot, slack: FakeSlack, at_ten: HandClock
) -> None:
    ann = slack.add_user("U9", "ann", tz="America/New_York")
    plan(bot, "Acme", DUE - timedelta(minutes=1))
    plan(bot, "Globex", DUE, rep=Rep("T1", ann))
    slack.fail("conversations.open", "hang", seconds=8)  # what comes first, which is for sam
    bot.scheduler.wake()
    eventually(lambda: dms(slack, ann) or dms(slack))
    assert len(dms(slack, ann)) + len(dms(slack)) == 1
    slack.release()


@pytest.fixture
def hasty(settings: Settings, slack: FakeSlack, at_ten: HandClock) -> Iterator[Served]:
    """A coach whose timer gives no job more than a moment before the next."""
    served = Served(settings, slack, at_ten, moment_s=0.05)
    for user in ("U1", "U2"):
        served.bot.coach.people.greet(Rep("T1", user))
    yield served
    slack.release()
    served.stop()


def test_a_card_that_slack_is_slow_to_draw_holds_up_no_nudge(
    hasty: Served, slack: FakeSlack, at_ten: HandClock
) -> None:
    slack.fail("chat.update", "500")
    tick(slack, huddle(slack, "Acme 15:00"), ticks(hasty.bot)[0])
    eventually(lambda: any(e.name == "chat.update" for e in slack.log))
    plan(hasty.bot, "Globex", DUE + timedelta(hours=2))
    due = at_ten.now() + timedelta(hours=2)
    slack.fail("chat.update", "slow", seconds=8)

    def drawn_again() -> bool:
        """A minute after it failed, whenever that was noted."""
        at_ten.forward(seconds=10)
        hasty.bot.scheduler.wake()
        return not slack.faults.waiting("chat.update")

    eventually(drawn_again, 500)
    at_ten.set(due)
    hasty.bot.scheduler.wake()
    eventually(lambda: "Globex" in dms(slack)[-1].plain)
    assert "0 of 7 ready" in card(slack).plain


def test_a_message_that_slack_is_slow_to_answer_holds_up_no_nudge(
    hasty: Served, slack: FakeSlack, at_ten: HandClock
) -> None:
    plan(hasty.bot, "Globex", DUE + timedelta(seconds=1), rep=Rep("T1", "U2"))
    hasty.bot.inbox_worker.begin_nothing()
    slack.say("U1", slack.dm("U1"), "thanks")
    hasty.restart()
    slack.fail("chat.postMessage", "slow", seconds=8)
    held_up_by("chat.postMessage", hasty, slack)
    at_ten.forward(seconds=1)
    hasty.bot.scheduler.wake()
    eventually(lambda: dms(slack, "U2"))
    assert [m.plain for m in dms(slack)] == ["thanks"]


def held_up_by(method: str, served: Served, slack: FakeSlack) -> None:
    """Wake until a job waits for Slack's answer: what it is to do may be noted only now."""

    def held_up() -> bool:
        served.bot.scheduler.wake()
        return not slack.faults.waiting(method)

    eventually(held_up)


def test_every_rep_is_told_and_a_workspace_is_never_flooded(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    people = [slack.add_user(f"U1{n:02}", f"rep {n}", tz="America/New_York") for n in range(30)]
    for person in people:
        plan(bot, "Acme", DUE, rep=Rep("T1", person))
    said: list[int] = []
    for _ in range(20):
        wake()
        said.append(sum(len(dms(slack, person)) for person in people))
        at_ten.forward(seconds=1)
    assert said[-1] == 30
    assert max(b - a for a, b in zip([0, *said], said, strict=False)) <= 10


def backup(served: Served, path: Path) -> None:
    with (
        closing(sqlite3.connect(served.coach.settings.db)) as live,
        closing(sqlite3.connect(path)) as copy,
    ):
        live.backup(copy)


def restore(served: Served, path: Path) -> None:
    served.stop()
    for before in (".db", ".db-wal", ".db-shm"):  # another file in its place, not other bytes in it
        served.coach.settings.db.with_suffix(before).unlink(missing_ok=True)
    shutil.copy(path, served.coach.settings.db)
    served.start()


def test_an_old_backup_says_nothing_twice_and_forgets_nothing(
    served: Served, slack: FakeSlack, at_ten: HandClock, wake: Wake, tmp_path: Path
) -> None:
    bot = served.bot
    slack.world.workspaces["T1"].scopes.add("channels:history")
    slack.command("U3", "C1", "/coach", "daily 10:05 weekdays America/New_York")
    plan(bot, "Acme", timedelta(minutes=10))
    plan(bot, "Globex", timedelta(hours=3))
    wait_for_plan(served)
    backup(served, tmp_path / "old.db")
    at_ten.forward(hours=1)
    wake()
    assert len(dms(slack)) == 1 and len(slack.messages("C1")) == 1
    restore(served, tmp_path / "old.db")
    for _ in range(4):
        wake()
        at_ten.forward(seconds=1)
    assert len(dms(slack)) == 1, "what the lost file said is found in the conversation"
    assert len(slack.messages("C1")) == 1
    at_ten.forward(hours=3)
    wake()
    assert dms(slack)[-1].text == "How did Globex go? Did it bring you further?"


def wait_for_plan(served: Served) -> None:
    eventually(lambda: served.bot.coach.daily.of(Recipient("T1", "C1")))


def test_what_came_due_while_the_coach_was_down_is_said_after_a_look(
    served: Served, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(served.bot, "Acme", timedelta(minutes=5))
    served.stop()
    at_ten.forward(hours=2)
    served.start()
    for _ in range(3):
        wake()
        at_ten.forward(seconds=1)
    assert [m.text for m in dms(slack)] == ["How did Acme go? Did it bring you further?"]


def test_a_nudge_that_was_held_when_the_backup_was_made_is_not_said_again(
    served: Served, slack: FakeSlack, at_ten: HandClock, wake: Wake, tmp_path: Path
) -> None:
    plan(served.bot, "Acme", DUE)
    plan(served.bot, "Globex", timedelta(minutes=30))  # goes on now: so Acme has to wait
    wake()
    backup(served, tmp_path / "old.db")
    at_ten.forward(minutes=45)
    wake()
    assert len(dms(slack)) == 1
    restore(served, tmp_path / "old.db")
    for _ in range(4):
        wake()
        at_ten.forward(seconds=1)
    assert len(dms(slack)) == 1
