"""Ten minutes before a call: everybody on it hears their part and what is open, once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock.now import HandClock
from bot.huddles.huddle import HuddleChange
from bot.outbox.manners import RepHours
from bot.storage.moments import to_text
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.huddles import KIM, MIA, SAM, block_of, card, huddle, ticks, unheard
from tests.support.nudges import Wake

STATES = "SELECT user_id, state, why FROM outbox WHERE kind = 'before_call' ORDER BY user_id"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York, 16:00 in Berlin."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def told(slack: FakeSlack, user: str) -> list[Message]:
    return [m for m in slack.messages(slack.dm(user)) if " minutes. You " in m.plain]


def let(clock: HandClock, wake: Wake, until: datetime) -> None:
    while clock.now() < until:
        clock.forward(minutes=min(5, (until - clock.now()).total_seconds() / 60))
        wake()
    wake()


def at(hour: int, minute: int = 0) -> datetime:
    """That hour in New York."""
    return datetime(2026, 11, 23, hour + 5, minute, tzinfo=UTC)


def test_everybody_on_the_card_hears_their_part_and_what_is_open_once(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00 @kim")
    let(clock, wake, at(10, 49))
    assert not told(slack, "U1") and not told(slack, "U2")
    let(clock, wake, at(10, 51))
    (to_sam,), (to_kim,) = told(slack, "U1"), told(slack, "U2")
    assert "You lead." in to_sam.plain and "You support." in to_kim.plain
    assert "0 of 7 ready." in to_kim.plain and "\nOpen: " in to_kim.plain
    assert "cme* in 9 minutes. You support." in to_kim.text
    assert "The card is" in to_kim.plain
    assert not told(slack, "U3")
    let(clock, wake, at(11, 10))
    assert len(told(slack, "U1")) == len(told(slack, "U2")) == 1


def test_who_worked_on_the_card_a_moment_ago_is_left_alone(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    message = huddle(slack, "acme 11:00 @kim")
    let(clock, wake, at(10, 45))
    (item, *_) = ticks(bot)
    slack.click("U2", message, "huddle.tick", [f"1:{item.id}:on"], block_of(message, item))
    eventually(lambda: rows(bot, "SELECT 1 FROM huddle_items WHERE done = 1"))
    let(clock, wake, at(10, 52))
    assert len(told(slack, "U1")) == 1 and not told(slack, "U2")
    assert "1 of 7 ready" in told(slack, "U1")[0].plain
    assert ("U2", "skipped", "they know") in rows(bot, STATES)


def test_a_card_that_was_just_made_says_enough(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    clock.set(at(10, 52))
    huddle(slack, "acme 11:00")
    let(clock, wake, at(11))
    assert not told(slack, "U1")


def test_it_follows_a_call_that_moves_and_is_not_said_of_one_that_is_off(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00")
    moved = HuddleChange(starts=at(12))
    bot.coach.huddles.change(SAM, 1, moved, unheard(bot, SAM))
    let(clock, wake, at(11))
    assert not told(slack, "U1")
    let(clock, wake, at(11, 51))
    assert len(told(slack, "U1")) == 1
    bot.coach.huddles.change(SAM, 1, HuddleChange(starts=at(13)), unheard(bot, SAM))
    let(clock, wake, at(12, 30))
    bot.coach.huddles.cancel(SAM, 1, unheard(bot, SAM))
    let(clock, wake, at(13))
    assert len(told(slack, "U1")) == 1


def test_the_minutes_are_each_persons_own_and_may_be_none(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00 @kim @mia")
    bot.coach.outbox.set_wishes(KIM, RepHours(before_minutes=30))
    bot.coach.outbox.set_wishes(MIA, RepHours(before_minutes=0))
    let(clock, wake, at(10, 31))
    assert len(told(slack, "U2")) == 1
    assert not told(slack, "U1")
    let(clock, wake, at(10, 55))
    assert len(told(slack, "U1")) == len(told(slack, "U2")) == 1
    assert not told(slack, "U3")


def test_nudges_off_and_being_away_are_heard_here_as_well(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00 @kim")
    bot.coach.outbox.turn(SAM, False)
    slack.subscriptions.add("user_change")
    slack.command("U2", "C1", "/coach", "status")
    eventually(lambda: slack.ephemerals("U2"))
    slack.set_status("U2", "OOO", "", at(18))
    eventually(lambda: not bot.coach.inbox.waiting())
    let(clock, wake, at(11))
    assert not told(slack, "U1") and not told(slack, "U2")


def test_it_counts_among_the_three_of_a_day(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    for n, name in enumerate(("acme", "globex", "initech", "umbrella")):
        huddle(slack, f"{name} 1{n + 1}:00")
        reads = card(slack)
        assert name.title() in reads.plain or name in reads.plain
    let(clock, wake, at(14))
    assert len(told(slack, "U1")) <= 3


def test_a_coach_that_was_down_says_how_soon_it_is_and_nothing_afterwards(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00")
    clock.set(at(10, 57))
    wake()  # it is planned at one waking, and said at the next
    wake()
    assert "in 3 minutes" in told(slack, "U1")[0].plain
    clock.set(at(10))
    huddle(slack, "globex 12:00")
    clock.set(at(12, 1))
    wake()
    assert len(told(slack, "U1")) == 1


def test_who_had_the_calendars_offer_hears_no_more(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    huddle(slack, "acme 11:00")
    offer: dict[str, Any] = {
        "key": "T1:offer:1", "kind": "meeting_offer", "now": to_text(clock.now()),
    }  # fmt: skip
    bot.coach.store.write(
        lambda db: db.execute(
            "INSERT INTO outbox (workspace_id, key, kind, recipient, user_id, call_id, wanted_at,"
            " due_at, state, mark) VALUES ('T1', :key, :kind, 'U1', 'U1', 1, :now, :now, 'sent',"
            " 'm')",
            offer,
        )
    )
    let(clock, wake, at(11))
    assert not told(slack, "U1")


def test_the_form_holds_the_minutes(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "nudges")
    form = eventually(lambda: slack.modal("U1"))
    assert slack.submit("U1", form, {"before_minutes": "30"}).errors == {}
    eventually(lambda: bot.coach.outbox.wishes(SAM).before_minutes == 30)
    bot.coach.outbox.turn(SAM, True)
    assert bot.coach.outbox.wishes(SAM).before_minutes == 30
