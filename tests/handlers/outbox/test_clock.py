"""A host that sets its clock, back or forward, stops nothing and hurries nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.now import HandClock
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from handlers.app import Bot
from handlers.slack.blocks import words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import LOOK_EVERY, OUTSIDERS_STAY, Posted
from handlers.slack.rate_limit import Allowance, Bucket, Waits
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served
from tests.support.due import KINDS, Due
from tests.support.huddles import huddle
from tests.support.nudges import Wake, dms, new_york, nudges, plan

LONG_DUE = timedelta(hours=-5)
JUMPS = [{"minutes": -7}, {"hours": -3}, {"minutes": 7}, {"hours": 3}]
NOON = new_york(23, 12)


@pytest.fixture
def at_three(clock: HandClock) -> HandClock:
    """Monday 15:00 in New York: three hours more or less are working hours too."""
    clock.set(new_york(23, 15))
    return clock


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize(("code", "seconds"), [("org_login_required", 60), ("missing_scope", 300)])
def test_what_was_refused_comes_after_the_same_while(
    jump: dict[str, float], code: str, seconds: int,
    bot: Bot, slack: FakeSlack, at_three: HandClock, wake: Wake,
) -> None:  # fmt: skip
    plan(bot, "Acme", LONG_DUE)
    slack.fail("chat.postMessage", code)
    wake()
    at_three.correct(**jump)
    at_three.forward(seconds=seconds)
    wake()
    assert len(dms(slack)) == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_slack_is_waited_for_as_long_as_it_asks(
    jump: dict[str, float], bot: Bot, slack: FakeSlack, at_three: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", LONG_DUE)
    slack.fail("chat.postMessage", "429", retry_after=30)
    wake()
    at_three.correct(**jump)
    for _ in range(29):
        at_three.forward(seconds=1)
        wake()
    assert sum(e.name == "chat.postMessage" for e in slack.log) == 1
    at_three.forward(seconds=2)
    wake()
    assert len(dms(slack)) == 1


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("fault", ["reset", "reset_after_accept"])
def test_a_lost_answer_is_looked_up_once_it_can_not_land_any_more(
    jump: dict[str, float], fault: str,
    bot: Bot, slack: FakeSlack, at_three: HandClock, wake: Wake,
) -> None:  # fmt: skip
    call = plan(bot, "Acme", LONG_DUE)
    slack.fail("chat.postMessage", fault)
    wake()
    at_three.correct(**jump)
    for _ in range(39):
        at_three.forward(seconds=1)
        wake()
    assert nudges(bot, call)[0].state == "sending"
    assert not [e for e in slack.log if e.name == "conversations.history"], "it may still land"
    for _ in range(3):
        at_three.forward(seconds=1)
        wake()
    assert nudges(bot, call)[0].state == "sent" and len(dms(slack)) == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lost_answer_is_looked_up_by_the_next_coach_on_a_clock_that_was_set(
    jump: dict[str, float], served: Served, slack: FakeSlack, at_three: HandClock, wake: Wake
) -> None:
    call = plan(served.bot, "Acme", LONG_DUE)
    slack.fail("chat.postMessage", "reset_after_accept")
    wake()
    served.stop()
    at_three.correct(**jump)
    served.start()
    for _ in range(3):
        at_three.forward(seconds=41)
        wake()
    assert nudges(served.bot, call)[0].state == "sent" and len(dms(slack)) == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_a_rush_goes_on(
    jump: dict[str, float], bot: Bot, slack: FakeSlack, at_three: HandClock, wake: Wake
) -> None:
    people = [slack.add_user(f"U1{n:02}", f"rep {n}", tz="America/New_York") for n in range(30)]
    for person in people:
        plan(bot, "Acme", LONG_DUE, rep=Rep("T1", person))
    pace = slack.limit(300)
    wake()
    at_three.correct(**jump)
    for _ in range(12):
        at_three.forward(seconds=1)
        wake()
    assert [len(dms(slack, person)) for person in people] == [1] * 30 and not pace.refused


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_message_of_each_kind_that_was_refused_comes_once(
    jump: dict[str, float], kind: Callable[[Due], OutboxMessage],
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake,
) -> None:  # fmt: skip
    slack.world.workspaces["T1"].scopes.add("channels:history")
    due = Due(bot.coach, slack)
    message = kind(due)
    clock.forward(hours=3)
    place = due.planned[message]
    before = len(slack.messages(place))
    slack.fail("chat.postMessage", "accesslimited", about=place)
    slack.fail("chat.startStream", "ratelimited", about=place)
    wake()
    clock.correct(**jump)
    for _ in range(3):
        clock.forward(minutes=5)
        wake()
    assert len(slack.messages(place)) == before + 1 and due.now(message).state == "sent"


# What is believed for a while ---------------------------------------------------------------


@pytest.mark.parametrize("jump", JUMPS)
def test_who_reads_a_channel_is_believed_for_as_long_as_ever(
    jump: dict[str, float], bot: Bot, slack: FakeSlack, clock: HandClock
) -> None:
    card, rep = huddle(slack, "Acme 15:00"), Rep("T1", "U1")
    posted = Posted(card.channel, card.ts)
    slack.world.channels["C1"].shared = True
    clock.correct(**jump)
    bot.messenger.update(rep, posted, words("This was looked up a moment ago"))
    clock.forward(seconds=LOOK_EVERY.total_seconds())
    with pytest.raises(NotSaid, match="shared with another organisation"):
        bot.messenger.update(rep, posted, words("Not for outsiders"))
    clock.correct(**jump)
    assert bot.messenger.knows_outsiders_read(rep, "C1")
    clock.forward(seconds=OUTSIDERS_STAY.total_seconds())
    assert not bot.messenger.knows_outsiders_read(rep, "C1")


# Whatever the clock does --------------------------------------------------------------------

steps = st.lists(st.tuples(st.integers(0, 90), st.integers(-10_000, 10_000)), max_size=30)


@given(steps)
def test_a_budget_fills_by_the_time_that_goes_by(taken: list[tuple[int, int]]) -> None:
    """The same on a clock that is set at each step as on one that never is."""
    set_often, steady = HandClock(NOON), HandClock(NOON)
    buckets = [Bucket.of(Allowance(60, 10), each.elapsed()) for each in (set_often, steady)]
    for seconds, jump in taken:
        for each in (set_often, steady):
            each.forward(seconds=seconds)
        set_often.correct(seconds=jump)
        assert buckets[0].take(set_often.elapsed()) == buckets[1].take(steady.elapsed())


@given(st.integers(1, 3600), steps)
def test_slack_is_asked_again_when_its_wait_is_over_and_not_before(
    wait_s: int, taken: list[tuple[int, int]]
) -> None:
    clock, gone = HandClock(NOON), 0
    waits = Waits(clock)
    waits.ask("T1", "chat.postMessage", "C1", timedelta(seconds=wait_s))
    for seconds, jump in taken:
        clock.forward(seconds=seconds)
        clock.correct(seconds=jump)
        gone += seconds
        left = waits.left("T1", "chat.postMessage", "C1")
        assert left == timedelta(seconds=max(wait_s - gone, 0))
        assert not waits.left("T1", "chat.postMessage", "C2")
        assert not waits.left("T2", "chat.postMessage", "C1")


def test_a_wait_in_two_channels_is_one_of_the_workspace() -> None:
    waits = Waits(HandClock(NOON))
    for channel in ("C1", "C2"):
        waits.ask("T1", "chat.postMessage", channel, timedelta(seconds=9))
    assert waits.left("T1", "chat.postMessage", "C3")
    assert not waits.left("T1", "chat.update", "C1")


def test_the_same_wait_told_again_concerns_one_channel() -> None:
    waits = Waits(HandClock(NOON))
    for _ in range(2):
        waits.ask("T1", "chat.postMessage", "C1", timedelta(seconds=9))
    assert not waits.left("T1", "chat.postMessage", "C3")
