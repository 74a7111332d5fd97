"""`/coach keep` and `/coach hold`, as a manager and as a rep meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import debrief, held, save

Wake = Callable[[], None]
BOSS, SAM = "U3", "U1"
COUNT = "SELECT count(*) FROM debriefs"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def coach(slack: FakeSlack, words: str, user: str = BOSS) -> Message:
    before = len(slack.ephemerals(user))
    delivery = slack.command(user, "C1", "/coach", words)
    assert (delivery.status, delivery.error) == (200, None)
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1]


def press(slack: FakeSlack, message: Message, action_id: str, user: str = BOSS) -> Message:
    value = next(
        part.get("value")
        for block in message.blocks
        for part in block.get("elements", ())
        if part.get("action_id") == action_id
    )
    assert slack.click(user, message, action_id, value).error is None
    eventually(lambda: slack.ephemerals(user)[-1].plain != message.plain)
    return slack.ephemerals(user)[-1]


def debriefed(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Acme")
    debrief(slack, "Acme")
    save(slack, reached="Partly")
    eventually(lambda: rows(bot, COUNT) == [(1,)])


def test_a_manager_is_told_what_would_go_and_can_take_it_back(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    debriefed(slack, bot)
    clock.forward(days=45)
    asked = coach(slack, "keep 30 days")
    assert "1 call, 1 debrief and 1 reply." in asked.plain
    assert "Until then any manager can take it back." in asked.plain
    coming = press(slack, asked, "records.keep_days")
    assert "I keep everything for ever" in coming.plain
    assert "on it is 30 days" in coming.plain
    back = press(slack, coming, "records.keep_days_back")
    assert back.plain.startswith("I keep everything for ever")
    assert "days" not in back.plain
    press(slack, coach(slack, "keep 30 days"), "records.keep_days")
    assert "on it is 30 days" in coach(slack, "status").plain
    assert coach(slack, "keep forever").plain == back.plain
    clock.forward(days=20)
    wake()
    assert rows(bot, COUNT) == [(1,)]


def test_after_seven_days_what_is_older_is_gone_by_itself(
    slack: FakeSlack, bot: Bot, clock: HandClock, wake: Wake
) -> None:
    debriefed(slack, bot)
    press(slack, coach(slack, "keep 30"), "records.keep_days")
    clock.forward(days=31)
    wake()
    eventually(lambda: rows(bot, COUNT) == [(0,)])
    assert "after 30 days" in coach(slack, "keep", SAM).plain
    assert "no replies" in coach(slack, "log", SAM).plain


def test_leaving_it_changes_nothing(slack: FakeSlack, bot: Bot) -> None:
    asked = coach(slack, "keep 2 years")
    assert "By today that is nothing yet." in asked.plain
    assert press(slack, asked, "records.keep_days_not").plain == "Nothing is changed."
    assert rows(bot, "SELECT count(*) FROM retention") == [(0,)]


def test_a_rep_reads_how_long_things_are_kept_and_does_not_change_it(
    slack: FakeSlack, bot: Bot
) -> None:
    assert coach(slack, "keep", SAM).plain == (
        "I keep everything for ever, until somebody has themselves forgotten."
    )
    for words in ("keep 365 days", "keep for ever", "hold acme", "hold", "hold acme off"):
        assert "Only a manager" in coach(slack, words, SAM).plain
    assert rows(bot, "SELECT count(*) FROM retention") == [(0,)]
    assert rows(bot, "SELECT count(*) FROM holds") == [(0,)]


def test_what_is_no_length_of_time_is_answered_with_what_to_type(
    slack: FakeSlack, bot: Bot
) -> None:
    assert "365 days" in coach(slack, "keep acme").plain
    assert "30 days are the least." in coach(slack, "keep 3 days").plain


def test_a_hold_is_told_to_whoever_is_forgotten(slack: FakeSlack, bot: Bot) -> None:
    debriefed(slack, bot)
    assert "*Acme* is on hold" in coach(slack, "hold Acme").plain
    assert "On hold: *Acme*." in coach(slack, "hold").plain
    assert "On hold: *Acme*." in coach(slack, "keep").plain
    dialog = coach(slack, "forget me", SAM)
    assert "What you said about *Acme* is on hold" in dialog.plain
    press(slack, dialog, "records.forget", SAM)
    eventually(lambda: rows(bot, "SELECT held FROM forgetting") == [(1,)])
    assert rows(bot, COUNT) == [(1,)]
    assert "on hold no more" in coach(slack, "hold acme off").plain
    bot.coach.records.finish_forgetting()
    assert rows(bot, COUNT) == [(0,)]


def test_a_hold_does_not_tell_whom_others_speak_with_in_private(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Acme Secret")  # Sam's own call, in no channel
    told = coach(slack, "hold acme").plain
    assert "Secret" not in told


def test_names_are_escaped(slack: FakeSlack, bot: Bot) -> None:
    assert "<!channel>" not in coach(slack, "hold <!channel> & co").text
    assert "&amp; co" in coach(slack, "hold").text
