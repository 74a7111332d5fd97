"""One tip a day: at the channel's own time, a new one each day, and ended by whoever may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.local_time import EVERY_DAY, WEEKDAYS, local_instant
from bot.clock.now import HandClock
from bot.daily_tips import setting
from bot.daily_tips.command import NotADaily, read_wish
from bot.daily_tips.setting import TIP_LATE, Daily
from bot.outbox.message import Recipient
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually

Wake = Callable[[], None]
BERLIN = ZoneInfo("Europe/Berlin")


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, as clocks in Berlin show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def coach(slack: FakeSlack, text: str, user: str = "U2", channel: str = "C1") -> str:
    """Type `/coach …` and read the private answer."""
    seen = len(slack.ephemerals(user, channel))
    slack.command(user, channel, "/coach", text)
    eventually(lambda: len(slack.ephemerals(user, channel)) > seen)
    return slack.ephemerals(user, channel)[-1].plain


def said(slack: FakeSlack, channel: str = "C1") -> list[str]:
    return [message.text for message in slack.messages(channel)]


def test_a_channel_gets_one_tip_on_each_working_day_at_its_own_hour(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    answer = coach(slack, "daily 09:00 weekdays Europe/Berlin")
    assert "one tip on weekdays at 9:00 (Europe/Berlin), the next one tomorrow 9:00." in answer
    clock.set(berlin(24, 8, 59))
    wake()
    assert not said(slack)
    for day in range(24, 31):
        for minute in (2, 5, 30):
            clock.set(berlin(day, 9, minute))
            wake()
    assert len(said(slack)) == 5 and len(set(said(slack))) == 5


def test_the_zone_is_the_one_of_whoever_sets_it(
    bot: Bot, slack: FakeSlack, clock: HandClock
) -> None:
    assert "every day at 17:30 (America/New York)" in coach(slack, "daily 5:30pm every day", "U1")


def test_no_tip_comes_again_before_all_were_said(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 09:00 every day")
    for day in range(1, 61):
        clock.set(datetime(2026, 11, 23, 9, 5, tzinfo=BERLIN) + timedelta(days=day))
        wake()
    assert len(said(slack)) == 60 and len(set(said(slack))) == 60


def test_an_evening_change_of_the_hour_does_not_bring_a_second_tip(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 10:30")
    clock.set(berlin(23, 10, 35))
    wake()
    assert "the next one tomorrow 15:00." in coach(slack, "daily 15:00")
    clock.set(berlin(23, 15, 30))
    wake()
    assert len(said(slack)) == 1


def test_a_tip_that_is_two_hours_late_is_skipped_and_status_says_so(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 09:00")
    clock.set(berlin(24, 11, 5))
    wake()
    wake()
    assert not said(slack)
    assert "I was more than two hours late" in coach(slack, "status")
    clock.set(berlin(25, 9, 5))
    wake()
    assert len(said(slack)) == 1


def test_whoever_set_it_or_a_manager_changes_it_and_nobody_else(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 09:00", "U2")
    assert "@kim set the daily tip here." in coach(slack, "daily off", "U1")
    assert "@kim set the daily tip here." in coach(slack, "daily 10:00", "U1")
    assert "on weekdays at 9:00" in coach(slack, "daily", "U1")
    assert coach(slack, "daily off", "U3") == "The daily tip here has ended."
    clock.set(berlin(24, 9, 5))
    wake()
    assert not said(slack)
    assert "There is no daily tip here." in coach(slack, "daily off", "U1")


def test_what_to_type_is_said_as_it_is_typed(bot: Bot, slack: FakeSlack) -> None:
    for words in ("daily", "daily soon", "daily 09:00 sometimes"):
        assert "`/coach daily 09:00 weekdays Europe/Berlin`" in coach(slack, words)
    assert "`/coach daily off` ends it." in coach(slack, "daily 09:00")


@pytest.mark.parametrize(("channel", "why"), [("C2", "not in that channel"), ("C3", "shared with")])
def test_where_it_may_not_speak_nothing_is_set(
    channel: str, why: str, bot: Bot, slack: FakeSlack, clock: HandClock
) -> None:
    answer = coach(slack, "daily 09:00", "U2", channel)
    assert why in answer and "No daily tip was set." in answer
    assert bot.coach.daily.of(Recipient("T1", channel)) is None


def test_a_channel_that_becomes_shared_hears_no_more_tips(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 09:00")
    slack.world.channels["C1"].shared = True
    clock.set(berlin(24, 9, 5))
    wake()
    assert not said(slack)
    assert "is shared with another organisation." in coach(slack, "status", "U3")


def test_its_buttons_answer_privately(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    coach(slack, "daily 09:00")
    clock.set(berlin(24, 9, 5))
    wake()
    message = slack.messages("C1")[0]
    for label, answer in (("Why this?", "Its turn had come"), ("Helpful", "Kept: it helped.")):
        block_id, action_id, value = slack.button(message, label)
        slack.click("U1", message, action_id, value, block_id)
        eventually(lambda answer=answer: answer in slack.ephemerals("U1", "C1")[-1].plain)
    assert len(slack.messages("C1")) == 1


def test_a_channel_may_have_none_on_public_holidays(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    assert "holidays" not in coach(slack, "daily 09:00 weekdays Europe/Berlin").split("`")[0]
    answer = coach(slack, "daily 09:00 weekdays Europe/Berlin holidays DE")
    assert "on weekdays at 9:00 (Europe/Berlin), not on public holidays (DE), the next" in answer
    told: list[int] = []
    for day in range(1, 32):  # the first one finds that November is over
        clock.set(datetime(2026, 12, day, 9, 5, tzinfo=BERLIN))
        wake()
        told.append(len(said(slack)))
    assert told[23:28] == [17, 17, 17, 17, 18], "Friday the 25th is a holiday, the 24th is none"
    assert "not on public holidays (DE)" in coach(slack, "status")
    assert "Type the country's two letters" in coach(slack, "daily 10:00 holidays XX")
    assert "at 9:00" in coach(slack, "daily"), "what was set before still stands"
    coach(slack, "daily 09:00 weekdays Europe/Berlin")
    clock.set(datetime(2027, 1, 1, 9, 5, tzinfo=BERLIN))
    wake()
    assert len(said(slack)) == told[-1] + 1, "without the word a holiday is a day like any other"


def test_a_rep_can_have_a_tip_of_their_own(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    dm = slack.dm("U2")
    slack.command("U2", dm, "/coach", "daily 09:00")
    eventually(lambda: bot.coach.daily.of(Recipient("T1", dm)))
    clock.set(berlin(24, 9, 5))
    wake()
    assert len([m for m in slack.messages(dm) if m.metadata]) == 1


def test_a_tip_that_may_have_arrived_is_not_repeated_and_named_to_who_set_it(
    bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake
) -> None:
    slack.world.workspaces["T1"].scopes -= {"channels:history"}
    coach(slack, "daily 10:00 Europe/Berlin")
    clock.set(berlin(23, 10, 2))
    slack.fail("chat.postMessage", "reset_after_accept")
    for _ in range(4):
        wake()
        clock.forward(minutes=1)
    assert len(said(slack)) == 1
    for user, told in (("U1", False), ("U2", True), ("U3", True)):
        assert ("can't tell whether the daily tip" in coach(slack, "status", user)) is told


def test_between_two_colleagues_nothing_is_set(bot: Bot, slack: FakeSlack) -> None:
    slack.add_channel("D9", "", members=["U1", "U2"], bot_in=False)
    assert "No daily tip was set" in coach(slack, "daily 09:00", channel="D9")
    assert "no daily tip here" in coach(slack, "daily", channel="D9")


def test_words_are_a_time_then_days_then_a_zone() -> None:
    assert read_wish("09:00 mon,wed Europe/Berlin").days == {0, 2}
    assert read_wish("9 am every day new york").zone == "America/New_York"
    assert read_wish("9:30 Asia/Tokyo").days == WEEKDAYS
    assert read_wish("9:30 mon, wed").days == {0, 2}
    assert read_wish("9:30").holidays is None
    assert read_wish("9:30 weekdays Berlin holidays de-by").holidays == "DE-BY"
    assert read_wish("9:30 not on public  holidays in IN").holidays == "IN"
    early = read_wish("9:30 mon, wed holidays US new york")
    assert (early.days, early.zone, early.holidays) == ({0, 2}, "America/New_York", "US")
    wrong_words = ("soon", "25:00", "09:00 sometimes", "09:00 weekdays Atlantis", "09:00 holidays")
    for wrong in wrong_words:
        with pytest.raises(NotADaily):
            read_wish(wrong)


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "America/Nuuk", "Asia/Tokyo"]),
    minute=st.integers(0, 24 * 60 - 1),
    start=st.integers(0, 2 * 365 * 24),
    steps=st.lists(st.integers(1, 200), min_size=1, max_size=30),
)
def test_each_local_date_has_one_tip_however_often_it_is_planned(
    zone: str, minute: int, start: int, steps: list[int]
) -> None:
    """Woken at any hours, the dates only ever rise and no tip leaves before its own time."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=start)
    at = time(minute // 60, minute % 60)
    kept = Daily(Recipient("T1", "C1"), at, EVERY_DAY, zone, "U1", now)
    last: date | None = None
    for hours in steps:
        day = setting.next_date(kept, now, last, TIP_LATE)
        due = setting.instant(kept, day)
        assert last is None or day > last
        assert due + TIP_LATE >= now
        assert due >= local_instant(day, at, zone)
        last, now = day, max(now, due) + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("typed", "at", "days", "zone", "holidays"),
    [
        ("weekdays 9", time(9), WEEKDAYS, None, None),
        ("mon-fri 9am", time(9), WEEKDAYS, None, None),
        ("0900", time(9), WEEKDAYS, None, None),
        ("Berlin weekdays 9:00", time(9), WEEKDAYS, "Europe/Berlin", None),
        ("mon/wed/fri at 10", time(10), frozenset({0, 2, 4}), None, None),
        ("9:00 London time tue and thu", time(9), frozenset({1, 3}), "Europe/London", None),
        ("holidays DE BY 9:00 every day", time(9), EVERY_DAY, None, "DE-BY"),
        ("9:00 weekdays holidays IN New York", time(9), WEEKDAYS, "America/New_York", "IN"),
    ],
)
def test_the_words_may_stand_in_any_order(
    typed: str, at: time, days: frozenset[int], zone: str | None, holidays: str | None
) -> None:
    wish = read_wish(typed)
    assert (wish.at, wish.days, wish.zone, wish.holidays) == (at, days, zone, holidays)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("9:00 weekdays blurb", "“blurb”"),
        ("9:00 PST", "“PST”"),
        ("9:00 and 14:00", "“9:00” and “14:00”"),
        ("9:00 weekdays except fri", "“except”"),
        ("9:00 holidays DE AT", "“AT”"),
        ("at 3 weekdays", "3am or"),
        ("weekdays", "no time"),
    ],
)
def test_the_word_that_was_not_understood_is_named(typed: str, named: str) -> None:
    with pytest.raises(NotADaily, match=named):
        read_wish(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("statsu", "/coach status"),
        ("forgetme", "/coach forget me"),
        ("delete me", "/coach forget me"),
        ("nudge off", "/coach nudges off"),
        ("dayly 9:00", "/coach daily 9:00"),
        ("hudle acme 23:50", "/coach huddle acme 23:50"),
        ("acme 15:00", "/huddle acme 15:00"),
        ("the customer wants a discount", "/tip"),
    ],
)
def test_a_slip_after_coach_is_told_what_to_type(
    bot: Bot, slack: FakeSlack, typed: str, meant: str
) -> None:
    assert meant in coach(slack, typed)


def test_without_a_zone_of_whoever_sets_it_the_zone_is_asked_for(
    bot: Bot, slack: FakeSlack, clock: HandClock
) -> None:
    slack.fail("users.info", "internal_error", 2)
    assert "Slack does not tell me right now in which time zone you are" in coach(
        slack, "daily 9:00"
    )
    assert "There is no daily tip here." in coach(slack, "daily")
    assert "at 9:00 (Europe/Berlin)" in coach(slack, "daily 9:00 Berlin")
    assert "at 10:00 (Europe/Berlin)" in coach(slack, "daily 10:00")


@pytest.mark.parametrize("offset", [None, 3600])
def test_a_daily_tip_rests_on_no_mere_offset(
    bot: Bot, slack: FakeSlack, offset: int | None
) -> None:
    slack.world.users["U2"].tz, slack.world.users["U2"].tz_offset = "Mars/Olympus", offset
    assert "Type the zone as well" in coach(slack, "daily 9:00")
