"""`/huddle`: both ways of asking, and a card that everybody on the call can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock.now import HandClock
from handlers import app
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import elements
from tests.conftest import eventually
from tests.support.huddles import (
    SAM,
    accounts_offered,
    ask,
    card,
    form,
    huddle,
    kept,
    press,
    private,
    reads,
    save,
)

# Sam is in New York, where it is 04:00: five hours behind UTC.
AT_THREE = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def test_account_and_time_are_enough_for_a_card_in_the_channel(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    assert "Acme" in message.plain
    assert "45 min · First meeting" in message.plain
    assert "Lead @sam · Support @kim · 0 of 7 ready" in message.plain
    call = kept(bot).call
    assert (call.starts, call.length) == (AT_THREE, timedelta(minutes=45))
    assert (call.owner, call.channel_id, call.state) == (SAM, "C1", "planned")


def test_a_mention_on_the_card_is_the_telling(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00 @kim")
    assert "Acme" not in slack.said_to("U2").replace(card(slack).plain, "")
    assert not slack.messages(slack.dm("U2"))


@pytest.mark.parametrize(
    ("words", "account", "hour", "minutes", "play"),
    [
        ("Acme 15:00", "Acme", 20, 45, "first-meeting"),
        ("Acme 3pm", "Acme", 20, 45, "first-meeting"),
        ("Acme negotiation 15:00", "Acme", 20, 45, "negotiation"),
        ("Acme group demo 3pm 1h", "Acme", 20, 60, "group-demo"),
        ("Group 1 15:00 30m", "Group 1", 20, 30, "first-meeting"),
        ("3M 15:00", "3M", 20, 45, "first-meeting"),
        ('"Fri Ltd" 15:00', "Fri Ltd", 20, 45, "first-meeting"),
        ("Fri Ltd 15:00", "Fri Ltd", 20, 45, "first-meeting"),
        ("Acme in 20m", "Acme", 9, 45, "first-meeting"),
        ("Acme now", "Acme", 9, 45, "first-meeting"),
        ("Acme 15:00 @kim @mia", "Acme", 20, 45, "first-meeting"),
        ("AT&T 15:00", "AT&T", 20, 45, "first-meeting"),
        ("Acme discovery 15:00 1h @kim", "Acme", 20, 60, "discovery"),
    ],
)
def test_a_line_is_read_from_the_right(
    slack: FakeSlack, bot: Bot, words: str, account: str, hour: int, minutes: int, play: str
) -> None:
    huddle(slack, words)
    call = kept(bot).call
    assert (call.account, call.starts.hour, call.play) == (account, hour, play)
    assert call.length == timedelta(minutes=minutes)


@pytest.mark.parametrize("words", ["", "Acme", "Acme 3:00", "Acme fri 3:00", "Acme 15:00 @nobody"])
def test_what_is_missing_past_or_doubtful_opens_a_form_filled_with_the_rest(
    slack: FakeSlack, bot: Bot, words: str
) -> None:
    ask(slack, words)
    view = form(slack)
    for label in ("Account", "Play", "Starts", "Length (minutes)", "People", "Goal"):
        assert label in view.plain
    assert not slack.messages("C1")
    values = view.screen.values("U1")
    assert values["account"]["field"]["value"] == (words.split()[0] if words else None)


def test_the_form_starts_the_same_huddle(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme @kim")
    at = int(AT_THREE.timestamp())
    save(slack, starts=at, length="30", goal="They name the budget")
    message = reads(slack, "They name the budget")
    assert "30 min" in message.plain and "Support @kim" in message.plain
    assert kept(bot).call.starts == AT_THREE


def test_a_start_that_is_past_is_shown_at_its_field(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme")
    yesterday = int((AT_THREE - timedelta(days=1)).timestamp())
    done = slack.submit("U1", form(slack), {"starts": yesterday})
    assert done.errors == {"starts": "That is past. Pick a time from now on."}
    assert slack.modal("U1") is not None


def test_a_form_that_came_too_late_is_offered_again(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("views.open", "expired_trigger_id")
    ask(slack, "Acme @kim")
    press(slack, private(slack, "Nothing you typed is lost"), "Open the form")
    values = form(slack).screen.values("U1")
    assert values["account"]["field"]["value"] == "Acme"
    assert values["people"]["field"]["selected_users"] == ["U2"]


def test_accounts_that_were_met_are_named_in_the_form(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "")
    hints = [block.get("hint", {}).get("text", "") for block in form(slack).blocks]
    assert "Known: Acme" in hints


def test_whom_a_colleague_meets_in_private_is_not_named(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Secret Deal 15:00", "U1", slack.dm("U1"))
    huddle(slack, "Acme 15:00")
    for user, known in (("U1", "Known: Acme, Secret Deal"), ("U2", "Known: Acme")):
        ask(slack, "", user)
        hints = [block.get("hint", {}).get("text", "") for block in form(slack, user).blocks]
        assert known in hints


def test_another_spelling_is_the_same_account(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme Corp 15:00")
    huddle(slack, "ACME  corp tomorrow 15:00")
    assert kept(bot, 2).call.account == "Acme Corp"


def test_asking_twice_for_one_call_makes_no_second_card(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "acme 15:00 @kim")
    private(slack, "has a huddle already")
    assert len(slack.messages("C1")) == 1
    reads(slack, "Support @kim")


def test_a_replayed_command_does_nothing_twice(slack: FakeSlack, bot: Bot) -> None:
    first = ask(slack, "Acme 15:00")
    slack.replay(first)
    eventually(lambda: slack.messages("C1"))
    assert len(bot.coach.cards.today(SAM)) == 1


def test_coach_huddle_does_the_same(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "huddle Acme 15:00")
    reads(slack, "Acme")


def test_the_next_play_follows_from_the_history_of_the_account(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme first meeting 15:00")
    huddle(slack, "Acme tomorrow 15:00")
    assert kept(bot, 2).call.play == "discovery"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Acme", "Usually comes after First meeting."),
        ("Newco", "Nothing is known of this account yet."),
        ("Newco group demo", "Proposed from the words typed."),
        ("", None),
    ],
)
def test_the_form_asks_for_the_goal_early_and_says_why_it_proposes_a_play(
    slack: FakeSlack, bot: Bot, words: str, why: str | None
) -> None:
    huddle(slack, "Acme first meeting 15:00")
    ask(slack, words)
    fields = [block for block in form(slack).blocks if block["type"] == "input"]
    assert [field["block_id"] for field in fields[:3]] == ["account", "goal", "play"]
    assert fields[2].get("hint", {}).get("text") == why


def test_a_word_about_the_call_proposes_a_play_for_a_known_account(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "Acme 15:00")
    huddle(slack, "acme whole team tomorrow 15:00")
    assert (kept(bot, 2).call.account, kept(bot, 2).call.play) == ("Acme", "group-demo")


def test_a_word_that_may_be_a_play_or_a_part_of_a_new_name_is_asked_about(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Newco whole team 15:00")
    view = form(slack, title="I took “whole team” for the play")
    values = view.screen.values("U1")
    assert values["account"]["field"]["value"] == "Newco"
    assert values["play"]["field"]["selected_option"]["value"] == "group-demo"


@pytest.mark.parametrize("words", ["Group 1 15:00", "Group Ltd 15:00"])
def test_a_longer_name_than_a_known_one_is_asked_about(
    slack: FakeSlack, bot: Bot, words: str
) -> None:
    huddle(slack, "Group 10:00")
    ask(slack, words)
    view = form(slack, title="Group, or a new account?")
    assert accounts_offered(slack) == ["Group", words.removesuffix(" 15:00")]
    assert not view.screen.values("U1")["account"]["field"].get("selected_option")


def test_a_name_in_quotes_is_asked_about_no_more(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Group 10:00")
    huddle(slack, '"Group demo" 15:00')
    assert kept(bot, 2).call.account == "Group demo"


def test_a_review_needs_no_time_no_people_and_is_not_asked_about(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    message = huddle(slack, "Acme walk away")
    assert "Walk away or stay" in message.plain and "min" not in message.plain.split("\n")[0]
    assert "Lead" not in message.plain
    clock.forward(hours=8)
    wake()
    assert "How did" not in slack.said_to("U1")


def test_every_action_the_card_draws_is_heard(slack: FakeSlack, bot: Bot) -> None:
    heard = app.table("ACTIONS") | app.table("COMMITTED_FORMS")
    for words in ("Acme 15:00 @kim", "Acme walk away"):
        message = huddle(slack, words)
        drawn = {e["action_id"] for block in message.blocks for e in elements(block)}
        assert drawn <= heard.keys()
        assert len(message.blocks) <= 50


def test_plays_are_listed_with_what_to_type(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "plays")
    answer = private(slack, "Group demo")
    assert "Walk away or stay" in answer.plain and "7 items" in answer.plain


@pytest.mark.parametrize(("word", "shown"), [("plays", "Group demo"), ("Help", "get ready for")])
def test_one_word_asks_for_the_plays_or_for_help_and_is_no_account(
    slack: FakeSlack, bot: Bot, word: str, shown: str
) -> None:
    ask(slack, word)
    assert "/coach plays" in private(slack, shown).plain or word == "plays"
    assert slack.modal("U1") is None
    ask(slack, f'"{word}"')
    assert form(slack).screen.values("U1")["account"]["field"]["value"] == word


def test_the_form_names_what_is_no_time(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme blurb 25:99")
    view = form(slack, title="25:99 is no time that I know.")
    assert view.screen.values("U1")["account"]["field"]["value"] == "Acme blurb"


def test_status_shows_the_calls_of_today(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    huddle(slack, "Globex tomorrow 9:30")
    slack.command("U1", "C1", "/coach", "status")
    answer = private(slack, "Your calls today")
    assert "Acme" in answer.plain and "0 of 7 ready" in answer.plain
    assert "Globex" not in answer.plain
