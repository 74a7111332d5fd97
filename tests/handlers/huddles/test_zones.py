"""A time that was typed, by somebody of whom nobody knows for sure what time it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock.now import HandClock
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack, View
from handlers.trial.small_slack.world import User
from tests.conftest import Served, eventually, rows
from tests.support.huddles import ask, form, kept, private, reads, save

NEW_YORK_AT_THREE = datetime(2026, 11, 23, 20, tzinfo=UTC)
UNKNOWN = "Slack has not told me your time zone yet"
STALE = "I could not ask Slack whether you are in another time zone by now. Check the time."
OFFSET = "Slack tells me how far your clock is from UTC now, but no zone. Check the time."


def start_of(view: View) -> datetime | None:
    """What the form's own clock is set to: Slack shows it as it is where the rep is."""
    block = next(block for block in view.blocks if block["block_id"] == "starts")
    at = block["element"].get("initial_date_time")
    return datetime.fromtimestamp(at, UTC) if at else None


def cards(slack: FakeSlack) -> int:
    return sum("ready" in message.plain for message in slack.messages("C1"))


@pytest.mark.parametrize(
    ("how", "more"),
    [("429", {"retry_after": 30}), ("500", {}), ("hang", {"seconds": 30}), ("ratelimited", {})],
)
def test_the_first_time_typed_while_slack_does_not_tell_the_zone_is_asked_for(
    slack: FakeSlack, bot: Bot, how: str, more: dict[str, Any]
) -> None:
    slack.fail("users.info", how, 2, **more)
    ask(slack, "Acme 15:00 @kim goal: a date")
    view = form(slack)
    slack.release()
    assert f"{UNKNOWN}, so I can't tell when “Acme 15:00 goal: a date” is." in view.plain
    assert start_of(view) is None
    assert "a date" in str(view.blocks) and "U2" in str(view.blocks)
    save(slack, starts=NEW_YORK_AT_THREE)
    reads(slack, "0 of 7 ready")
    assert kept(bot).call.starts == NEW_YORK_AT_THREE


def test_a_slack_that_is_slow_to_tell_the_zone_is_waited_for(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("users.info", "slow", seconds=0.5)
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    assert kept(bot).call.starts == NEW_YORK_AT_THREE


def test_after_a_form_that_asked_for_the_time_the_zone_is_known(
    slack: FakeSlack, bot: Bot, wake: Callable[[], None]
) -> None:
    slack.fail("users.info", "ratelimited")
    ask(slack, "Acme 15:00")
    form(slack)
    wake()
    assert rows(bot, "SELECT zone FROM reps WHERE seen_at IS NOT NULL") == [("America/New_York",)]
    ask(slack, "Globex 15:00")
    reads(slack, "0 of 7 ready")
    assert kept(bot).call.starts == NEW_YORK_AT_THREE


@pytest.mark.parametrize("line", ["Acme in 30 minutes", "Acme now"])
def test_what_is_the_same_moment_everywhere_needs_no_zone(
    slack: FakeSlack, bot: Bot, line: str
) -> None:
    slack.fail("users.info", "internal_error")
    ask(slack, line)
    reads(slack, "0 of 7 ready")


def test_a_change_in_words_asks_for_the_time_as_well(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    bot.coach.people.news_was_missed()
    slack.fail("users.info", "internal_error", 2)
    ask(slack, "move acme to 16:00")
    assert STALE in form(slack).plain


ZONES: list[tuple[dict[str, Any], str | None]] = [
    ({"tz": "Asia/Kolkata "}, "2026-11-24T09:30"),
    ({"tz": "asia/calcutta"}, "2026-11-24T09:30"),
    ({"tz": "US/Eastern"}, "2026-11-23T20:00"),
    ({"tz": None, "tz_offset": -5 * 3600}, "2026-11-23T20:00"),
    ({"tz": "Mars/Olympus", "tz_offset": 3600}, "2026-11-23T14:00"),
    ({"tz": "", "tz_offset": 19_800}, None),
    ({"tz": None}, None),
    ({"tz": "../../etc/passwd"}, None),
    ({"tz": ["Europe/Berlin"]}, None),
    ({"tz": 7, "tz_offset": "7200"}, None),
]


@pytest.mark.parametrize(("sent", "utc"), ZONES)
def test_no_zone_that_slack_sends_breaks_a_command(
    slack: FakeSlack, bot: Bot, wake: Callable[[], None], sent: dict[str, Any], utc: str | None
) -> None:
    person: User = slack.world.users["U1"]
    person.tz_offset = None
    for name, value in sent.items():
        setattr(person, name, value)
    ask(slack, "Acme 15:00")
    sure = utc and "tz_offset" not in sent
    if sure:
        reads(slack, "0 of 7 ready")
        starts = kept(bot).call.starts
    else:
        view = form(slack)
        assert (OFFSET if utc else UNKNOWN) in view.plain
        starts = start_of(view)
        save(slack, starts=NEW_YORK_AT_THREE)
        reads(slack, "0 of 7 ready")
    expected = {"2026-11-24T09:30": "2026-11-23T09:30"}.get(utc or "", utc)
    assert (starts.strftime("%Y-%m-%dT%H:%M") if starts else None) == expected
    for line in ("status", "log acme", "nudges off until monday", "hours 9-17", "library"):
        slack.command("U1", "C1", "/coach", line)
    for command in ("/debrief", "/huddle"):
        slack.command("U1", "C1", command, "list" if command == "/huddle" else "acme")
    wake()
    bot.stop()
    assert not any("went wrong" in m.plain for m in slack.seen_by("U1"))


def test_status_says_that_times_are_in_utc(slack: FakeSlack, bot: Bot) -> None:
    slack.world.users["U1"].tz = ""
    slack.command("U1", "C1", "/coach", "status")
    private(slack, "Slack has not told me your time zone yet. Until then I go by UTC.")


# A zone that changed while nobody listened ---------------------------------------------------


def test_after_a_start_slack_is_asked_again_before_a_time_is_trusted(
    slack: FakeSlack, served: Served
) -> None:
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    slack.world.users["U1"].tz = "Asia/Tokyo"  # and nobody is there to hear of it
    served.restart()
    ask(slack, "Globex 20:00")
    eventually(lambda: cards(slack) == 2)
    assert kept(served.bot, 2).call.starts == datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_where_slack_does_not_tell_after_a_start_the_form_asks_to_check(
    slack: FakeSlack, served: Served
) -> None:
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    served.restart()
    slack.fail("users.info", "internal_error")
    ask(slack, "Globex 15:00")
    view = form(slack)
    assert STALE in view.plain and start_of(view) == NEW_YORK_AT_THREE


def test_once_the_zone_is_known_again_a_line_asks_slack_nothing(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    ask(slack, "Acme 15:00")
    reads(slack, "0 of 7 ready")
    slack.fail("users.info", "internal_error")
    ask(slack, "Globex 15:00")
    eventually(lambda: cards(slack) == 2)
    assert slack.faults.waiting("users.info") == 1


def test_after_a_time_without_a_link_slack_is_asked_again(
    slack: FakeSlack, settings: Settings, clock: HandClock
) -> None:
    served = Served(settings, slack, clock, door="socket")
    try:
        ask(slack, "Acme 15:00")
        reads(slack, "0 of 7 ready")
        slack.world.users["U1"].tz = "Asia/Tokyo"
        slack.fail("apps.connections.open", "internal_error")
        slack.disconnect()
        eventually(lambda: slack.sockets.opened == 2 and slack.sockets.listening("xapp-T1"))
        ask(slack, "Globex 20:00")
        eventually(lambda: cards(slack) == 2)
        assert kept(served.bot, 2).call.starts == datetime(2026, 11, 23, 11, tzinfo=UTC)
    finally:
        served.stop()


@pytest.mark.parametrize("line", ["Acme 1:05", "Acme 0:01", "Acme 30 Aug 10:00"])
def test_nothing_is_said_of_a_start_that_was_not_put(slack: FakeSlack, bot: Bot, line: str) -> None:
    slack.fail("users.info", "internal_error")
    ask(slack, line)
    view = form(slack)
    assert start_of(view) is None and f"“{line}”" in view.plain
    assert not any(said in view.plain for said in ("I put", "passed", "away"))
