"""What was kept is never told as refused, whatever becomes of the message that is to show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot, table
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support import calendars, tips
from tests.support.debriefs import STEP, asked, debrief, form, held, press, save, submit, told
from tests.support.nudges import at_ten
from tests.support.questions import settled

__all__ = ["at_ten"]  # fixtures

Wake = Callable[[], None]
REFUSED = ("Slack did not take that message", "Slack did not answer", "Slack asks me", "Try again")
WHY = ["cant_update_message", "edit_window_closed", "message_not_found", "ratelimited", "reset"]
NOT_SHOWN = "The message itself may look as before: Slack did not take its change."


def heard(slack: FakeSlack, words: str) -> None:
    """Sam reads that it was kept, and nothing that sounds like a refusal."""
    eventually(lambda: any(words in m.plain for m in slack.seen_by("U1")))
    for message in slack.seen_by("U1"):
        assert not any(refused in message.plain for refused in REFUSED), message.plain


@pytest.fixture(params=WHY)
def unchangeable(slack: FakeSlack, request: pytest.FixtureRequest) -> Callable[[], None]:
    """From now on no message can be changed, for this reason."""
    return lambda: slack.fail("chat.update", request.param, 9)


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        ("Snooze 1 h", "I'll ask again today 11:00."),
        ("Skip", "Skipped. I won't ask about this call again."),
        ("No show", "Kept: they did not show up."),
        ("It moved", "Kept: it moved."),
        ("Stop these", "Nudges are off."),
        ("Yes", "Kept: yes."),
        ("Partly", "Kept: partly."),
    ],
)
def test_an_answer_to_a_question_after_a_call(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, label: str, kept: str,
    unchangeable: Callable[[], None],
) -> None:  # fmt: skip
    asked(bot, wake, "Acme")
    unchangeable()
    press(slack, told(slack)[-1], label)
    heard(slack, NOT_SHOWN)
    heard(slack, kept)


def test_nudges_that_are_on_again(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, unchangeable: Callable[[], None]
) -> None:
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], "Stop these")
    eventually(lambda: "Nudges are off" in told(slack)[-1].plain)
    unchangeable()
    press(slack, told(slack)[-1], "Nudges are off. Turn them on again")
    heard(slack, f"Nudges are on. {NOT_SHOWN}")


@pytest.mark.parametrize("label", ["Done", "Not yet"])
def test_an_answer_about_a_next_step(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, label: str,
    unchangeable: Callable[[], None],
) -> None:  # fmt: skip
    held(bot)
    debrief(slack, "acme")
    save(slack, reached="Yes", **STEP)
    at_ten.forward(days=9)
    wake()
    assert "send the offer" in told(slack)[-1].plain
    unchangeable()
    press(slack, told(slack)[-1], label)
    heard(slack, f"Kept: {label.lower()}. {NOT_SHOWN}")


@pytest.mark.parametrize(("label", "kept"), [("Partly", "Kept: partly."), ("It moved", "It moved")])
def test_an_answer_whose_form_does_not_open(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, label: str, kept: str
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme 10:15 30m")
    eventually(lambda: slack.messages("C1"))
    at_ten.forward(hours=1)
    wake()
    slack.fail("views.open", "internal_error")
    press(slack, told(slack)[-1], label)
    heard(slack, "did not open")
    heard(slack, f"Kept: {label.lower()}.")


def test_a_debrief_that_was_changed(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, unchangeable: Callable[[], None]
) -> None:
    held(bot)
    debrief(slack, "acme")
    press(slack, save(slack, reached="Yes", **STEP), "Change")
    unchangeable()
    form(slack)
    before = len(told(slack))
    submit(slack, reached="No")
    eventually(lambda: len(told(slack)) > before)
    heard(slack, "Kept")
    assert rows(bot, "SELECT reached FROM debriefs") == [("no",)]


def test_a_debrief_that_was_shared(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, unchangeable: Callable[[], None]
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme 10:15 30m")
    eventually(lambda: slack.messages("C1"))
    at_ten.forward(hours=2)
    debrief(slack, "acme")
    said = save(slack, reached="Yes", **STEP)
    unchangeable()
    press(slack, said, "Share")
    heard(slack, f"Shared in #deals. {NOT_SHOWN}")


@pytest.mark.parametrize(("label", "kept"), [("Helpful", "it helped"), ("Share", "Shared in")])
def test_a_vote_and_a_share_of_a_tip(slack: FakeSlack, bot: Bot, label: str, kept: str) -> None:
    answer = tips.ask(slack, "scope creep")
    slack.fail("response_url", "reset")
    tips.press(slack, "U1", answer, label)
    heard(slack, kept)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("daily 9:00", "gets one tip on weekdays at 9:00"),
        ("nudges off", "Nudges are off."),
        ("nudges on", "Nudges are on"),
    ],
)
def test_a_setting(slack: FakeSlack, bot: Bot, line: str, kept: str) -> None:
    slack.fail("response_url", "reset")
    slack.command("U1", "C1", "/coach", line)
    heard(slack, kept)


def test_words_that_were_a_question_after_all(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, unchangeable: Callable[[], None]
) -> None:
    asked(bot, wake, "Acme")
    slack.say("U1", slack.dm("U1"), "They want a trial in January")
    eventually(lambda: "Kept, under *Acme*" in told(slack)[-1].plain)
    unchangeable()
    press(slack, told(slack)[-1], "That was a question")
    heard(slack, NOT_SHOWN)
    states = "SELECT state FROM outbox WHERE kind = 'answer'"
    eventually(lambda: rows(bot, states) == [("sent",)])


def test_their_step(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, unchangeable: Callable[[], None]
) -> None:
    held(bot)
    debrief(slack, "acme")
    press(slack, save(slack, reached="Yes", **STEP), "Add their step")
    form(slack)
    unchangeable()
    before = len(slack.seen_by("U1"))
    submit(slack, their_step="sign", their_by_when="2026-12-01")
    eventually(lambda: len(slack.seen_by("U1")) > before)
    heard(slack, "Kept")
    assert rows(bot, "SELECT their_step FROM debriefs") == [("sign",)]


def test_hours(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "nudges")
    form(slack)
    slack.fail("chat.postMessage", "internal_error")
    submit(slack, holidays="US")
    heard(slack, "Kept: your hours.")


def test_words_that_are_kept_under_a_call(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    slack.say("U1", slack.dm("U1"), "It went badly. What should I do about the price?")
    eventually(lambda: "Keep this under Acme" in told(slack)[-1].plain)
    slack.fail("response_url", "reset")
    press(slack, told(slack)[-1], "Keep this under Acme")
    heard(slack, "Kept, under *Acme*")


def test_a_vote_on_a_daily_tip(slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake) -> None:
    slack.command("U1", "C1", "/coach", "daily 9:00 every day UTC")
    eventually(lambda: slack.ephemerals("U1"))
    clock.forward(minutes=5)
    wake()
    slack.fail("response_url", "reset")
    press(slack, slack.messages("C1")[-1], "Helpful")
    heard(slack, "Kept: it helped.")


@pytest.mark.parametrize(
    ("label", "kept"), [("Later", "I come back to it"), ("Not a customer", "I won't offer its")]
)
def test_an_answer_to_the_offer_before_a_meeting(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, label: str, kept: str,
    unchangeable: Callable[[], None],
) -> None:  # fmt: skip
    starts = at_ten.now() + timedelta(minutes=14)
    calendars.offered(bot.coach, calendars.kept(starts=starts))
    wake()
    offer = eventually(lambda: told(slack)[-1])
    unchangeable()
    press(slack, offer, label)
    heard(slack, NOT_SHOWN)
    heard(slack, kept)


def test_an_answer_about_a_meeting_that_a_colleague_has_too(
    slack: FakeSlack, bot: Bot, at_ten: HandClock, wake: Wake, unchangeable: Callable[[], None]
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme 15:00")
    eventually(lambda: slack.messages("C1"))
    calendars.asked_who_else(bot.coach)
    wake()
    question = eventually(lambda: told(slack)[-1])
    unchangeable()
    press(slack, question, "Another meeting")
    heard(slack, f"Kept: another meeting. {NOT_SHOWN}")


@pytest.mark.parametrize("label", ["Not a customer", "Is a customer"])
def test_what_a_meeting_in_the_calendar_is(slack: FakeSlack, bot: Bot, label: str) -> None:
    verdict = "customer" if label == "Not a customer" else "none"
    calendars.connected(bot.coach)
    calendars.put(bot.coach, calendars.kept(verdict=verdict))
    slack.command("U1", "C1", "/coach", "calendar list")
    found = eventually(lambda: slack.ephemerals("U1")[-1])
    slack.fail("response_url", "reset")
    press(slack, found, label)
    heard(slack, "Kept: “Acme demo” is")


def test_a_calendar_that_is_turned_off(slack: FakeSlack, bot: Bot) -> None:
    calendars.connected(bot.coach)
    slack.command("U1", "C1", "/coach", "calendar")
    view = form(slack)
    slack.fail("views.update", "internal_error")
    block_id, action_id, value = slack.button(view, "Turn off")
    slack.click("U1", view, action_id, value, block_id)
    heard(slack, "Your calendar is forgotten")


# What has a story above, by the name of its button or form.
STORIES = {
    *("nudge.snooze", "nudge.skip", "nudge.no_show", "nudge.moved", "nudge.stop", "nudge.start"),
    *("nudge.done", "nudge.not_yet", "debrief.yes", "debrief.partly", "debrief.no"),
    *("debrief.save", "debrief.their_step_save", "debrief.share", "debrief.share_in"),
    *("tip.helpful", "tip.not_helpful", "tip.share", "daily.helpful", "daily.not_helpful"),
    *("nudges.hours", "reply.question", "reply.keep"),
    *("meeting.later", "meeting.leave", "meeting.apart"),
    *("calendar.is_customer", "calendar.is_no_customer", "calendar.off"),
}
# What changes a card: where Slack does not take that, it is drawn at a later waking, and nothing
# is said. And what says what it kept in one sentence, by `errors.show` as well.
BY_ITSELF = {
    *("huddle.tick", "huddle.answered", "huddle.item_added", "huddle.remember", "huddle.post"),
    *("huddle.start", "huddle.changed", "huddle.goal_set", "huddle.people_added"),
    *("huddle.cancel", "huddle.cancelled", "library.import", "meeting.start", "meeting.put_on"),
}
IN_A_SENTENCE = {
    "huddle.take",
    *("records.forget", "library.follow_this", "library.feed_form", "library.leave"),
    *("library.unfollow", "library.remove_sure", "calendar.form"),
    *("records.keep_days", "records.keep_days_back"),
}
# What opens something, or looks something up.
KEEPS_NOTHING = {
    *("daily.why", "huddle.why", "huddle.why_parts", "post.read", "tip.another", "tip.choose"),
    *("huddle.add_item", "huddle.add_people", "huddle.answer", "huddle.change", "huddle.goal"),
    *("huddle.open", "huddle.part", "debrief.another", "debrief.change", "debrief.kind"),
    *("debrief.new", "debrief.open", "debrief.their_step", "library.follow", "library.remove"),
    *("library.remove_not", "records.keep", "calendar.show", "records.keep_days_not"),
    "tip.feedback",  # keeps a vote, and says nothing
}


def test_of_each_button_and_form_it_is_known_how_it_tells_what_it_kept() -> None:
    heard_of = {
        name.split(":")[0]
        for kind in ("ACTIONS", "VIEWS", "COMMITTED_FORMS")
        for name in table(kind)
    }
    assert heard_of == STORIES | BY_ITSELF | IN_A_SENTENCE | KEEPS_NOTHING


def test_a_huddle_that_is_there_already(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/huddle", "Acme 15:00")
    eventually(lambda: slack.messages("C1"))
    settled(bot)
    slack.fail("response_url", "reset")
    slack.command("U1", "C1", "/huddle", "Acme 15:00")
    heard(slack, "What you asked for is kept.")


def test_a_card_that_is_brought_to_its_channel(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C2", "/huddle", "Acme 15:00")
    sorry = eventually(lambda: slack.ephemerals("U1"))[-1]
    slack.invite("C2")
    slack.fail("response_url", "reset")
    block_id, action_id, value = slack.button(sorry, "Try again")
    slack.click("U1", sorry, action_id, value, block_id)
    eventually(lambda: slack.messages("C2"))
    eventually(lambda: "Your huddle is saved. If you don't see" in slack.ephemerals("U1")[-1].plain)
