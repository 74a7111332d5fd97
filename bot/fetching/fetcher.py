"""The guarded fetcher: one request to the web, its redirects, and what it brings, all bounded."""

from __future__ import annotations

import http.client
import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.fetching._connection import Deadline, connect
from bot.fetching._places import Judge, Resolve, is_outside, places, resolve
from bot.fetching.address import Address, NotFetched, led_to, read_address

AGENT = "huddle-coach (a sales coach in Slack)"
_PIECE = 65_536
_MOVED = (301, 302, 303, 307, 308)  # RFC 9110, section 15.4


class Bounds(NamedTuple):
    """How much may come, unpacked, in how long, over how many redirects."""

    bytes: int = 20_000_000
    seconds: float = 20
    redirects: int = 5


USUAL = Bounds()


class Validators(NamedTuple):
    """What a server gave for asking whether something changed; "" where it gave none."""

    etag: str = ""
    last_modified: str = ""


UNSEEN = Validators()


@dataclass(frozen=True)
class WebRequest:
    """What is asked of a server. `login` is the value of an Authorization header, "" for none."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    login: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came. `unchanged` tells that nothing did, since it is as it was seen.

    `content_type` is bare and lower case, as in `text/html`; `url` is where it stood at last.
    """

    url: str
    body: bytes
    content_type: str
    seen: Validators
    unchanged: bool = False


class Fetcher:
    """Fetches; may be used from several threads. `inside` lets it into the network, and http.

    `judge` says of a number whether it may be spoken to, `resolve` gives the numbers of a name.
    """

    def __init__(
        self, inside: bool = False, judge: Judge = is_outside, resolve: Resolve = resolve
    ) -> None:
        self._inside, self._resolve = inside, resolve
        self._judge: Judge = (lambda ip: True) if inside else judge

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The system's certificates, or those that SSL_CERT_FILE names."""
        return ssl.create_default_context()

    def read(self, text: str) -> Address:
        """An address as somebody typed it, without asking anybody. Raises NotFetched."""
        return read_address(text, plain_http=self._inside)

    def get(
        self, url: str, bounds: Bounds = USUAL, seen: Validators = UNSEEN, login: str = ""
    ) -> Fetched:
        """What stands at an address, unless it is as it was `seen`. Raises NotFetched.

        `login` is told to this host alone.
        """
        asked = (("If-None-Match", seen.etag), ("If-Modified-Since", seen.last_modified))
        headers = tuple((name, value) for name, value in asked if value)
        return self.send(url, WebRequest(headers=headers, login=login), bounds)

    def send(self, url: str, request: WebRequest, bounds: Bounds = USUAL) -> Fetched:
        """Make a request, and follow where it leads. Raises NotFetched.

        A request with a body is not sent on: it would be made at somebody who was not asked.
        """
        address = self.read(url)
        address = address._replace(login=request.login or address.login)
        deadline = Deadline(bounds.seconds)
        try:
            for _ in range(bounds.redirects + 1):
                went = self._once(address, request, bounds, deadline)
                if isinstance(went, Fetched):
                    return went
                if request.method != "GET":
                    break
                address = led_to(address, went, plain_http=self._inside)
        except TimeoutError as error:
            raise NotFetched(f"{address.host} took too long.", "slow") from error
        raise NotFetched(f"{address.host} only leads on to other pages.", "redirects")

    def _once(
        self, address: Address, request: WebRequest, bounds: Bounds, deadline: Deadline
    ) -> Fetched | str:
        """What came, or where it leads. Raises NotFetched, TimeoutError."""
        found = places(address, deadline.left(), self._judge, self._resolve)
        try:
            connection = connect(address, found, deadline, self._context)
        except TimeoutError:
            raise
        except ssl.SSLError as error:
            raise NotFetched(
                f"The certificate of {address.host} does not hold, so I did not go on.", "tls"
            ) from error
        except OSError as error:
            raise NotFetched(f"{address.host} can't be reached.", "unreachable") from error
        try:
            return _exchange(connection, address, request, bounds, deadline)
        except TimeoutError:
            raise
        except (http.client.HTTPException, OSError, zlib.error) as error:
            raise NotFetched(f"The answer of {address.host} broke off.", "broken") from error
        finally:
            connection.close()


def _exchange(
    connection: http.client.HTTPConnection,
    address: Address,
    request: WebRequest,
    bounds: Bounds,
    deadline: Deadline,
) -> Fetched | str:
    connection.request(request.method, address.path, request.body, _headers(address, request))
    with connection.getresponse() as answer:
        if answer.status in _MOVED and (location := answer.getheader("Location")):
            return location
        seen = Validators(
            _short(answer.getheader("ETag")), _short(answer.getheader("Last-Modified"))
        )
        kind = answer.headers.get_content_type() if answer.getheader("Content-Type") else ""
        if answer.status == 304 and _asks_for_news(request):
            return Fetched(address.url, b"", kind, seen, unchanged=True)
        if not 200 <= answer.status < 300:
            raise _refused(address, answer.status)
        if (answer.length or 0) > bounds.bytes:
            raise _too_big(address, bounds)
        body = bytearray()
        for piece in _unpacked(answer):
            deadline.left()
            body += piece
            if len(body) > bounds.bytes:
                raise _too_big(address, bounds)
        return Fetched(address.url, bytes(body), kind, seen)


def _headers(address: Address, request: WebRequest) -> Mapping[str, str]:
    login = {"Authorization": address.login} if address.login else {}
    always = {"Host": address.netloc, "User-Agent": AGENT, "Accept": "*/*"}
    return always | dict(request.headers) | login | {
        "Accept-Encoding": "gzip", "Connection": "close",
    }  # fmt: skip


def _asks_for_news(request: WebRequest) -> bool:
    return any(name.startswith("If-") for name, _ in request.headers)


def _unpacked(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body in pieces of a bounded size, however tightly they were packed."""
    packed = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packed == "identity":
        yield from _pieces(answer)
        return
    if packed not in ("gzip", "x-gzip"):
        raise http.client.HTTPException(packed)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for piece in _pieces(answer):
        while piece:
            yield unpack.decompress(piece, _PIECE)
            piece = unpack.unconsumed_tail
    yield unpack.flush(_PIECE)
    if not unpack.eof:
        raise http.client.HTTPException("cut off")


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read(_PIECE):
        yield piece
    if answer.length:  # `read` with a size says nothing of what is missing at the end
        raise http.client.IncompleteRead(b"", answer.length)


def _short(header: str | None) -> str:
    """A header to be sent back; one that is too long for that is none."""
    return header if header and len(header) <= 1_000 else ""


def _too_big(address: Address, bounds: Bounds) -> NotFetched:
    most = bounds.bytes / 1_000_000
    return NotFetched(f"What {address.host} has there is larger than {most:g} MB.", "size")


_WHY = {
    401: "{host} wants a login first.",
    403: "{host} does not let me read that.",
    404: "{host} has nothing at that address.",
    410: "{host} has taken that address away for good.",
    429: "{host} asks me to come more seldom.",
}


def _refused(address: Address, status: int) -> NotFetched:
    other = "{host} answered with an error ({status})."
    sentence = _WHY.get(status, other).format(host=address.host, status=status)
    return NotFetched(sentence, str(status))
