"""The page's own server: on this machine only, for this page only."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from bot.errors import CoachError
from handlers.trial import page_actions
from handlers.trial.inspector import behind
from handlers.trial.page_state import everything
from handlers.trial.small_slack.http_server import HttpServer
from handlers.trial.small_slack.world import CantDo
from handlers.trial.trial import HOST, PEOPLE, Trial

log = logging.getLogger(__name__)

FILES = Path(__file__).parent / "page"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# The page may load, and speak to, this server alone; text can't turn into script.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
NAMES = {HOST, "localhost"}  # what the page may be called; a port may be forwarded
MARK = "__TOKEN__"  # in index.html: what every act has to bring along
STARTING = "The trial is starting. Try again in a second."
MOST = 4_000_000  # bytes of an act, such as a file of 3 MB
STILL_THERE_S = 15


class Page(HttpServer):
    """Serves one trial. Port 0 takes a free one; a port that is taken raises `OSError`."""

    def __init__(self, trial: Trial, port: int) -> None:
        self.trial = trial
        self.token = secrets.token_urlsafe(24)
        self.over = threading.Event()
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def stop(self) -> None:
        self.over.set()
        self.trial.tell()
        super().stop()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hung up is nothing to report."""


class Handler(BaseHTTPRequestHandler):
    """GET /, its files, /calendar/…, /api/world, /api/behind, /api/changes; POST /api/act."""

    protocol_version = "HTTP/1.1"
    server_version = "Trial"
    sys_version = ""

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what a person does is nobody's business."""

    @property
    def page(self) -> Page:
        return cast(Page, self.server)

    def do_GET(self) -> None:
        if not self._from_here():
            self._refuse(403)
            return
        place = urlsplit(self.path).path
        if place == "/api/changes":
            self._changes()
        elif place == "/api/world":
            self._json(lambda: everything(self.page.trial, self._user()))
        elif place == "/api/behind":
            self._json(lambda: behind(self.page.trial))
        elif place.startswith("/calendar/"):
            self._calendar(place)
        else:
            self._file(place)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if not self._from_here() or self.headers.get("X-Trial") != self.page.token:
            self._refuse(403)
        elif self.path != "/api/act" or size > MOST:
            self._refuse(404)
        else:
            raw = self.rfile.read(size)
            self._json(lambda: page_actions.act(self.page.trial, json.loads(raw)))

    # Who may

    def _from_here(self) -> bool:
        """Asked by this page, under a name of this machine: no other site, no other host name."""
        host = self.headers.get("Host") or ""
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site") or "none"
        named = (urlsplit(f"//{host}").hostname or "") in NAMES
        return named and origin in (None, f"http://{host}") and site in ("none", "same-origin")

    def _refuse(self, status: int) -> None:
        self.close_connection = True  # what was sent is not read
        self._send(status, b"Not from here.\n", "text/plain; charset=utf-8")

    def _user(self) -> str:
        asked = parse_qs(urlsplit(self.path).query).get("as", [""])[0]
        return asked if asked in PEOPLE else next(iter(PEOPLE))

    # Answers

    def _json(self, work: Any) -> None:
        try:
            status, said = (200, work()) if self.page.trial.open else (503, {"error": STARTING})
        except (CoachError, CantDo) as error:
            status, said = 409, {"error": str(error)}
        except Exception:
            log.exception("the trial failed")
            status, said = 500, {"error": "The trial could not do that. Its log says why."}
        self._send(status, json.dumps(said).encode(), "application/json; charset=utf-8")

    def _file(self, place: str) -> None:
        name = "index.html" if place == "/" else place.removeprefix("/")
        path = FILES / name
        if path.parent != FILES or path.suffix not in KINDS or not path.is_file():
            self._refuse(404)
            return
        body = path.read_bytes()
        if name == "index.html":
            body = body.replace(MARK.encode(), self.page.token.encode())
        self._send(200, body, KINDS[path.suffix])

    def _calendar(self, place: str) -> None:
        """A person's meetings, for whoever knows the address, as a calendar's own server has it."""
        trial = self.page.trial
        names = {id: name for id, (name, *_) in PEOPLE.items()}
        if not trial.open or (found := trial.calendar.read(place, names)) is None:
            self._refuse(404)
            return
        self._send(200, found, "text/calendar; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self._begin(status, {"Content-Type": kind, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | GUARDS).items():
            self.send_header(name, value)
        self.end_headers()

    def _changes(self) -> None:
        """Server-sent events: a line each time there is something new to look at."""
        self.close_connection = True
        self._begin(200, {"Content-Type": "text/event-stream", "Connection": "close"})
        seen = -1
        try:
            while not self.page.over.is_set():
                now = self.page.trial.wait(seen, STILL_THERE_S)
                self.wfile.write(b": still here\n\n" if now == seen else b"data: %d\n\n" % now)
                self.wfile.flush()
                seen = now
        except OSError:
            return
