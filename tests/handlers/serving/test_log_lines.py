"""Whatever people type and whatever goes wrong: no line of the log holds a word or a token."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock.now import HandClock, SystemClock
from bot.operations.logs import JsonLines, PlainLines
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.debriefs import debrief, held, save
from tests.support.huddles import card, huddle
from tests.support.processes import Process

MARK = "zzquillon"
SECRETS = ("xoxb-T1", "xapp-T1", "secret")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that both forms write, from everybody's loggers, as in a process at work."""
    written, root = io.StringIO(), logging.getLogger()
    handlers = [logging.StreamHandler(written) for _ in range(2)]
    for handler, form in zip(handlers, (PlainLines(), JsonLines()), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def clean(text: str) -> bool:
    return not any(word in text.casefold() for word in (MARK, *SECRETS))


def type_all_that_can_be_typed(slack: FakeSlack) -> None:
    dm = slack.dm("U1")
    for command, words in (
        ("/tip", f"the {MARK} wants a discount"),
        ("/huddle", f"{MARK} nonsense 99:99"),
        ("/coach", f"log {MARK}"),
        ("/coach", f"{MARK}"),
        ("/coach", f"calendar https://{MARK}.example.com/private-{MARK}/basic.ics"),
        ("/coach", f"daily {MARK}"),
        ("/debrief", f"{MARK} partly they stalled"),
    ):
        slack.command("U1", "C1", command, words)
    slack.say("U1", dm, f"our {MARK} lacks a feature they want")
    slack.say("U1", "C1", f"@Coach the {MARK} wants a discount")


def test_a_day_of_marked_words_leaves_none_in_the_log(
    lines: io.StringIO, slack: FakeSlack, bot: Bot, clock: HandClock, wake: Callable[[], None]
) -> None:
    huddle(slack, f"“{MARK} Ltd” negotiation 10:00 45m @kim goal: {MARK} signs")
    eventually(lambda: MARK in card(slack).plain.casefold())
    clock.forward(hours=8)
    wake()
    held(bot, f"{MARK} Two", f"{MARK} signs")
    debrief(slack, f"{MARK} Two")
    save(slack, reached="Yes", forgot=f"what {MARK} pays")
    type_all_that_can_be_typed(slack)
    for _ in range(3):
        clock.forward(hours=1)
        wake()
    assert "said" in lines.getvalue()
    assert clean(lines.getvalue())


@pytest.mark.parametrize("how", ["not_in_channel", "500", "reset", "a_code_of_tomorrow"])
def test_a_failing_slack_is_told_of_by_codes_alone(
    lines: io.StringIO, slack: FakeSlack, bot: Bot, clock: HandClock, how: str
) -> None:
    for method in ("chat.postMessage", "chat.postEphemeral", "views.open"):
        slack.fail(method, how, times=50)
    type_all_that_can_be_typed(slack)
    slack.command("U1", "C1", "/huddle", f"{MARK} negotiation 10:00")
    eventually(lambda: "WARNING" in lines.getvalue() or "ERROR" in lines.getvalue())
    assert clean(lines.getvalue())


def test_a_broken_file_is_told_of_without_what_was_to_be_kept(
    lines: io.StringIO, slack: FakeSlack, bot: Bot
) -> None:
    with closing(sqlite3.connect(bot.coach.store.path)) as file:
        for table in ("tips_said", "gaps", "choices_said", "calls"):
            file.execute(f"DROP TABLE IF EXISTS {table}")
        file.commit()
    type_all_that_can_be_typed(slack)
    slack.command("U1", "C1", "/huddle", f"{MARK} negotiation 10:00")
    eventually(lambda: "unexpected" in lines.getvalue())
    assert "OperationalError (SQLITE_ERROR)" in lines.getvalue()
    assert clean(lines.getvalue())


@pytest.mark.parametrize("door", ["http", "socket"])
def test_a_process_writes_objects_alone_where_it_was_told_to(door: str, db: Path) -> None:
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        coach = Process(slack, db, door, more={"COACH_LOG": "json"})
        coach.start()
        try:
            slack.fail("chat.postEphemeral", "not_in_channel", times=9)
            type_all_that_can_be_typed(slack)
            written = Path(f"{db}.log")
            eventually(lambda: written.read_text().count("\n") > 1)
        finally:
            assert coach.stop() == 0
    told = [json.loads(line) for line in written.read_text().splitlines()]
    assert all({"at", "level", "from", "said"} <= each.keys() for each in told)
    assert clean(written.read_text())
