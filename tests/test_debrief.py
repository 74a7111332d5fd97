"""`/debrief`: a form in time, saved before it closes, measured against the goal."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import HandClock
from handlers import Bot
from handlers.trial.slack import FakeSlack
from tests.debriefs import debrief, held, save, submit


def test_the_form_is_about_the_most_recent_call_and_shows_its_goal(
    slack: FakeSlack, bot: Bot
) -> None:
    held(bot, "Globex", ago=timedelta(hours=30))
    held(bot, "Acme", goal="budget confirmed")
    form = debrief(slack)
    assert "Acme" in form.plain and "budget confirmed" in form.plain
    assert "Only you see this unless you share it; whoever runs the database could." in form.plain


def test_a_saved_form_is_measured_against_the_goal(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    held(bot)
    debrief(slack, "acme")
    said = save(
        slack, reached="Partly", next_step="send the offer", by_when="2026-12-02", committed="Us"
    )
    assert "You reached part of the goal" in said.plain
    assert "the next step is yours: _send the offer_, by Wed 2 Dec" in said.plain


def test_a_day_that_is_past_is_shown_at_its_field(slack: FakeSlack, bot: Bot) -> None:
    held(bot)
    debrief(slack)
    done = submit(slack, reached="Yes", next_step="send the offer", by_when="2026-11-20")
    assert done.errors == {"by_when": "That day is past. Choose today or a later day."}
