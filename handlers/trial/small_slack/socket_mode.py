"""Slack's side of Socket Mode: envelopes out, acknowledgements in."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from concurrent.futures import Future
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.sync.server import Server, ServerConnection, serve

from handlers.trial.small_slack.world import Json

# Rules, each with its source; "page" is docs.slack.dev/apis/events-api/using-socket-mode.
# - Ten links at once, and a payload goes to any one of them: page, "Using multiple connections".
# - One more is let in, told `disconnect` with `too_many_websockets` in place of `hello`, and
#   closed: slackapi/bolt-js#2225 and #2021, node-slack-sdk#1654.
# - `hello` says how many links there are, and how long this one may live: page, "Connect".
# - `warning` comes about ten seconds before a link is closed, `refresh_requested` with or without
#   it, `link_disabled` when Socket Mode is switched off: page, "Handle disconnects gracefully".
# - Until then a link that is to be closed still takes payloads and their acknowledgements.
MOST_CONNECTIONS = 10
WARNED = 10.0  # seconds
HOST = "applink-1"
LIVES = 18060  # seconds, as `hello` says; the SDKs' own fixtures carry the same
HANDSHAKE = 1.0  # seconds
QUIET = logging.getLogger("handlers.trial.small_slack.socket_mode")
QUIET.setLevel(logging.CRITICAL)  # clients come and go: not news in a test


class Sockets:
    """The connections that apps hold open; an envelope goes to one of them, in turn."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._open: dict[ServerConnection, str] = {}  # connection → its app-level token
        self._coming: dict[ServerConnection, str] = {}  # shaking hands: open in a moment
        self._tickets: dict[str, str] = {}
        self._waiting: dict[str, Future[Json]] = {}
        self._moved = threading.Condition()  # guards all of these
        self.switched_off = False  # Socket Mode, in the app's settings
        self.greets = True  # whether a new link is greeted; else it hears nothing at all
        self.opened = 0  # links that were greeted, from the start
        self.relay: int | None = None  # the port of a relay in front, which apps are told instead

    def start(self) -> None:
        self._server = serve(
            self._talk,
            "127.0.0.1",
            0,
            process_request=self._admit,
            logger=QUIET,
            compression=None,
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
        for connection in list(self._open):
            connection.close()

    @property
    def port(self) -> int:
        return int(self._server.socket.getsockname()[1]) if self._server else 0

    def address(self, app_token: str) -> str:
        """A new address to connect to, good for one connection of one app."""
        if self._server is None:
            return ""
        ticket = uuid.uuid4().hex
        self._tickets[ticket] = app_token
        port = self.relay or self.port
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}"

    def listening(self, app_token: str) -> bool:
        """Whether this app holds a connection; one that is shaking hands is waited for."""
        with self._moved:
            self._moved.wait_for(lambda: app_token not in self._coming.values(), HANDSHAKE)
            return app_token in self._open.values()

    def send(self, app_token: str, kind: str, payload: Json, more: Json) -> Future[Json]:
        """Send an envelope; what comes back is the app's acknowledgement of it."""
        id = str(uuid.uuid4())
        takes_answer = kind != "events_api"
        envelope = {"envelope_id": id, "type": kind, "payload": payload, **more}
        answer: Future[Json] = Future()
        with self._moved:
            self._waiting[id] = answer
        words = json.dumps(envelope | {"accepts_response_payload": takes_answer})
        while True:
            try:
                self._next(app_token).send(words)
                return answer
            except ConnectionClosed:  # the app just hung up: it goes to another link, if there is
                continue

    def _next(self, app_token: str) -> ServerConnection:
        """The link whose turn it is. Raises `StopIteration` where there is none."""
        with self._moved:
            connection = next(
                c for c, token in self._open.items() if token == app_token and c.state is State.OPEN
            )
            self._open[connection] = self._open.pop(connection)
        return connection

    def count(self, app_token: str) -> int:
        """How many links this app holds open."""
        with self._moved:
            return list(self._open.values()).count(app_token)

    def disconnect(self, reason: str = "refresh_requested", seconds: float = 0) -> None:
        """Ask for a new link in place of each that is open, and close those after `seconds`."""
        with self._moved:
            leaving = list(self._open)
        for connection in leaving:
            with suppress(ConnectionClosed):
                connection.send(json.dumps(_farewell(reason)))
        if seconds:
            timer = threading.Timer(seconds, self._shut, [leaving])
            timer.daemon = True
            timer.start()
        else:
            self._shut(leaving)

    def switch_off(self) -> None:
        """Socket Mode is no more for this app; `switched_off = False` turns it on again."""
        self.switched_off = True
        self.disconnect("link_disabled")

    def _shut(self, leaving: list[ServerConnection]) -> None:
        """Nothing more goes over these; what their app still answers is heard."""
        with self._moved:
            for connection in leaving:
                self._open.pop(connection, None)
        for connection in leaving:
            threading.Thread(target=connection.close, daemon=True).start()

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Let in whoever has a ticket, once each."""
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        with self._moved:
            app_token = self._tickets.pop(ticket, None)
            if app_token is None:
                return connection.respond(HTTPStatus.FORBIDDEN, "no ticket\n")
            self._coming[connection] = app_token
        return None

    def _talk(self, connection: ServerConnection) -> None:
        try:
            if reason := self._enters(connection):
                connection.send(json.dumps(_farewell(reason)))
                return
            for said in connection:
                self._heard(json.loads(said))
        except (ConnectionClosed, ValueError):
            pass
        finally:
            with self._moved:
                self._open.pop(connection, None)

    def _enters(self, connection: ServerConnection) -> str:
        """Greet a new link, and let it take payloads; or why it must go again."""
        with self._moved:
            app_token = self._coming.pop(connection)
            self._moved.notify_all()
            count = list(self._open.values()).count(app_token) + 1
            if self.switched_off:
                return "link_disabled"
            if count > MOST_CONNECTIONS:
                return "too_many_websockets"
            if self.greets:
                connection.send(json.dumps(_greeting(count)))
                self._open[connection] = app_token
                self.opened += 1
        return ""

    def _heard(self, said: Any) -> None:
        """An acknowledgement: `{"envelope_id": …, "payload": …}`; the first one counts."""
        with self._moved:
            answer = self._waiting.pop(str(said.get("envelope_id")), None)
        if answer is not None:
            answer.set_result(said)


def _greeting(count: int) -> Json:
    more = {"host": HOST, "build_number": 1, "approximate_connection_time": LIVES}
    return {
        "type": "hello", "num_connections": count, "debug_info": more,
    }  # fmt: skip


def _farewell(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
