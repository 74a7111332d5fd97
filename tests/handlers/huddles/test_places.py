"""Where a huddle stands and who reads it: channels, direct messages, zones, hostile names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.huddles import (
    ask,
    card,
    huddle,
    kept,
    link,
    press,
    private,
    reads,
    tick,
    ticks,
    told,
)


def test_a_channel_without_the_coach_gets_a_real_message_in_the_reps_own_dm(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Acme 15:00 @kim", channel="C2")
    message = told(slack, "0 of 7 ready", "U1")
    private(slack, "`/invite`")
    reads(slack, "Only you see this card", message.channel)
    assert not slack.messages("C2")
    assert kept(bot).private and kept(bot).call.channel_id is None


def test_a_private_card_is_worked_through_like_any_other(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00", channel="C2")
    message = told(slack, "0 of 7 ready", "U1")
    tick(slack, message, ticks(bot)[0])
    told(slack, "1 of 7 ready", "U1")


def test_those_on_a_private_card_are_told_in_a_message(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00 @kim", channel="C2")
    invited = told(slack, "Your part: support. You cover the topics agreed on before.", "U2")
    assert "@sam counts on you for *Acme*" in invited.plain
    assert "First meeting\nGoal:" in invited.plain.replace("*", "")
    assert "none yet. Ask @sam what this call should bring." in invited.plain
    assert "@sam has the card in private. I write again once" in invited.plain


def test_those_on_a_private_card_hear_once_that_it_is_in_a_channel(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Acme 15:00 @kim", channel="C2")
    told(slack, "I write again", "U2")
    slack.invite("C2")
    press(slack, private(slack, "Your huddle is saved"), "Try again")
    said = told(slack, "The card for *Acme* is in #quiet (", "U2")
    assert card(slack, "C2").ts.replace(".", "") in link(said)
    huddle(slack, "Acme 15:00")
    bot.stop()
    assert "The huddle for *Acme* is in #deals now" in slack.messages("C2")[0].plain
    assert slack.said_to("U2").count("The card for *Acme* is in") == 1
    assert "Work on it there" not in slack.said_to("U1")


def test_who_may_have_been_told_counts_as_told(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("chat.postMessage", "slow", seconds=0)  # the card
    slack.fail("chat.postMessage", "reset_after_accept")
    ask(slack, "Acme 15:00 @kim", channel="C2")
    private(slack, "@kim may not have been told. Slack did not answer.")
    slack.invite("C2")
    press(slack, private(slack, "Your huddle is saved"), "Try again")
    told(slack, "The card for *Acme* is in #quiet (", "U2")
    bot.stop()
    assert slack.said_to("U2").count("counts on you for *Acme*") == 1


def test_once_the_coach_is_invited_the_card_moves_to_the_channel(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Acme 15:00", channel="C2")
    sorry = private(slack, "Your huddle is saved")
    press(slack, sorry, "Try again")
    private(slack, "Not yet. I couldn't post in #quiet")
    slack.invite("C2")
    press(slack, sorry, "Try again")
    private(slack, "The card for *Acme* is in #quiet now.")
    reads(slack, "0 of 7 ready", "C2")
    told(slack, "is in #quiet now", "U1")
    eventually(lambda: kept(bot).call.channel_id == "C2")
    tick(slack, card(slack, "C2"), ticks(bot)[0], "U2")
    reads(slack, "1 of 7 ready", "C2")


def test_asking_again_in_a_channel_moves_the_private_card_there(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00", channel=slack.dm("U1"))
    told(slack, "0 of 7 ready", "U1")
    huddle(slack, "acme 15:00")
    told(slack, "is in #deals now", "U1")
    assert not kept(bot).private


def test_nothing_is_said_in_a_channel_that_is_shared_with_others(
    slack: FakeSlack, bot: Bot
) -> None:
    ask(slack, "Acme 15:00", channel="C3")
    told(slack, "0 of 7 ready", "U1")
    assert "own messages" not in private(slack, "shared with another organisation. Your").plain
    assert "/invite" not in slack.said_to("U1")  # it would help nobody
    assert not slack.messages("C3")


def test_a_card_in_a_channel_that_was_shared_since_tells_outsiders_nothing_new(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    message = huddle(slack, "Acme 15:00")
    clock.forward(minutes=2)
    slack.world.channels["C1"].shared = True
    tick(slack, message, ticks(bot)[0])
    eventually(lambda: ticks(bot)[0].done)
    note = told(slack, "is shared with another organisation now", "U1")
    assert "0 of 7 ready" in card(slack).plain
    tick(slack, message, ticks(bot)[1], "U2")
    eventually(lambda: ticks(bot)[1].done)
    assert slack.said_to("U1").count("is shared with another organisation now") == 1
    press(slack, note, "Bring it here")
    told(slack, "2 of 7 ready", "U1")
    told(slack, "The card for *Acme* is in your messages with me now.", "U1")
    bot.stop()
    assert "0 of 7 ready" in card(slack).plain
    assert "is shared with another organisation now" not in slack.said_to("U1")
    assert not slack.said_to("U2"), "it is the owner's to decide"


def test_somebody_of_another_workspace_changes_nothing_on_a_card(
    slack: FakeSlack, bot: Bot
) -> None:
    """An outsider, or in a Grid organisation somebody of a sister workspace."""
    message = huddle(slack, "Acme 15:00")
    slack.world.channels["C1"].shared = True
    slack.add_user("U9", "otto", team="T9")
    slack.join("U9", "C1")
    tick(slack, message, ticks(bot)[0], "U9")
    private(slack, "the sales coach of another workspace", "U9")
    assert not ticks(bot)[0].done


def test_nobody_of_another_organisation_is_written_to(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U9", "otto", team="T9")
    slack.join("U9", "C3")
    ask(slack, "Acme 15:00 <@U9>", channel="C3")
    private(slack, "@otto was not told. That person belongs to another workspace.")
    assert not [e for e in slack.log if e.name == "conversations.open" and "U9" in str(e.request)]


def test_a_direct_message_gets_its_card_there(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00", channel=slack.dm("U1"))
    assert "Only you see this card" in told(slack, "0 of 7 ready", "U1").plain


def test_a_card_that_could_not_be_posted_is_saved_and_tried_again(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "429", retry_after=5)
    ask(slack, "Acme 15:00")
    sorry = private(slack, "is saved")
    press(slack, sorry, "Try again")
    private(slack, "Slack asks me to wait 5 seconds")
    posts = [e for e in slack.log if e.name == "chat.postMessage"]
    assert not slack.messages("C1") and len(posts) == 1, "Slack is not asked meanwhile"
    clock.forward(seconds=5)
    press(slack, sorry, "Try again")
    reads(slack, "0 of 7 ready")


@pytest.mark.parametrize("how", ["429", "reset"])
def test_a_card_that_slack_did_not_take_comes_by_itself(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None], how: str
) -> None:
    slack.world.workspaces["T1"].scopes.add("channels:history")
    slack.fail("chat.postMessage", how, retry_after=5)
    ask(slack, "Acme 15:00 @kim")
    private(slack, "is saved")
    wake()
    assert not slack.messages("C1")
    for _ in range(3):
        clock.forward(minutes=1)
        wake()
    assert ["0 of 7 ready" in message.plain for message in slack.messages("C1")] == [True]
    assert kept(bot).ts == card(slack).ts


def test_somebody_to_whom_slack_asked_to_wait_is_told_after_it(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    slack.fail("chat.postMessage", "slow", seconds=0)  # the card
    slack.fail("chat.postMessage", "429", retry_after=5)
    ask(slack, "Acme 15:00 @kim", channel="C2")
    private(slack, "@kim was not told")
    clock.forward(minutes=1)
    wake()
    wake()
    assert slack.said_to("U2").count("counts on you for *Acme*") == 1


@pytest.mark.parametrize(
    ("user", "zone", "said"),
    [("U1", "America/New_York", "New York"), ("U2", "Europe/Berlin", "Berlin")],
)
@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-30", "2027-03-13"])
def test_times_are_the_reps_own_across_a_change_of_clocks(
    slack: FakeSlack, bot: Bot, clock: HandClock, user: str, zone: str, said: str, day: str
) -> None:
    """Each day is the one before a change of clocks somewhere; the call is three days later."""
    clock.set(datetime.fromisoformat(f"{day}T14:00:00+00:00"))
    huddle(slack, "Acme in 3 days 9:30", user)
    starts = kept(bot).call.starts
    local = starts.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (9, 30)
    assert (local.date() - datetime.fromisoformat(day).date()).days == 3
    header = str(card(slack).blocks[0]["text"]["text"])
    assert f"<!date^{int(starts.timestamp())}^" in header and f"9:30 {said}>" in header


def test_one_token_lets_each_reader_see_their_own_time(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 23:30", "U3")
    starts = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    token = f"<!date^{int(starts.timestamp())}^{{date_short_pretty}} {{time}} for you|"
    assert token in message.blocks[0]["text"]["text"]
    assert "Mon 23 Nov 23:30 Tokyo" in message.plain


HOSTILE = [
    "<!channel>",
    "<!everyone> & <@U3>",
    "*_~`Acme`~_*",
    "Acme <https://evil.example|Acme>",
    "@channel",
    "‮emcA",
    "A" * 300,
    "'; DROP TABLE calls; --",
    "&lt;!here&gt;",
    "日本電気 株式会社",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_account_name_is_only_a_name(slack: FakeSlack, bot: Bot, name: str) -> None:
    ask(slack, "")
    view = eventually(lambda: slack.modal("U1"))
    at = int(datetime(2026, 11, 23, 20, tzinfo=UTC).timestamp())
    assert view is not None
    done = slack.submit("U1", view, {"account": name[:150], "starts": at, "goal": name[:150]})
    assert (done.status, done.errors) == (200, {})
    message = eventually(lambda: card(slack))
    drawn = str(message.blocks[:2])
    assert "<!channel>" not in drawn and "<!everyone>" not in drawn and "<@U3>" not in drawn
    assert "<https://evil" not in drawn and "‮" not in str(message.blocks)
    assert all(b["text"]["verbatim"] for b in message.blocks if b["type"] == "section")
    press(slack, message, "Cancel")
    reads(slack, "cancelled")
