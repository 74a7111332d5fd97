"""One WebSocket to Slack: asked for, opened, greeted; and why that could not be, with what to do.

websockets instead of the SDK's own client: that one loses a frame whose second half is three
seconds late and a message that comes in fragments, takes pongs by the wall clock, and closes a
connection only when its reader next wakes, up to three seconds later.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from bot.errors import NOT_ALLOWED, UNAVAILABLE, CoachError
from handlers.slack.rate_limit import LIMITED
from handlers.slack.refusal import refusal

CLOSE_S = 1  # for Slack's own word of farewell
LOOK_S = 1  # between two looks whether Slack has said farewell and does not hang up
LARGEST = 16 * 1024 * 1024  # bytes; far above any form
RETRY_AFTER_S = (
    30  # where Slack says to wait, and not how long: python-slack-sdk, socket_mode/client
)

REFUSED = (
    "Slack refuses SLACK_APP_TOKEN ({code}). Copy it again from “Basic Information”: it begins with"
    " xapp- and has the scope connections:write."
)
UNREACHABLE = "Slack can't be reached. Check the network."
IN_TROUBLE = "Slack has trouble of its own ({code}); the token is not at fault."
ASKED_TO_WAIT = "Slack asks to wait before a new link ({code})."
TOO_MANY = (
    "Slack has too many links of this app: ten are allowed. Another coach uses the same"
    " SLACK_APP_TOKEN; stop it, or give this one an app of its own."
)
SWITCHED_OFF = "Socket Mode is switched off for this app. Turn it on under “Socket Mode”."


@dataclass(frozen=True)
class Patience:
    """Seconds: between two pings, and without a pong until the connection counts as gone."""

    ping_s: float = 5
    quiet_s: float = 30
    open_s: float = 10  # for the handshake, and for Slack's greeting


USUAL = Patience()


class NoLink(CoachError):
    """There is no connection to Slack. `wait_s` is what Slack asks for, 0 for nothing; `for_good`
    says that no waiting helps."""

    def __init__(self, sentence: str, wait_s: float = 0, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s
        self.for_good = for_good
        self.status = NOT_ALLOWED if for_good else UNAVAILABLE


class Link:
    """An open connection. Slack's first word is read already."""

    def __init__(self, socket: ClientConnection, first: dict[str, Any]) -> None:
        self._socket = socket
        self.first = first
        self.opened = time.monotonic()
        self.under_way = 0  # envelopes that came by it and are not answered yet
        self.leaving = False  # Slack wants another one in its place
        self.gone = False
        self._closing = False
        self._sending = threading.Lock()

    @property
    def open_links(self) -> int:
        """How many this app has, as Slack said in its greeting; 0 if it did not say."""
        said = self.first.get("num_connections")
        return said if isinstance(said, int) else 0

    @property
    def alive(self) -> bool:
        """Whether it is open, and pongs have come: without them websockets closes it."""
        return self._socket.state is State.OPEN and not self.gone

    def read(self) -> dict[str, Any] | None:
        """The next message; None at the end. What can't be read is skipped."""
        while True:
            try:
                return read_json(self._socket.recv(timeout=LOOK_S))
            except TimeoutError:
                if self._socket.state is not State.OPEN and not self._closing:
                    return None
            except ValueError:
                continue
            except ConnectionClosed:
                return None

    def send(self, text: str) -> bool:
        """Whether it left by this link."""
        with self._sending:
            if self._closing or self.gone:
                return False
            try:
                self._socket.send(text)
            except ConnectionClosed:
                return False
        return True

    def close(self) -> None:
        """Say farewell; what Slack had sent before it heard that is still read."""
        with self._sending:
            self._closing = True
        with suppress(OSError, WebSocketException):
            self._socket.close()


def read_json(said: str | bytes) -> dict[str, Any]:
    """A message of Slack's. Raises `ValueError` for anything else."""
    message = json.loads(said)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


def open_link(web: WebClient, app_token: str, patience: Patience = USUAL) -> Link:
    """A new connection, once Slack has greeted it. Raises `NoLink`."""
    address = new_address(web, app_token)
    socket = _connected(address, web, patience)
    try:
        first = read_json(socket.recv(timeout=patience.open_s))
    except (TimeoutError, ValueError, ConnectionClosed) as error:
        socket.close()
        raise NoLink(UNREACHABLE) from error
    if first.get("type") == "disconnect":
        socket.close()
        raise turned_away(str(first.get("reason")))
    return Link(socket, first)


def turned_away(reason: str) -> NoLink:
    """What Slack's `disconnect` means, on a link that is new."""
    if reason == "too_many_websockets":
        return NoLink(TOO_MANY)
    if reason == "link_disabled":
        return NoLink(SWITCHED_OFF)
    return NoLink(ASKED_TO_WAIT.format(code=reason))


def new_address(web: WebClient, app_token: str) -> str:
    """Where a link may be opened, once. Raises `NoLink`."""
    try:
        return str(web.apps_connections_open(app_token=app_token)["url"])
    except SlackApiError as error:
        raise _no_link(error) from error
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        raise NoLink(UNREACHABLE) from error


def _no_link(error: SlackApiError) -> NoLink:
    """docs.slack.dev/reference/methods/apps.connections.open"""
    code = error_code(error)
    if refusal(code).look == "token" or code in ("missing_scope", "no_permission"):
        return NoLink(REFUSED.format(code=code), for_good=True)
    if code in LIMITED:
        headers = {k.lower(): v for k, v in (error.response.headers or {}).items()}
        return NoLink(ASKED_TO_WAIT.format(code=code), _seconds(headers.get("retry-after")))
    return NoLink(IN_TROUBLE.format(code=code))


def error_code(error: SlackApiError) -> str:
    """Slack's code, or the status of an answer that has none."""
    status = getattr(error.response, "status_code", 200)
    code = str(error.response.get("error") or "")
    if status == 429:
        return "ratelimited"
    return code if code.replace("_", "").isalnum() and status < 500 else f"status {status}"


def _connected(address: str, web: WebClient, patience: Patience) -> ClientConnection:
    tls = web.ssl if address.startswith("wss:") else None
    try:
        return connect(
            address, ssl=tls, proxy=web.proxy or True, compression=None, max_size=LARGEST,
            open_timeout=patience.open_s, close_timeout=CLOSE_S, ping_interval=patience.ping_s,
            ping_timeout=patience.quiet_s - patience.ping_s, legacy=True,
        )  # fmt: skip
    except InvalidStatus as error:
        answer = error.response
        if answer.status_code == 429:
            asked = _seconds(answer.headers.get("Retry-After"))
            raise NoLink(ASKED_TO_WAIT.format(code="ratelimited"), asked) from error
        raise NoLink(IN_TROUBLE.format(code=f"status {answer.status_code}")) from error
    except (OSError, WebSocketException, ValueError) as error:
        raise NoLink(UNREACHABLE) from error


def _seconds(said: object) -> float:
    try:
        return max(float(str(said)), 1)
    except ValueError:
        return RETRY_AFTER_S
