"""What the stories of reworded items have in common: a card, its sheet, and good wordings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.support.huddles import (
    card,
    huddle,
    reads,
)
from tests.support.model_server import (
    Body,
    ModelServer,
    Reply,
)
from tests.support.model_server import answers as lists

ASKED = "Acme discovery 15:00"


NEED = "What do they need, as against what they ask for?"


NAME = "Name the needs we meet only in part, with the way around."


MONEY = "Who has to be convinced before the money is released?"


GOOD = {
    NEED: "What does Acme need, as against what they ask for?",
    NAME: "Name Acme's needs that we meet only in part, with the way around.",
}


BY_A_MODEL = "Written by a model"


def worded(body: Body, wordings: Mapping[str, str]) -> Reply:
    """The model's answer: these wordings, under the numbers that the items have in the prompt."""
    numbers = numbers_in(body)
    return lists(items=[{"item": numbers[item], "text": text} for item, text in wordings.items()])


def numbers_in(body: Body) -> dict[str, str]:
    """The items that the model is asked about, each with its number."""
    sent = body["messages"][1]["content"]
    return {text: n for n, text in re.findall(r"^\[(\d+)\] (.+)$", sent, re.M)}


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(lambda body: worded(body, GOOD)) as server:
        yield server


@pytest.fixture
def settings(settings: Settings, model: ModelServer) -> Settings:
    return replace(settings, openai_url=model.url, model="m", model_seconds=30, model_judge=False)


def when_the_model_is_done(slack: FakeSlack, bot: Bot, channel: str = "C1") -> Message:
    """The card as it stays, whatever the model did."""
    bot.stop()
    bot.coach.model.close()
    return card(slack, channel)


def worded_card(slack: FakeSlack, bot: Bot) -> Message:
    """A card in the channel, once a model has worded it."""
    huddle(slack, ASKED)
    return reads(slack, BY_A_MODEL)


SHEET = {NEED: "What do they need, as against the security sheet they ask for?"}


def sent(model: ModelServer, word: str) -> bool:
    return word in json.dumps(model.asked)
