"""What is shared goes on to a webhook: once for who gets it, signed, or whoever shared it hears."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock.now import HandClock
from bot.debriefs.handed_on import HANDED_ON, NOT_HANDED_ON
from bot.outbox.table import Outbox
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually, rows
from tests.support.debriefs import SAM, debrief, form, held, press, save, told
from tests.support.web_server import Page, Visit, WebServer

Wake = Callable[[], None]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STEP = {"next_step": "send the offer", "by_when": "2026-12-02", "committed": "Us"}


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


@pytest.fixture
def crm() -> Iterator[WebServer]:
    with WebServer(https=False) as crm:
        crm.pages["/catch"] = Page(status=204)
        yield crm


@pytest.fixture
def settings(settings: Settings, crm: WebServer) -> Settings:
    url = crm.url("/catch")
    return replace(settings, webhook_url=url, webhook_secret=SECRET, fetch_inside=True)


def share(slack: FakeSlack, bot: Bot, **more: object) -> None:
    """Sam debriefs a call of the channel's, and shares it there."""
    slack.command("U1", "C1", "/huddle", "Acme discovery 11:00")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL"))
    bot.coach.clock.forward(hours=2)  # type: ignore[attr-defined]
    debrief(slack, "acme")
    said = save(slack, **{"reached": "Partly", "goal": "meet the CFO", **STEP, **more})
    assert "Share also sends goal, outcome and next step to 127.0.0.1." in said.plain
    press(slack, said, "Share")
    eventually(lambda: "Shared in" in told(slack)[-1].plain)


def verified(visit: Visit) -> dict[str, object]:
    """As a receiver does it, by the specification's own steps."""
    got = visit.headers
    signed = f"{got['webhook-id']}.{got['webhook-timestamp']}.".encode() + visit.body
    key = b64decode(SECRET.removeprefix("whsec_"))
    made = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got["webhook-signature"] == f"v1,{made}"
    assert got["content-type"] == "application/json"
    return dict(json.loads(visit.body))


def states(bot: Bot, kind: str = HANDED_ON) -> list[tuple[str]]:
    return rows(bot, f"SELECT state FROM outbox WHERE kind = '{kind}'")


def test_what_is_shared_goes_there_once_and_signed_and_nothing_else_of_it(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    share(slack, bot, achieved="they named the sponsor", forgot="forgotten-budget")
    for _ in range(3):
        clock.forward(seconds=5)
        wake()
    (visit,) = crm.visits
    sent = verified(visit)
    assert int(visit.headers["webhook-timestamp"]) == pytest.approx(clock.now().timestamp(), abs=60)
    assert sent["type"] == "debrief.shared"
    assert sent["data"] == {
        "account": "Acme", "goal": "meet the CFO", "outcome": "partly",
        "achieved": "they named the sponsor", "next_step": "send the offer",
        "next_step_by": "2026-12-02", "next_step_of": "us", "shared_by": "U1", "call": 1,
    }  # fmt: skip
    assert b"forgotten-budget" not in visit.body
    assert states(bot) == [("sent",)]


def test_what_nobody_shares_goes_nowhere(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer
) -> None:
    held(bot)
    debrief(slack, "acme")
    save(slack, reached="Yes", **STEP)
    wake()
    assert crm.visits == [] and states(bot) == []


def test_one_that_fails_is_tried_again_under_the_same_id(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    answers = iter([503, 429, 200])
    crm.pages["/catch"] = lambda visit: Page(status=next(answers))
    share(slack, bot)
    for _ in range(12):
        clock.forward(minutes=1)
        wake()
    assert len(crm.visits) == 3
    assert len({visit.headers["webhook-id"] for visit in crm.visits}) == 1
    assert [verified(visit) for visit in crm.visits] == [verified(crm.visits[0])] * 3
    assert states(bot) == [("sent",)]


def test_a_coach_that_dies_while_it_hands_on_hands_on_again_under_the_same_id(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    share(slack, bot)
    row = Outbox(bot.coach.store.read).by_id(rows(bot, "SELECT max(id) FROM outbox")[0][0])
    assert row and row.kind == HANDED_ON
    bot.coach.store.write(lambda db: Outbox(db).claim([row], "outside", "", clock.now()))
    wake()
    assert crm.visits == [], "it may still land"
    for _ in range(3):
        clock.forward(minutes=1)
        wake()
    assert [visit.headers["webhook-id"] for visit in crm.visits] == [f"msg_{row.mark}"]
    assert states(bot) == [("sent",)]


@pytest.mark.parametrize(("status", "hours"), [(500, 26), (410, 1)])
def test_what_does_not_arrive_is_told_once_to_whoever_shared_it(
    slack: FakeSlack,
    bot: Bot,
    wake: Wake,
    crm: WebServer,
    clock: HandClock,
    status: int,
    hours: int,
) -> None:
    crm.pages["/catch"] = Page(status=status)
    share(slack, bot)
    for _ in range(4 * hours):
        clock.forward(minutes=15)
        wake()
    tries = len(crm.visits)
    assert tries == 1 if status == 410 else 20 < tries < 60
    assert slack.said_to("U1").count("did not reach 127.0.0.1") == 1
    assert states(bot, NOT_HANDED_ON) == [("sent",)]
    clock.forward(hours=3)
    wake()
    assert len(crm.visits) == tries


def test_a_coach_that_was_off_all_day_tells_of_it_too(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    share(slack, bot)
    clock.forward(days=1, hours=1)
    for _ in range(2):
        wake()
        clock.forward(seconds=30)
    assert crm.visits == []
    assert "did not reach 127.0.0.1: it was too late" in slack.said_to("U1")


def test_shared_anew_after_a_change_it_goes_under_another_id(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    share(slack, bot)
    clock.forward(seconds=5)
    wake()
    press(slack, told(slack)[-1], "Change")
    form(slack)
    said = save(slack, reached="Yes")
    press(slack, said, "Share the change")
    eventually(lambda: len(states(bot)) == 2)
    clock.forward(seconds=5)
    wake()
    assert [verified(visit)["data"]["outcome"] for visit in crm.visits] == ["partly", "yes"]  # type: ignore[index]
    assert len({visit.headers["webhook-id"] for visit in crm.visits}) == 2


def test_forget_me_takes_back_what_did_not_go_yet(
    slack: FakeSlack, bot: Bot, wake: Wake, crm: WebServer, clock: HandClock
) -> None:
    share(slack, bot)
    bot.coach.records.forget(SAM)
    clock.forward(minutes=5)
    wake()
    assert crm.visits == [] and states(bot) == []
