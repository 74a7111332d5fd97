"""Before a meeting the rep is offered its huddle, and starts it by one tap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.calendars.calendar import Wishes
from bot.calendars.offered import offered
from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support import huddles
from tests.support.calendars import (
    JO,
    KIM_AT,
    LEE,
    ME,
    at,
    connect,
    connected,
    event,
    inside,
    kept,
    look,
    offers,
    press,
    publish,
    put,
    to,
)
from tests.support.web_server import WebServer

Wake = Callable[[], None]
SAM, KIM = Rep("T1", "U1"), Rep("T1", "U2")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, fetch_inside=True)


@pytest.fixture
def feed() -> Iterator[WebServer]:
    with WebServer(https=False) as server:
        publish(server, inside(), event("Acme demo", at(15), JO, LEE))
        yield server


@pytest.fixture
def met(bot: Bot) -> None:
    """Sam spoke with Acme before, and something was left open."""
    huddles.debriefed(bot)


def before(clock: HandClock, wake: Wake, minutes: int = 15) -> None:
    """So long before three o'clock."""
    clock.set(at(15) - timedelta(minutes=minutes))
    wake()


@pytest.fixture
def offer(slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer,
          clock: HandClock) -> Wake:  # fmt: skip
    """The calendar is connected, and the offer of three o'clock was said."""
    connect(slack, wake, feed)
    before(clock, wake)
    eventually(lambda: offers(slack))
    return wake


def test_the_offer_says_who_comes_and_what_is_known(slack: FakeSlack, offer: Wake) -> None:
    (said,) = offers(slack)
    assert "*Acme* in 15 minutes, with Jo and Lee from their side." in said.plain
    assert "Last call" in said.plain and "Send the security sheet" in said.plain
    for user in ("U2", "U3"):
        assert not offers(slack, user)


def test_it_comes_at_the_chosen_minutes_and_once(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed, minutes="30")
    before(clock, wake, 31)
    assert not offers(slack)
    before(clock, wake, 30)
    eventually(lambda: offers(slack))
    for _ in range(4):
        look(bot, clock, wake, 5)
    assert len(offers(slack)) == 1


def test_one_tap_starts_the_huddle(slack: FakeSlack, bot: Bot, offer: Wake) -> None:
    press(slack, offers(slack)[0], "Start the huddle")
    eventually(lambda: "The huddle is started." in offers(slack)[0].plain)
    huddle = huddles.kept(bot, 2)
    assert (huddle.call.account, huddle.call.starts) == ("Acme", at(15))
    assert huddle.call.goal == "Send the security sheet" and huddle.call.play
    assert huddle.private  # where nothing else was said, in Sam's own messages
    assert rows(bot, "SELECT call_id FROM outbox WHERE kind = 'meeting_offer'") == [(2,)]
    assert offered(bot.coach.store.read, SAM, 2) and not offered(bot.coach.store.read, KIM, 2)


def test_the_card_goes_where_the_rep_said(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed, channel="C1")
    before(clock, wake)
    press(slack, eventually(lambda: offers(slack))[0], "Start the huddle")
    huddles.reads(slack, "Acme")
    said = "The huddle is started. The card is in <#C1>."
    eventually(lambda: said in str(offers(slack)[0].blocks))


@pytest.mark.parametrize("shared", ["C1", None])
def test_what_the_rep_alone_knows_is_no_goal_in_a_channel(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock, shared: str | None
) -> None:
    huddles.debriefed(bot, shared_in=shared)
    connect(slack, wake, feed, channel="C1")
    before(clock, wake)
    press(slack, eventually(lambda: offers(slack))[0], "Start the huddle")
    huddles.reads(slack, "Acme")
    known = "Send the security sheet" in huddles.card(slack).plain
    assert known == bool(shared)
    assert ("security" in huddles.kept(bot, 2).call.goal) == bool(shared)


def test_a_call_that_the_rep_has_cancelled_is_not_offered_again(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed)
    huddles.huddle(slack, "acme 10:00")
    huddles.ask(slack, "cancel acme")
    huddles.save(slack)
    look(bot, clock, wake)
    before(clock, wake)
    look(bot, clock, wake, 1)
    assert not offers(slack)
    publish(feed, inside(), event("Acme demo", at(16), JO, LEE))
    look(bot, clock, wake)
    clock.set(at(15, 45))
    wake()
    eventually(lambda: offers(slack))


def test_a_series_that_is_no_customers_is_not_offered_again(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    publish(feed, inside(), event("Acme demo", at(15), JO, more=("RRULE:FREQ=DAILY;COUNT=5",)))
    connect(slack, wake, feed)
    before(clock, wake)
    press(slack, eventually(lambda: offers(slack))[0], "Not a customer")
    eventually(lambda: "I won't offer its series again" in offers(slack)[0].plain)
    clock.forward(days=1)
    wake()
    look(bot, clock, wake)
    assert len(offers(slack)) == 1


def test_later_comes_back_right_before_it_begins(
    slack: FakeSlack, offer: Wake, clock: HandClock
) -> None:
    press(slack, offers(slack)[0], "Later")
    eventually(lambda: "I come back to it at 9:55." in offers(slack)[0].plain)
    before(clock, offer, 5)
    eventually(lambda: len(offers(slack)) == 2)
    assert "*Acme* in 5 minutes" in offers(slack)[1].plain


def test_later_is_over_once_it_begins(slack: FakeSlack, offer: Wake, clock: HandClock) -> None:
    before(clock, offer, 0)
    press(slack, offers(slack)[0], "Later")
    eventually(lambda: "It begins now, so I don't come back" in to(slack)[-1].plain)
    clock.forward(minutes=2)
    offer()
    assert len([m for m in to(slack) if "from their side" in m.plain]) == 1


def test_a_calendar_that_is_connected_once_more_offers_nothing_twice(
    slack: FakeSlack, bot: Bot, offer: Wake, feed: WebServer, clock: HandClock
) -> None:
    press(slack, offers(slack)[0], "Start the huddle")
    eventually(lambda: "The huddle is started." in offers(slack)[0].plain)
    publish(feed, inside(), event("Acme demo", at(15), JO, LEE), path="/reset.ics")
    connect(slack, offer, feed, path="/reset.ics")
    look(bot, clock, offer, 1)
    assert len([m for m in to(slack) if "from their side" in m.plain]) == 1
    publish(feed, inside(), event("Acme demo", at(18), JO, LEE), path="/reset.ics")
    look(bot, clock, offer)
    assert rows(bot, "SELECT starts FROM calls WHERE id = 2") == [("2026-11-23T18:00:00.000Z",)]


def test_what_a_calendar_says_calls_nobody_and_formats_nothing(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    publish(feed, inside(), event("<!channel> <@U2> &lt;b", at(15), "ann@newco.com"))
    said = connect(slack, wake, feed)
    before(clock, wake)
    offered = eventually(lambda: offers(slack))[0]
    for message in (said, offered):
        told = message.text + "".join(str(block.get("text", "")) for block in message.blocks)
        assert "<!channel>" not in told and "<@U2>" not in told
        assert "&lt;!channel&gt; &lt;@U2&gt; &amp;lt;b" in told


def test_an_account_that_is_not_known_is_asked_for_once(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    review = event("Review", at(15), "ann@newco.com", more=("RRULE:FREQ=DAILY;COUNT=2",))
    publish(feed, inside(), review)
    connect(slack, wake, feed)
    before(clock, wake)
    said = eventually(lambda: offers(slack))[0]
    assert (
        "*“Review”* in 15 minutes" in said.plain
        and "I don't know the account yet; Start asks for it." in said.plain
    )
    press(slack, said, "Start the huddle")
    huddles.form(slack)
    huddles.save(slack, account="Newco")
    eventually(lambda: rows(bot, "SELECT account, starts FROM calls"))
    assert rows(bot, "SELECT account FROM meetings WHERE verdict = 'customer'") == [("Newco",)] * 2
    assert ("@newco.com", "Newco") in rows(bot, "SELECT about, account FROM meeting_choices")
    assert rows(bot, "SELECT call_id FROM outbox WHERE kind = 'meeting_offer' AND state = 'sent'")


def test_a_typed_huddle_and_the_same_meeting_are_one_call(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    connect(slack, wake, feed)
    huddles.huddle(slack, "acme 10:00")  # where Sam is
    before(clock, wake)
    look(bot, clock, wake, 1)
    assert not offers(slack)
    assert rows(bot, "SELECT call_id FROM meetings WHERE title = 'Acme demo'") == [(2,)]


@pytest.mark.parametrize("each", [False, True])
def test_offers_count_among_the_unasked_unless_the_rep_wants_each(
    slack: FakeSlack, bot: Bot, wake: Wake, feed: WebServer, clock: HandClock, each: bool
) -> None:
    acme = [event(f"Acme {n}", at(12 + n), JO) for n in range(6)]
    publish(feed, inside(), *acme)
    connect(slack, wake, feed, **({"each": ["each"]} if each else {}))  # type: ignore[arg-type]
    for n in range(6):
        clock.set(at(12 + n) - timedelta(minutes=15))
        wake()
        wake()
    assert len(offers(slack)) == (6 if each else 3)


def test_who_is_away_by_their_calendar_is_not_written_to(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    away = event("Holidays", at(0), minutes=60 * 20, more=("X-MICROSOFT-CDO-BUSYSTATUS:OOF",))
    publish(feed, inside(), event("Acme demo", at(15), JO, LEE), away)
    connect(slack, wake, feed)
    before(clock, wake)
    look(bot, clock, wake, 1)
    assert not offers(slack)
    assert ("the rep is away",) in rows(bot, "SELECT why FROM outbox WHERE state = 'skipped'")


def test_only_accounts_that_are_known_where_the_rep_wants_that(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    connected(bot.coach, wishes=Wishes(which="known"))
    put(bot.coach, kept(account="", title="Review"), kept(title="Acme demo"))
    bot.coach.store.write(lambda db: bot.coach.calendars.plan_anew(db, SAM))
    before(clock, wake)
    eventually(lambda: offers(slack))
    assert len(offers(slack)) == 1 and "Acme" in offers(slack)[0].plain


# Two reps -----------------------------------------------------------------------------------


def share(slack: FakeSlack, wake: Wake, feed: WebServer, sure: bool) -> None:
    """Sam and Kim have the same meeting; Sam's calendar tells of Kim, or not."""
    people = (JO, KIM_AT) if sure else (JO,)
    publish(feed, inside(), event("Acme demo", at(15), *people, uid="x"))
    publish(feed, inside(me=KIM_AT), event("Acme demo", at(15), JO, ME, uid="x", me=KIM_AT),
            path="/kim.ics")  # fmt: skip
    connect(slack, wake, feed)
    connect(slack, wake, feed, "U2", "/kim.ics")


def test_who_stands_in_the_owners_calendar_is_on_the_card_at_once(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    share(slack, wake, feed, sure=True)
    before(clock, wake)
    press(slack, eventually(lambda: offers(slack))[0], "Start the huddle")
    eventually(lambda: rows(bot, "SELECT count(*) FROM calls") == [(2,)])
    people = {person.user_id for person in huddles.kept(bot, 2).people}
    assert people == {"U1", "U2"}
    press(slack, eventually(lambda: offers(slack, "U2"))[0], "Start the huddle", "U2")
    eventually(lambda: "The huddle is started." in offers(slack, "U2")[0].plain)
    assert rows(bot, "SELECT count(*) FROM calls") == [(2,)]


def test_two_who_tap_at_the_same_moment_share_a_card(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock
) -> None:
    share(slack, wake, feed, sure=True)
    before(clock, wake)
    eventually(lambda: offers(slack) and offers(slack, "U2"))
    bot.coach.calendars.choose(KIM, 6, True, "Acme")  # Kim knows the account as well
    with ThreadPoolExecutor(2) as both:
        taps = [
            both.submit(press, slack, offers(slack, user)[0], "Start the huddle", user)
            for user in ("U1", "U2")
        ]
        for tap in taps:
            tap.result()
    for user in ("U1", "U2"):
        eventually(lambda user=user: "The huddle is started." in offers(slack, user)[0].plain)
    assert rows(bot, "SELECT count(*) FROM calls") == [(2,)]
    assert {person.user_id for person in huddles.kept(bot, 2).people} == {"U1", "U2"}


@pytest.mark.parametrize("answer", ["Put on the card", "Another meeting"])
def test_where_that_is_not_sure_the_owner_is_asked(
    slack: FakeSlack, bot: Bot, met: None, wake: Wake, feed: WebServer, clock: HandClock,
    answer: str,
) -> None:  # fmt: skip
    share(slack, wake, feed, sure=False)
    before(clock, wake)
    press(slack, eventually(lambda: offers(slack))[0], "Start the huddle")
    eventually(lambda: rows(bot, "SELECT count(*) FROM calls") == [(2,)])
    press(slack, eventually(lambda: offers(slack, "U2"))[0], "Start the huddle", "U2")
    eventually(lambda: "I asked whether it is the same" in offers(slack, "U2")[0].plain)
    clock.forward(seconds=16)
    wake()
    asked = huddles.told(slack, "may be the same meeting", "U1")
    press(slack, asked, answer)
    on_it = answer == "Put on the card"
    told = "They are on the card." if on_it else "Kept: another meeting."
    eventually(lambda: huddles.told(slack, told, "U1"))
    people = {person.user_id for person in huddles.kept(bot, 2).people}
    assert people == ({"U1", "U2"} if on_it else {"U1"})
