"""The laws of where the fetcher goes: which numbers are the open internet's, however put."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching._places import is_outside
from bot.fetching.address import NotFetched, led_to, read_address

INSIDE = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::7f00:1", "fe80::1", "fe80::1%2", "fc00::1", "fd12::1", "fec0::1", "ff02::1"),
    *("ff0e::1", "2001:db8::1", "2001::1", "3fff::1", "64:ff9b:1::808:808", "100::1", "5f00::1"),
)
OUTSIDE = ("1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e")


@pytest.mark.parametrize("number", INSIDE)
def test_what_is_no_single_machine_of_the_open_internet_is_inside(number: str) -> None:
    assert not is_outside(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", OUTSIDE)
def test_the_open_internet_is_outside(number: str) -> None:
    assert is_outside(ipaddress.ip_address(number))


def put(number: IPv4Address) -> list[IPv6Address]:
    """The ways in which IPv6 carries an IPv4 address: mapped, NAT64, 6to4, ISATAP."""
    n = int(number)
    ours = int(IPv6Address("2606:4700::"))
    return [
        IPv6Address(0xFFFF << 32 | n),
        IPv6Address(int(IPv6Address("64:ff9b::")) | n),
        IPv6Address(0x2002 << 112 | n << 80 | 1),
        IPv6Address(ours | 0x5EFE << 32 | n),
        IPv6Address(ours | 0x02005EFE << 32 | n),
    ]


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_however_it_is_carried(number: IPv4Address) -> None:
    assert {is_outside(carried) for carried in put(number)} == {is_outside(number)}


@given(st.ip_addresses())
def test_nothing_is_outside_that_python_knows_to_be_private(
    number: IPv4Address | IPv6Address,
) -> None:
    never = (number.is_private, number.is_loopback, number.is_link_local, number.is_multicast)
    mapped = isinstance(number, IPv6Address) and number.ipv4_mapped
    assert mapped or not (any(never) and is_outside(number))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_a_sentence(text: str) -> None:
    try:
        read = read_address(text)
    except NotFetched as refused:
        assert str(refused).endswith(".")
        return
    assert read.scheme == "https"
    assert read.url.isascii()
    assert not set(read.url) & set(" \r\n\t\x00")
    assert read_address(read.url) == read._replace(login="")


@given(st.text(max_size=60))
def test_wherever_a_redirect_leads_it_is_https_and_the_login_stays(location: str) -> None:
    old = read_address("https://ann:pass@blog.example/feed")
    try:
        new = led_to(old, location)
    except NotFetched:
        return
    assert new.scheme == "https"
    assert new.login == "" or new.origin == old.origin


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("blog.example.com/feed", "https://blog.example.com/feed"),
        ("  https://Blog.Example.com  ", "https://blog.example.com/"),
        ("webcal://cal.example.com/a.ics", "https://cal.example.com/a.ics"),
        ("feed:https://blog.example.com/rss", "https://blog.example.com/rss"),
        ("https://bücher.example/über uns", "https://xn--bcher-kva.example/%C3%BCber%20uns"),
        ("blog.example.com:8443/feed", "https://blog.example.com:8443/feed"),
        ("https://blog.example.com:443/feed#top", "https://blog.example.com/feed"),
    ],
)
def test_an_address_is_read_as_people_write_it(typed: str, url: str) -> None:
    assert read_address(typed).url == url


@pytest.mark.parametrize(
    "typed", ["", "https://", "ftp://a.example", "javascript:alert(1)", "mailto:a@b.example",
              "https://a b.example", "https://a.example:99999", "http://a.example", "file:///etc"],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(NotFetched):
        read_address(typed)
