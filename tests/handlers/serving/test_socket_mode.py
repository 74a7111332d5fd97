"""The link to Slack: noticed when it goes quiet, replaced without a gap, ended in good order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_sdk import WebClient

from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving import _socket_mode as socket_mode
from handlers.serving._socket_link import USUAL, NoLink, Patience
from handlers.serving._socket_mode import SocketConnection
from handlers.slack.client import client
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.socket_mode import MOST_CONNECTIONS
from tests.conftest import eventually
from tests.support.relay import Relay

HASTY = Patience(ping_s=0.1, quiet_s=0.6, open_s=5)
TOKEN = "xapp-T1"


@pytest.fixture
def relay(slack: FakeSlack) -> Iterator[Relay]:
    with Relay(slack.sockets.port) as relay:
        slack.sockets.relay = relay.port
        yield relay


@contextmanager
def trying(
    settings: Settings, slack: FakeSlack, patience: Patience = USUAL
) -> Iterator[SocketConnection]:
    """The coach, and its link to Slack, not started yet."""
    with Coach(settings, slack.world.clock) as coach:
        bot = Bot(coach, Scheduler(coach.clock))
        link = SocketConnection(bot.app, TOKEN, WORKERS, patience)
        slack.connect(None)
        try:
            yield link
        finally:
            link.stop()
            bot.stop()


@contextmanager
def linked(
    settings: Settings, slack: FakeSlack, patience: Patience = USUAL
) -> Iterator[SocketConnection]:
    """The coach in Slack."""
    with trying(settings, slack, patience) as link:
        assert link.start()
        eventually(lambda: slack.sockets.listening(TOKEN))
        yield link


def answered(slack: FakeSlack) -> bool:
    """Whether a command reaches the coach; Slack waits three seconds for its answer."""
    return slack.command("U1", "C1", "/coach", "help").error is None


def test_a_link_that_goes_quiet_is_renewed(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    with linked(settings, slack, HASTY):
        assert answered(slack)
        relay.go_quiet()
        eventually(lambda: relay.count > 1)
        relay.hang_up_far()
        eventually(lambda: answered(slack))


def test_a_link_that_was_quiet_from_the_start_is_given_up(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    relay.mute = True
    with trying(settings, slack, Patience(ping_s=0.1, quiet_s=0.6, open_s=0.5)) as link:
        assert not link.start(0.1)
        relay.mute = False
        eventually(lambda: relay.count > 1)
        eventually(lambda: slack.sockets.listening(TOKEN))
        assert answered(slack)


@pytest.mark.soak
def test_a_link_that_speaks_is_left_alone(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    with linked(settings, slack, HASTY):
        threading.Event().wait(4 * HASTY.quiet_s)  # longer than a quiet one would be borne
        assert relay.count == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_link_that_slack_closes_is_replaced(
    settings: Settings, slack: FakeSlack, reason: str
) -> None:
    with linked(settings, slack):
        slack.disconnect(reason)
        eventually(lambda: slack.sockets.opened == 2 and slack.sockets.listening(TOKEN))
        assert answered(slack)


def test_the_old_link_is_served_until_the_new_one_is_greeted_and_closed_then(
    settings: Settings, slack: FakeSlack
) -> None:
    with linked(settings, slack):
        slack.fail("apps.connections.open", "slow", seconds=60)
        slack.disconnect("warning", seconds=600)
        eventually(lambda: not slack.faults.waiting("apps.connections.open"))
        assert all(answered(slack) for _ in range(5))
        assert slack.sockets.opened == 1, "the new one is still on its way"
        slack.faults.release()
        eventually(lambda: slack.sockets.opened == 2)
        eventually(lambda: slack.sockets.count(TOKEN) == 1)
        assert answered(slack)


def test_while_slack_asks_to_wait_with_the_new_link_the_old_one_goes_on(
    settings: Settings, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    with linked(settings, slack):
        slack.fail("apps.connections.open", "429", retry_after=60)
        slack.disconnect("refresh_requested", seconds=600)
        eventually(lambda: "asks to wait" in caplog.text)
        assert all(answered(slack) for _ in range(5))
        assert slack.sockets.opened == 1


def test_an_answer_whose_link_is_gone_leaves_by_the_new_one(
    settings: Settings, slack: FakeSlack
) -> None:
    with linked(settings, slack) as link:
        old = link._link
        slack.disconnect()
        eventually(lambda: slack.sockets.opened == 2 and link._link not in (None, old))
        assert old is not None and not old.send("{}")
        link.send(old, "{}")  # raises if nothing took it


def test_one_link_too_many_is_said_and_tried_again_later(
    settings: Settings,
    slack: FakeSlack,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket_mode, "LONGEST_S", 0.2)
    others = [socket_mode.open_link(_web(slack), TOKEN) for _ in range(MOST_CONNECTIONS)]
    with trying(settings, slack) as link:
        assert not link.start(0.5)
        eventually(lambda: caplog.text.count("too many links of this app: ten") > 1)
        for other in others:
            other.close()
        eventually(lambda: link._link)
        assert answered(slack)


def test_socket_mode_switched_off_and_on_again_is_said_and_found(
    settings: Settings,
    slack: FakeSlack,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket_mode, "LONGEST_S", 0.2)
    with linked(settings, slack):
        slack.sockets.switch_off()
        eventually(lambda: "Turn it on under “Socket Mode”. Trying again" in caplog.text)
        slack.sockets.switched_off = False
        eventually(lambda: slack.sockets.listening(TOKEN))
        assert answered(slack)


def test_a_quiet_link_is_borne_for_less_than_a_minute() -> None:
    assert USUAL.quiet_s + 2 * USUAL.ping_s < 60


def test_a_token_that_slack_refuses_ends_the_start_with_what_to_do(
    settings: Settings, slack: FakeSlack
) -> None:
    with trying(settings, slack) as link:
        slack.fail("apps.connections.open", "invalid_auth")
        with pytest.raises(NoLink, match="SLACK_APP_TOKEN"):
            link.start()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("reset", "can't be reached"),
        ("500", "trouble of its own"),
        ("internal_error", "the token is not at fault"),
        ("429", "asks to wait"),
    ],
)
def test_a_slack_that_is_down_is_no_wrong_token_and_is_waited_for(
    settings: Settings, slack: FakeSlack, caplog: pytest.LogCaptureFixture, fault: str, said: str
) -> None:
    slack.fail("apps.connections.open", fault)
    with trying(settings, slack) as link:
        link.start()
        eventually(lambda: slack.sockets.listening(TOKEN))
        assert said in caplog.text
        assert "SLACK_APP_TOKEN" not in caplog.text
        assert answered(slack)


def test_what_is_longer_than_a_frame_of_64_kilobytes_passes_both_ways(
    settings: Settings, slack: FakeSlack
) -> None:
    with linked(settings, slack) as link:
        assert link._link is not None
        assert link._link.send('{"envelope_id": "x", "payload": "' + "é" * 100_000 + '"}')
        assert slack.command("U1", "C1", "/coach", "help " + "ü" * 70_000).error is None


@pytest.mark.parametrize(
    "said", ["", "[]", "nonsense", '{"type": "new_kind"}', '{"envelope_id": 1}']
)
def test_what_cannot_be_read_does_not_end_the_link(
    settings: Settings, slack: FakeSlack, said: str
) -> None:
    with linked(settings, slack):
        for connection in list(slack.sockets._open):
            connection.send(said)
        assert answered(slack)
        assert slack.sockets.opened == 1


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="handlers.serving")


def _web(slack: FakeSlack) -> WebClient:
    return client("xoxb-T1", slack.api_url)
