"""The HTTP door: a slow caller holds nobody up, and what can't be read is told so."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from urllib.parse import quote

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import Bot
from handlers.serving.http_server import CONNECTIONS, WebServer, readable_only
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack

SLOW = 300  # callers; waitress by itself bears a hundred
BEGUN = b"POST /slack/events HTTP/1.1\r\nHost: coach\r\nContent-Length: 100\r\n\r\nhalf"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture
def port(settings: Settings, slack: FakeSlack) -> Iterator[int]:
    """The coach behind its HTTP door, which waits two seconds for a request."""
    with Coach(settings, slack.world.clock) as coach:
        bot = Bot(coach, Scheduler(coach.clock))
        web = SlackRequestHandler(bot.app, path=SLACK_PATH)
        server = WebServer(web, "127.0.0.1", 0, threads=5, arrive_s=2)
        server.start()
        slack.connect(f"http://127.0.0.1:{server.port}{SLACK_PATH}")
        yield server.port
        server.stop()
        bot.stop()


def answered(slack: FakeSlack) -> bool:
    return slack.command("U1", "C1", "/coach", "help").error is None


def posted(port: int, body: bytes, kind: str, signed: bool) -> int:
    headers = {"Content-Type": kind}
    if signed:
        stamp = str(int(time.time()))
        text = body.decode(errors="replace")
        verifier = SignatureVerifier("secret")
        headers["X-Slack-Request-Timestamp"] = stamp
        headers["X-Slack-Signature"] = verifier.generate_signature(timestamp=stamp, body=text) or ""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as caller:
        caller.request("POST", SLACK_PATH, body, headers)
        response = caller.getresponse()
        response.read()
        return response.status


@pytest.mark.parametrize("begun", [b"", b"POST /slack", BEGUN], ids=["silent", "head", "body"])
def test_unfinished_requests_hold_nobody_up_and_are_shown_out(
    slack: FakeSlack, port: int, begun: bytes
) -> None:
    with ExitStack() as held:
        callers = [
            held.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(SLOW)
        ]
        for caller in callers:
            caller.sendall(begun)
        assert all(answered(slack) for _ in range(5))
        for caller in callers[:: SLOW // 10]:
            caller.settimeout(20)
            while caller.recv(1024):
                pass  # until it is shown out
        assert answered(slack)


def test_a_request_that_comes_byte_by_byte_is_not_waited_for_without_end(
    slack: FakeSlack, port: int
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as caller, pytest.raises(OSError):
        caller.sendall(BEGUN)
        for _ in range(90):
            caller.sendall(b"x")
            time.sleep(0.3)
            assert answered(slack)


def test_more_callers_than_there_is_room_for_keep_the_door_shut_only_for_a_moment(
    slack: FakeSlack, port: int
) -> None:
    with ExitStack() as held:
        for _ in range(CONNECTIONS + 20):
            caller = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            caller.sendall(BEGUN)
        assert answered(slack), "it is let in when the slow ones are shown out"


BAD = [
    (b"\xff\xfe\xfd", FORM),
    (b"\xff\xfe\xfd", JSON),
    (b"{", JSON),
    (b"[]", JSON),
    (b'"words"', JSON),
    (b"[" * 100_000, JSON),
    (b"{", FORM),
    (b"payload=%7B", FORM),
    (b"payload=nonsense", FORM),
    (b"payload=" + quote("[1]").encode(), FORM),
    (b"payload=5", FORM),
    (b"payload=", FORM),
    (b'{"authorizations": [5]}', JSON),
    *(
        (json.dumps({name: wrong}).encode(), JSON)
        for name in ("type", "team", "user", "event", "view", "authorizations", "actions")
        for wrong in (5, [[]] if name not in ("authorizations", "actions") else {"a": 1})
    ),
]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("body", "kind"), BAD)
def test_a_body_that_cannot_be_read_is_a_400_and_no_traceback(
    port: int, slack: FakeSlack, caplog: pytest.LogCaptureFixture, body: bytes, kind: str,
    signed: bool,
) -> None:  # fmt: skip
    assert posted(port, body, kind, signed) == 400
    assert not any(record.exc_info for record in caplog.records)
    assert answered(slack)


@pytest.mark.parametrize("body", [b"", b"a=1", b"payload=%7B%7D"])
def test_a_body_that_nobody_signed_is_a_401(port: int, body: bytes) -> None:
    assert posted(port, body, FORM, signed=False) == 401


def test_what_is_no_post_passes_unread() -> None:
    seen = []
    readable_only(lambda environ, start: seen.append(environ) or [b""])(
        {"REQUEST_METHOD": "GET"}, None
    )
    assert seen
