"""A Socket Mode connection that went quiet is noticed and renewed, and nobody has to restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving.socket_mode import USUAL, NoLink, Patience, SocketConnection
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.relay import Relay

HASTY = Patience(ping_s=0.1, quiet_s=0.6)


@pytest.fixture
def relay(slack: FakeSlack) -> Iterator[Relay]:
    with Relay(slack.sockets.port) as relay:
        slack.sockets.relay = relay.port
        yield relay


@contextmanager
def linked(settings: Settings, slack: FakeSlack) -> Iterator[SocketConnection]:
    """The coach in Slack by a socket that passes through the relay."""
    with Coach(settings, slack.world.clock) as coach:
        bot = Bot(coach, Scheduler(coach.clock))
        link = SocketConnection(bot.app, "xapp-T1", WORKERS, HASTY)
        slack.connect(None)
        link.start()
        eventually(lambda: slack.sockets.listening("xapp-T1"))
        try:
            yield link
        finally:
            link.stop()
            bot.stop()


def answered(slack: FakeSlack) -> bool:
    """Whether a command reaches the coach; Slack waits three seconds for its answer."""
    return slack.command("U1", "C1", "/coach", "help").error is None


def test_a_connection_that_goes_quiet_is_renewed(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    with linked(settings, slack) as link:
        assert answered(slack)
        eventually(lambda: link.client.current_session.last_ping_pong_time)
        relay.go_quiet()
        eventually(lambda: relay.count > 1)
        eventually(lambda: answered(slack))


def test_a_connection_that_was_quiet_from_the_start_is_renewed(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    relay.mute = True
    with linked(settings, slack):
        relay.mute = False
        eventually(lambda: relay.count > 1)
        eventually(lambda: answered(slack))


@pytest.mark.soak
def test_a_connection_that_speaks_is_left_alone(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    with linked(settings, slack) as link:
        first = link.client.current_session.last_ping_pong_time
        for _ in range(8):  # longer than a quiet one would be borne
            before = link.client.current_session.last_ping_pong_time
            eventually(lambda: link.client.current_session.last_ping_pong_time != before)  # noqa: B023
        assert link.client.current_session.last_ping_pong_time != first
        assert relay.count == 1


@pytest.mark.soak
def test_a_connection_that_slack_closes_is_replaced(
    settings: Settings, slack: FakeSlack, relay: Relay
) -> None:
    with linked(settings, slack):
        slack.disconnect()
        eventually(lambda: relay.count > 1)
        eventually(lambda: answered(slack))


def test_a_quiet_connection_is_borne_for_less_than_a_minute() -> None:
    assert USUAL.quiet_s + 2 * USUAL.ping_s < 60


@pytest.mark.parametrize(
    ("token", "reachable", "said"),
    [("xapp-other", True, "SLACK_APP_TOKEN"), ("xapp-T1", False, "can't be reached")],
)
def test_a_first_connection_that_fails_is_explained(
    settings: Settings, slack: FakeSlack, token: str, reachable: bool, said: str
) -> None:
    with Coach(settings, slack.world.clock) as coach:
        bot = Bot(coach, Scheduler(coach.clock))
        link = SocketConnection(bot.app, token, WORKERS, HASTY)
        if not reachable:
            slack.fail("apps.connections.open", "reset")
        with pytest.raises(NoLink, match=said):
            link.start()
        link.stop()
        bot.stop()
