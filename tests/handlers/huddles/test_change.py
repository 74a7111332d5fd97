"""Changing a huddle: the account, the play, the time, the people, and calling it off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.huddles.huddle import PARTS
from handlers.app import Bot
from handlers.huddles.card_drawing import HUDDLE_CANCEL
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.huddles import (
    MIA,
    answers,
    ask,
    card,
    form,
    huddle,
    kept,
    link,
    press,
    private,
    reads,
    save,
    tick,
    ticks,
    told,
)

AT_FOUR = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
NEVER = "How did"


def test_a_rename_is_on_the_card_and_among_the_changes(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Change")
    save(slack, account="Acme Holding")
    reads(slack, "Acme Holding")
    change = Calls(bot.coach.store.read).changes("T1", 1)[0]
    assert (change.what, change.before, change.after) == ("account", "Acme", "Acme Holding")
    assert change.by_id == "U1"


def test_a_move_takes_the_nudge_with_it(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Change")
    save(slack, starts=int(AT_FOUR.timestamp()))
    reads(slack, "Mon 23 Nov 16:00")
    assert kept(bot).call.length == timedelta(minutes=45)
    clock.set(AT_FOUR)
    wake()
    assert NEVER not in slack.said_to("U1")
    clock.forward(minutes=56)
    wake()
    told(slack, "How did", "U1")


def test_a_cancelled_call_is_not_asked_about(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Cancel")
    reads(slack, "cancelled")
    assert kept(bot).call.state == "cancelled"
    clock.forward(hours=13)
    wake()
    assert NEVER not in slack.said_to("U1")


def test_cancel_asks_first(slack: FakeSlack, bot: Bot) -> None:
    footer = huddle(slack, "Acme 15:00").blocks[-1]["elements"]
    cancel = next(element for element in footer if element["action_id"] == HUDDLE_CANCEL)
    assert "Acme" in cancel["confirm"]["text"]["text"]
    assert cancel["style"] == cancel["confirm"]["style"] == "danger"


def test_a_colleague_can_neither_move_nor_cancel_the_call(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    press(slack, message, "Cancel", "U2")
    private(slack, "Only sam or a manager cancels this call.", "U2")
    press(slack, message, "Change", "U2")
    view = form(slack, "U2")
    assert "or a manager changes account and time" in view.plain
    assert "Starts" not in view.plain
    assert kept(bot).call.state == "planned"


def test_a_colleague_changes_the_goal_and_the_play(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00 @kim"), "Change", "U2")
    save(slack, "U2", goal="They name a date", play="group-demo")
    message = reads(slack, "Group demo")
    assert "They name a date" in message.plain


def test_a_manager_cancels_any_call(slack: FakeSlack, bot: Bot) -> None:
    assert bot.coach.people.is_manager(MIA)
    press(slack, huddle(slack, "Acme 15:00"), "Cancel", "U3")
    reads(slack, "cancelled")


def test_another_play_keeps_what_was_ticked_and_answered(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    ticked, answered = ticks(bot)[0], answers(bot)[0]
    tick(slack, message, ticked)
    press(slack, reads(slack, "1 of 7 ready"), "Answer")
    save(slack, answer="two weeks")
    press(slack, reads(slack, "2 of 7 ready"), "Change")
    save(slack, play="negotiation")
    message = reads(slack, "Negotiation")
    texts = [item.text for item in kept(bot).items]
    assert {ticked.text, answered.text} <= set(texts)
    assert len(texts) <= 10 and len(set(texts)) == len(texts)
    assert f"2 of {len(texts)} ready" in message.plain


def test_a_goal_is_one_tap_away_while_there_is_none(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    assert "*Goal:* none yet. _What would earn us a second call?_" in message.plain
    press(slack, message, "Set the goal", "U2")
    save(slack, "U2", goal="They name the budget")
    message = reads(slack, "They name the budget")
    assert "Set the goal" not in message.plain


def test_people_who_join_later_are_told_once_in_a_message(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    for _ in range(2):
        press(slack, message, "Add people")
        save(slack, people=["U2"])
    reads(slack, "Support @kim")
    said = told(slack, "Your part: support", "U2")
    assert "@sam counts on you for *Acme*" in said.plain and "#deals" in said.plain
    assert message.ts.replace(".", "") in link(said)
    assert len([m for m in slack.messages(slack.dm("U2")) if "Your part" in m.plain]) == 1


def test_without_a_link_the_channel_is_named(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Add people")
    slack.fail("chat.getPermalink", "message_not_found")
    save(slack, people=["U2"])
    told(slack, "The card is in #deals.", "U2")


def test_who_joins_by_a_second_line_is_told_as_well(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "Acme 15:00 @kim")
    told(slack, "Your part: support", "U2")


def test_everybody_can_be_given_a_part(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00 @kim @mia"), "Change")
    slack.fill("U1", form(slack), {"part:U1": "listen", "part:U2": "lead"})
    save(slack)
    message = reads(slack, "Lead @kim")
    assert "Lead @kim · Support @mia · Listen @sam" in message.plain
    assert {person.part for person in kept(bot).people} == set(PARTS)


def test_two_people_who_change_different_things_at_once_keep_both(
    slack: FakeSlack, bot: Bot
) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    press(slack, message, "Change", "U1")
    press(slack, message, "Change", "U2")
    form(slack, "U1")
    form(slack, "U2")
    save(slack, "U2", goal="They name the budget", people=["U2", "U3"])
    save(slack, "U1", account="Acme Holding")
    message = reads(slack, "Acme Holding")
    assert "They name the budget" in message.plain and "@mia" in message.plain


def test_somebody_can_be_taken_off_but_not_the_owner(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00 @kim"), "Change")
    save(slack, people=None)
    reads(slack, "Lead @sam · 0 of 7 ready")
    assert [person.user_id for person in kept(bot).people] == ["U1"]


def test_who_cannot_be_told_is_named(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Add people")
    slack.deactivate("U2")
    save(slack, people=["U2"])
    told(slack, "was not told", "U1")
    assert "Support" in card(slack).plain


def test_a_state_set_elsewhere_is_drawn_at_the_next_waking(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    huddle(slack, "Acme 15:00")
    call, now = kept(bot).call, clock.now()
    bot.coach.store.write(lambda db: Calls(db).set_state(call, "moved", call.owner, now))
    wake()
    reads(slack, "no new time yet")


def test_the_others_hear_under_the_card_that_the_call_is_cancelled(
    slack: FakeSlack, bot: Bot
) -> None:
    message = huddle(slack, "Acme 15:00 @kim @mia")
    press(slack, message, "Cancel", "U3")
    said = reads(slack, "mia cancelled the call with *Acme* (Mon 23 Nov 15:00 New York). @sam @kim")
    assert said.thread_ts == message.ts
    assert "<!date" not in said.text, "a phone shows it as it stands"
    assert "@mia" not in said.plain
    assert len(slack.messages("C1")) == 2
    assert not slack.messages(slack.dm("U2"))


def test_a_call_on_a_private_card_is_cancelled_with_a_line_to_each(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Acme 15:00 @kim", channel=slack.dm("U1"))
    press(slack, told(slack, "0 of 7 ready", "U1"), "Cancel")
    told(slack, "sam cancelled the call with *Acme*", "U2")
    assert "sam cancelled" not in slack.said_to("U1")


def test_the_others_hear_of_a_new_time_once_and_of_nothing_else(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    press(slack, message, "Change")
    save(slack, starts=int(AT_FOUR.timestamp()), people=["U2", "U3"])
    said = reads(slack, "sam moved the call with *Acme* from Mon 23 Nov 15:00 New York to")
    assert "to Mon 23 Nov 16:00 New York." in said.plain
    assert "@kim" in said.plain and "@mia" not in said.plain  # mia is told of the call itself
    press(slack, slack.messages("C1")[0], "Change")
    save(slack, goal="They name a date", length="30")
    eventually(lambda: "They name a date" in slack.messages("C1")[0].plain)
    assert len(slack.messages("C1")) == 2


def test_nobody_is_told_where_nobody_else_comes_along(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Cancel")
    reads(slack, "cancelled")
    assert len(slack.messages("C1")) == 1
