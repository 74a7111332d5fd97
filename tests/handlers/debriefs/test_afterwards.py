"""After a debrief: what is pointed out, their step, one tip, the next reminder, the status."""

from __future__ import annotations

import pytest

from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.debriefs import STEP, debrief, form, held, press, save, submit, told


def test_a_great_call_without_a_dated_step_of_theirs_is_pointed_out_once(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Yes", **STEP)
    assert "the next step is yours alone: _send the offer_" in said.plain
    assert "What will they do, and by when?" in said.plain
    press(slack, said, "Change")
    said = save(slack, next_step="send the contract")
    assert "What will they do" not in said.plain
    assert not [m for m in slack.seen_by("U2") if "What will they do" in m.plain]


@pytest.mark.parametrize(
    "answers",
    [
        {"reached": "Yes", **STEP, "committed": "Both"},
        {"reached": "Yes", **STEP, "committed": "Them"},
        {"reached": "Partly", **STEP},
        {"reached": "No"},
    ],
)
def test_nothing_is_pointed_out_where_they_committed_or_it_went_badly(
    slack: FakeSlack, bot: Bot, answers: dict[str, object]
) -> None:
    held(bot)
    debrief(slack)
    assert "What will they do" not in save(slack, **answers).plain


def test_where_they_committed_without_a_day_only_the_day_is_asked_for(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Yes", next_step="Ann asks legal", committed="Them")
    assert "they committed to the next step: _Ann asks legal_. By when?" in said.plain
    assert "Add their step" not in said.plain


def test_their_step_is_kept_beside_ours(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Yes", **STEP)
    press(slack, said, "Add their step")
    past = submit(slack, their_step="Ann asks legal", their_by_when="2026-11-01")
    assert list(past.errors) == ["their_by_when"]
    said = save(slack, their_by_when="2026-11-27")
    assert "They: Ann asks legal, by Fri 27 Nov." in said.plain
    assert "Add their step" not in said.plain
    press(slack, said, "Change")
    assert "What will they do?" in form(slack).plain


def test_their_step_is_the_next_step_where_there_was_none(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    press(slack, save(slack, reached="Yes"), "Add their step")
    save(slack, their_step="Ann asks legal", their_by_when="2026-11-27")
    assert rows(bot, "SELECT next_step, by_when, committed FROM debriefs") == [
        ("Ann asks legal", "2026-11-27", "them")
    ]


def test_one_tip_follows_that_fits_what_was_forgotten(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Partly", forgot="the budget")
    assert said.plain.count("For the next call:") == 1
    press(slack, said, "Change")
    assert "For the next call:" in save(slack, reached="No").plain
    assert len(rows(bot, "SELECT id FROM tips_said")) == 1


def test_a_lesson_said_lately_is_not_said_again(slack: FakeSlack, bot: Bot) -> None:
    tips = []
    for account in ("Acme", "Globex"):
        held(bot, account)
        debrief(slack, account)
        save(slack, reached="Partly", forgot="the budget")
        tips.append(rows(bot, "SELECT lesson FROM tips_said"))
    assert len(set(tips[1])) == len(tips[1])


def test_an_empty_answer_or_nothing_brings_no_tip(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    assert "For the next call" not in save(slack, reached="Yes", forgot="nothing").plain
    assert rows(bot, "SELECT count(*) FROM gaps") == [(0,)]


def test_the_day_of_the_next_step_is_planned_and_replanned(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    said = save(slack, reached="Partly", **STEP)
    planned = "SELECT wanted_at, state FROM outbox WHERE kind = 'next_step' ORDER BY id"
    assert rows(bot, planned) == [("2026-12-02T14:00:00.000Z", "pending")]  # 9:00 in New York
    press(slack, said, "Change")
    save(slack, by_when="2026-12-03")
    assert [state for _, state in rows(bot, planned)] == ["skipped", "pending"]
    press(slack, told(slack)[-1], "Change")
    save(slack, by_when=None)
    assert [state for _, state in rows(bot, planned)] == ["skipped", "skipped"]


def test_status_names_no_call_that_still_runs_or_is_a_colleagues(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    slack.command("U1", "C1", "/huddle", "Acme now 30m @kim")
    eventually(lambda: slack.messages("C1"))
    for user, minutes, waits in (("U1", 5, False), ("U2", 30, False), ("U1", 0, True)):
        clock.forward(minutes=minutes)
        seen = len(slack.ephemerals(user))
        slack.command(user, "C1", "/coach", "status")
        eventually(lambda user=user, seen=seen: len(slack.ephemerals(user)) > seen)
        assert ("Without a debrief" in slack.ephemerals(user)[-1].plain) is waits


def test_coach_debrief_does_the_same_and_status_names_what_waits(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot)
    slack.command("U1", "C1", "/coach", "status")
    eventually(lambda: "Without a debrief: *Acme*" in slack.ephemerals("U1")[-1].plain)
    slack.command("U1", "C1", "/coach", "debrief acme")
    assert "budget confirmed" in form(slack).plain
