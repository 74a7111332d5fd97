"""What stands in the way is said in words, once, and can be read in `/coach status`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.tips import ask, press


def status(slack: FakeSlack, user: str = "U1") -> str:
    before = len(slack.ephemerals(user))
    slack.command(user, slack.dm(user), "/coach", "status")
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1].plain


def share(slack: FakeSlack) -> str:
    """Share a tip in C1; what the rep is told about it."""
    answer = ask(slack, "angry client complains")
    press(slack, "U1", answer, "Share")
    eventually(lambda: slack.ephemerals("U1")[-1].plain != answer.plain)
    return slack.ephemerals("U1")[-1].plain


def test_when_all_is_well_the_status_says_so(slack: FakeSlack, bot: Bot) -> None:
    assert "nothing is in the way" in status(slack).casefold()


def test_an_archived_channel_is_named(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "angry client complains")
    slack.fail("chat.postMessage", "is_archived")
    press(slack, "U1", answer, "Share")
    eventually(lambda: "archived" in slack.ephemerals("U1")[-1].plain)
    assert "archived" in status(slack)


def test_a_channel_that_the_coach_left_is_named_until_it_is_invited_again(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.remove_bot("C1")
    assert "/invite" in share(slack)
    assert "not in that channel" in status(slack)
    slack.invite("C1")
    assert "Shared in" in share(slack)
    eventually(lambda: "not in that channel" not in status(slack))


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked", "invalid_auth"])
def test_a_token_that_was_taken_back_is_said_in_words(
    slack: FakeSlack, bot: Bot, code: str
) -> None:
    slack.fail("chat.postMessage", code)
    told = share(slack)
    assert code not in told
    assert "dmin" in told
    assert "dmin" in status(slack)


def test_a_hanging_or_broken_slack_is_no_traceback(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("chat.postMessage", "500")
    assert "Slack did not" in share(slack)


def test_when_slack_asks_to_wait_it_is_said_for_how_long(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("chat.postMessage", "429", retry_after=7)
    assert "7 seconds" in share(slack)
    assert len([e for e in slack.log if e.name == "chat.postMessage"]) == 1


def test_a_token_that_works_again_is_no_trouble_any_more(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("chat.postMessage", "token_revoked")
    share(slack)
    assert "took back my token" in status(slack)
    assert "Shared in" in share(slack)
    eventually(lambda: "took back my token" not in status(slack))


def test_a_conversation_nobody_may_look_into_is_explained_and_no_trouble(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("conversations.info", "missing_scope", needed="mpim:read")
    assert "no permission to see who reads this" in share(slack)
    assert "permission" not in status(slack, "U3")


def test_managers_hear_what_could_not_be_handled(
    slack: FakeSlack, bot: Bot, wake: Callable[[], None]
) -> None:
    slack.subscriptions.add("user_change")
    broken = {"type": "user_change", "user": {"id": "U1", "profile": "no profile"}}
    assert slack._event("user_change", "T1", broken).status == 200
    for _ in range(6):
        wake()
    assert "One message from Slack could not be handled" in status(slack, "U3")
    assert "could not be handled" not in status(slack, "U1")
