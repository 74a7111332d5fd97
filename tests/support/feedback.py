"""What the stories of feedback on a debrief have in common: a saved form, and a model's answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually
from tests.support.debriefs import debrief, held, save, told
from tests.support.model_server import (
    ModelServer,
    answers,
)

PLANNING = "2009-04-15-shooting-from-the-lip-just-in-time-sales-call-planning"


COSTS = "Each forgotten point costs another call, weeks of waiting and a longer, riskier deal."


PLAN = (
    "The remedy is a written plan, kept at hand during the call, and a final test: what will the"
    " customer gain?"
)


Row = dict[str, str]


def own(answer: str, statement: str, quote: str) -> Row:
    return {"answer": answer, "statement": statement, "quote": quote}


def advice(statement: str, quote: str, post: str = PLANNING) -> Row:
    return {"statement": statement, "post": post, "quote": quote}


SAID = {
    "reached": "Partly",
    "achieved": "they agreed to a trial in January",
    "forgot": "ask my planned questions",
    "next_step": "send the offer",
}


RECORD = (
    own("goal", "The goal was budget confirmed.", "budget confirmed"),
    own(
        "achieved",
        "You noted that they agreed to a trial in January.",
        "they agreed to a trial in January",
    ),
)


ADVICE = (
    advice("A forgotten point costs another call.", COSTS),
    advice("Keep a written plan at hand during the call.", PLAN),
)


GOOD = answers(record=RECORD, advice=ADVICE)


TRUE = [row["statement"] for row in (*RECORD, *ADVICE)]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(lambda body: GOOD) as server:
        yield server


@pytest.fixture
def settings(settings: Settings, model: ModelServer) -> Settings:
    return replace(settings, openai_url=model.url, model="m", model_seconds=30, model_judge=False)


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def saved(slack: FakeSlack, bot: Bot, account: str = "Acme", **said: str) -> Message:
    """A debrief of Sam's on a call with a goal, kept."""
    held(bot, account, goal="budget confirmed")
    debrief(slack, account)
    return save(slack, **SAID | said)


def written(slack: FakeSlack, user: str = "U1") -> Message:
    """The message about the debrief once a model's feedback stands in it."""
    eventually(lambda: is_written(told(slack, user)[-1]))
    return told(slack, user)[-1]


def is_written(message: Message) -> bool:
    return "Written by a model" in message.plain
