"""A small Slack of one workspace, an app of Bolt's own at either door, and payloads for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock.now import HandClock
from handlers.trial.small_slack.http_server import HttpServer
from handlers.trial.small_slack.slack import FakeSlack

Json = dict[str, Any]
OPTIONAL = {"channels:history", "groups:history", "im:read", "files:write"}
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(value: str) -> Json:
    return {"text": text(f"Label {value}"), "value": value}


def boxes(block_id: str, *chosen: str) -> Json:
    """A block of three checkboxes, some of them ticked at first."""
    group: Json = {"type": "checkboxes", "action_id": "tick", "options": list(map(option, "abc"))}
    if chosen:
        group["initial_options"] = [option(one) for one in chosen]
    return {"type": "actions", "block_id": block_id, "elements": [group]}


def press(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), "action_id": action_id, **more}


def field(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": text("Goal"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": text("Form"), "submit": text("Send"), **more} | {
        "blocks": list(blocks) or [field("goal")]
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def slack(clock: HandClock) -> Iterator[FakeSlack]:
    with FakeSlack(clock) as small:
        scopes = small.world.workspaces["T1"].scopes
        scopes |= OPTIONAL
        small.add_user("U1", "Ann Lee", tz="America/New_York")
        small.add_user("U2", "Bo")
        small.add_channel("C1", "deals", members=["U1", "U2"])
        yield small


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-T1", base_url=slack.api_url, retry_handlers=[], timeout=2)


@pytest.fixture
def app(slack: FakeSlack, client: WebClient) -> App:
    bolt = App(client=client, signing_secret="secret", token_verification_enabled=False)
    bolt.logger.setLevel(logging.CRITICAL)
    return bolt


@pytest.fixture
def http(slack: FakeSlack, app: App) -> Iterator[list[Json]]:
    """The app behind a request URL; what reached it, headers by lower-case name."""
    heard: list[Json] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.append({"body": body, "headers": headers})
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HttpServer(("127.0.0.1", 0), Door)
    server.start()
    slack.connect(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield heard
    server.stop()


@pytest.fixture
def socket(slack: FakeSlack, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, "xapp-T1", ping_interval=0.2)
    handler.client.logger.setLevel(logging.CRITICAL)
    handler.connect()
    yield handler
    handler.client.auto_reconnect_enabled = False
    slack.sockets.stop()
    wait_for(lambda: not handler.client.is_connected())
    handler.close()


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest) -> Any:
    """The app reached through each of its two doors."""
    return request.getfixturevalue(request.param)


def refusal(call: Callable[[], Any]) -> Any:
    """The error with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return caught.value.response["error"]


def wait_for(found: Callable[[], Any]) -> Any:
    """What `found` returns, once it returns something: for what the app does after its ack."""
    tries = threading.Event()
    for _ in range(300):
        if value := found():
            return value
        tries.wait(0.01)
    raise AssertionError("it never came")
