"""`/debrief`: a form in time, saved before it closes, measured against the goal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.debriefs.filled_form import Filled
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import KIM, SAM, STEP, debrief, form, held, press, save, submit, told

Wake = Callable[[], None]
NASTY = "<!channel> *x* `y` & \u202e <https://evil.example|here> 😀 " + "z" * 200


# Which call is meant ------------------------------------------------------------------------


def test_the_form_is_about_the_most_recent_call_and_shows_its_goal(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot, "Globex", ago=timedelta(hours=30))
    held(bot, "Acme", goal="budget confirmed")
    form = debrief(slack)
    assert "Acme" in form.plain and "budget confirmed" in form.plain
    assert "Only you see this unless you share it; whoever runs the database could." in form.plain


def test_a_call_that_was_debriefed_gives_way_to_the_one_before(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Globex", ago=timedelta(hours=30))
    held(bot, "Acme")
    debrief(slack)
    save(slack, reached="Yes")
    assert "Globex" in debrief(slack).plain


def test_a_named_account_in_any_spelling_opens_its_latest_call(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Big Corp", ago=timedelta(hours=50))
    held(bot, "Acme")
    assert "Big Corp" in debrief(slack, "BIG  corp").plain


def test_a_call_later_today_may_have_been_held_early(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Acme", ago=-timedelta(hours=5))
    assert "budget confirmed" in debrief(slack, "acme").plain


def test_a_moved_or_cancelled_call_is_not_asked_about(slack: FakeSlack, bot: Bot) -> None:
    call = held(bot, "Acme")
    store = bot.coach.store
    store.write(lambda db: Calls(db).set_state(call, "cancelled", SAM, bot.coach.now()))
    assert form_asks_for_account(slack)


def form_asks_for_account(slack: FakeSlack) -> bool:
    return any(block["block_id"] == "account" for block in debrief(slack).blocks)


def test_a_call_without_a_huddle_is_kept_when_the_form_is_saved(slack: FakeSlack, bot: Bot) -> None:
    debrief(slack, "Initech")
    assert rows(bot, "SELECT count(*) FROM calls") == [(0,)]
    save(slack, goal="meet the owner", reached="Yes")
    assert rows(bot, "SELECT account, state, owner_id FROM calls") == [("Initech", "held", "U1")]
    assert rows(bot, "SELECT goal, reached FROM debriefs") == [("meet the owner", "yes")]


def test_a_second_call_with_the_same_account_is_a_call_of_its_own(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot, "Acme")
    debrief(slack)
    save(slack, reached="No", next_step="call Ann")
    press(slack, debrief(slack, "acme"), "Another call")
    eventually(lambda: any(block["block_id"] == "account" for block in form(slack).blocks))
    save(slack, reached="Yes")
    assert rows(bot, "SELECT call_id, reached, next_step FROM debriefs") == [
        (1, "no", "call Ann"),
        (2, "yes", None),
    ]
    assert rows(bot, "SELECT account FROM calls") == [("Acme",), ("Acme",)]


def test_a_call_without_a_huddle_needs_an_account_and_no_future_day(
    slack: FakeSlack, bot: Bot
) -> None:
    debrief(slack)
    done = submit(slack, account="   ", reached="Yes")
    assert done.errors == {"account": "Which account was it?"}
    done = submit(slack, account="Initech", when="2026-11-30")
    assert done.errors == {"when": "That day is still to come. Choose the day of the call."}
    assert rows(bot, "SELECT count(*) FROM calls") == [(0,)]
    save(slack, when="2026-11-20")
    assert rows(bot, "SELECT ends FROM calls") == [("2026-11-20T17:00:00.000Z",)]  # noon


def test_a_call_of_a_month_ago_is_left_alone(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Acme", ago=timedelta(days=30))
    assert form_asks_for_account(slack)


def test_whoever_took_part_has_a_debrief_of_their_own(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme discovery 05:00 @kim")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddle_people WHERE user_id = 'U2'"))
    clock.forward(hours=3)
    debrief(slack, "acme", "U2")
    said = save(slack, "U2", reached="No", forgot="the budget of next year")
    assert "Acme" in said.plain
    assert rows(bot, "SELECT user_id FROM debriefs") == [("U2",)]
    assert "Acme" in debrief(slack, "", "U1").plain  # the owner is still asked
    assert "budget of next year" not in form(slack).plain


def test_nobody_opens_the_debrief_of_a_call_they_had_no_part_in(slack: FakeSlack, bot: Bot) -> None:
    call = held(bot, "Acme", goal="a secret goal")
    assert "a secret goal" not in debrief(slack, "acme", "U2").plain
    with pytest.raises(Exception, match="can't find that call"):
        bot.coach.debriefs.save(KIM, Filled(call.id, "standard", {"reached": "Yes"}))


# The form -----------------------------------------------------------------------------------


def test_questions_come_in_order_and_only_the_first_must_be_answered(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    inputs = [block for block in debrief(slack).blocks if block["type"] == "input"]
    assert [block["label"]["text"] for block in inputs] == [
        "Did you reach it?", "Next step", "By when", "Who committed to it?",
        "What was reached?", "What did you forget to ask?", "What surprised you?",
    ]  # fmt: skip
    assert [block["optional"] for block in inputs] == [False] + [True] * 6


def test_another_kind_is_offered_above_the_questions_with_the_usual_one_first(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    kind = debrief(slack).blocks[1]
    assert kind["block_id"] == "kind"
    assert kind["accessory"]["options"][0]["text"]["text"] == "After the call"


def test_without_a_goal_the_form_and_the_answer_speak_of_none(slack: FakeSlack, bot: Bot) -> None:
    held(bot, goal="")
    asked = debrief(slack).plain
    assert "What you wanted from it, in a few words." in asked
    assert "did it bring you further?" in asked and "The goal of this call." not in asked
    assert "Kept: partly. There is no next step yet." in save(slack, reached="Partly").plain


def test_a_goal_can_be_typed_where_none_was_set(slack: FakeSlack, bot: Bot) -> None:
    held(bot, goal="")
    debrief(slack)
    said = save(slack, goal="a date for the trial", reached="Partly")
    assert "You reached part of the goal" in said.plain
    assert "a date for the trial" not in str(rows(bot, "SELECT goal FROM calls"))


def test_words_after_the_account_choose_the_form(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Acme")
    assert "What did we lose to?" in debrief(slack, "acme lost").plain
    slack.close("U1", form(slack))
    assert "Why are they leaving" in debrief(slack, "Initech churned").plain


def test_another_kind_of_debrief_keeps_what_was_typed(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    view = debrief(slack)
    slack.fill("U1", view, {"reached": "No", "forgot": "their budget", "next_step": "call Ann"})
    slack.click("U1", view, "debrief.kind", "lost-deal")
    eventually(lambda: "What did we lose to?" in form(slack).plain)
    save(slack, why_lost="A rival")
    said = dict(rows(bot, "SELECT question, said FROM replies"))
    assert said == {
        "reached": "No", "forgot": "their budget", "next_step": "call Ann", "why_lost": "A rival"
    }  # fmt: skip
    assert rows(bot, "SELECT form FROM debriefs") == [("lost-deal",)]


def test_a_day_that_is_past_is_shown_at_its_field(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    done = submit(slack, reached="Yes", next_step="send the offer", by_when="2026-11-20")
    assert done.errors == {"by_when": "That day is past. Choose today or a later day."}
    save(slack, by_when="2026-11-23")
    assert rows(bot, "SELECT next_step, by_when FROM debriefs") == [
        ("send the offer", "2026-11-23")
    ]


def test_a_day_without_a_step_asks_for_the_step(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    done = submit(slack, reached="Yes", by_when="2026-12-02")
    assert list(done.errors) == ["next_step"]
    assert rows(bot, "SELECT count(*) FROM debriefs") == [(0,)]


def test_today_is_the_day_where_the_rep_is(slack: FakeSlack, bot: Bot, clock: HandClock) -> None:
    held(bot)
    clock.forward(hours=17)  # Tuesday 02:00 in London, still Monday evening in New York
    debrief(slack)
    save(slack, reached="Yes", next_step="send it", by_when="2026-11-23")


def test_a_zone_that_slack_did_not_tell_is_asked_for_again_before_a_day_is_kept(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("users.info", "internal_error")
    debrief(slack)
    eventually(lambda: not slack.faults.waiting("users.info"))
    save(slack, account="Initech", when="2026-11-20", reached="Yes", **STEP)
    assert rows(bot, "SELECT ends FROM calls") == [("2026-11-20T17:00:00.000Z",)]  # noon
    reminded = rows(bot, "SELECT wanted_at FROM outbox")
    assert reminded == [("2026-12-02T14:00:00.000Z",)]  # 9:00 in New York


def test_a_form_that_came_too_late_can_be_opened_by_a_button(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    slack.fail("views.open", "expired_trigger_id")
    slack.command("U1", "C1", "/debrief", "")
    eventually(lambda: "took too long" in slack.ephemerals("U1")[-1].plain)
    press(slack, slack.ephemerals("U1")[-1], "Open the form")
    assert "budget confirmed" in form(slack).plain


def test_hostile_words_are_kept_as_typed_and_shown_harmless(slack: FakeSlack, bot: Bot) -> None:
    held(bot, account=NASTY[:60], goal=NASTY)
    debrief(slack)
    said = save(slack, reached="Yes", next_step=NASTY, forgot=NASTY, committed="Us")
    assert "<!channel>" not in said.text and "&lt;!channel&gt;" in said.text
    assert rows(bot, "SELECT next_step FROM debriefs") == [(NASTY,)]
    press(slack, said, "Change")
    assert form(slack).blocks


def test_the_longest_answers_are_kept_whole_and_can_be_reopened(slack: FakeSlack, bot: Bot) -> None:
    held(bot, account="A" * 80, goal="g" * 300)
    debrief(slack)
    long = "word " * 599
    said = save(
        slack, reached="Yes", next_step="s" * 300, forgot=long, surprised=long, achieved=long
    )
    assert rows(bot, "SELECT forgot FROM debriefs") == [(long.strip(),)]
    press(slack, said, "Change")
    assert form(slack).blocks


# Saved --------------------------------------------------------------------------------------


def test_a_saved_form_is_measured_against_the_goal(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack, "acme")
    said = save(slack, reached="Partly", **STEP)
    assert "You reached part of the goal" in said.plain
    assert "the next step is yours: _send the offer_, by Wed 2 Dec." in said.plain


def test_every_answer_is_a_row_that_says_what_was_asked(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    save(slack, reached="Partly", forgot="who signs")
    assert rows(bot, "SELECT asked, said, via, call_id FROM replies ORDER BY asked") == [
        ("Did you reach it?", "Partly", "form", 1),
        ("What did you forget to ask?", "who signs", "form", 1),
    ]
    assert rows(bot, "SELECT state FROM calls") == [("held",)]


def test_a_changed_answer_is_a_new_row_and_the_rest_is_not_written_again(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Partly", next_step="send the offer", forgot="who signs")
    press(slack, said, "Change")
    save(slack, next_step="send the contract", forgot=None)
    found = rows(bot, "SELECT question, said, replaces FROM replies ORDER BY question, id")
    olds = {said: id for id, said in rows(bot, "SELECT id, said FROM replies")}
    assert found == [
        ("forgot", "who signs", None),
        ("forgot", "", olds["who signs"]),
        ("next_step", "send the offer", None),
        ("next_step", "send the contract", olds["send the offer"]),
        ("reached", "Partly", None),
    ]
    assert rows(bot, "SELECT next_step, forgot FROM debriefs") == [("send the contract", None)]


def test_a_change_shows_in_the_message_that_was_there(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    press(slack, save(slack, reached="Partly", next_step="send the offer"), "Change")
    save(slack, next_step="send the contract")
    assert len(told(slack)) == 1 and "send the contract" in told(slack)[0].plain


def test_a_change_is_told_anew_where_the_message_is_gone(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    press(slack, save(slack, reached="Partly"), "Change")
    slack.fail("chat.update", "message_not_found")
    assert "The goal is still open" in save(slack, reached="No").plain
    assert len(told(slack)) == 2


def test_an_old_day_may_stay_when_something_else_is_changed(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Partly", **STEP)
    clock.forward(days=12)
    press(slack, said, "Change")
    save(slack, reached="Yes")
    assert rows(bot, "SELECT reached, by_when FROM debriefs") == [("yes", "2026-12-02")]


def test_a_restart_between_opening_and_saving_loses_nothing(
    slack: FakeSlack, bot: Bot, restart: Wake
) -> None:
    held(bot)
    view = debrief(slack)
    slack.fill("U1", view, {"reached": "Partly", "surprised": "a new face"})
    restart()
    save(slack)
    assert ("a new face",) in rows(bot, "SELECT said FROM replies")


def test_a_locked_database_keeps_the_form_open_with_everything_in_it(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    view = debrief(slack)
    slack.fill("U1", view, {"reached": "Partly", "surprised": "a new face"})
    other = sqlite3.connect(bot.coach.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = submit(slack)
    other.execute("ROLLBACK")
    other.close()
    assert "The database is busy" in " ".join(done.errors.values())
    assert slack.modal("U1") is not None
    save(slack)
    assert ("a new face",) in rows(bot, "SELECT said FROM replies")


def test_the_same_form_delivered_twice_is_saved_once(slack: FakeSlack, bot: Bot) -> None:
    debrief(slack, "Initech")
    done = submit(slack, reached="Yes")
    slack.replay(done)
    eventually(lambda: told(slack))
    assert rows(bot, "SELECT count(*) FROM calls") == [(1,)]
    assert rows(bot, "SELECT count(*) FROM replies") == [(1,)]


# What is typed ------------------------------------------------------------------------------


def answer(slack: FakeSlack, words: str, shown: str) -> Message:
    """Type `/debrief words` and read the private answer that holds `shown`."""
    assert slack.command("U1", "C1", "/debrief", words).status == 200
    return eventually(lambda: next((m for m in slack.ephemerals("U1") if shown in m.plain), None))


def tap(slack: FakeSlack, message: Message, label: str) -> None:
    block_id, action_id, value = slack.button(message, label)
    assert slack.click("U1", message, action_id, value, block_id).status == 200


def were_held(slack: FakeSlack, bot: Bot, clock: HandClock, *accounts: str) -> None:
    for n, account in enumerate(accounts, 1):
        slack.command("U1", "C1", "/huddle", f"“{account}” in {n * 10}m")
        eventually(lambda n=n: rows(bot, "SELECT count(*) FROM calls") == [(n,)])
    clock.forward(hours=3)


def test_words_beside_the_account_fill_the_form(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    were_held(slack, bot, clock, "Acme")
    view = debrief(slack, "acm partly they want a pilot")
    values = view.screen.values("U1")
    assert values["reached"]["answer"]["selected_option"]["value"] == "Partly"
    assert values["achieved"]["answer"]["value"] == "they want a pilot"


def test_of_several_calls_one_is_chosen_by_a_button(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    were_held(slack, bot, clock, "Acme Labs", "Acme Holding", "Globex")
    message = answer(slack, "acme", "Which call do you mean by “acme”?")
    assert "Globex" not in message.plain
    tap(slack, message, "Acme Labs, today 4:10")
    assert "Acme Labs" in form(slack).plain


def test_an_unknown_account_is_said_with_the_open_calls_and_can_be_new(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    were_held(slack, bot, clock, "Acme")
    message = answer(slack, "Initech", "No call of yours without a debrief is with “Initech”.")
    assert "Acme, today 4:10" in message.plain
    tap(slack, message, "Another call, with Initech")
    values = form(slack).screen.values("U1")
    assert values["account"]["answer"]["value"] == "Initech"


@pytest.mark.parametrize("words", ["acme no show", "acme cancelled", "acme moved to friday"])
def test_a_call_that_did_not_take_place_is_asked_about_and_not_debriefed(
    slack: FakeSlack, bot: Bot, clock: HandClock, words: str
) -> None:
    were_held(slack, bot, clock, "Acme")
    message = answer(slack, words, "Did the call with Acme take place?")
    tap(slack, message, "Move or cancel it")
    assert "Change the huddle" in form(slack).plain
    assert rows(bot, "SELECT count(*) FROM debriefs") == [(0,)]


@pytest.mark.parametrize("words", ["help", "?", "list"])
def test_help_lists_what_waits(slack: FakeSlack, bot: Bot, clock: HandClock, words: str) -> None:
    were_held(slack, bot, clock, "Acme")
    assert "Acme, today 4:10" in answer(slack, words, "/debrief acme partly").plain


@pytest.mark.parametrize(
    ("hour", "when", "by_when"),
    [
        (2, "2026-11-22", "2026-11-22"),  # still Sunday in Honolulu
        (22, "2026-11-24", "2026-11-24"),  # Tuesday already in Auckland
    ],
)
def test_any_day_that_it_may_be_is_taken_while_the_zone_is_not_known(
    slack: FakeSlack, bot: Bot, clock: HandClock, hour: int, when: str, by_when: str
) -> None:
    clock.set(clock.now().replace(hour=hour))
    slack.world.users["U1"].tz = ""
    debrief(slack)
    save(slack, account="Initech", when=when, reached="Yes", **(STEP | {"by_when": by_when}))
