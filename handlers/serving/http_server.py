"""A WSGI server in this process (waitress), which can be stopped without cutting anybody off."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

FINISH_S = 5  # how long requests under way may take when the server stops


class WebServer:
    """Serves `app` from a thread of its own. Port 0 takes a free one."""

    def __init__(self, app: Any, host: str, port: int, threads: int) -> None:
        self._server = create_server(app, host=host, port=port, threads=threads)
        self._loop = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        """Let nobody in, finish what is under way, then close. The polling thread closes sockets:
        another one would do it under its hands."""
        self._server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(self._server))
        self._server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_S)
        with suppress(OSError):  # it may be awake, and have closed everything before it is woken
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._loop.join(FINISH_S)
