"""`/tip` with a model that chooses: it points at one of the nearest lessons, or at none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import Bot
from handlers.tips.drawing import CLOSEST
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.model_server import ModelServer, Reply, fails, picks, says

SURE, NEAR, NOTHING = (
    "an angry client complains",
    "my contact moved to another department",
    "ingress certificates",
)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """It chooses, and writes nothing that stands."""
    with ModelServer(lambda body: says('{"statements": []}')) as server:
        yield server


@pytest.fixture
def settings(settings: Settings, model: ModelServer) -> Settings:
    return replace(settings, openai_url=model.url, model="m", model_seconds=20, model_judge=False)


def ask(slack: FakeSlack, words: str) -> Message:
    before = len(slack.ephemerals("U1"))
    assert slack.command("U1", "C1", "/tip", words).status == 200
    eventually(lambda: len(slack.ephemerals("U1")) > before)
    return slack.ephemerals("U1")[-1]


def shown(model: ModelServer) -> str:
    """What the model was shown last, as it was written."""
    return str(model.chose_from[-1]["messages"][-1]["content"])


def lesson(model: ModelServer, number: str) -> str:
    line = next(line for line in shown(model).splitlines() if line.startswith(f"  {number} "))
    return line.removeprefix(f"  {number} ")


def test_the_lesson_that_a_model_picks_is_said_with_its_own_quote(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    model.chooses = picks("2.2")
    answer = ask(slack, NEAR)
    assert lesson(model, "2.2") in answer.plain
    assert "Our note on" in answer.plain
    assert NEAR in shown(model)
    assert shown(model).count("\n  ") >= 20, "the lessons of ten posts"


@pytest.mark.parametrize("reply", [picks("none"), picks("1.1", 1)], ids=["none", "it touches it"])
def test_where_a_model_finds_none_three_are_offered_in_place_of_a_tip(
    slack: FakeSlack, bot: Bot, model: ModelServer, reply: object
) -> None:
    model.chooses = reply  # type: ignore[assignment]
    assert CLOSEST in ask(slack, SURE).plain
    assert rows(bot, "SELECT count(*) FROM tips_said") == [(0,)]


def test_what_a_model_calls_near_is_offered_first(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    model.chooses = picks("none", 1, "3.1", "9.9", "nonsense")
    offered = json.loads(rows(bot, _OFFERED)[0][0]) if ask(slack, NEAR) else []
    assert offered[0][1] == lesson(model, "3.1")
    assert len({post for post, _ in offered}) == 3


_OFFERED = "SELECT offered FROM choices ORDER BY id DESC"


def test_where_nothing_is_near_and_a_model_agrees_it_is_a_gap(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    model.chooses = picks("none")
    assert "nothing on" in ask(slack, NOTHING).plain
    assert rows(bot, "SELECT count(*) FROM gaps") == [(1,)]


@pytest.mark.parametrize(
    "reply",
    [
        fails(500),
        says("I would rather chat."),
        says('{"need": "", "lesson": "77.1", "grade": 3, "near": []}'),
        says('{"need": "", "lesson": ["1.1"], "grade": "3", "near": 4}'),
    ],
    ids=["fails", "talks", "a lesson that was not shown", "another form"],
)
def test_a_model_that_is_no_use_changes_nothing(
    slack: FakeSlack, bot: Bot, model: ModelServer, reply: Reply
) -> None:
    model.chooses = lambda body: reply
    assert "Keep your friends close" in ask(slack, SURE).plain
    assert CLOSEST in ask(slack, NEAR).plain


@pytest.mark.parametrize("words", ["?", "thanks a lot", "wie sage ich dem Kunden nein und warum"])
def test_no_model_is_asked_about_what_asks_nothing(
    slack: FakeSlack, bot: Bot, model: ModelServer, words: str
) -> None:
    ask(slack, words)
    assert model.chose_from == []


def test_the_shell_asks_the_model_as_slack_does_and_need_not(
    settings: Settings, model: ModelServer
) -> None:
    model.chooses = picks("none")
    with Coach(settings, SystemClock()) as coach:
        tips = coach.tips
        assert len(tips.preview(SURE, with_model=True).offered) == 3
        assert tips.preview(SURE).tip is not None
    assert len(model.chose_from) == 1
