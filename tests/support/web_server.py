"""Real web servers on this machine, with and without https, and an authority for them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import trustme

NAMES = ("blog.example", "other.example", "localhost", "127.0.0.1", "127.0.0.2")
CA = trustme.CA()
_CERTIFICATE = CA.issue_cert(*NAMES)


@dataclass
class Page:
    """What stands at a path: an answer, or a function that gives it anew each time."""

    body: bytes = b""
    kind: str = "text/plain"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: threading.Event | None = None  # the body comes byte by byte until this is set
    says_length: bool = True


@dataclass(frozen=True)
class Visit:
    """A request as it came."""

    path: str
    host: str
    headers: dict[str, str]
    body: bytes = b""


class WebServer:
    """Pages by their path; `visits` are the requests that came."""

    def __init__(self, host: str = "127.0.0.1", https: bool = True) -> None:
        self.pages: dict[str, Page | Callable[[Visit], Page]] = {}
        self.visits: list[Visit] = []
        self.named: list[str | None] = []  # what each client asked for before the certificate
        self._server = ThreadingHTTPServer((host, 0), _handler(self))
        self._server.daemon_threads = True
        if https:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            _CERTIFICATE.configure_cert(context)
            context.sni_callback = lambda sock, name, c: self.named.append(name)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if https else "http"
        self.host, self.port = host, self._server.server_port

    def url(self, path: str, host: str = "") -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def __enter__(self) -> Self:
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *what: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(server: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            visit = Visit(self.path, headers.get("host", ""), headers, body)
            server.visits.append(visit)
            found = server.pages.get(self.path, Page(status=404))
            page = found(visit) if callable(found) else found
            self.send_response(page.status)
            if page.says_length:
                self.send_header("Content-Length", str(len(page.body)))
            for name, value in {"Content-Type": page.kind, **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self._send(page)

        do_POST = do_GET

        def _send(self, page: Page) -> None:
            try:
                if page.drip is None:
                    self.wfile.write(page.body)
                    return
                for n in range(len(page.body)):
                    self.wfile.write(page.body[n : n + 1])
                    if page.drip.wait(0.02):
                        return
            except OSError:  # the client had enough
                pass

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
