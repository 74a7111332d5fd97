"""The Socket Mode connection: noticed when it goes quiet, renewed, and ended without cutting off.

The SDK declares a connection dead when pongs stop, but only if one came at all, and its own
reconnecting can stall unseen (python-slack-sdk#1701, bolt-python#1529). So somebody else watches.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import CoachError

log = logging.getLogger(__name__)

FINISH_S = 5  # how long requests under way may take when the coach stops


@dataclass(frozen=True)
class Patience:
    """Seconds: between two pings, and without a pong until the connection counts as gone."""

    ping_s: float = 5
    quiet_s: float = 30


USUAL = Patience()


class NoLink(CoachError):
    """There is no connection to Slack."""


class SocketConnection(SocketModeHandler):
    """One connection to Slack at a time. `threads` handle what comes over it."""

    def __init__(self, app: App, app_token: str, threads: int, patience: Patience = USUAL) -> None:
        super().__init__(
            app, app_token, web_client=app.client, ping_interval=patience.ping_s,
            concurrency=threads,
        )  # fmt: skip
        self._patience = patience
        self._under_way = 0
        self._moved = threading.Condition()
        self._stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Connect, and keep the connection alive. Raises `NoLink` if the first try fails."""
        try:
            self.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            code = error.response.get("error")
            raise NoLink(
                f"Slack refuses SLACK_APP_TOKEN ({code}). Copy it again from “Basic Information”."
            ) from error
        except (SlackClientError, OSError) as error:
            raise NoLink("Slack can't be reached. Check the network.") from error
        self._watcher.start()

    def stop(self) -> None:
        """Take in no more, let what is under way be answered, then hang up."""
        self._stopped.set()
        self.client.socket_mode_request_listeners.clear()
        with self._moved:
            self._moved.wait_for(lambda: self._under_way == 0, FINISH_S)
        self._let_go()
        self.close()  # type: ignore[no-untyped-call]

    def _let_go(self) -> None:
        """Wake the SDK's threads, each of which would be waited for: for four seconds in all."""
        self.client.auto_reconnect_enabled = False
        self._hang_up()
        self.client.message_processor.event.set()
        self.client.enqueue_message("")

    def _hang_up(self) -> None:
        """Close the connection under the hands of the thread that reads, and have it end."""
        self.client.current_session_state.terminated = True
        session = self.client.current_session
        if session and session.sock:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)
            session.disconnect()

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Count what is under way, so that `stop` can wait for its answer to leave."""
        with self._moved:
            self._under_way += 1
        try:
            super().handle(cast(SocketModeClient, client), req)
        finally:
            with self._moved:
                self._under_way -= 1
                self._moved.notify_all()

    # The watch ------------------------------------------------------------------------------

    def _watch(self) -> None:
        session, since = self.client.session_id(), time.monotonic()
        while not self._stopped.wait(self._patience.ping_s):
            if self.client.session_id() != session:
                session, since = self.client.session_id(), time.monotonic()
            if time.monotonic() - max(since, self._heard()) > self._patience.quiet_s:
                self._renew()
                since = time.monotonic()  # the next try waits as long

    def _heard(self) -> float:
        """When the last pong came, on the monotonic clock; the SDK notes it by the wall clock."""
        session = self.client.current_session
        last = session.last_ping_pong_time if session and self.client.is_connected() else None
        return time.monotonic() - max(time.time() - last, 0) if last else 0.0

    def _renew(self) -> None:
        log.warning("the connection to Slack went quiet; connecting again")
        try:
            self._hang_up()
            self.client.connect_to_new_endpoint(force=True)
        except Exception as error:  # tried again after as long a time
            log.warning("could not connect again", extra={"why": type(error).__name__})
