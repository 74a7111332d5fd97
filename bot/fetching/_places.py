"""Where a host really is: each number behind its name, judged whether it is the open internet's."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from queue import Empty, Queue

from bot.fetching.address import Address, NotFetched

# Global by the tables of Python, and yet no place for us. IANA's registries of special-purpose
# addresses, but for the last: a cloud's own machine for its guests, under a public number.
_NOT_OURS_4 = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that was ever given out: RFC 4291, section 2.4
_NOT_OURS_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052; that of RFC 8215 is a network's own
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: before the IPv4 address at the end

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Judge = Callable[[Ip], bool]
Resolve = Callable[[str, int], list[Ip]]


def is_outside(ip: Ip) -> bool:
    """Whether an address is a single machine's on the open internet, whichever way it is put."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in net for net in _NOT_OURS_4)
    if ip.scope_id:
        return False
    inner = list(_embedded(ip))
    if ip.ipv4_mapped is not None or ip in _NAT64:
        return all(map(is_outside, inner))
    ours = ip in _UNICAST and not any(ip in net for net in _NOT_OURS_6)
    return ours and all(map(is_outside, inner))


def _embedded(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that a translator or a tunnel would send it to."""
    number = int(ip)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if ip.ipv4_mapped is not None or ip in _NAT64:
        yield last
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield last


def resolve(host: str, port: int) -> list[Ip]:
    """What the system's resolver says. Raises OSError, UnicodeError."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(row[4][0]) for row in rows))


def places(address: Address, seconds: float, judge: Judge, resolve: Resolve) -> list[str]:
    """The numbers under which the host is reached now, each of them judged. Raises NotFetched.

    One that lies inside spoils all: a name that has both is meant to lead inside.
    """
    found = _resolved(address, seconds, resolve)
    if not all(map(judge, found)):
        raise NotFetched(
            f"{address.host} lies inside a network, and I only fetch from the open internet."
            " Whoever runs me can allow it: COACH_FETCH_INSIDE.",
            "inside",
        )
    return [str(ip) for ip in found]


def _resolved(address: Address, seconds: float, resolve: Resolve) -> list[Ip]:
    """Asked on a thread, for a resolver knows no timeout of its own."""
    told: Queue[list[Ip] | Exception] = Queue()

    def ask() -> None:
        try:
            told.put(resolve(address.host, address.port))
        except (OSError, UnicodeError, ValueError) as error:
            told.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = told.get(timeout=seconds)
    except Empty:
        found = TimeoutError()
    if isinstance(found, Exception) or not found:
        why = found if isinstance(found, Exception) else None
        sentence = f"I can't find {address.host}. Look for a slip in the address."
        raise NotFetched(sentence, "no_host") from why
    return found
