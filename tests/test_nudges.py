"""Nudges: at the right moment, once, and answered with one tap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.calls import Call
from bot.clock import HandClock
from bot.nudges import Nudge
from bot.reps import Rep
from handlers import Bot
from handlers.trial.slack import FakeSlack
from handlers.trial.world import Message
from tests.conftest import eventually

SAM = Rep("T1", "U1")  # New York: the clock's 09:00 UTC is 04:00
AFTER = timedelta(minutes=10)
Wake = Callable[[], None]


@pytest.fixture
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def plan(
    bot: Bot, account: str, ends_in: timedelta, goal: str = "", rep: Rep = SAM, lasts: float = 0.5
) -> Call:
    """A call of `lasts` hours that ends then, and its nudge."""
    now = bot.coach.house.clock.now()
    ends = now + ends_in

    def work(t):
        starts = ends - timedelta(hours=lasts)
        call = t.calls.add(rep, account, starts, ends, "", goal, None, now)
        t.nudges.plan_debrief(call, AFTER, now)
        return call

    return bot.coach.house.store.write(work)


def nudges(bot: Bot, call: Call) -> list[Nudge]:
    return bot.coach.house.store.read.nudges.of_call(call)


def dms(slack: FakeSlack, user: str = "U1") -> list[Message]:
    return slack.messages(slack.dm(user))


def press(slack: FakeSlack, label: str, user: str = "U1", which: int = -1) -> None:
    message = dms(slack, user)[which]
    action_id, value, block_id = slack.button(message, label)
    slack.click(user, message, action_id, value, block_id)


def test_ten_minutes_after_a_call_its_owner_is_asked_once(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=5), "budget confirmed.")
    at_ten.forward(minutes=14)
    wake()
    assert not dms(slack)
    at_ten.forward(minutes=1)
    wake()
    wake()
    (said,) = dms(slack)
    assert said.text == "How did Acme go? Goal: budget confirmed."
    labels = [element["text"]["text"] for element in said.blocks[1]["elements"]]
    assert labels == ["Yes", "Partly", "No", "Snooze 1 h", "It moved", "Skip", "Stop these"]
    assert said.metadata and "Acme" not in str(said.metadata)
