"""A channel in which the coach may not post, or not there: its words go to whoever they are for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import STEP, debrief, save
from tests.support.debriefs import press as tap
from tests.support.huddles import ask, kept, press, private, reads, told
from tests.support.huddles import save as save_form
from tests.support.questions import DISCOUNT, at_ten, mention, mentioned, settled

__all__ = ["at_ten", "mentioned"]  # fixtures

Wake = Callable[[], None]
# docs.slack.dev/reference/methods/chat.postMessage, errors; of the last one nobody has heard yet.
TOP = [
    ("restricted_action", "I couldn't post in #deals: only some people may post there."),
    ("restricted_action_read_only_channel", "only some people may post there."),
    ("restricted_action_thread_only_channel", "only replies are allowed there."),
    ("restricted_action_on_tuesdays", "only some people may post there."),
]
THREAD = [
    ("restricted_action_read_only_channel", "only some people may post there."),
    ("restricted_action_non_threadable_channel", "#deals: none are allowed there."),
    ("restricted_action_thread_locked", "that thread of #deals: it is locked."),
    ("cannot_reply_to_message", "Slack takes no replies to it."),
    ("restricted_action_on_tuesdays", "only some people may post there."),
]


def restrict(slack: FakeSlack, code: str) -> None:
    slack.world.channels["C1"].restricted = code


@pytest.mark.parametrize(("code", "why"), TOP)
def test_a_card_comes_into_the_reps_own_messages(
    slack: FakeSlack, bot: Bot, code: str, why: str
) -> None:
    restrict(slack, code)
    ask(slack, "Acme 15:00 @kim")
    said = private(slack, why)
    assert "Your huddle is saved, and its card is in your messages with me." in said.plain
    told(slack, "0 of 7 ready", "U1")
    assert kept(bot).private and not slack.messages("C1")
    restrict(slack, "")
    press(slack, said, "Try again")
    reads(slack, "0 of 7 ready")


@pytest.mark.parametrize(("code", "why"), THREAD)
def test_a_mention_is_answered_in_private(
    mentioned: FakeSlack, bot: Bot, code: str, why: str
) -> None:
    restrict(mentioned, code)
    mention(mentioned, DISCOUNT)
    answer = told(mentioned, "Negotiating with a Clock", "U1")
    assert why in answer.plain
    assert [m.user for m in mentioned.messages("C1")] == ["U1"]


@pytest.mark.parametrize(("code", "why"), THREAD)
def test_news_that_no_thread_takes_reach_each_alone(
    slack: FakeSlack, bot: Bot, code: str, why: str
) -> None:
    ask(slack, "Acme 15:00 @kim")
    reads(slack, "0 of 7 ready")
    restrict(slack, code)
    press(slack, slack.messages("C1")[0], "Change")
    starts = kept(bot).call.starts
    save_form(slack, starts=starts.replace(hour=starts.hour + 1))
    told(slack, "sam moved the call with *Acme*", "U2")


@pytest.mark.parametrize(("code", "why"), [(c, w) for c, w in THREAD if "non_thread" not in c])
def test_a_debrief_that_no_thread_takes_is_not_said_to_be_shared(
    slack: FakeSlack, bot: Bot, code: str, why: str
) -> None:
    ask(slack, "Acme now 30m")
    reads(slack, "0 of 7 ready")
    debrief(slack, "acme")
    said = save(slack, reached="Yes", **STEP)
    restrict(slack, code)
    tap(slack, said, "Share")
    private(slack, why)
    assert rows(bot, "SELECT shared FROM debriefs") == [(0,)]


def test_a_thread_that_is_locked_is_no_trouble_of_its_channel(
    mentioned: FakeSlack, bot: Bot, wake: Wake
) -> None:
    restrict(mentioned, "restricted_action_thread_locked")
    mention(mentioned, DISCOUNT)
    told(mentioned, "Negotiating with a Clock", "U1")
    settled(bot)
    assert not rows(bot, "SELECT why FROM troubles")


def test_a_card_that_stood_nowhere_is_not_said_to_be_in_the_reps_messages(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "msg_too_long")
    ask(slack, "Acme 15:00")
    sorry = private(slack, "is saved.")
    slack.remove_bot("C1")
    press(slack, sorry, "Try again")
    private(slack, "its card is in your messages with me.")
    assert told(slack, "0 of 7 ready", "U1")


def test_a_card_in_one_channel_is_not_said_to_be_elsewhere(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00", channel="C2")
    sorry: Message = private(slack, "Your huddle is saved")
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    eventually(lambda: kept(bot).channel_id == "C1")  # noted after Slack shows it
    press(slack, sorry, "Try again")
    private(slack, "Not yet. I couldn't post in #quiet")
    assert "its card is in #deals." in private(slack, "Not yet.").plain
