"""`/huddle` in words: why the form opened, Change and Cancel by a line, which accounts count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calls.table import Calls
from bot.people.rep import Profile, Rep
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import View
from tests.conftest import eventually
from tests.support.huddles import KIM, MIA, ask, form, huddle, kept, private, reads, save

# Sam is in New York, where it is 04:00: five hours behind UTC.
AT_FOUR = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
LONDON = Profile("sam", "Europe/London")


def start_of(view: View) -> int:
    return int(view.screen.values("U1")["starts"]["field"]["selected_date_time"])


@pytest.mark.parametrize(
    ("words", "account", "why"),
    [
        ("Acme", "Acme", "Pick the day and the time."),
        ("acme 3:30", "acme", "I put 15:30."),
        ("acme 15:00 team", "acme", "I could not place “team”."),
        ("acme tomorrow around 3pm", "acme", "is not exact."),
        ("Black Friday 10:00", "Black Friday", "may be the day or a part of the name"),
    ],
)
def test_every_form_says_why_it_opened_and_holds_each_part(
    slack: FakeSlack, bot: Bot, words: str, account: str, why: str
) -> None:
    ask(slack, words)
    view = form(slack, title=why)
    assert view.screen.values("U1")["account"]["field"]["value"] == account
    assert not slack.messages("C1")


def test_a_typed_goal_stands_on_the_card(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00 goal: they name the budget")
    reads(slack, "they name the budget")
    assert kept(bot).call.goal == "they name the budget"


def test_the_reps_language_is_that_of_slack(slack: FakeSlack, bot: Bot) -> None:
    slack.world.users["U1"].locale = "de-DE"
    huddle(slack, "Acme morgen um 15 Uhr")
    assert kept(bot).call.starts == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def test_a_similar_account_is_asked_about_before_a_new_one_is_made(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "Acme Corporation 10:00")
    ask(slack, "acme corp 15:00")
    view = form(slack, title="Acme Corporation, or a new account?")
    assert view.screen.values("U1")["account"]["field"]["value"] == "Acme Corporation"


@pytest.mark.parametrize(
    "words", ["move acme to 4pm", "acme moved to 16:00", "reschedule Acme 4pm"]
)
def test_a_move_in_words_opens_change_filled_and_saves_it(
    slack: FakeSlack, bot: Bot, words: str
) -> None:
    huddle(slack, "Acme 15:00 @kim")
    ask(slack, words)
    view = form(slack, title="Change the huddle")
    assert start_of(view) == int(AT_FOUR.timestamp())
    save(slack)
    reads(slack, "16:00")
    call = kept(bot).call
    assert (call.starts, call.length) == (AT_FOUR, timedelta(minutes=45))
    assert {person.user_id for person in kept(bot).people} == {"U1", "U2"}


def test_people_are_added_in_words(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00 @kim")
    ask(slack, "add @mia to acme")
    form(slack, title="Change the huddle")
    save(slack)
    reads(slack, "@mia")
    assert {person.user_id for person in kept(bot).people} == {"U1", "U2", "U3"}


def test_cancel_in_words_asks_and_then_cancels(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "cancel acme")
    form(slack, title="today 15:00")
    assert kept(bot).call.state == "planned"
    save(slack)
    eventually(lambda: kept_state(bot) == "cancelled")


def kept_state(bot: Bot) -> str:
    call = Calls(bot.coach.store.read).get("T1", 1)
    return call.state if call else ""


def test_of_several_calls_the_one_that_is_meant_is_named(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    huddle(slack, "Acme tomorrow 15:00")
    ask(slack, "cancel acme tomorrow")
    form(slack, title="There is also")


def test_without_such_a_call_the_form_says_so_and_loses_nothing(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "move globex to 4pm")
    view = form(slack, title="I know no planned call with “globex”.")
    assert view.screen.values("U1")["account"]["field"]["value"] == "globex"
    assert start_of(view) == int(AT_FOUR.timestamp())


@pytest.mark.parametrize("words", ["list", "?", "help", "help?"])
def test_help_and_list_open_no_form(slack: FakeSlack, bot: Bot, words: str) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, words)
    answer = private(slack, "/huddle acme 15:00")
    assert ("Acme" in answer.plain) == (words == "list")
    assert slack.modal("U1") is None


names = st.lists(
    st.sampled_from(["Acme", "Acme Labs", "Globex", "Ruby Tuesday", "Initech", "Hooli"]), max_size=4
)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mine=names, theirs=names, typed=st.sampled_from(["Acme", "Globx", "Ruby Tuesday", "Hool"]))
def test_only_ones_own_accounts_and_the_channels_are_known(
    bot: Bot, mine: list[str], theirs: list[str], typed: str
) -> None:
    """What another rep has in private changes nothing in how a line is read."""
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    me, other = Rep("T1", f"UME{now.microsecond}"), Rep("T1", "UOTHER")

    def keep(rep: Rep, account: str) -> None:
        bot.coach.store.write(
            lambda db: Calls(db).add(rep, account, now, now, "discovery", "", None, now)
        )

    for account in mine:
        keep(me, account)
    before = bot.coach.asking.understand(me, f"{typed} 15:00", LONDON, now, "D9")
    for account in theirs:
        keep(other, account)
    assert bot.coach.asking.understand(me, f"{typed} 15:00", LONDON, now, "D9") == before


def test_a_card_in_the_channel_makes_its_account_known_there_and_nowhere_else(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "“Ruby Tuesday” 15:00")
    now = bot.coach.now()

    def read(rep: Rep, channel: str) -> str:
        line = "ruby tuesday 15:00"
        return bot.coach.asking.understand(rep, line, LONDON, now, channel).plan.account

    eventually(lambda: read(KIM, "C1") == "Ruby Tuesday")
    assert read(MIA, "D3") == "ruby"
