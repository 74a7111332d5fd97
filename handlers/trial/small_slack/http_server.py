"""The HTTP side of the small Slack, and the ways in which it can be told to fail."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from handlers.trial.small_slack.api import files, messages, methods
from handlers.trial.small_slack.rate_limit import Pace, Tier
from handlers.trial.small_slack.socket_mode import Sockets
from handlers.trial.small_slack.world import Exchange, Json, World

# What a path begins with, and what goes there is called in the log and by `fail`.
_NAMES = {"commands": "response_url", "upload": "upload", "files-pri": "files-pri"}
LATE = 0.5  # seconds until a late request lands, unless told otherwise


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; see `FakeSlack.fail` for what `how` may be."""

    how: str
    more: Json = field(default_factory=dict)
    about: str = ""  # of which channel, person or message alone; "" for any call

    def meets(self, asked: Any) -> bool:
        named = asked.values() if isinstance(asked, dict) else ()
        return not self.about or self.about in named

    @property
    def seconds(self) -> float:
        return float(self.more.get("seconds", LATE))


class Faults:
    """What is to go wrong next, per method, in the order in which it was asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, deque[Fault]] = defaultdict(deque)
        self._over = threading.Event()

    def add(self, method: str, fault: Fault, times: int) -> None:
        with self._lock:
            self._next[method].extend([fault] * times)

    def waiting(self, method: str) -> int:
        """How many calls of the method are still to go wrong."""
        with self._lock:
            return len(self._next[method])

    def take(self, method: str, asked: Any = None) -> Fault | None:
        """The next fault that this call meets."""
        with self._lock:
            waiting = self._next[method]
            fault = next((each for each in waiting if each.meets(asked)), None)
            if fault:
                waiting.remove(fault)
            return fault

    def hold(self, seconds: float) -> None:
        """Wait so long, or until `release`."""
        self._over.wait(seconds)

    def release(self) -> None:
        """Nobody hangs on; what goes wrong from now on takes its time again."""
        self._over.set()
        self._over = threading.Event()


class Busy:
    """How many calls of a method were under way at once, at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    @contextmanager
    def during(self, method: str) -> Iterator[None]:
        with self._lock:
            self._now[method] += 1
            self.most[method] = max(self.most[method], self._now[method])
        try:
            yield
        finally:
            with self._lock:
                self._now[method] -= 1


class HttpServer(ThreadingHTTPServer):
    """Serves from a thread of its own, and stops at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def start(self) -> None:
        serve = self.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):  # what listens no more wakes the loop; where it does not, it polls
            self.socket.shutdown(socket.SHUT_RDWR)
        self.shutdown()
        self.server_close()


class Server(HttpServer):
    def __init__(self, port: int, world: World, sockets: Sockets, faults: Faults) -> None:
        self.world, self.sockets, self.faults = world, sockets, faults
        self.pace: Pace | None = None
        self.tiers: dict[str, Tier] = {}
        self.busy = Busy()
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is nothing to report."""


@dataclass
class HttpAnswer:
    status: int
    said: Any  # JSON, plain text, or bytes
    headers: dict[str, str] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    """/api/<method>, /commands/<key> (a response_url), /upload/v1/<file>, /files-pri/<file>/…"""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """In each answer's `Date`: what time it is at Slack."""
        return super().date_time_string(self.slack.world.clock.now().timestamp())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was said is in the log of the small Slack."""

    @property
    def slack(self) -> Server:
        return cast(Server, self.server)

    def _serve(self) -> None:
        began = time.monotonic()
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place, _, key = urlsplit(self.path).path.strip("/").partition("/")
        name = _NAMES.get(place, key)
        asked = self._asked(raw) if place != "upload" else {"file": key, "bytes": len(raw)}
        with self.slack.busy.during(name):
            answer = self._fail_or(name, asked, lambda: self._answer(place, key, asked, raw))
        kept = methods.without_token(asked) if isinstance(asked, dict) else {"body": asked}
        said = answer.said if answer else "(no answer)"
        if isinstance(said, bytes):
            said = {"bytes": len(said)}
        status, ms = answer.status if answer else 0, (time.monotonic() - began) * 1000
        if name == "apps.connections.open":
            said = "(an address)"  # whoever holds it may connect
        now = self.slack.world.clock.now()
        self.slack.world.keep(Exchange("in", name, kept, said, status, ms, now))
        if answer:
            self._send(answer)

    def _fail_or(self, name: str, asked: Any, work: Any) -> HttpAnswer | None:
        """Do the work and answer, or go wrong as told; None: the connection is gone."""
        fault = self.slack.faults.take(name, asked)
        if fault is None:
            return cast(HttpAnswer, work())
        if fault.how == "500":
            return HttpAnswer(500, "internal error")
        if fault.how == "429":
            after = {"Retry-After": str(fault.more.get("retry_after", 1))}
            return HttpAnswer(429, {"ok": False, "error": "ratelimited"}, after)
        if fault.how in ("hang", "slow", "late"):
            self.slack.faults.hold(fault.seconds)
        if fault.how in ("slow", "late", "reset_after_accept"):
            answer = cast(HttpAnswer, work())
            if fault.how == "slow":
                return answer
        if fault.how in ("hang", "late", "reset", "reset_after_accept"):
            self._reset()
            return None
        return HttpAnswer(200, {"ok": False, "error": fault.how, **fault.more})

    def _reset(self) -> None:
        """Hang up with a reset, and without a word."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def _asked(self, raw: bytes) -> Any:
        """Arguments from the query, a form or JSON: docs.slack.dev/apis/web-api"""
        query = dict(parse_qsl(urlsplit(self.path).query))
        if (self.headers.get("Content-Type") or "").startswith("application/json"):
            body = methods.body_of(raw, "")
            return query | body if isinstance(body, dict) else body
        return query | dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))

    def _answer(self, place: str, key: str, asked: Any, raw: bytes) -> HttpAnswer:
        world = self.slack.world
        if place == "commands":
            return HttpAnswer(*messages.respond(world, key, asked))
        if place == "upload":
            return HttpAnswer(*files.receive(world, key.removeprefix("v1/"), raw))
        if place == "files-pri":
            return HttpAnswer(*files.download(world, key, self._token({})))
        if place != "api":
            return HttpAnswer(404, "not found")
        args = asked if isinstance(asked, dict) else {}
        if seconds := self._too_fast(key, args):
            refusal = {"ok": False, "error": "ratelimited"}
            return HttpAnswer(429, refusal, {"Retry-After": str(seconds)})
        token = self._token(args)
        own = next((w for w in world.workspaces.values() if token == w.app_token), None)
        link = self.slack.sockets.address(own.app_token) if own else ""
        said = methods.answer(world, key, token, args, self.slack.address, link)
        return HttpAnswer(200, said, self._scopes(token))

    def _too_fast(self, method: str, args: Json) -> int:
        """Seconds to wait before the method may be called; 0 for none, and where nobody counts."""
        world, pace, tier = self.slack.world, self.slack.pace, self.slack.tiers.get(method)
        with world.lock:
            channel, now = world.channels.get(str(args.get("channel"))), world.clock.now()
            if channel is None:
                return 0
            if tier:
                return tier.take(channel.team, now)
            posts = pace if method == "chat.postMessage" else None
            return posts.take(channel.team, channel.id, now) if posts else 0

    def _token(self, args: Json) -> str:
        header = self.headers.get("Authorization") or ""
        return header.removeprefix("Bearer ").strip() or str(args.get("token") or "")

    def _scopes(self, token: str) -> dict[str, str]:
        """docs.slack.dev/authentication/installing-with-oauth: what a token may do, in a header."""
        everyone = self.slack.world.workspaces.values()
        own = next((w for w in everyone if token == w.bot_token), None)
        return {"X-OAuth-Scopes": ",".join(sorted(own.scopes))} if own else {}

    def _send(self, answer: HttpAnswer) -> None:
        plain = isinstance(answer.said, str | bytes)
        text = answer.said if plain else json.dumps(answer.said)
        body = text if isinstance(text, bytes) else text.encode()
        kind = "text/plain" if plain else "application/json; charset=utf-8"
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
