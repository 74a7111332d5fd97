"""A WSGI server in this process (waitress): nobody can hold its door, and it stops in good order.

waitress reads requests without a thread each, so a slow one holds only its place among the
connections. By itself it bears 100 of these, each for as long as a byte comes every two minutes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from typing import Any

from slack_bolt.request import BoltRequest
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

log = logging.getLogger(__name__)

FINISH_S = 5  # how long requests under way may take when the server stops
ARRIVE_S = 10  # for a whole request to arrive; Slack's come in one piece, and it waits for 3 s
CONNECTIONS = 500  # at once; far below what the system lets a process open
LARGEST = 4 * 1024 * 1024  # bytes of a body; a form of Slack's is below 1 MB
LONGEST_HEAD = 32 * 1024  # bytes

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class WebServer:
    """Serves `app` from a thread of its own. Port 0 takes a free one."""

    def __init__(
        self, app: Any, host: str, port: int, threads: int, arrive_s: float = ARRIVE_S
    ) -> None:
        self._server = create_server(
            readable_only(app), host=host, port=port, threads=threads,
            connection_limit=CONNECTIONS, max_request_body_size=LARGEST,
            max_request_header_size=LONGEST_HEAD, backlog=CONNECTIONS, asyncore_use_poll=True,
        )  # fmt: skip
        self._server.channel_class = _Channel
        self._arrive_s = arrive_s
        self._loop = threading.Thread(target=self._server.run, name="web", daemon=True)
        self._over = threading.Event()
        self._usher = threading.Thread(target=self._show_out, name="usher", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._loop.start()
        self._usher.start()

    def stop(self) -> None:
        """Let nobody in, finish what is under way, then close. The polling thread closes sockets:
        another one would do it under its hands."""
        self._over.set()
        self._server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(self._server))
        self._server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_S)
        with suppress(OSError):  # it may be awake, and have closed everything before it is woken
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._loop.join(FINISH_S)

    def _show_out(self) -> None:
        """Have connections closed that bring no whole request in time: on the polling thread, by
        the monotonic clock. waitress goes by the wall clock, and from the last byte on."""
        while not self._over.wait(self._arrive_s / 10):
            with suppress(OSError):  # it stopped meanwhile
                self._server.trigger.pull_trigger(lambda: _close_late(self._server, self._arrive_s))


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it owes a request, or takes none of its answer."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.owes_since = time.monotonic()
        super().__init__(*given, **more)

    def service(self) -> None:
        """Answer; from then on the next request is owed."""
        super().service()
        self.owes_since = time.monotonic()


def _close_late(server: TcpWSGIServer, arrive_s: float) -> None:
    channels = list(server.active_channels.values())
    crowded = len(channels) > CONNECTIONS / 2  # whoever is in no hurry makes room
    cutoff = time.monotonic() - (arrive_s / 10 if crowded else arrive_s)
    for channel in channels:
        if not channel.requests and channel.owes_since < cutoff:
            channel.will_close = True


def readable_only(app: Wsgi) -> Wsgi:
    """`app`, which hears only of bodies that can be read; others are answered with 400.

    Bolt reads a body before it looks at the signature, and what it can't read it raises.
    """

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            if why := unreadable(body, environ.get("CONTENT_TYPE") or ""):
                log.warning("a request could not be read", extra={"bytes": len(body)})
                return _refused(start_response, "400 Bad Request", f"{why}.\n")
        return app(environ, start_response)

    return serve


def unreadable(body: bytes, content_type: str) -> str:
    """What is wrong with a body, or "". Slack sends JSON, or a form that may hold JSON."""
    try:
        read = BoltRequest(body=body.decode(), headers={"content-type": [content_type]}).body
    except Exception as error:  # Bolt raises whatever it trips over
        return f"The body can't be read ({type(error).__name__})"
    return "" if _is_of_slack(read) else "The body is not what Slack sends"


# What Bolt and the coach read before a signature is looked at: of these kinds, or absent.
KINDS: dict[str, tuple[type, ...]] = {
    "type": (str,), "team_id": (str,), "enterprise_id": (str,), "api_app_id": (str,),
    "event_id": (str,), "trigger_id": (str,), "callback_id": (str,), "bot_access_token": (str,),
    "is_enterprise_install": (bool, str), "team": (dict, str), "enterprise": (dict, str),
    "user": (dict, str), "user_id": (str,), "channel": (dict, str), "channel_id": (str,),
    "event": (dict,), "view": (dict,), "message": (dict,), "container": (dict,),
    "function_data": (dict,), "authorizations": (list,), "actions": (list,), "state": (dict, str),
}  # fmt: skip


def _is_of_slack(found: object) -> bool:
    """Whether it is an object whose parts are of the kinds that Slack's have."""
    return isinstance(found, dict) and all(
        isinstance(found[name], kinds)
        for name, kinds in KINDS.items()
        if found.get(name) is not None
    )


def _refused(start_response: Any, status: str, words: str) -> Iterable[bytes]:
    said = words.encode()
    start_response(
        status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(said)))]
    )
    return [said]
