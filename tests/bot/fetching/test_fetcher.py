"""What the fetcher brings, does not take, and where it does not go: against real servers."""

from __future__ import annotations

import gzip
import ipaddress
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.fetching._places import Ip
from bot.fetching.address import NotFetched
from bot.fetching.fetcher import Bounds, Fetcher, Validators, WebRequest
from tests.support.web_server import CA, Page, WebServer

HERE = ipaddress.ip_address("127.0.0.1")
THERE = ipaddress.ip_address("127.0.0.2")


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority that signed the servers' certificates, as an admin would set it."""
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


class Names:
    """A resolver of our own: what each name is called, and how often it was asked."""

    def __init__(self, **numbers: list[Ip]) -> None:
        self.numbers = numbers
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[Ip]:
        self.asked.append(host)
        return self.numbers.get(host.partition(".")[0], [HERE])


def outside(names: Names | None = None) -> Fetcher:
    """A fetcher for which 127.0.0.1 is the open internet, and nothing else is."""
    return Fetcher(judge=lambda ip: ip == HERE, resolve=names or Names())


def refusal(fetcher: Fetcher, url: str, bounds: Bounds | None = None, **more: object) -> NotFetched:
    with pytest.raises(NotFetched) as caught:
        fetcher.get(url, *([bounds] if bounds else []), **more)  # type: ignore[arg-type]
    return caught.value


# What comes ---------------------------------------------------------------------------------


def test_a_page_comes_with_its_type_and_what_to_ask_with_the_next_time(web: WebServer) -> None:
    marks = {"ETag": '"7"', "Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT"}
    web.pages["/feed?a=1"] = Page(b"<rss/>", "Application/RSS+xml; charset=utf-8", headers=marks)
    came = outside().get(web.url("/feed?a=1"))
    assert (came.body, came.content_type) == (b"<rss/>", "application/rss+xml")
    assert not came.unchanged
    assert came.seen == Validators('"7"', marks["Last-Modified"])
    assert came.url == web.url("/feed?a=1")


def test_what_has_not_changed_is_not_fetched_again(web: WebServer) -> None:
    web.pages["/feed"] = lambda visit: Page(
        status=304 if visit.headers.get("if-none-match") == '"7"' else 200, says_length=False
    )
    came = outside().get(web.url("/feed"), seen=Validators('"7"', "yesterday"))
    assert came.unchanged
    assert web.visits[-1].headers["if-modified-since"] == "yesterday"


def test_the_host_and_the_certificate_are_those_of_the_name_that_was_asked(web: WebServer) -> None:
    web.pages["/"] = Page(b"hello")
    names = Names()
    assert outside(names).get(web.url("", "blog.example")).body == b"hello"
    assert web.visits[-1].host == f"blog.example:{web.port}"
    assert web.named == ["blog.example"]
    assert names.asked == ["blog.example"], "looked up once: what was judged is what is spoken to"


def test_webcal_is_https(web: WebServer) -> None:
    web.pages["/cal.ics"] = Page(b"BEGIN:VCALENDAR")
    url = web.url("/cal.ics").replace("https:", "webcal:")
    assert outside().get(url).body == b"BEGIN:VCALENDAR"


def test_what_comes_packed_is_unpacked(web: WebServer) -> None:
    packed = {"Content-Encoding": "gzip"}
    web.pages["/feed"] = Page(gzip.compress(b"word " * 50_000), headers=packed)
    assert outside().get(web.url("/feed")).body == b"word " * 50_000


def test_a_request_may_have_a_body_and_is_then_not_sent_on(web: WebServer) -> None:
    web.pages["/hook"] = Page(b"ok")
    web.pages["/moved"] = Page(status=307, headers={"Location": "/hook"})
    asked = WebRequest("POST", (("Content-Type", "application/json"),), b"{}")
    assert outside().send(web.url("/hook"), asked).body == b"ok"
    with pytest.raises(NotFetched):
        outside().send(web.url("/moved"), asked)
    assert [visit.path for visit in web.visits] == ["/hook", "/moved"]


# Where it leads -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_to_where_it_leads(web: WebServer, status: int) -> None:
    web.pages["/old"] = Page(status=status, headers={"Location": "new?x=%C3%BC"})
    web.pages["/new?x=%C3%BC"] = Page(b"here")
    came = outside().get(web.url("/old"))
    assert (came.body, came.url) == (b"here", web.url("/new?x=%C3%BC"))


def test_a_circle_of_redirects_comes_to_an_end(web: WebServer) -> None:
    web.pages["/round"] = Page(status=302, headers={"Location": "/round"})
    refused = refusal(outside(), web.url("/round"), Bounds(redirects=3))
    assert refused.code == "redirects"
    assert len(web.visits) == 4


def test_where_no_redirect_is_allowed_none_is_followed(web: WebServer) -> None:
    web.pages["/file"] = Page(status=302, headers={"Location": "/login"})
    assert refusal(outside(), web.url("/file"), Bounds(redirects=0)).code == "redirects"
    assert len(web.visits) == 1


def test_each_host_on_the_way_is_judged_anew(web: WebServer) -> None:
    with WebServer("127.0.0.2") as within:
        within.pages["/secret"] = Page(b"secret")
        web.pages["/by-number"] = Page(status=302, headers={"Location": within.url("/secret")})
        by_name = within.url("/secret", "other.example")
        web.pages["/by-name"] = Page(status=302, headers={"Location": by_name})
        names = Names(other=[THERE], **{"127": [THERE]}, blog=[HERE])
        for path in ("/by-number", "/by-name"):
            refused = refusal(outside(names), web.url(path, "blog.example"))
            assert refused.code == "inside"
        assert not within.visits


def test_a_name_that_also_lies_inside_is_not_visited_at_all(web: WebServer) -> None:
    web.pages["/"] = Page(b"hello")
    both = Names(blog=[HERE, THERE])
    assert refusal(outside(both), web.url("/", "blog.example")).code == "inside"
    assert not web.visits


def test_a_login_is_told_to_no_other_host(web: WebServer) -> None:
    with WebServer() as other:
        other.pages["/there"] = Page(b"hello")
        there = other.url("/there", "other.example")
        web.pages["/away"] = Page(status=302, headers={"Location": there})
        web.pages["/stay"] = Page(status=302, headers={"Location": "/away"})
        outside().get(web.url("/stay", "ann:pa%20ss@blog.example"))
        outside().get(web.url("/stay", "blog.example"), login="Bearer xoxb-1")
        said = [visit.headers.get("authorization") for visit in web.visits]
        assert said == ["Basic YW5uOnBhIHNz"] * 2 + ["Bearer xoxb-1"] * 2
        assert [visit.headers.get("authorization") for visit in other.visits] == [None, None]


def test_a_redirect_leads_to_no_plain_http(web: WebServer) -> None:
    with WebServer(https=False) as plain:
        plain.pages["/"] = Page(b"hello")
        web.pages["/down"] = Page(status=302, headers={"Location": plain.url("/")})
        assert refusal(outside(), web.url("/down")).code == "http"
        assert refusal(Fetcher(inside=True), web.url("/down")).code == "downgrade"
        assert refusal(outside(), plain.url("/")).code == "http"
        assert not plain.visits
        assert Fetcher(inside=True).get(plain.url("/")).body == b"hello"


# Where it does not go -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "localhost.", "127.1", "0x7f000001", "2130706433", "[::1]",
             "[::ffff:127.0.0.1]", "0.0.0.0", "①27.0.0.1"],
)  # fmt: skip
def test_this_machine_is_not_visited_however_it_is_written(web: WebServer, host: str) -> None:
    web.pages["/"] = Page(b"hello")
    assert refusal(Fetcher(), web.url("/", host)).code in ("inside", "no_host")
    assert not web.visits


def test_one_setting_opens_the_network(web: WebServer) -> None:
    web.pages["/"] = Page(b"hello")
    assert Fetcher(inside=True).get(web.url("/", "localhost")).body == b"hello"


def test_a_certificate_of_somebody_else_ends_it(web: WebServer) -> None:
    assert refusal(outside(), web.url("/", "elsewhere.example")).code == "tls"
    assert not web.visits


# What it does not take ----------------------------------------------------------------------


@pytest.mark.parametrize("says_length", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_more_than_was_allowed_is_not_read(web: WebServer, packed: bool, says_length: bool) -> None:
    body = gzip.compress(b"0" * 10_000) if packed else b"0" * 10_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    web.pages["/big"] = Page(body, headers=headers, says_length=says_length)
    assert refusal(outside(), web.url("/big"), Bounds(bytes=9_999)).code == "size"
    assert len(outside().get(web.url("/big"), Bounds(bytes=10_000)).body) == 10_000


def test_a_server_that_drips_is_left_when_the_time_is_over(web: WebServer) -> None:
    drip = threading.Event()
    web.pages["/drip"] = Page(b"0" * 100_000, drip=drip)
    try:
        assert refusal(outside(), web.url("/drip"), Bounds(seconds=0.5)).code == "slow"
    finally:
        drip.set()


def test_a_server_that_says_nothing_is_left_when_the_time_is_over(web: WebServer) -> None:
    hold = threading.Event()

    def never(visit: object) -> Page:
        hold.wait(20)
        return Page()

    web.pages["/"] = never
    try:
        assert refusal(outside(), web.url("/"), Bounds(seconds=0.5)).code == "slow"
    finally:
        hold.set()


@pytest.mark.parametrize("packed", [True, False])
def test_what_broke_off_is_not_taken_for_the_whole(web: WebServer, packed: bool) -> None:
    drip = threading.Event()
    drip.set()  # hangs up after the first byte
    body = gzip.compress(b"0" * 500) if packed else b"0" * 500
    headers = {"Content-Encoding": "gzip"} if packed else {}
    web.pages["/"] = Page(body, headers=headers, drip=drip, says_length=not packed)
    assert refusal(outside(), web.url("/")).code == "broken"


@pytest.mark.parametrize(("status", "word"), [(404, "nothing"), (401, "login"), (500, "error")])
def test_an_error_becomes_a_sentence_without_the_address(
    web: WebServer, status: int, word: str
) -> None:
    web.pages["/private-7f3a"] = Page(status=status)
    refused = refusal(outside(), web.url("/private-7f3a", "blog.example"))
    assert word in str(refused)
    assert "blog.example" in str(refused)
    assert "7f3a" not in str(refused)


def test_a_host_where_nobody_listens_is_said_to_be_out_of_reach() -> None:
    with WebServer() as gone:
        url = gone.url("/")
    assert refusal(outside(), url).code == "unreachable"
