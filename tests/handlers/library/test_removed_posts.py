"""A post that was taken out: every button that is left of it says so, and nothing goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.feeds import MIA, feed, labels, library, press, to
from tests.support.tips import ask

QUESTION = "how to plan a warehouse dock pilot"
GONE = "That post is no longer in the library."


def test_each_button_of_a_tip_whose_post_was_taken_out_says_so(
    slack: FakeSlack, bot: Bot, wake: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    slack.world.workspaces["T1"].scopes.add("files:read")
    slack.share(MIA, slack.dm(MIA), "notes.xml", feed(["Ask about spring"]))
    eventually(lambda: not bot.coach.inbox.waiting())
    wake()
    press(slack, to(slack)[-1], "Import 1")
    wake()
    tip = ask(slack, QUESTION)
    assert labels(tip) == ["Share", "Another", "Helpful", "Not helpful"]
    press(slack, library(slack), "Remove")
    eventually(lambda: "Remove it" in labels(slack.ephemerals(MIA)[-1]))
    press(slack, slack.ephemerals(MIA)[-1], "Remove it")
    eventually(lambda: rows(bot, "SELECT count(*) FROM posts") == [(0,)])
    for label in ("Share", "Helpful", "Not helpful"):
        before = len(slack.ephemerals("U1"))
        press(slack, tip, label, "U1")
        eventually(lambda before=before: len(slack.ephemerals("U1")) > before)  # type: ignore[misc]
        assert slack.ephemerals("U1")[-1].plain.startswith(GONE)
    assert rows(bot, "SELECT lesson FROM tips_said") != [], "what was said stays on record"
    assert not [m for m in slack.messages("C1") if "Ask about spring" in m.plain]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
