"""What use teaches, in `/coach status`: to managers, and of nobody alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.tips.use_table import Use
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support import questions
from tests.support.debriefs import asked, debrief, held, press, save, told
from tests.support.learning import GAP, asks, shown
from tests.support.tips import press as press_tip

Wake = Callable[[], None]
ALIKE = "The library had no answer to 3 questions. Asked alike by two people or more:"
ALONE = "wombat in the procurement zoo"
CAP = "liability cap contract"


def status(slack: FakeSlack, user: str, channel: str) -> str:
    before = len(slack.ephemerals(user))
    assert slack.command(user, channel, "/coach", "status").status == 200
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1].plain


def forget(slack: FakeSlack, user: str) -> None:
    slack.command(user, "C1", "/coach", "forget me")
    message = eventually(lambda: [m for m in slack.ephemerals(user) if "Forget you" in m.plain])[-1]
    press_tip(slack, user, message, "Forget me")


@pytest.fixture
def place(slack: FakeSlack, request: pytest.FixtureRequest) -> str:
    """A rep's own messages, a channel, and one that another organisation reads too."""
    slack.world.channels["C3"].members.add("U3")
    return slack.dm("U3") if request.param == "DM" else str(request.param)


AUDIENCES = pytest.mark.parametrize("place", ["DM", "C1", "C3"], indirect=True)


@AUDIENCES
def test_a_manager_alone_reads_what_two_asked_alike_and_nothing_of_one(
    slack: FakeSlack, bot: Bot, place: str
) -> None:
    asks(bot.coach, {**GAP, "U4": ALONE})
    told = status(slack, "U3", place)
    assert f"{ALIKE} {CAP}" in told.replace("_", "")
    for own in ("wombat", "zoo", "legal", "unlimited", "strike", "quokka"):
        assert own not in told
    for user in ("U1", "U2"):
        assert not any(CAP in message.plain for message in slack.seen_by(user))


@AUDIENCES
def test_who_is_no_manager_reads_nothing_of_it(slack: FakeSlack, bot: Bot, place: str) -> None:
    asks(bot.coach, GAP)
    assert "no answer" not in status(slack, "U1", slack.dm("U1") if place[0] == "D" else place)


@AUDIENCES
def test_of_what_each_asked_alone_a_manager_reads_how_much_it_is(
    slack: FakeSlack, bot: Bot, place: str
) -> None:
    asks(bot.coach, {"U1": GAP["U1"], "U4": ALONE})
    told = status(slack, "U3", place)
    assert "The library had no answer to 2 questions. I show what two people or more" in told
    assert "liability" not in told


def test_one_who_is_forgotten_leaves_no_word_with_the_others(slack: FakeSlack, bot: Bot) -> None:
    asks(bot.coach, GAP)
    assert shown(bot.coach.learning.learned()) == {"liability", "cap", "contract"}
    forget(slack, "U2")
    eventually(lambda: not shown(bot.coach.learning.learned()))


@pytest.mark.parametrize("becomes", ["", "what about the warranty in the zoo"])
def test_a_message_that_is_deleted_or_changed_teaches_nothing(
    slack: FakeSlack, bot: Bot, becomes: str
) -> None:
    asks(bot.coach, {"U1": GAP["U1"]})
    questions.ask(slack, GAP["U2"], user="U2")
    eventually(lambda: shown(bot.coach.learning.learned()))
    mine = next(m for m in slack.messages(slack.dm("U2")) if m.user == "U2")
    slack.edit("U2", mine, becomes) if becomes else slack.delete("U2", mine)
    questions.settled(bot)
    assert shown(bot.coach.learning.learned()) == set()


def test_what_was_written_where_the_coach_had_asked_about_a_call_teaches_nothing(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))  # 10:00 where Sam is
    asked(bot, wake, "Globex")
    question = "They strike our liability cap from the contract. What should I do?"
    slack.say("U1", slack.dm("U1"), question)
    answer = eventually(lambda: [m for m in told(slack) if "Keep this" in m.plain])[-1]
    assert rows(bot, "SELECT question FROM gaps") == [(question,)]
    assert Use(bot.coach.store.read, "T1").gaps() == []
    press(slack, answer, "Keep this under Globex")
    eventually(lambda: rows(bot, "SELECT 1 FROM replies"))
    assert Use(bot.coach.store.read, "T1").gaps() == []


def test_what_was_said_about_a_call_teaches_nothing_though_it_is_asked_later(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot, "Globex")
    debrief(slack, "globex")
    save(slack, reached="No", surprised=GAP["U1"])
    asks(bot.coach, GAP)
    assert [each.user_id for each in Use(bot.coach.store.read, "T1").gaps()] == ["U2"]
