"""When a rep may be asked: their zone and hours, and `/coach nudges`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.calls.call import Call
from bot.clock.now import HandClock
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.nudges import (
    SAM,
    Wake,
    at_ten,
    dms,
    new_york,
    nudges,
    plan,
    press,
    reads,
)

__all__ = ["at_ten"]  # fixtures


def test_a_changed_zone_counts_from_now_on(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    at_ten.set(new_york(23, 20))
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    assert not dms(slack)
    slack.world.users["U1"].tz = "Asia/Tokyo"  # where it is Tuesday 10:00
    at_ten.forward(hours=13)
    bot.coach.outbox.set_wishes(SAM, bot.coach.outbox.wishes(SAM))
    wake()
    assert not dms(slack), "in Tokyo it is 23:00 now"
    at_ten.forward(hours=9)
    wake()
    assert len(dms(slack)) == 1


def test_what_waits_follows_a_rep_into_another_zone(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    press(slack, "Partly")
    form = eventually(lambda: slack.modal("U1"))
    steps = {"next_step": "Kim sends the sheet.", "by_when": "2026-11-26"}
    slack.submit("U1", form, {"reached": "Partly", "committed": "Us", **steps})
    eventually(lambda: reminder(bot, call) == new_york(26, 9))
    at_ten.set(new_york(23, 20))
    plan(bot, "Globex", timedelta(minutes=-10))
    wake()
    assert "Globex" not in slack.said_to("U1"), "it is evening in New York"
    fly(slack, "Asia/Tokyo")
    wake()
    assert "How did *Globex* go?" in slack.said_to("U1"), "in Tokyo it is ten in the morning"
    assert reminder(bot, call) == datetime(2026, 11, 26, 0, tzinfo=UTC), "nine o'clock in Tokyo"


def reminder(bot: Bot, call: Call) -> datetime | None:
    waits = [n for n in nudges(bot, call) if n.kind == "next_step" and n.state == "pending"]
    return waits[0].wanted_at if waits else None


def fly(slack: FakeSlack, zone: str) -> None:
    """Slack notices that the rep's computer is in another zone, and says so."""
    slack.world.users["U1"].tz = zone
    slack.subscriptions.add("user_change")
    user = {"id": "U1", "name": "sam", "tz": zone, "profile": {"display_name": "sam"}}
    assert slack._event("user_change", "T1", {"type": "user_change", "user": user}).status == 200


def test_the_hours_of_a_rep_are_one_form(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    slack.command("U1", "C1", "/coach", "nudges")
    form = eventually(lambda: slack.modal("U1"))
    wrong = slack.submit("U1", form, {"holidays": "XX"})
    assert "XX" in wrong.errors["holidays"]
    form = slack.modal("U1")
    assert form
    slack.submit("U1", form, {"holidays": "US", "away_until": "2026-11-25"})
    assert slack.modal("U1") is None
    reads(slack, "Kept. I ask on Mon, Tue, Wed, Thu, Fri, 8:00 to 19:00. Not on public holidays of")
    reads(slack, "of US, nor until Wed 25 Nov is over.")
    plan(bot, "Acme", timedelta(minutes=-10))
    for day in (23, 25, 26):  # the 26th is Thanksgiving
        at_ten.set(new_york(day, 12))
        wake()
    assert len(dms(slack)) == 1
    at_ten.set(new_york(27, 8))
    wake()
    assert (
        dms(slack)[1].text
        == "Your call with Acme was on Monday at 9:20. How did it go? Did it bring you further?"
    )


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"on": "off"}, "Nudges are off. `/coach nudges on` turns them on again"),
        ({"quiet_from": "12:00", "quiet_to": "13:30"}, "19:00. Not between 12:00 and 13:30."),
        ({"away_until": "2026-11-01"}, "8:00 to 19:00."),
    ],
)
def test_saving_the_hours_says_what_holds_now(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, filled: dict[str, str], told: str
) -> None:
    slack.command("U1", "C1", "/coach", "nudges")
    form = eventually(lambda: slack.modal("U1"))
    assert slack.submit("U1", form, filled).errors == {}
    reads(slack, told)
    assert not slack.messages("C1")


def test_nudges_can_be_turned_off_by_a_word(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    slack.command("U1", "C1", "/coach", "nudges off")
    eventually(lambda: slack.ephemerals("U1"))
    plan(bot, "Acme", timedelta(minutes=-10))
    wake()
    assert not dms(slack)


@pytest.mark.parametrize("word", ["nudges", "hours", "away until friday"])
def test_words_for_hours_and_absence_open_the_form(bot: Bot, slack: FakeSlack, word: str) -> None:
    slack.command("U1", "C1", "/coach", word)
    form = eventually(lambda: slack.modal("U1"))
    assert form and "I'm away until" in form.plain


def test_a_day_away_is_to_be_checked_where_slack_does_not_tell_the_zone(
    bot: Bot, slack: FakeSlack
) -> None:
    slack.fail("users.info", "internal_error")
    slack.command("U1", "C1", "/coach", "nudges off until friday")
    view = eventually(lambda: slack.modal("U1"))
    assert "Slack does not tell me right now what day it is where you are." in view.plain
    slack.close("U1", view)
    slack.command("U1", "C1", "/coach", "hours 9-17")
    assert "what day it is" not in eventually(lambda: slack.modal("U1")).plain
