"""Slack's side of Socket Mode: envelopes out, acknowledgements in."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from concurrent.futures import Future
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from handlers.trial.world import Json

MOST_CONNECTIONS = 10  # docs.slack.dev/apis/events-api/using-socket-mode
QUIET = logging.getLogger("handlers.trial.socket")
QUIET.setLevel(logging.CRITICAL)  # clients come and go: not news in a test


class Sockets:
    """The connections that apps hold open; an envelope goes to one of them, in turn."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._open: dict[ServerConnection, str] = {}  # connection → its app-level token
        self._tickets: dict[str, str] = {}
        self._waiting: dict[str, Future[Json]] = {}

    def start(self) -> None:
        self._server = serve(self._talk, "127.0.0.1", 0, logger=QUIET, compression=None)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
        for connection in list(self._open):
            connection.close()

    def address(self, app_token: str) -> str:
        """A new address to connect to, good for one app."""
        if self._server is None:
            return ""
        ticket = uuid.uuid4().hex
        self._tickets[ticket] = app_token
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}"

    def listening(self, app_token: str) -> bool:
        with self._lock:
            return app_token in self._open.values()

    def send(self, app_token: str, kind: str, payload: Json, more: Json) -> Future[Json]:
        """Send an envelope; what comes back is the app's acknowledgement of it."""
        id = str(uuid.uuid4())
        takes_answer = kind != "events_api"
        envelope = {"envelope_id": id, "type": kind, "payload": payload, **more}
        with self._lock:
            connection = next(c for c, token in self._open.items() if token == app_token)
            self._open[connection] = self._open.pop(connection)  # the next one's turn
            answer: Future[Json] = Future()
            self._waiting[id] = answer
        connection.send(json.dumps(envelope | {"accepts_response_payload": takes_answer}))
        return answer

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every app to connect again, as Slack does every few hours; then hang up."""
        for connection in list(self._open):
            connection.send(json.dumps({"type": "disconnect", "reason": reason}))
            if reason != "warning":
                connection.close()

    def _talk(self, connection: ServerConnection) -> None:
        app_token = self._admitted(connection)
        if app_token is None:
            return
        with self._lock:
            self._open[connection] = app_token
            count = len(self._open)
        try:
            connection.send(json.dumps({"type": "hello", "num_connections": count}))
            for said in connection:
                self._heard(json.loads(said))
        except (ConnectionClosed, ValueError):
            pass
        finally:
            with self._lock:
                self._open.pop(connection, None)

    def _admitted(self, connection: ServerConnection) -> str | None:
        path = connection.request.path if connection.request else ""
        ticket = parse_qs(urlsplit(path).query).get("ticket", [""])[0]
        full = len(self._open) >= MOST_CONNECTIONS
        return None if full else self._tickets.pop(ticket, None)

    def _heard(self, said: Any) -> None:
        """An acknowledgement: `{"envelope_id": …, "payload": …}`; the first one counts."""
        with self._lock:
            answer = self._waiting.pop(str(said.get("envelope_id")), None)
        if answer is not None:
            answer.set_result(said)
