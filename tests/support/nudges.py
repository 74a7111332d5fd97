"""Calls that end, what is asked about them, and what a rep does with that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from bot.storage.database import Database
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually

SAM = Rep("T1", "U1")  # New York: the clock's 09:00 UTC is 04:00
AFTER = timedelta(minutes=10)
Wake = Callable[[], None]


@pytest.fixture
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(new_york(23, 10))
    return clock


def plan(
    bot: Bot, account: str, ends_in: timedelta, goal: str = "", rep: Rep = SAM, lasts: float = 0.5
) -> Call:
    """A call of `lasts` hours that ends then, and its nudge."""
    now = bot.coach.now()
    ends = now + ends_in

    def work(db: Database) -> Call:
        starts = ends - timedelta(hours=lasts)
        call = Calls(db).add(rep, account, starts, ends, "", goal, None, now)
        FollowUps(db).plan_debrief(call, AFTER)
        return call

    return bot.coach.store.write(work)


def nudges(bot: Bot, call: Call) -> list[OutboxMessage]:
    return FollowUps(bot.coach.store.read).of_call(call)


def dms(slack: FakeSlack, user: str = "U1") -> list[Message]:
    return slack.messages(slack.dm(user))


def press(slack: FakeSlack, label: str, user: str = "U1", which: int = -1) -> None:
    message = dms(slack, user)[which]
    block_id, action_id, value = slack.button(message, label)
    slack.click(user, message, action_id, value, block_id)


def reads(slack: FakeSlack, text: str, which: int = -1) -> None:
    eventually(lambda: text in dms(slack)[which].plain)


def status(slack: FakeSlack, user: str = "U1") -> str:
    before = len(slack.ephemerals(user, "C1"))
    slack.command(user, "C1", "/coach", "status")
    eventually(lambda: len(slack.ephemerals(user, "C1")) > before)
    return slack.ephemerals(user, "C1")[-1].plain


def new_york(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, as clocks in New York show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("America/New_York"))
