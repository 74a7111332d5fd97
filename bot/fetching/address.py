"""Addresses as people and redirects write them: https, and a login for its own host alone."""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from bot.errors import CoachError

MOST_CHARS = 2_000  # of an address
_PORTS = {"https": 443, "http": 80}
_SAFE = "%/:=&?~+!$,;'@()*[]-._"  # kept as it was typed; all else is percent-encoded


class NotFetched(CoachError):
    """Nothing came. The sentence names the host alone: the rest of an address may be a secret.

    `code` is for logs.
    """

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class Address(NamedTuple):
    """A page or a file on the web. `login` is what an Authorization header says, or ""."""

    scheme: str
    host: str
    port: int
    path: str
    login: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who gets to see a login."""
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Without a login."""
        return f"{self.scheme}://{self.netloc}{self.path}"


def read_address(text: str, plain_http: bool = False) -> Address:
    """The address that was typed: https, or webcal, which is the same. Raises NotFetched.

    `plain_http` lets http pass as well.
    """
    typed = text.strip()
    if len(typed) > MOST_CHARS:
        raise NotFetched("That address is too long.", "address")
    if not re.match(r"[a-z][a-z0-9+.-]*:", typed, re.I) or re.match(r"[^/:]+:\d+(/|$)", typed):
        typed = f"https://{typed}"  # as people write it: blog.example.com/feed
    typed = re.sub(r"^(webcals?|feed)://", "https://", typed, flags=re.I)
    typed = re.sub(r"^feed:(?=https?://)", "", typed, flags=re.I)
    try:
        parts = urlsplit(typed)
        scheme, host, port = parts.scheme.lower(), _host(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError) as error:
        raise _unreadable() from error
    if scheme == "http" and not plain_http:
        raise NotFetched("I only fetch over https. Give the address that begins so.", "http")
    if scheme not in _PORTS or not host or port == 0:
        raise _unreadable()
    path = quote(parts.path or "/", safe=_SAFE)
    path += f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return Address(
        scheme, host, port or _PORTS[scheme], path, _login(parts.username, parts.password)
    )


def led_to(old: Address, location: str, plain_http: bool = False) -> Address:
    """Where a redirect leads. A login stays with the host that it was given to."""
    # What is no ASCII in a header came as UTF-8 and was read as Latin-1.
    target = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    new = read_address(urljoin(old.url, target), plain_http)
    if old.scheme == "https" and new.scheme == "http":
        raise NotFetched(f"{old.host} leads away from https, so I stopped.", "downgrade")
    return new._replace(login=old.login if new.origin == old.origin else "")


def _unreadable() -> NotFetched:
    return NotFetched("I can't read that as an address. It begins with https://.", "address")


def _host(name: str) -> str:
    bare = name.rstrip(".")
    if ":" in bare:
        return str(ipaddress.IPv6Address(bare))  # with no zone of this machine's in it
    ascii_name = bare.encode("idna").decode() if bare else ""
    if ascii_name and not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", ascii_name.lower()):
        raise ValueError(name)
    return ascii_name.lower()


def _login(name: str | None, password: str | None) -> str:
    if name is None:
        return ""
    pair = f"{unquote(name)}:{unquote(password or '')}"
    return f"Basic {b64encode(pair.encode()).decode()}"
