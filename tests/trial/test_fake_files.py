"""A person's file in the small Slack: told of in its message, handed to the app's token alone."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from handlers.trial.small_slack.slack import FakeSlack
from tests.support.slack import app, client, clock, http, refusal, slack  # noqa: F401

Json = dict[str, Any]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def fetched(url: str, token: str = "") -> tuple[int, bytes, str]:
    """Status, body and Location of a file's address."""
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.build_opener(_Stay).open(asked) as answer:
            return answer.status, answer.read(), ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, b"", refused.headers.get("Location") or ""


@pytest.fixture
def heard(slack: FakeSlack, app: App, http: list[Json]) -> list[Json]:  # noqa: F811
    """The messages that reached the app."""
    events: list[Json] = []
    app.event({"type": "message", "subtype": "file_share"})(lambda event: events.append(event))
    return events


def test_a_file_is_told_of_in_the_message_that_shares_it(
    slack: FakeSlack,  # noqa: F811
    heard: list[Json],
) -> None:
    assert slack.share("U1", slack.dm("U1"), "notes.xml", b"<rss/>", "our blog").status == 200
    (event,) = heard
    assert (event["subtype"], event["text"], event["channel_type"]) == (
        "file_share",
        "our blog",
        "im",
    )
    (file,) = event["files"]
    assert (file["name"], file["size"], file["mode"]) == ("notes.xml", 6, "hosted")
    assert "content" not in file


def test_the_bytes_go_to_a_token_that_may_read_files_and_everybody_else_is_sent_to_log_in(
    slack: FakeSlack,  # noqa: F811
    heard: list[Json],
) -> None:
    slack.share("U1", slack.dm("U1"), "ü b.xml", b"<rss/>")
    url = heard[0]["files"][0]["url_private_download"]
    assert fetched(url, "xoxb-T1")[0] == 302
    slack.world.workspaces["T1"].scopes.add("files:read")
    assert fetched(url, "xoxb-T1") == (200, b"<rss/>", "")
    status, _, location = fetched(url, "xoxb-other")
    assert (status, location.startswith("/?redir=")) == (302, True)
    assert fetched(url)[0] == 302
    assert fetched(url.replace("-F", "-F9"), "xoxb-T1")[0] == 404


def test_a_file_is_told_of_by_the_web_api_where_the_scope_is_there(
    slack: FakeSlack,  # noqa: F811
    client: WebClient,  # noqa: F811
    heard: list[Json],
) -> None:
    slack.share("U1", slack.dm("U1"), "notes.xml", b"<rss/>")
    id = heard[0]["files"][0]["id"]
    assert refusal(lambda: client.files_info(file=id)) == "missing_scope"
    slack.world.workspaces["T1"].scopes.add("files:read")
    assert client.files_info(file=id)["file"]["url_private"].endswith("/notes.xml")
    assert refusal(lambda: client.files_info(file="F0")) == "file_not_found"
