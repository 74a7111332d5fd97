"""What the stories of questions in plain words have in common: asking, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import Served, eventually
from tests.support.debriefs import told
from tests.support.model_server import ModelServer, states
from tests.support.written_tips import GOOD

Wake = Callable[[], None]
ANGRY = "an angry client complains"
DISCOUNT = "the buyer wants a bigger discount"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> None:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))


@pytest.fixture
def agent(slack: FakeSlack) -> FakeSlack:
    """The optional scopes are granted."""
    slack.world.workspaces["T1"].scopes |= {"assistant:write", "app_mentions:read"}
    return slack


@pytest.fixture
def mentioned(slack: FakeSlack) -> FakeSlack:
    slack.world.workspaces["T1"].scopes |= {"app_mentions:read", "channels:history"}
    return slack


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(lambda body: states(*GOOD)) as server:
        yield server


@pytest.fixture
def patience() -> float:
    """Seconds that the coach waits for the model."""
    return 30


@pytest.fixture
def written(
    settings: Settings, agent: FakeSlack, clock: HandClock, model: ModelServer, patience: float
) -> Iterator[Bot]:
    """A coach with a model, in an agent's messages tab."""
    able = replace(
        settings, openai_url=model.url, model="m", model_seconds=patience, model_judge=False
    )
    served = Served(able, agent, clock)
    for user in ("U1", "U2"):
        served.bot.coach.people.greet(Rep("T1", user))
    yield served.bot
    served.stop()


def say(slack: FakeSlack, text: str, thread: str | None = None, user: str = "U1") -> Message:
    """Write to the coach; the message as it stands."""
    assert slack.say(user, slack.dm(user), text, thread).status == 200
    return next(m for m in reversed(slack.messages(slack.dm(user))) if m.user == user)


def ask(slack: FakeSlack, text: str, thread: str | None = None, user: str = "U1") -> Message:
    """Write to the coach and wait for its answer."""
    before = len(told(slack, user))
    say(slack, text, thread, user)
    eventually(lambda: len(told(slack, user)) > before and not told(slack, user)[-1].streaming)
    return told(slack, user)[-1]


def mention(slack: FakeSlack, text: str, channel: str = "C1", user: str = "U1") -> Message:
    slack.say(user, channel, f"@Coach {text}")
    return next(m for m in reversed(slack.messages(channel)) if m.user == user)


def under(slack: FakeSlack, message: Message) -> list[Message]:
    """What the coach answered in the thread of a message."""
    said = slack.messages(message.channel)
    return [m for m in said if m.thread_ts == message.ts and m.user == "UBT1"]


def settled(bot: Bot) -> None:
    """Nothing is under way any more."""
    bot.inbox_worker.drain()
    eventually(lambda: not bot.deliverer.is_busy)
