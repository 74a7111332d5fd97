"""Who reads what of a debrief: the rep everything, a channel what was shared, others nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import SAM, asked, debrief, form, held, press, save, submit, told

Wake = Callable[[], None]
ALL = {
    "reached": "Partly",
    "next_step": "send the offer",
    "by_when": "2026-12-02",
    "committed": "Us",
    "achieved": "they named the sponsor",
    "forgot": "forgotten-budget",
    "surprised": "surprising-rival",
}


@pytest.fixture
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def huddle(slack: FakeSlack, clock: HandClock, words: str, channel: str = "C1") -> Message:
    """Sam's huddle in the channel; its call is over when this returns."""
    before = len(slack.messages(channel))
    slack.command("U1", channel, "/huddle", words)
    eventually(lambda: len(slack.messages(channel)) > before)
    clock.forward(hours=3)
    return slack.messages(channel)[-1]


def seen(slack: FakeSlack, user: str) -> str:
    return "\n".join(message.plain for message in slack.seen_by(user))


def shared_one(slack: FakeSlack, clock: HandClock) -> tuple[Message, Message]:
    """The huddle's card, and what the coach told Sam after the debrief was shared."""
    card = huddle(slack, clock, "Acme discovery 11:00")
    debrief(slack, "acme")
    said = save(slack, **ALL, goal="meet the CFO")
    press(slack, said, "Share")
    eventually(lambda: "Shared in" in told(slack)[-1].plain)
    return card, told(slack)[-1]


def test_share_puts_goal_outcome_and_next_step_into_the_huddles_thread(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    card, _ = shared_one(slack, at_ten)
    said = slack.messages("C1")[-1]
    assert said.thread_ts == card.ts
    assert "meet the CFO" in said.plain and "partly reached" in said.plain
    assert "send the offer, by Wed 2 Dec (ours)" in said.plain
    assert "they named the sponsor" in said.plain


def test_forgotten_and_surprised_are_never_shared(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    shared_one(slack, at_ten)
    for user in ("U2", "U3"):
        assert "send the offer" in seen(slack, user)
        assert "forgotten-budget" not in seen(slack, user)
        assert "surprising-rival" not in seen(slack, user)


def test_before_share_nobody_reads_a_word(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    huddle(slack, at_ten, "Acme discovery 11:00")
    debrief(slack, "acme")
    save(slack, **ALL, goal="meet the CFO")
    wake()
    for user in ("U2", "U3"):
        for word in (*ALL.values(), "meet the CFO"):
            assert word == "Partly" or word not in seen(slack, user)


def test_a_manager_reads_no_more_than_anybody(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    held(bot)
    debrief(slack)
    save(slack, **ALL)
    for words in ("status", "log", "log acme", "help"):
        before = len(slack.ephemerals("U3"))
        slack.command("U3", "C1", "/coach", words)
        eventually(lambda n=before: len(slack.ephemerals("U3")) > n)
    assert not [word for word in ALL.values() if word != "Partly" and word in seen(slack, "U3")]


def test_sharing_again_after_a_change_updates_what_stands_there(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    _, mine = shared_one(slack, at_ten)
    count = len(slack.messages("C1"))
    press(slack, mine, "Change")
    said = save(slack, next_step="send the contract")
    assert "send the contract" not in seen(slack, "U2")
    press(slack, said, "Share the change")
    eventually(lambda: "send the contract" in seen(slack, "U2"))
    assert len(slack.messages("C1")) == count
    assert "send the offer" not in seen(slack, "U2")


def test_what_is_private_may_change_without_sharing_again(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    _, mine = shared_one(slack, at_ten)
    press(slack, mine, "Change")
    submit(slack, forgot="something else")
    assert rows(bot, "SELECT shared, forgot FROM debriefs") == [(1, "something else")]


def test_the_longest_words_are_shared_and_shared_again(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    held(bot, "&" * 80, goal="<" * 300)
    debrief(slack)
    long = {"next_step": "&" * 300, "achieved": ">" * 2900, "surprised": "s" * 3000}
    said = save(slack, reached="Partly", **long)
    press(slack, said, "Share")
    submit(slack, channel="C1")
    eventually(lambda: "Shared in" in told(slack)[-1].plain)
    press(slack, told(slack)[-1], "Change")
    press(slack, save(slack, next_step="&" * 299 + "<"), "Share the change")
    eventually(lambda: "Shared in" in told(slack)[-1].plain)


def test_what_is_changed_while_it_is_shared_is_not_called_shared(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    held(bot)
    debrief(slack)
    save(slack, **ALL)
    before = bot.coach.debriefs.kept(SAM, 1).debrief
    debrief(slack, "acme")
    save(slack, next_step="send the contract")
    bot.coach.debriefs.shared(before, "C1", "1.1")
    assert not bot.coach.debriefs.kept(SAM, 1).debrief.readable_in("C1")


def test_two_quick_taps_on_share_are_one_message(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    huddle(slack, at_ten, "Acme discovery 11:00")
    debrief(slack, "acme")
    said = save(slack, **ALL)
    block_id, action_id, value = slack.button(said, "Share")
    slack.click("U1", said, action_id, value, block_id)
    slack.click("U1", said, action_id, value, block_id)
    eventually(lambda: "Shared in" in told(slack)[-1].plain)
    bot.stop()
    assert len([m for m in slack.messages("C1") if "partly reached" in m.plain]) == 1


def test_a_channel_that_is_shared_with_outsiders_is_refused_with_the_reason(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    huddle(slack, at_ten, "Acme discovery 11:00")
    debrief(slack, "acme")
    said = save(slack, **ALL)
    slack.world.channels["C1"].shared = True
    press(slack, said, "Share")
    eventually(lambda: "another organisation" in seen(slack, "U1"))
    assert "send the offer" not in "\n".join(m.plain for m in slack.messages("C1"))


def test_without_a_huddle_the_rep_chooses_the_channel(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    held(bot)
    debrief(slack)
    press(slack, save(slack, **ALL), "Share")
    assert "It reads the goal, the outcome and the next step" in form(slack).plain
    submit(slack, channel="C1")
    eventually(lambda: "send the offer" in seen(slack, "U2"))
    eventually(lambda: "Shared in #deals" in told(slack)[-1].plain)


def test_a_channel_the_coach_is_not_in_is_explained_and_nothing_is_lost(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    held(bot)
    debrief(slack)
    press(slack, save(slack, **ALL), "Share")
    submit(slack, channel="C2")
    eventually(lambda: "I'm not in that channel" in seen(slack, "U1"))
    assert "Shared in" not in seen(slack, "U1")


def test_a_channel_where_only_some_may_post_is_explained(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    huddle(slack, at_ten, "Acme discovery 11:00")
    debrief(slack, "acme")
    said = save(slack, **ALL)
    slack.fail("chat.postMessage", "restricted_action")
    press(slack, said, "Share")
    eventually(lambda: "only some people may post there" in seen(slack, "U1"))
    assert rows(bot, "SELECT shared, shared_ts FROM debriefs") == [(0, None)]


def test_a_private_huddles_debrief_asks_where_to_share(
    slack: FakeSlack, bot: Bot, at_ten: HandClock
) -> None:
    slack.command("U1", slack.dm("U1"), "/huddle", "Acme discovery 11:00")
    eventually(lambda: "Acme" in seen(slack, "U1"))
    at_ten.forward(hours=3)
    debrief(slack, "acme")
    press(slack, save(slack, **ALL), "Share")
    assert form(slack).title == "Share"


# One tap ------------------------------------------------------------------------------------


def test_one_tap_is_kept_and_opens_the_form_with_it(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme", goal="budget confirmed")
    press(slack, told(slack)[-1], "Partly")
    assert rows(bot, "SELECT asked, said, via, nudge_id FROM replies") == [
        ("How did Acme go?", "Partly", "button", 1)
    ]
    assert rows(bot, "SELECT state FROM calls") == [("held",)]
    eventually(lambda: "Kept: partly." in told(slack)[0].plain)
    said = save(slack)
    assert "You reached part of the goal" in said.plain
    assert len(rows(bot, "SELECT id FROM replies")) == 1


def test_a_tap_that_the_form_corrects_is_replaced(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], "Yes")
    save(slack, reached="Partly")
    assert rows(bot, "SELECT said, via, replaces FROM replies ORDER BY id") == [
        ("Yes", "button", None),
        ("Partly", "form", 1),
    ]


def test_a_tap_leaves_the_other_calls_in_the_message_alone(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    _, globex = asked(bot, wake, "Acme", "Globex")
    message = told(slack)[-1]
    nudges = {call: id for id, call in rows(bot, "SELECT id, call_id FROM outbox WHERE nth = 1")}
    slack.click("U1", message, "debrief.no", f"{globex.id}:{nudges[globex.id]}")
    eventually(lambda: "Kept: no." in told(slack)[0].plain)
    assert told(slack)[0].plain.count("Partly") == 1


def test_nobody_is_asked_again_after_a_tap_or_a_debrief(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], "No")
    at_ten.forward(days=1)
    wake()
    at_ten.forward(days=1)
    wake()
    assert seen(slack, "U1").count("How did") == 1


def test_a_tap_after_the_form_changes_the_debrief_too(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    nudge = told(slack)[-1]
    debrief(slack, "acme")
    save(slack, reached="Yes", next_step="send the offer")
    press(slack, nudge, "No")
    slack.close("U1", form(slack))
    assert rows(bot, "SELECT reached, next_step FROM debriefs") == [("no", "send the offer")]
