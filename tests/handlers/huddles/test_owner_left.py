"""A rep's account is deactivated: nobody asks them any more, and their calls find another owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.people.rep import Rep
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows

Wake = Callable[[], None]
TAKE = "Take it over"


@pytest.fixture(autouse=True)
def at_ten(slack: FakeSlack, clock: HandClock) -> HandClock:
    """Monday 10:00 in New York; Slack tells of people."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    slack.subscriptions.add("user_change")
    return clock


def huddle(slack: FakeSlack, bot: Bot, line: str, channel: str = "C1") -> None:
    slack.command("U1", channel, "/huddle", line)
    eventually(lambda: rows(bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL AND drawn = version"))


def leaves(slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock) -> None:
    slack.deactivate("U1")
    eventually(lambda: rows(bot, "SELECT 1 FROM reps WHERE left_at IS NOT NULL"))
    clock.forward(seconds=5)  # one message a second in each conversation
    wake()


def asked_to_take(slack: FakeSlack, wake: Wake, clock: HandClock, user: str) -> None:
    """What was said there a moment before may put it off by a second."""

    def look() -> bool:
        clock.forward(seconds=1)
        wake()
        return TAKE in slack.said_to(user)

    eventually(look, 300)


def take(slack: FakeSlack, where: str, user: str) -> None:
    target = next(m for m in reversed(slack.messages(where)) if TAKE in m.plain)
    block_id, action_id, value = slack.button(target, TAKE)
    assert slack.click(user, target, action_id, value, block_id).error is None


def test_the_card_says_so_and_a_colleague_on_it_is_told_once(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    huddle(slack, bot, "Acme discovery 16:00 @kim @mia")
    leaves(slack, bot, wake, clock)
    eventually(lambda: "no longer in this workspace" in slack.messages("C1")[0].plain)
    told = [len([m for m in slack.messages(slack.dm(u)) if TAKE in m.plain]) for u in ("U2", "U3")]
    assert sorted(told) == [0, 1]
    wake()
    assert len(rows(bot, "SELECT 1 FROM outbox WHERE kind = 'owner_wanted'")) == 1


def test_nobody_asks_them_how_it_went_and_whoever_took_it_is_asked(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    huddle(slack, bot, "Acme discovery 10:30")
    huddle(slack, bot, "Globex discovery 10:30")
    eventually(lambda: len(slack.messages("C1")) == 2)
    leaves(slack, bot, wake, clock)
    eventually(lambda: TAKE in slack.messages("C1")[0].plain)
    slack.command("U2", "C1", "/coach", "help")  # kim is known, in Berlin, at work until 19:00
    acme = next(m for m in slack.messages("C1") if "Acme" in m.plain)
    block_id, action_id, value = slack.button(acme, TAKE)
    for _ in range(2):
        slack.click("U2", acme, action_id, value, block_id)
    eventually(lambda: "is yours now" in "".join(m.plain for m in slack.ephemerals("U2")))
    eventually(lambda: TAKE not in slack.messages("C1")[0].plain)
    assert rows(bot, "SELECT owner_id FROM calls ORDER BY id") == [("U2",), ("U1",)]
    assert len(rows(bot, "SELECT 1 FROM changes WHERE what = 'owner'")) == 1
    before = len(slack.messages(slack.dm("U1")))
    clock.forward(hours=2)
    wake()
    eventually(lambda: "Acme" in slack.said_to("U2"))
    assert len(slack.messages(slack.dm("U1"))) == before
    why = rows(bot, "SELECT why FROM outbox WHERE kind = 'debrief' AND state = 'skipped'")
    assert why == [("they are no longer in this workspace",)]


def test_a_call_whose_owner_is_here_is_not_taken_from_them(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    huddle(slack, bot, "Acme discovery 16:00")
    leaves(slack, bot, wake, clock)
    eventually(lambda: TAKE in slack.messages("C1")[0].plain)
    old = slack.messages("C1")[0]
    block_id, action_id, value = slack.button(old, TAKE)
    bot.coach.people.left(Rep("T1", "U1"), is_gone=False)
    wake()
    eventually(lambda: TAKE not in slack.messages("C1")[0].plain)
    slack.click("U2", old, action_id, value, block_id)
    eventually(lambda: "has this call" in slack.ephemerals("U2")[-1].plain)
    assert rows(bot, "SELECT owner_id FROM calls") == [("U1",)]


def test_a_card_that_only_they_read_comes_to_whoever_takes_it(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    huddle(slack, bot, "Acme discovery 16:00 @kim", slack.dm("U1"))
    leaves(slack, bot, wake, clock)
    asked_to_take(slack, wake, clock, "U2")
    take(slack, slack.dm("U2"), "U2")
    place = slack.dm("U2")
    eventually(lambda: rows(bot, "SELECT channel_id FROM huddles") == [(place,)])
    assert rows(bot, "SELECT user_id, part FROM huddle_people") == [("U2", "lead")]
