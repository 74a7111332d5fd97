"""A small page beside the coach: `/livez`, `/readyz`, `/metrics`. It opens nothing to Slack.

It has threads of its own, so that it answers while the coach is busy, and drops whoever is slow.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PLAIN = "text/plain; charset=utf-8"
SLOW_S = 5  # for a request to arrive, and for its answer to be taken

Answer = tuple[HTTPStatus, str, bytes]


class HealthPage:
    """Serves `pages`, functions by their paths, until it is closed. Raises `OSError` if it can't
    listen there; port 0 takes a free one."""

    def __init__(self, host: str, port: int, pages: dict[str, Callable[[], Answer]]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._server = _server(family)((host, port), _handler(pages))
        self._loop = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._loop.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()


def verdict(complaints: list[str]) -> Answer:
    """200 and “ok”, or 503 and what is wrong, a line each."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if complaints else HTTPStatus.OK
    return status, PLAIN, ("\n".join(complaints or ["ok"]) + "\n").encode()


def _server(family: socket.AddressFamily) -> type[ThreadingHTTPServer]:
    return type(
        "Server",
        (ThreadingHTTPServer,),
        {"address_family": family, "daemon_threads": True, "block_on_close": False},
    )


def _handler(pages: dict[str, Callable[[], Answer]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = SLOW_S

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            missing = HTTPStatus.NOT_FOUND, PLAIN, b"Ask for /livez, /readyz or /metrics.\n"
            status, kind, body = page() if page else missing
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Probes come every few seconds; who asked is nobody's business."""

    return Handler
