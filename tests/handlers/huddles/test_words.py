"""`/huddle` in words: why the form opened, Change and Cancel by a line, which accounts count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calls.table import Calls
from bot.people.rep import Profile, Rep
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import View
from tests.conftest import eventually
from tests.support.huddles import (
    KIM,
    MIA,
    accounts_offered,
    ask,
    form,
    huddle,
    kept,
    private,
    reads,
    save,
)

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
    form(slack, title="Acme Corporation, or a new account?")
    assert accounts_offered(slack) == ["Acme Corporation", "acme corp"]
    save(slack)
    eventually(lambda: len(slack.messages("C1")) == 2)
    assert kept(bot, 2).call.account == "Acme Corporation"


def test_a_new_account_beside_a_similar_one_is_chosen(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme Corporation 10:00")
    ask(slack, "acme corp 15:00")
    form(slack, title="or a new account?")
    save(slack, account="acme corp")
    eventually(lambda: len(slack.messages("C1")) == 2)
    assert kept(bot, 2).call.account == "acme corp"


def test_a_name_typed_into_the_form_that_is_like_a_known_one_is_asked_about(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "Acme Corporation 10:00")
    ask(slack, "15:00")
    view = form(slack, title="Type the account's name.")
    refused = slack.submit("U1", view, {"account": "Acme Corp"})
    assert "I know Acme Corporation." in refused.errors["account"]
    save(slack, account="“Acme Corp”")
    eventually(lambda: len(slack.messages("C1")) == 2)
    assert kept(bot, 2).call.account == "Acme Corp"


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


def test_a_second_call_with_an_account_that_day_is_asked_about(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "acme 16:00")
    form(slack, title="You have a call with them today 15:00.")
    save(slack)
    eventually(lambda: len(slack.messages("C1")) == 2)
    assert kept(bot, 2).call.starts == AT_FOUR


def test_a_call_does_not_move_into_the_past(slack: FakeSlack, bot: Bot) -> None:
    huddle(slack, "Acme 15:00")
    ask(slack, "move acme to 4pm")
    lately = int((bot.coach.now() - timedelta(minutes=10)).timestamp())
    refused = slack.submit("U1", form(slack, title="Change"), {"starts": lately})
    assert refused.errors == {"starts": "That is past. Pick a time from now on."}


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
    before = bot.coach.asking.understand(me, f"{typed} 15:00", LONDON, now, {"D9"})
    for account in theirs:
        keep(other, account)
    assert bot.coach.asking.understand(me, f"{typed} 15:00", LONDON, now, {"D9"}) == before


def test_a_card_in_the_channel_makes_its_account_known_there_and_nowhere_else(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "“Ruby Tuesday” 15:00")
    now = bot.coach.now()

    def read(rep: Rep, channel: str) -> str:
        line = "ruby tuesday 15:00"
        return bot.coach.asking.understand(rep, line, LONDON, now, {channel}).plan.account

    eventually(lambda: read(KIM, "C1") == "Ruby Tuesday")
    assert read(MIA, "D3") == "ruby"


def test_an_account_with_a_card_in_another_channel_of_the_reps_is_known(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.add_channel("C7", "region", members=["U2", "U3"], private=True)
    huddle(slack, "Acme Corporation 15:00", "U2", "C7")
    ask(slack, "acme 16:00", "U3", "C1")
    assert accounts_offered(slack, "U3") == ["Acme Corporation", "acme"]
    huddle(slack, "acme 17:00", "U1", "C1")  # Sam is not in it: nothing is asked
    assert kept(bot, 2).call.account == "acme"


PLACES = {"C1": {"U1", "U2", "U3"}, "C7": {"U1"}, "C8": {"U2"}, "C9": {"U1", "U2"}}
ACCOUNTS = ["Acme", "Globex", "Initech", "Hooli", "Umbrella", "Vandelay"]
EXAMPLES = count(1)
said = st.tuples(st.sampled_from(["U1", "U2"]), st.sampled_from(["C1", "C7", "C8", "C9", "own"]))


@settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(calls=st.lists(said, min_size=1, max_size=len(ACCOUNTS)))
def test_known_are_ones_own_accounts_and_those_in_channels_that_one_reads(
    slack: FakeSlack, bot: Bot, calls: list[tuple[str, str]]
) -> None:
    for number in ("7", "8", "9"):
        slack.add_channel(f"C{number}", f"room{number}", members=sorted(PLACES[f"C{number}"]))
    mark = f"no. {next(EXAMPLES)}"  # the small Slack stays, from one example to the next
    want: dict[str, set[str]] = {"U1": set(), "U2": set()}
    for (user, place), name in zip(calls, ACCOUNTS, strict=False):
        account, user = (
            f"{name} {mark}",
            user if user in PLACES.get(place, {user}) else _other(user),
        )
        where = slack.dm(user) if place == "own" else place
        huddle(slack, f"“{account}” 15:00", user, where)
        for rep in want:
            if rep == user or rep in PLACES.get(place, ()):
                want[rep].add(account)
    for rep, accounts in want.items():
        who = Rep("T1", rep)
        known = partial(_known, bot, who, mark)
        eventually(partial(_is, known, accounts))


def _known(bot: Bot, rep: Rep, mark: str) -> set[str]:
    known = bot.coach.asking.accounts(rep, bot.messenger.channels(rep))
    return {each for each in known if each.endswith(mark)}


def _is(known: Callable[[], set[str]], wanted: set[str]) -> bool:
    return known() == wanted


def _other(user: str) -> str:
    return "U2" if user == "U1" else "U1"
