"""A rep who is away is left alone until they are back, and then gets one message and not five."""

from __future__ import annotations

from datetime import timedelta

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.nudges import SAM, Wake, at_ten, dms, new_york, plan

__all__ = ["at_ten"]  # fixtures
AWAY = "SELECT away_until FROM reps WHERE user_id = 'U1'"
SOON = timedelta(minutes=-10)


def away(slack: FakeSlack, bot: Bot, until: object = None, words: str = "Vacationing") -> None:
    slack.subscriptions.add("user_change")
    slack.set_status("U1", words, ":palm_tree:" if words else "", until)  # type: ignore[arg-type]
    eventually(lambda: not bot.coach.inbox.waiting())


def known(slack: FakeSlack) -> None:
    """The coach has met them, and so keeps what Slack tells of them."""
    slack.command("U1", "C1", "/coach", "status")
    eventually(lambda: slack.ephemerals("U1"))


def test_nothing_comes_until_they_are_back_and_then_one_message(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    known(slack)
    away(slack, bot, new_york(24, 9))
    for account in ("Acme", "Globex", "Initech"):
        plan(bot, account, SOON)
    for _ in range(9):
        wake()
        at_ten.forward(hours=1)
    assert not dms(slack)
    at_ten.set(new_york(24, 9, 1))
    wake()
    (message,) = dms(slack)
    assert all(name in message.plain for name in ("Acme", "Globex", "Initech"))


def test_who_is_back_earlier_is_asked_then(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    known(slack)
    away(slack, bot, new_york(27, 9))
    plan(bot, "Acme", SOON)
    wake()
    assert not dms(slack)
    away(slack, bot, words="")
    assert rows(bot, AWAY) == [(None,)]
    wake()
    assert len(dms(slack)) == 1


def test_a_status_without_an_end_or_of_somebody_at_work_holds_nothing_back(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    known(slack)
    away(slack, bot)
    assert rows(bot, AWAY) == [(None,)]
    slack.set_status("U1", "In a meeting", ":spiral_calendar_pad:", new_york(23, 18))
    eventually(lambda: not bot.coach.inbox.waiting())
    plan(bot, "Acme", SOON)
    wake()
    assert len(dms(slack)) == 1


def test_the_status_is_read_when_a_profile_is_asked_for(
    bot: Bot, slack: FakeSlack, at_ten: HandClock
) -> None:
    slack.world.users["U1"].status = ("On leave", "", int(new_york(30, 9).timestamp()))
    known(slack)
    assert rows(bot, AWAY) == [("2026-11-30T14:00:00.000Z",)]
    assert bot.coach.records and SAM.user_id == "U1"
