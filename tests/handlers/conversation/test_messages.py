"""Plain words in the DM: answers to a nudge, changes of them, and everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.people.table import People
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import asked, form, press, save, told

Wake = Callable[[], None]


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def say(slack: FakeSlack, text: str, thread_ts: str | None = None, user: str = "U1") -> Message:
    """Write to the coach; the message as it stands."""
    done = slack.say(user, slack.dm(user), text, thread_ts)
    assert done.status == 200
    return next(m for m in reversed(slack.messages(slack.dm(user))) if m.user == user)


def replies(bot: Bot) -> list[tuple[object, ...]]:
    return rows(bot, "SELECT asked, said, via, replaces, removed FROM replies ORDER BY id")


def test_a_message_after_a_nudge_is_kept_under_its_call(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    say(slack, "They want the trial & a call with <@U2>")
    eventually(lambda: "Kept, under *Acme*" in told(slack)[-1].plain)
    assert replies(bot) == [
        ("How did Acme go?", "They want the trial & a call with @U2", "message", None, 0)
    ]
    press(slack, told(slack)[-1], "Open the form")
    assert "Acme" in form(slack).plain


def test_more_in_the_same_breath_is_kept_too_and_said_so(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    say(slack, "It went well.")
    clock.forward(minutes=2)
    say(slack, "Budget is still open.")
    eventually(lambda: "Kept too, under *Acme*" in told(slack)[-1].plain)
    assert len(replies(bot)) == 2


def test_a_message_is_not_asked_about_again(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    say(slack, "They want the trial")
    eventually(lambda: replies(bot))
    for _ in range(3):
        clock.forward(days=1)
        wake()
    assert "\n".join(m.plain for m in told(slack)).count("How did") == 1


def test_of_two_calls_in_one_nudge_the_named_one_is_meant(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme", "Globex")
    say(slack, "acme was tough")
    eventually(lambda: replies(bot))
    assert replies(bot)[0][0] == "How did Acme go?"


@pytest.mark.parametrize("label, told_so", [("It moved", "it moved"), ("Skip", "Skipped.")])
def test_words_after_a_call_was_moved_or_skipped_are_kept_under_no_call(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock, label: str, told_so: str
) -> None:
    asked(bot, wake, "Globex")
    clock.forward(hours=1)
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], label)
    eventually(lambda: told_so in told(slack)[-1].plain)
    clock.forward(minutes=1)
    say(slack, "Friday at three instead")
    bot.inbox_worker.drain()
    assert replies(bot) == []


def test_of_two_calls_in_one_nudge_the_one_that_took_place_is_meant(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme", "Globex")
    press(slack, told(slack)[-1], "It moved")
    eventually(lambda: "it moved" in told(slack)[-1].plain)
    say(slack, "They want the trial")
    eventually(lambda: "Kept, under *Globex*" in told(slack)[-1].plain)


def test_an_answer_in_the_nudges_thread_counts_even_after_the_form(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    nudge = told(slack)[-1]
    press(slack, nudge, "Yes")
    save(slack)
    say(slack, "One more thing: Ann leaves in May", thread_ts=nudge.ts)
    eventually(lambda: len(replies(bot)) == 2)
    eventually(lambda: any(m.thread_ts == nudge.ts for m in told(slack)))


def test_after_three_days_a_message_answers_nothing(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    clock.forward(days=4)
    say(slack, "What a week")
    eventually(lambda: "/debrief acme" in told(slack)[-1].plain)
    assert replies(bot) == []


def test_words_that_answer_nothing_get_a_reply_each_and_help_at_length_once_in_a_while(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    for _ in range(3):
        say(slack, "hello?")
    eventually(lambda: len(told(slack)) == 3)
    assert ["/huddle acme 15:00" in m.plain for m in told(slack)] == [True, False, False]
    clock.forward(days=1)
    say(slack, "hello again")
    eventually(lambda: len(told(slack)) == 4)
    assert "/huddle acme 15:00" in told(slack)[-1].plain


def test_an_edited_message_is_a_new_row_and_both_are_kept(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    message = say(slack, "They want the trail")
    eventually(lambda: replies(bot))
    slack.edit("U1", message, "They want the trial")
    eventually(lambda: len(replies(bot)) == 2)
    assert [row[1:] for row in replies(bot)] == [
        ("They want the trail", "message", None, 0),
        ("They want the trial", "message", 1, 0),
    ]


def test_a_deleted_message_is_marked_and_kept_until_forgotten(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    message = say(slack, "They want the trial")
    eventually(lambda: replies(bot))
    slack.delete("U1", message)
    eventually(lambda: replies(bot)[0][4] == 1)
    slack.command("U1", "C1", "/coach", "log")
    eventually(lambda: "I keep no replies" in slack.ephemerals("U1")[-1].plain)


def test_an_event_that_comes_twice_is_kept_once(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    asked(bot, wake, "Acme")
    done = slack.say("U1", slack.dm("U1"), "They want the trial")
    slack.replay(done)
    eventually(lambda: replies(bot))
    bot.inbox_worker.drain()
    assert len(replies(bot)) == 1
    assert len(told(slack)) == 2


def test_words_that_slack_did_not_let_us_answer_are_kept_once(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    slack.fail("chat.postMessage", "500", times=5)
    say(slack, "They want the trial")
    eventually(lambda: replies(bot))
    bot.inbox_worker.drain()
    wake()
    assert len(replies(bot)) == 1


def test_what_waited_in_the_inbox_is_kept_after_a_restart(
    slack: FakeSlack, bot: Bot, wake: Wake, restart: Wake
) -> None:
    asked(bot, wake, "Acme")
    bot.inbox_worker.stop()
    say(slack, "They want the trial")
    restart()
    wake()
    assert replies(bot)[0][1] == "They want the trial"


def test_what_one_rep_writes_another_never_reads(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    asked(bot, wake, "Acme")
    say(slack, "a-private-thought")
    eventually(lambda: replies(bot))
    for user in ("U2", "U3"):
        assert not [m for m in slack.seen_by(user) if "a-private-thought" in m.plain]


def test_what_slack_sent_is_kept_until_it_was_handled(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    say(slack, "They want the trial")
    eventually(lambda: replies(bot))
    bot.inbox_worker.drain()
    assert rows(bot, "SELECT payload, user_id FROM inbox") == [(None, None)]
    clock.forward(hours=8 * 24)
    wake()
    eventually(lambda: not rows(bot, "SELECT 1 FROM inbox"))


def test_of_people_who_never_spoke_with_the_coach_nothing_is_kept(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.subscriptions.add("user_change")
    slack.add_user("U9", "new")
    slack.deactivate("U9")
    bot.inbox_worker.drain()
    assert People(bot.coach.store.read).profile(Rep("T1", "U9")) is None


def test_the_coachs_own_messages_are_not_received(slack: FakeSlack, bot: Bot) -> None:
    own = {"user": "UBT1", "bot_id": "BT1", "text": "Kept: a-private-thought", "ts": "1.1"}
    place = {"type": "message", "channel": slack.dm("U1"), "channel_type": "im"}
    new = place | own
    changed = place | {"subtype": "message_changed", "ts": "1.2", "message": own}
    for event in (new, changed | {"previous_message": own}):
        assert slack._event("message.im", "T1", event).status == 200
    bot.inbox_worker.drain()
    assert rows(bot, "SELECT payload FROM inbox") == []
    assert told(slack) == []


# First contact ------------------------------------------------------------------------------


def test_first_contact_is_one_short_message_with_three_examples(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U9", "new")
    slack.open_messages_tab("U9")
    slack.open_messages_tab("U9")
    slack.command("U9", slack.dm("U9"), "/tip", "discount")
    eventually(lambda: "/huddle acme 15:00" in slack.said_to("U9"))
    bot.stop()
    greeting = slack.messages(slack.dm("U9"))[0].plain
    assert slack.said_to("U9").count("I coach sales calls") == 1
    assert len(greeting.splitlines()) == 5
    assert "nudges off" in greeting


def test_the_first_command_ever_is_greeted_too(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U9", "new")
    slack.world.channels["C1"].members.add("U9")
    slack.command("U9", "C1", "/tip", "discount")
    eventually(lambda: "I coach sales calls" in slack.said_to("U9"))


def test_a_stranger_who_just_writes_is_greeted_and_not_helped_twice(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.add_user("U9", "new")
    say(slack, "hi", user="U9")
    eventually(lambda: "I coach sales calls" in slack.said_to("U9"))
    assert People(bot.coach.store.read).greeted(Rep("T1", "U9"))
    bot.stop()
    assert "I read answers" not in slack.said_to("U9")
