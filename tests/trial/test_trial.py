"""The trial: on this machine only, kept between runs, and the very app that Slack would meet."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.errors import SETTINGS_WRONG
from bot.settings import Settings
from handlers.trial.page_server import FILES, Page
from handlers.trial.trial import Trial
from tests.conftest import eventually
from tests.support.paths import ROOT


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Somebody who knocks at the page's server, with whatever headers they like."""

    def __init__(self, page: Page) -> None:
        self.port, self.token, self.page = page.server_port, page.token, page

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def act(self, body: dict[str, Any], **headers: str) -> Answer:
        body = {"as": "U1", "channel": "C1"} | body
        headers = {"X-Trial": self.token, "Content-Type": "application/json"} | headers
        return self._ask("POST", "/api/act", json.dumps(body), headers)

    def world(self, user: str = "U1") -> Any:
        return self.get(f"/api/world?as={user}").json

    def said(self, channel: str, user: str = "U1") -> list[Any]:
        return list(self.world(user)["messages"][channel])

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as link:
            link.request(method, path, body, named)
            answer = link.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        db=tmp_path / "coach.db", openai_key="secret", openai_url="https://example.com/"
    )


@pytest.fixture
def trial(settings: Settings, new_trial: Path) -> Iterator[Trial]:
    shutil.copytree(new_trial, settings.db.parent, dirs_exist_ok=True)
    trial = Trial(settings)
    trial.start()
    yield trial
    trial.stop()


@pytest.fixture
def visitor(trial: Trial) -> Iterator[Visitor]:
    page = Page(trial, 0)
    page.start()
    yield Visitor(page)
    page.stop()


def test_another_host_name_is_refused(visitor: Visitor) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "10.0.0.1"):
        assert visitor.get("/", Host=host).status == 403
        assert visitor.get("/api/world?as=U1", Host=host).status == 403
    assert visitor.get("/", Host="localhost:8080").status == 200  # a port may be forwarded


def test_another_origin_is_refused(visitor: Visitor) -> None:
    say = {"do": "say", "text": "hello"}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        assert visitor.act(say, Origin=origin).status == 403
        assert visitor.get("/api/world?as=U1", Origin=origin).status == 403
    assert visitor.get("/api/world?as=U1", Sec_Fetch_Site="cross-site").status == 403
    assert visitor.said("C1") == []


def test_an_act_needs_the_token_of_the_page(visitor: Visitor) -> None:
    say = {"do": "say", "text": "hello"}
    assert visitor.act(say, X_Trial="").status == 403
    assert visitor.act(say, X_Trial="guess").status == 403
    assert visitor.act(say).status == 200
    assert visitor.token in visitor.get("/").body
    assert [m["text"] for m in visitor.said("C1")] == ["hello"]


def test_no_other_site_may_read_frame_or_script_the_page(visitor: Visitor) -> None:
    for path in ("/", "/app.js", "/api/world?as=U1", "/nowhere"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_only_the_files_of_the_page_are_served(visitor: Visitor) -> None:
    for path in ("/../page.py", "/%2e%2e/page.py", "/page/index.html", "/.", "//etc/passwd"):
        assert visitor.get(path).status == 404
    for path in FILES.iterdir():
        assert visitor.get(f"/{path.name}").status == 200


def test_the_page_loads_nothing_from_elsewhere_and_writes_no_markup() -> None:
    for path in FILES.iterdir():
        text = path.read_text()
        bare = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"""(src|href|url|import|fetch)[^\n]{0,12}["'(]https?://""", bare)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


def test_the_trial_listens_on_this_machine_only(visitor: Visitor, trial: Trial) -> None:
    assert visitor.page.server_address[0] == "127.0.0.1"
    assert trial.slack.address.startswith("http://127.0.0.1:")


def test_no_model_is_asked_and_no_token_is_shown(visitor: Visitor, trial: Trial) -> None:
    settings = trial.coach.settings
    assert not settings.openai_key and not settings.openai_url
    visitor.act({"do": "command", "text": "/tip they went quiet"})
    eventually(lambda: visitor.said("C1"))
    behind = visitor.get("/api/behind").body
    assert "chat.postMessage" in behind or "response_url" in behind
    assert settings.bot_token not in behind and settings.signing_secret not in behind


def test_a_command_is_answered_by_the_same_app(visitor: Visitor) -> None:
    visitor.act({"do": "command", "text": "/tip they went quiet after the demo"})
    answer = eventually(lambda: visitor.said("C1"))[0]
    assert answer["private"] and answer["blocks"]
    assert visitor.said("C1", "U2") == []


def test_an_unknown_command_says_so(visitor: Visitor) -> None:
    assert "no command /nope" in visitor.act({"do": "command", "text": "/nope"}).json["error"]


def test_what_no_person_could_do_is_refused_in_words(visitor: Visitor) -> None:
    gone = {"do": "click", "ts": "1.000001", "action": "tip.another", "block": "b"}
    refused = visitor.act(gone)
    assert refused.status == 409 and "gone" in refused.json["error"]
    assert visitor.act({"do": "say", "as": "U9", "text": "hi"}).status == 409


def test_each_person_has_a_view_and_a_zone_of_their_own(visitor: Visitor) -> None:
    people = {p["name"]: p["zone"] for p in visitor.world()["people"]}
    assert people == {"sam": "America/New_York", "kim": "Europe/Berlin", "mia": "Asia/Tokyo"}
    visitor.act({"do": "say", "text": "hello"})
    unread = {p["id"]: p["unread"] for p in visitor.world()["people"]}
    assert unread["U1"] == 0 and unread["U2"] == 1
    ts = visitor.said("C1")[0]["ts"]
    visitor.act({"do": "read", "as": "U2", "ts": ts})
    assert visitor.world("U2")["people"][1]["unread"] == 0


def test_the_clock_goes_on_by_itself_and_moves_forward(visitor: Visitor) -> None:
    before = visitor.world()["now"]
    visitor.act({"do": "clock", "move": "hour"})
    assert visitor.world()["now"] - before >= 3600
    assert "No call" in visitor.act({"do": "clock", "move": "after_call"}).json["error"]


def test_the_walk_goes_on_from_where_a_person_is(visitor: Visitor) -> None:
    visitor.act({"do": "command", "text": "/tip they want a discount before they sign"})
    eventually(lambda: visitor.said("C1"))
    assert visitor.world()["walk"]["step"]["id"] == "huddle"
    visitor.act({"do": "command", "text": "/huddle Acme demo 15:00"})
    eventually(lambda: visitor.world()["call"])
    visitor.act({"do": "clock", "move": "after_call"})
    eventually(lambda: visitor.world()["walk"]["step"]["id"] == "debrief")


def test_a_kept_trial_agrees_with_its_database(settings: Settings) -> None:
    trial = Trial(settings)
    trial.start()
    trial.slack.say("U1", "C1", "before the restart")
    trial.slack.command("U1", "C1", "/tip", "the customer wants to cancel")
    shown = eventually(lambda: trial.slack.ephemerals("U1"))
    ahead = trial.clock.ahead
    trial.stop()
    again = Trial(settings)
    again.start()
    try:
        assert "before the restart" in again.slack.messages("C1")[0].plain
        kept = again.slack.ephemerals("U1")[-1]
        assert kept.plain == shown[-1].plain
        assert abs((again.clock.ahead - ahead).total_seconds()) < 1
        block, action, value = again.slack.button(kept, "Another")
        assert again.slack.click("U1", kept, action, value, block).ok
        eventually(lambda: again.slack.ephemerals("U1")[-1].plain != kept.plain)
        stamps = [m.ts for m in [*again.slack.messages("C1"), *again.slack.ephemerals("U1")]]
        again.slack.say("U1", "C1", "after the restart")
        assert again.slack.messages("C1")[-1].ts not in stamps
    finally:
        again.stop()


def test_starting_over_forgets_all_of_it(visitor: Visitor, trial: Trial) -> None:
    visitor.act({"do": "command", "text": "/tip they went quiet after the demo"})
    eventually(lambda: visitor.said("C1"))
    visitor.act({"do": "start_over"})
    assert visitor.said("C1") == []
    tables = {t["name"]: t["count"] for t in visitor.get("/api/behind").json["tables"]}
    assert "tips_said" not in tables


def test_changes_are_told_as_they_happen(visitor: Visitor) -> None:
    with socket.create_connection(("127.0.0.1", visitor.port), timeout=10) as link:
        link.sendall(b"GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        told = link.makefile("rb")
        eventually(lambda: told.readline().startswith(b"data: "))
        visitor.act({"do": "say", "text": "news"})
        eventually(lambda: told.readline().startswith(b"data: "))


# A process of its own, in which every address that is spoken to is written down.
GUARDED = """
import sys
def spoken(event, about):
    if event in ("socket.connect", "socket.sendto") and isinstance(about[1], tuple):
        print("SPOKE", about[1][0], file=sys.stderr, flush=True)
    if event == "socket.getaddrinfo":
        print("LOOKED UP", about[0], file=sys.stderr, flush=True)
sys.addaudithook(spoken)
from bot.__main__ import main
sys.exit(main([]))
"""


def test_without_tokens_the_trial_opens_on_a_free_port_and_speaks_to_nobody_outside(
    tmp_path: Path,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {"PATH": os.environ["PATH"], "PORT": str(port), "COACH_DB": str(tmp_path / "c.db")}
        run = subprocess.Popen(
            [sys.executable, "-c", GUARDED], cwd=ROOT, env=env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert run.stdout is not None
        lines = [run.stdout.readline() for _ in range(4)]
        visit = re.search(r"http://127\.0\.0\.1:(\d+)", "".join(lines))
        assert visit and int(visit[1]) != port
        assert f"Port {port} is taken" in lines[0]
        _use(int(visit[1]))
        run.send_signal(signal.SIGTERM)
        _, heard = run.communicate(timeout=20)
    assert run.returncode == 0
    spoken = set(re.findall(r"^(?:SPOKE|LOOKED UP) (\S+)", heard, re.M))
    assert spoken and spoken <= {"127.0.0.1", "localhost"}


def _use(port: int) -> None:
    """A command, a message and the clock, as the page would ask for them."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as link:
        link.request("GET", "/")
        page = link.getresponse().read().decode()
        token = re.search(r'name="token" content="([^"]+)"', page)
        assert token
        for act in (
            {"do": "command", "channel": "C1", "text": "/tip they went quiet"},
            {"do": "say", "channel": "D1", "text": "hello"},
            {"do": "clock", "move": "hour"},
        ):
            headers = {"X-Trial": token[1], "Content-Type": "application/json"}
            link.request("POST", "/api/act", json.dumps({"as": "U1", **act}), headers)
            assert link.getresponse().read() is not None


def test_with_some_tokens_it_says_which_is_missing(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "COACH_DB": str(tmp_path / "c.db")}
    for given, missing in (
        ({"SLACK_APP_TOKEN": "xapp-1"}, "Missing: SLACK_BOT_TOKEN."),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Missing: SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."),
    ):
        run = subprocess.run(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=env | given, text=True,
            capture_output=True, timeout=20, check=False,
        )  # fmt: skip
        assert run.returncode == SETTINGS_WRONG and missing in run.stderr
