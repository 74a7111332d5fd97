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
from websockets.sync.server import Server, ServerConnection, serve

from handlers.trial.small_slack.world import Json

MOST_CONNECTIONS = 10  # docs.slack.dev/apis/events-api/using-socket-mode
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
        with self._moved:
            connection = next(c for c, token in self._open.items() if token == app_token)
            self._open[connection] = self._open.pop(connection)  # the next one's turn
            answer: Future[Json] = Future()
            self._waiting[id] = answer
        connection.send(json.dumps(envelope | {"accepts_response_payload": takes_answer}))
        return answer

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every app to connect again, as Slack does every few hours, and say no more here."""
        with self._moved:
            leaving = list(self._open)
            self._open.clear()
        for connection in leaving:
            with suppress(ConnectionClosed):
                connection.send(json.dumps({"type": "disconnect", "reason": reason}))

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Let in whoever has a ticket, once each, while there is room."""
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        with self._moved:
            app_token = self._tickets.pop(ticket, None)
            if app_token is None or len(self._open) >= MOST_CONNECTIONS:
                return connection.respond(HTTPStatus.FORBIDDEN, "no ticket, or too many\n")
            self._coming[connection] = app_token
        return None

    def _talk(self, connection: ServerConnection) -> None:
        with self._moved:
            self._open[connection] = self._coming.pop(connection)
            count = len(self._open)
            self._moved.notify_all()
        try:
            connection.send(json.dumps({"type": "hello", "num_connections": count}))
            for said in connection:
                self._heard(json.loads(said))
        except (ConnectionClosed, ValueError):
            pass
        finally:
            with self._moved:
                self._open.pop(connection, None)

    def _heard(self, said: Any) -> None:
        """An acknowledgement: `{"envelope_id": …, "payload": …}`; the first one counts."""
        with self._moved:
            answer = self._waiting.pop(str(said.get("envelope_id")), None)
        if answer is not None:
            answer.set_result(said)
