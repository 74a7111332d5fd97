"""The coach is taken out of a workspace, and put back in time or too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.nudges import dms, plan

Wake = Callable[[], None]
DUE = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_ten(slack: FakeSlack, clock: HandClock) -> HandClock:
    """Monday 10:00 in New York; Slack tells of what becomes of the app."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    slack.subscriptions |= {"app_uninstalled", "tokens_revoked"}
    return clock


def calls_of(slack: FakeSlack) -> int:
    """How often Slack was asked for anything, but for whose token it is."""
    asked = [e for e in slack.log if e.name not in ("auth.test", "events_api")]
    return len(asked)


def gone(bot: Bot) -> list[tuple[str]]:
    return rows(bot, "SELECT workspace_id FROM gone_workspaces WHERE gone_at IS NOT NULL")


def test_nothing_is_tried_once_the_app_is_uninstalled_and_what_is_due_waits(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    plan(bot, "Acme", DUE)
    slack.revoke()
    eventually(lambda: gone(bot) == [("T1",)])
    bot.inbox_worker.drain()
    before = calls_of(slack)
    clock.forward(hours=1, minutes=20)
    for _ in range(3):
        wake()
    assert calls_of(slack) == before
    assert rows(bot, "SELECT state, attempts FROM outbox") == [("pending", 0)]


def test_put_back_in_time_it_finds_everything_and_says_what_is_still_of_use(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    plan(bot, "Globex", DUE)  # a question is of use for five days
    slack.revoke()
    eventually(lambda: gone(bot) == [("T1",)])
    clock.forward(days=7)
    plan(bot, "Acme", -timedelta(hours=1))
    wake()
    slack.install_again()
    slack.command("U2", "C1", "/coach", "help")
    eventually(lambda: gone(bot) == [])
    wake()
    assert [m for m in dms(slack) if "Acme" in m.plain]
    assert not [m for m in dms(slack) if "Globex" in m.plain]
    skipped = rows(bot, "SELECT why FROM outbox WHERE state = 'skipped'")
    assert ("it was too late",) in skipped


def test_news_that_comes_late_of_an_app_that_is_installed_again_changes_nothing(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.subscriptions.discard("tokens_revoked")  # so that it is asked once
    slack.fail("auth.test", "500")
    slack.revoke()
    eventually(lambda: not slack.faults.waiting("auth.test"))
    slack.install_again()
    bot.inbox_worker.drain()
    eventually(lambda: not rows(bot, "SELECT 1 FROM inbox WHERE handled_at IS NULL"))
    assert gone(bot) == []


def test_a_persons_token_that_was_taken_back_is_no_business_of_the_coachs(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    slack.revoke_user_token("U1")
    bot.inbox_worker.drain()
    eventually(lambda: not rows(bot, "SELECT 1 FROM inbox WHERE handled_at IS NULL"))
    assert gone(bot) == [] and "auth.test" not in [each.name for each in slack.log]


def test_while_slack_cant_be_asked_the_news_waits(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    slack.fail("auth.test", "500", times=2)
    slack.revoke()
    bot.inbox_worker.drain()
    eventually(lambda: not slack.faults.waiting("auth.test"))
    bot.inbox_worker.drain()
    eventually(lambda: gone(bot) == [("T1",)])


def test_after_thirty_days_all_of_it_is_deleted_and_off_the_disk(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.command("U1", "C1", "/huddle", "Umbrella-Insurance discovery 16:00")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL"))
    slack.revoke()
    eventually(lambda: gone(bot) == [("T1",)])
    clock.forward(days=29)
    wake()
    assert b"Umbrella-Insurance" in bytes_on_disk(bot)
    clock.forward(days=1)
    wake()
    assert b"Umbrella-Insurance" not in bytes_on_disk(bot)
    assert set(bot.coach.erasing.counts("T1")) == {"audit"}
    assert rows(bot, "SELECT who, what FROM audit") == [("the machine", "erase")]
    assert rows(bot, "SELECT count(*) FROM gone_workspaces") == [(0,)]


def bytes_on_disk(bot: Bot) -> bytes:
    path = bot.coach.store.path
    return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*") if p.is_file())
