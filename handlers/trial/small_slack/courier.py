"""Carrying a payload to the app, by a signed request or a socket, and hearing its answer."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from handlers.trial.small_slack.api.methods import body_of, without_token
from handlers.trial.small_slack.socket_mode import Sockets
from handlers.trial.small_slack.world import Exchange, Json, World

PATIENCE = 3.0  # seconds: docs.slack.dev/interactivity/handling-user-interaction, /apis/events-api
# When an event is tried again: docs.slack.dev/apis/events-api, "Error handling"
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


@dataclass
class Delivery:
    """What came of one payload: the app's answer, and what the person was shown instead of it.

    `status` is 0 where no answer came, or nothing was sent (a form with a required field empty).
    """

    payload: Json = field(default_factory=dict)
    status: int = 0
    body: str = ""
    ms: float = 0.0
    error: str | None = None  # Slack's own error, as the person sees it, or None
    errors: dict[str, str] = field(default_factory=dict)  # block_id → what is wrong with it
    kind: str = ""  # slash_commands, interactive or events_api
    team: str = ""
    reason: str = ""  # why it counts as failed: http_error, http_timeout, connection_failed
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def answer(self) -> Json:
        """The app's answer as JSON; plain words count as `{"text": …}`."""
        said = body_of(self.body.encode(), "") if self.body else {}
        return said if isinstance(said, dict) else {"text": self.body}


@dataclass(frozen=True)
class Retry:
    """An event to be tried again: for the `number`th time, at `due`."""

    delivery: Delivery
    number: int
    due: datetime


class Courier:
    """Delivers for one small Slack; it holds no lock while it waits for the app."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.world = world
        self.sockets = sockets
        self.request_url: str | None = None
        self.retries: list[Retry] = []
        self.patience = PATIENCE
        # Of so many payloads that the app takes the answer never comes back. Whoever pressed is
        # told so: docs.slack.dev/interactivity/handling-user-interaction
        self.lost_answers = 0

    def send(self, kind: str, team: str, payload: Json, retry: Retry | None = None) -> Delivery:
        done = Delivery(payload, kind=kind, team=team)
        token = self.world.workspaces[team].app_token
        began = time.monotonic()
        if self.request_url:
            self._by_http(done, self.request_url, retry)
        elif self.sockets.listening(token):
            self._by_socket(done, token, retry)
        else:
            done.reason = "connection_failed"
        if self.lost_answers and done.ok:
            self.lost_answers -= 1
            done.status, done.body, done.reason = 0, "", "http_timeout"
        done.ms = (time.monotonic() - began) * 1000
        self._note(done)
        if kind == "events_api" and not done.ok and not done.no_retry:
            self._again(done, retry.number if retry else 0)
        return done

    def redeliver(self) -> list[Delivery]:
        """Try again whatever is due by the clock: what fails once more comes back later."""
        with self.world.lock:
            now = self.world.clock.now()
            due = [retry for retry in self.retries if retry.due <= now]
            self.retries = [retry for retry in self.retries if retry.due > now]
        return [self.send(r.delivery.kind, r.delivery.team, r.delivery.payload, r) for r in due]

    def _again(self, failed: Delivery, tried: int) -> None:
        if tried < len(RETRY_AFTER):
            with self.world.lock:
                due = self.world.clock.now() + RETRY_AFTER[tried]
                self.retries.append(Retry(failed, tried + 1, due))

    def _by_http(self, done: Delivery, address: str, retry: Retry | None) -> None:
        body, headers = self._signed(done, retry)
        place = urlsplit(address)
        app = http.client.HTTPConnection(
            place.hostname or "", place.port or 80, timeout=self.patience
        )
        try:
            app.request("POST", place.path or "/", body, headers)
            response = app.getresponse()
            done.status, done.body = response.status, response.read().decode(errors="replace")
            done.no_retry = response.headers.get("x-slack-no-retry") == "1"
            done.reason = "" if done.ok else "http_error"
        except TimeoutError:
            done.reason = "http_timeout"
        except (OSError, http.client.HTTPException):
            done.reason = "connection_failed"
        finally:
            app.close()

    def _signed(self, done: Delivery, retry: Retry | None) -> tuple[str, dict[str, str]]:
        """Body and headers: docs.slack.dev/authentication/verifying-requests-from-slack"""
        kind = "application/json" if done.kind == "events_api" else FORM
        body = _written(done)
        stamp = str(int(time.time()))  # the app compares it with the machine's own clock
        verifier = SignatureVerifier(self.world.workspaces[done.team].signing_secret)
        signature = verifier.generate_signature(timestamp=stamp, body=body) or ""
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0"}
        headers |= {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry.number)}
            headers |= {"X-Slack-Retry-Reason": retry.delivery.reason}
        return body, headers

    def _by_socket(self, done: Delivery, token: str, retry: Retry | None) -> None:
        """docs.slack.dev/apis/events-api/using-socket-mode"""
        more: Json = {}
        if retry:
            more = {"retry_attempt": retry.number, "retry_reason": retry.delivery.reason}
        try:
            said = self.sockets.send(token, done.kind, done.payload, more).result(self.patience)
        except TookTooLong:
            done.reason = "http_timeout"
            return
        except Exception:  # the connection went away as we spoke
            done.reason = "connection_failed"
            return
        done.status = 200
        done.body = json.dumps(said["payload"]) if said.get("payload") else ""

    def _note(self, done: Delivery) -> None:
        name = done.payload.get("command") or done.payload["type"]
        name = done.payload.get("event", {}).get("type", name)
        asked, now = without_token(done.payload), self.world.clock.now()
        self.world.keep(Exchange("out", name, asked, done.body, done.status, done.ms, now))


FORM = "application/x-www-form-urlencoded"


def _written(done: Delivery) -> str:
    if done.kind == "events_api":
        return json.dumps(done.payload)
    fields: Any = done.payload
    if done.kind == "interactive":
        fields = {"payload": json.dumps(done.payload)}
    return urlencode(fields)
