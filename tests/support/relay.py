"""Stands between the coach and a Slack's sockets, and can go quiet without hanging up."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Relay:
    """Carries bytes both ways, between whoever connects and `far_port` of this machine."""

    def __init__(self, far_port: int) -> None:
        self._far_port = far_port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._lines: list[Line] = []
        self.mute = False  # whether new connections are quiet once they are made

    @property
    def port(self) -> int:
        return int(self._door.getsockname()[1])

    @property
    def count(self) -> int:
        """How many connections there were so far."""
        return len(self._lines)

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *what: object) -> None:
        self._door.close()
        for line in self._lines:
            line.cut()

    def go_quiet(self) -> None:
        """From now on nothing passes on the connections that are open; none of them is closed."""
        with self._lock:
            for line in self._lines:
                line.quiet.set()

    def hang_up_far(self) -> None:
        """The far end gives up the quiet connections too; it would after its own time."""
        with self._lock:
            for line in self._lines:
                if line.quiet.is_set():
                    line.cut()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        line = Line(near, socket.create_connection(("127.0.0.1", self._far_port)))
        with self._lock:
            self._lines.append(line)
        line.start(quiet_after_handshake=self.mute)


class Line:
    """One connection through the relay."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self._near, self._far = near, far
        self.quiet = threading.Event()

    def start(self, quiet_after_handshake: bool) -> None:
        if quiet_after_handshake:  # the client's upgrade and Slack's 101, and nothing else
            self._far.sendall(self._near.recv(4096))
            self._near.sendall(_headers(self._far))
            self.quiet.set()
        for source, sink in ((self._near, self._far), (self._far, self._near)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        for end in (self._near, self._far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(4096):
                if not self.quiet.is_set():
                    sink.sendall(said)
        self.cut()  # somebody hung up


def _headers(far: socket.socket) -> bytes:
    """Slack's answer to the upgrade, without what it says after that."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += far.recv(1)
    return said
