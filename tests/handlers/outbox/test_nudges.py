"""Nudges: at the right moment, once, and answered with one tap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Replies
from handlers.app import Bot
from handlers.debriefs.follow_up_drawing import NO_GOAL
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually
from tests.support.nudges import (
    AFTER,
    SAM,
    Wake,
    at_ten,
    dms,
    new_york,
    nudges,
    plan,
    press,
    reads,
    status,
)

__all__ = ["at_ten"]  # a fixture


def test_ten_minutes_after_a_call_its_owner_is_asked_once(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=5), "budget confirmed.")
    at_ten.forward(minutes=14)
    wake()
    assert not dms(slack)
    at_ten.forward(minutes=1)
    wake()
    wake()
    (said,) = dms(slack)
    assert said.text == "How did Acme go? Goal: budget confirmed."
    rows = [[each["text"]["text"] for each in block["elements"]] for block in said.blocks[1:]]
    assert rows == [
        ["Yes", "Partly", "No"],
        ["Snooze 1 h", "It moved", "No show", "Skip", "Stop these"],
    ]
    assert said.metadata and "Acme" not in str(said.metadata)


def test_two_calls_that_are_due_at_once_are_one_message_with_a_part_for_each(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    plan(bot, "Globex", timedelta(minutes=-10), "a trial date")
    wake()
    (said,) = dms(slack)
    assert said.text == (
        f"How did the call with Acme at 9:20 go? {NO_GOAL}"
        " … How did the call with Globex at 9:20 go? Goal: a trial date."
    )
    press(slack, "Skip")
    reads(slack, "Skipped. I won't ask about this call again.")
    assert slack.button(dms(slack)[0], "Partly"), "the other part keeps its buttons"


def test_the_way_out_stands_under_the_last_part_that_is_open(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    globex = plan(bot, "Globex", timedelta(minutes=-10))
    wake()
    (said,) = dms(slack)
    block_id, action, value = next(
        (block["block_id"], each["action_id"], each["value"])
        for block in said.blocks
        for each in block.get("elements", ())
        if each.get("value", "").startswith(f"{globex.id}:") and each["text"]["text"] == "Partly"
    )
    slack.click("U1", said, action, value, block_id)
    reads(slack, "Kept: partly.")
    (said,) = dms(slack)
    labels = [
        e["text"]["text"] for b in said.blocks if b["type"] == "actions" for e in b["elements"]
    ]
    assert labels == [
        *(
            "Yes",
            "Partly",
            "No",
            "Snooze 1 h",
            "It moved",
            "No show",
            "Skip",
            "Stop these",
            "Open the form",
        )
    ]


def test_one_tap_is_kept_and_nothing_more_is_asked(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Partly")
    reads(slack, "Kept: partly.")
    assert [r.said for r in Replies(bot.coach.store.read).of_call(SAM, call.id)] == ["Partly"]
    at_ten.forward(days=2)
    wake()
    assert len(dms(slack)) == 1


def test_without_an_answer_it_asks_once_more_the_next_working_morning_and_then_is_silent(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    at_ten.set(new_york(24, 7, 59))
    wake()
    assert len(dms(slack)) == 1
    at_ten.set(new_york(24, 8))
    wake()
    assert (
        dms(slack)[1].text
        == "Your call with Acme was yesterday at 9:20. How did it go? Did it bring you further?"
    )
    for day in (25, 26, 27):
        at_ten.set(new_york(day, 12))
        wake()
    assert len(dms(slack)) == 2


def test_a_nudge_that_waits_over_the_weekend_says_so(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    at_ten.set(new_york(27, 19, 30))
    plan(bot, "Acme", timedelta(0), "budget confirmed")
    for moment in (new_york(27, 20), new_york(28, 12), new_york(30, 7)):
        at_ten.set(moment)
        wake()
    assert not dms(slack)
    at_ten.set(new_york(30, 8))
    wake()
    said = "Your call with Acme was on Friday at 19:00. How did it go? Goal: budget confirmed."
    assert dms(slack)[0].text == said


def test_snooze_asks_again_in_an_hour_and_not_a_third_time(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Snooze 1 h")
    reads(slack, "I'll ask again today 11:00.")
    at_ten.forward(minutes=59)
    wake()
    assert len(dms(slack)) == 1
    at_ten.forward(minutes=1)
    wake()
    assert len(dms(slack)) == 2
    at_ten.forward(days=1)
    wake()
    assert len(dms(slack)) == 2
    press(slack, "Snooze 1 h")
    eventually(lambda: "Snooze" not in dms(slack)[1].plain)
    at_ten.forward(hours=1)
    wake()
    assert len(dms(slack)) == 3, "who snoozes wants to be asked again"


def test_a_snoozed_question_that_was_answered_in_words_does_not_promise_to_ask_again(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Snooze 1 h")
    reads(slack, "I'll ask again today 11:00.")
    slack.say("U1", slack.dm("U1"), "They want the trial")
    reads(slack, "Kept: what you wrote.", 0)
    assert "ask again" not in dms(slack)[0].plain
    at_ten.forward(hours=2)
    wake()
    assert sum(message.text.startswith("How did Acme go?") for message in dms(slack)) == 1


@pytest.mark.parametrize("tapped", [True, False])
def test_once_the_debrief_is_kept_its_question_offers_no_form(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake, tapped: bool
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    if tapped:
        press(slack, "Partly")
        reads(slack, "Open the form")
    else:
        press(slack, "Snooze 1 h")
        reads(slack, "I'll ask again")
        slack.command("U1", "C1", "/debrief", "acme")
    form = eventually(lambda: slack.modal("U1"))
    done = slack.submit("U1", form, {"reached": "Partly", "committed": "Nobody"})
    assert done.errors == {}
    eventually(lambda: "Open the form" not in dms(slack)[0].plain and len(dms(slack)) == 2)
    reads(slack, "Kept: partly." if tapped else "Kept: your debrief.", 0)


def test_a_snooze_into_the_evening_is_kept_for_the_morning(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    at_ten.set(new_york(23, 18, 30))
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Snooze 1 h")
    reads(slack, "I'll ask again tomorrow 8:00.")
    at_ten.set(new_york(23, 21))
    wake()
    assert len(dms(slack)) == 1
    at_ten.set(new_york(24, 8))
    wake()
    assert len(dms(slack)) == 2


def test_a_call_that_moved_is_asked_about_after_its_new_time(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme 10:00 30m")
    eventually(lambda: slack.messages("C1"))
    at_ten.forward(minutes=40)
    wake()
    press(slack, "It moved")
    form = eventually(lambda: slack.modal("U1"))
    reads(slack, "Kept: it moved.")
    at_ten.forward(days=1)
    wake()
    assert len(dms(slack)) == 1
    tomorrow = int(new_york(25, 10).timestamp())
    assert slack.submit("U1", form, {"starts": tomorrow, "length": "60"}).errors == {}
    at_ten.set(new_york(25, 11, 10))
    wake()
    assert dms(slack)[1].text == "How did Acme go? Did it bring you further?"


def test_a_call_without_a_huddle_that_moved_gets_its_new_time_from_one(
    served: Served, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(served.bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "It moved")
    reads(slack, "Kept: it moved. Type `/huddle` once it has a new time, and I ask after that.")
    kept = Calls(served.coach.store.read).get("T1", call.id)
    assert kept and kept.state == "moved"
    at_ten.forward(days=1)
    wake()
    served.restart()  # what was still under way is finished
    assert len(dms(slack)) == 1
    assert slack.modal("U1") is None and slack.ephemerals("U1") == []


def test_a_moved_call_is_asked_about_at_its_new_time_only(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", timedelta(hours=1))
    now = at_ten.now()
    later = replace(call, ends=now + timedelta(hours=2))
    bot.coach.store.write(lambda db: FollowUps(db).replan(later, AFTER))
    bot.coach.store.write(lambda db: FollowUps(db).replan(call, AFTER))
    bot.coach.store.write(lambda db: FollowUps(db).replan(later, AFTER))
    at_ten.forward(hours=1, minutes=10)
    wake()
    assert not dms(slack)
    at_ten.forward(hours=1)
    wake()
    assert len(dms(slack)) == 1


def test_a_cancelled_call_is_not_asked_about(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", timedelta(minutes=-10))
    bot.coach.store.write(lambda db: Calls(db).set_state(call, "cancelled", SAM, at_ten.now()))
    wake()
    assert not dms(slack)
    assert [n.state for n in nudges(bot, call)] == ["skipped"]


def test_stop_these_turns_nudges_off_and_can_be_undone(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Stop these")
    reads(slack, "Nudges are off.")
    plan(bot, "Globex", timedelta(minutes=-10))
    at_ten.forward(seconds=1)
    wake()
    assert len(dms(slack)) == 1
    assert "Nudges are off." in status(slack)
    press(slack, "Nudges are off. Turn them on again")
    reads(slack, "Snooze 1 h")
    plan(bot, "Initech", timedelta(minutes=-10))
    at_ten.forward(seconds=1)
    wake()
    assert dms(slack)[-1].text == "How did Initech go? Did it bring you further?"


def test_nobody_is_asked_during_another_call_or_just_before_one(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", timedelta(minutes=-10))
    plan(bot, "Globex", timedelta(minutes=45))  # starts in 15 minutes
    wake()
    at_ten.forward(minutes=30)
    wake()
    assert not dms(slack)
    at_ten.forward(minutes=25)
    wake()
    assert dms(slack)[0].text == (
        f"How did the call with Acme at 9:20 go? {NO_GOAL}"
        f" … How did the call with Globex at 10:15 go? {NO_GOAL}"
    )


def test_after_three_messages_the_rest_of_the_day_is_quiet(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    for name in ("Acme", "Globex", "Initech", "Hooli", "Umbrella"):
        plan(bot, name, timedelta(minutes=-10))
        at_ten.forward(minutes=20)
        wake()
    assert len(dms(slack)) == 3
    at_ten.set(new_york(24, 8))
    wake()
    assert len(dms(slack)) == 4, "what was left comes as one message"
    assert "Hooli" in dms(slack)[3].text and "Umbrella" in dms(slack)[3].text


def test_on_its_day_a_next_step_is_one_line(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Partly")
    form = eventually(lambda: slack.modal("U1"))
    steps = {"next_step": "Kim sends the security sheet.", "by_when": "2026-11-25"}
    slack.submit("U1", form, {"reached": "Partly", "committed": "Us", **steps})
    eventually(lambda: "security sheet" in dms(slack)[-1].plain)
    before = len(dms(slack))
    at_ten.set(new_york(25, 9))
    wake()
    eventually(lambda: len(dms(slack)) > before)
    assert dms(slack)[-1].text == "Today: Kim sends the security sheet (Acme)."
    press(slack, "Done")
    reads(slack, "Kept: done.")
    said = Replies(bot.coach.store.read).of_call(SAM, call.id)
    assert said[-1].said == "done"


def test_status_says_what_waits(bot: Bot, slack: FakeSlack, at_ten: HandClock) -> None:
    plan(bot, "Acme", timedelta(minutes=20))
    plan(bot, "Globex", timedelta(hours=3))
    said = status(slack)
    assert "• 2 nudges wait for you, the next one today 10:30." in said
    today, waits = said.split("\n\n")
    assert today.startswith("*Your calls today*") and waits.startswith("*What waits*"), (
        "each line stands under its own heading"
    )
