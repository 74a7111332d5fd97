"""Who did what, as the acts of people in Slack and of whoever runs the machine bring it about."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.imports.blog import blogs
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.debriefs import press
from tests.support.paths import ROOT

POST = "# Ask for the next step\n\nAlways leave a call with a next step that both agreed to.\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    from dataclasses import replace

    return replace(settings, managers=frozenset({"U1"}))


def run(settings: Settings, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={**os.environ, "COACH_DB": str(settings.db)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def noted(bot: Bot) -> list[tuple[str, str, str, str]]:
    return rows(bot, "SELECT workspace_id, who, what, codes FROM audit ORDER BY id")


def type_(slack: FakeSlack, words: str, user: str) -> None:
    before = len(slack.ephemerals(user))
    slack.command(user, "C1", "/coach", words)
    eventually(lambda: len(slack.ephemerals(user)) > before)


def test_what_a_manager_sets_is_noted_and_what_a_rep_sets_for_all_is_not(
    slack: FakeSlack, bot: Bot
) -> None:
    type_(slack, "daily 09:00", "U2")
    type_(slack, "daily off", "U2")
    assert noted(bot) == []
    type_(slack, "daily 09:00", "U1")
    type_(slack, "daily off", "U1")
    set_, ended = noted(bot)
    assert set_ == ("T1", "U1", "settings", "daily_tip_set C1")
    assert ended == ("T1", "U1", "settings", "daily_tip_ended C1")


def test_whoever_is_forgotten_is_named_once_by_what_they_did_and_the_line_stays(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    for passes in (0, 30, 90):
        clock.forward(minutes=passes)
        type_(slack, "forget me", "U2")
        question = slack.ephemerals("U2")[-1]
        assert "that you asked for this, and when" in question.plain
        press(slack, question, "Forget me", "U2")
        eventually(lambda: "Done: what I kept" in slack.ephemerals("U2")[-1].plain)
    assert noted(bot) == [("T1", "U2", "forget", "")] * 2


def test_the_command_line_is_the_machine_and_all_of_it_is_printed_and_exported(
    bot: Bot, settings: Settings, tmp_path: Path
) -> None:
    post = tmp_path / "next-step.md"
    post.write_text(POST)
    run(settings, "import", "--dry-run", str(post))
    run(settings, "import", str(post))
    run(settings, "remove", "--from", str(post), "--yes")
    run(settings, "backup", str(tmp_path / "copy.db"))
    run(settings, "export", str(tmp_path / "out"))
    with open(tmp_path / "out" / "audit.csv", encoding="utf-8-sig") as file:
        exported = [row["what"] for row in csv.DictReader(file)]
    printed = json.loads(run(settings, "audit", "--json"))
    assert [act["what"] for act in printed] == ["import", "remove", "backup", "export"]
    assert sorted(exported) == sorted(act["what"] for act in printed)
    assert {act["who"] for act in printed} == {"the machine"}
    assert [act["codes"] for act in printed[:2]] == [["posts=1"], ["posts=1"]]
    lines = run(settings, "audit").splitlines()
    assert lines[-1] == "4 acts" and lines[0].endswith("-  the machine  import posts=1")


def test_a_manager_who_takes_a_blog_out_is_named_with_how_many_posts(
    bot: Bot, settings: Settings, tmp_path: Path
) -> None:
    post = tmp_path / "next-step.md"
    post.write_text(POST)
    run(settings, "import", str(post))
    found = blogs(bot.coach.library.entries().values())
    note = bot.coach.audit.by(("T1", "U1"), "remove", "posts")
    for _ in range(2):  # the second time there is nothing left, so nothing was done
        bot.coach.library.remove([slug for blog in found for slug in blog.slugs], note)
    assert noted(bot)[1:] == [("T1", "U1", "remove", "posts=1")]
