"""A connection to the very machine that was judged, and over at a set moment, however it drips."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any

from bot.fetching.address import Address

TRIED = 4  # of a host's numbers


class Deadline:
    """A moment of the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds. Raises TimeoutError once it is over."""
        if (left := self._at - time.monotonic()) <= 0:
            raise TimeoutError("the time is over")
        return left


class _Timed(io.RawIOBase):
    """What a socket brings, each piece waited for no longer than the whole may take."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(into)

    def close(self) -> None:
        self._sock.close()
        super().close()


class _Socket:
    """What `http.client` asks of a socket: it closes this one while an answer is still read."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._is_read = False

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        self._is_read = True
        return io.BufferedReader(_Timed(self._sock, self._deadline))

    def close(self) -> None:
        if not self._is_read:
            self._sock.close()


def connect(
    address: Address, places: Sequence[str], deadline: Deadline, context: ssl.SSLContext
) -> http.client.HTTPConnection:
    """Connected to one of `places`, and to nothing else; name and certificate are the host's.

    Raises OSError, of which ssl.SSLError and TimeoutError are kinds.
    """
    sock = _reached(address, places[:TRIED], deadline)
    try:
        if address.scheme == "https":
            sock.settimeout(deadline.left())
            sock = context.wrap_socket(sock, server_hostname=address.host)
    except BaseException:
        sock.close()
        raise
    made = http.client.HTTPConnection(address.host, address.port)
    made.sock = _Socket(sock, deadline)
    made.auto_open = 0  # never by a name that is looked up anew
    return made


def _reached(address: Address, places: Sequence[str], deadline: Deadline) -> socket.socket:
    refused: OSError = OSError("no address")
    for n, place in enumerate(places):
        family = socket.AF_INET6 if ":" in place else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(deadline.left() / (len(places) - n))
        try:
            sock.connect((place, address.port))
        except OSError as error:
            sock.close()
            refused = error
        else:
            return sock
    raise refused
