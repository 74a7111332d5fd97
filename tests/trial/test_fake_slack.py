"""The small Slack answers as Slack's documentation says, tried with Slack's own client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.clock.now import HandClock
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.slack import (
    SECTION,
    Json,
    app,
    boxes,
    client,
    clock,
    field,
    http,
    option,
    press,
    refusal,
    slack,
    text,
)

__all__ = ["app", "client", "clock", "http", "slack"]  # fixtures


# What the app says


def test_a_posted_message_is_kept_as_it_was_sent_and_read_with_names(
    slack: FakeSlack, client: WebClient
) -> None:
    said = client.chat_postMessage(channel="C1", text="Hi <@U1>, see <#C1> &amp; *go*")
    kept = slack.messages("C1")[0]
    assert (kept.ts, kept.text) == (said["ts"], "Hi <@U1>, see <#C1> &amp; *go*")
    assert kept.plain == "Hi @Ann Lee, see #deals & *go*"


def test_times_of_messages_follow_the_clock_and_never_repeat(
    client: WebClient, clock: HandClock
) -> None:
    first = client.chat_postMessage(channel="C1", text="1")["ts"]
    second = client.chat_postMessage(channel="C1", text="2")["ts"]
    clock.forward(hours=1)
    third = client.chat_postMessage(channel="C1", text="3")["ts"]
    assert float(first) < float(second) < float(third)
    assert int(float(third)) == int(clock.now().timestamp())


def test_metadata_comes_back_only_when_asked_for(client: WebClient) -> None:
    nonce = {"event_type": "nudge", "event_payload": {"id": "n1"}}
    client.chat_postMessage(channel="C1", text="Ready?", metadata=nonce)
    without = client.conversations_history(channel="C1")["messages"][0]
    with_it = client.conversations_history(channel="C1", include_all_metadata=True)["messages"][0]
    assert "metadata" not in without
    assert with_it["metadata"] == nonce


def test_history_is_read_page_by_page_newest_first_within_its_bounds(client: WebClient) -> None:
    said = [client.chat_postMessage(channel="C1", text=str(n))["ts"] for n in range(5)]
    found: list[str] = []
    cursor = None
    while cursor != "":
        page = client.conversations_history(channel="C1", limit=2, cursor=cursor, oldest=said[0])
        found += [message["text"] for message in page["messages"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
    assert found == ["4", "3", "2", "1"]
    edge = client.conversations_history(channel="C1", oldest=said[4], inclusive=True)
    assert [message["text"] for message in edge["messages"]] == ["4"]


def test_a_thread_is_read_apart_from_its_channel(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="parent")["ts"]
    client.chat_postMessage(channel="C1", text="reply", thread_ts=parent)
    top = client.conversations_history(channel="C1")["messages"]
    thread = client.conversations_replies(channel="C1", ts=parent)["messages"]
    assert [m["text"] for m in top] == ["parent"] and top[0]["reply_count"] == 1
    assert [m["text"] for m in thread] == ["parent", "reply"]
    assert refusal(lambda: client.conversations_replies(channel="C1", ts="1.0")) == (
        "thread_not_found"
    )


def test_messages_are_changed_and_taken_back_by_their_author_only(
    slack: FakeSlack, client: WebClient
) -> None:
    own = client.chat_postMessage(channel="C1", text="old", blocks=[SECTION])["ts"]
    slack.say("U1", "C1", "mine")
    theirs = slack.messages("C1")[1].ts
    client.chat_update(channel="C1", ts=own, text="new")
    assert slack.messages("C1")[0].plain == "new"
    for call, error in [
        (lambda: client.chat_update(channel="C1", ts=theirs, text="x"), "cant_update_message"),
        (lambda: client.chat_update(channel="C1", ts="1.2", text="x"), "message_not_found"),
        (lambda: client.chat_update(channel="C1", ts=own, text="x" * 4001), "msg_too_long"),
        (lambda: client.chat_delete(channel="C1", ts=theirs), "cant_delete_message"),
    ]:
        assert refusal(call) == error
    client.chat_delete(channel="C1", ts=own)
    assert [message.text for message in slack.messages("C1")] == ["mine"]


def test_an_ephemeral_message_is_seen_by_one_person_and_is_not_in_the_history(
    slack: FakeSlack, client: WebClient
) -> None:
    client.chat_postEphemeral(channel="C1", user="U1", text="only you")
    assert [m.plain for m in slack.seen_by("U1")] == ["only you"]
    assert slack.seen_by("U2") == []
    assert client.conversations_history(channel="C1")["messages"] == []


def test_a_direct_message_reaches_its_person_and_nobody_else(
    slack: FakeSlack, client: WebClient
) -> None:
    opened = client.conversations_open(users="U1")["channel"]["id"]
    client.chat_postMessage(channel="U1", text="quietly")
    assert opened == slack.dm("U1")
    assert slack.said_to("U1") == "quietly"
    assert slack.seen_by("U2") == []
    info = client.conversations_info(channel=opened)["channel"]
    assert info["is_im"] and info["user"] == "U1"


def test_a_file_is_uploaded_and_shared_in_a_direct_message(
    slack: FakeSlack, client: WebClient
) -> None:
    client.files_upload_v2(
        channel=slack.dm("U1"), filename="a.csv", content="a,b\n", initial_comment="Your list"
    )
    message = slack.messages(slack.dm("U1"))[0]
    assert (message.text, message.files[0]["name"]) == ("Your list", "a.csv")


def test_people_and_channels_are_described_as_slack_does(
    slack: FakeSlack, client: WebClient
) -> None:
    slack.add_user("UX", "Cy", team="T9")
    slack.add_channel("C2", "with-acme", members=["U1", "UX"], shared=True)
    slack.deactivate("U2")
    ann = client.users_info(user="U1")["user"]
    assert (ann["tz"], ann["tz_offset"], ann["team_id"]) == ("America/New_York", -18000, "T1")
    assert client.users_info(user="U2")["user"]["deleted"]
    assert client.users_info(user="UX")["user"]["team_id"] == "T9"
    shared = client.conversations_info(channel="C2")["channel"]
    assert shared["is_ext_shared"] and shared["is_member"] and not shared["is_private"]
    assert client.conversations_members(channel="C2")["members"] == ["U1", "UBT1", "UX"]
    assert [c["name"] for c in client.users_conversations()["channels"]] == ["deals", "with-acme"]


def test_auth_test_names_the_bot_and_the_scopes_of_its_token(client: WebClient) -> None:
    who = client.auth_test()
    assert (who["team_id"], who["user_id"]) == ("T1", "UBT1")
    assert "chat:write" in who.headers["X-OAuth-Scopes"]


# What Slack refuses


def test_tokens_scopes_and_methods_are_checked(slack: FakeSlack, client: WebClient) -> None:
    stranger = WebClient("xoxb-none", base_url=slack.api_url, retry_handlers=[])
    assert refusal(stranger.auth_test) == "invalid_auth"
    assert refusal(lambda: client.api_call("no.such")) == "unknown_method"
    assert refusal(lambda: client.apps_connections_open(app_token="xoxb-T1")) == (
        "not_allowed_token_type"
    )
    with pytest.raises(SlackApiError) as caught:
        client.team_info()
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "team:read"
    slack.world.workspaces["T1"].scopes.discard("channels:history")
    assert refusal(lambda: client.conversations_history(channel="C1")) == "missing_scope"
    slack.revoke("T1")
    assert refusal(client.auth_test) == "account_inactive"


def test_one_workspace_cannot_reach_into_another(slack: FakeSlack) -> None:
    slack.add_workspace("T2", "Other")
    slack.add_user("U9", "Di", team="T2")
    other = WebClient("xoxb-T2", base_url=slack.api_url, retry_handlers=[])
    assert refusal(lambda: other.chat_postMessage(channel="C1", text="x")) == "channel_not_found"
    assert refusal(lambda: other.users_info(user="U1")) == "user_not_found"
    assert other.users_info(user="U9")["ok"]


def test_messages_go_only_where_the_bot_may_write(slack: FakeSlack, client: WebClient) -> None:
    slack.add_channel("C2", "out", bot_in=False)
    slack.add_channel("G3", "hidden", private=True, bot_in=False)
    slack.add_channel("C4", "gone", archived=True)
    slack.add_user("U3", "Away", deleted=True)
    for call, error in [
        (lambda: client.chat_postMessage(channel="C2", text="x"), "not_in_channel"),
        (lambda: client.chat_postMessage(channel="G3", text="x"), "channel_not_found"),
        (lambda: client.chat_postMessage(channel="C4", text="x"), "is_archived"),
        (lambda: client.chat_postMessage(channel="C9", text="x"), "channel_not_found"),
        (lambda: client.chat_postMessage(channel="UBT1", text="x"), "cannot_dm_bot"),
        (lambda: client.api_call("chat.postMessage", json={"channel": "C1"}), "no_text"),
        (lambda: client.chat_postEphemeral(channel="C1", user="U9", text="x"), "user_not_in_chan"),
        (lambda: client.conversations_open(users="U3"), "user_disabled"),
        (lambda: client.conversations_open(users="U9"), "user_not_found"),
        (lambda: client.users_info(user="U9"), "user_not_found"),
    ]:
        assert refusal(call).startswith(error)
    assert slack.messages("C1") == []


BUTTONS = {"type": "actions", "elements": [press("a", "one"), press("b", "one")]}
MENU = {"type": "static_select", "action_id": "m", "options": [option(str(n)) for n in range(101)]}
CONFIRM = {"title": text("t" * 101), "text": text("x"), "confirm": text("y"), "deny": text("n")}
WRONG_BLOCKS = {
    "51 blocks": [SECTION] * 51,
    "a section over 3000": [{"type": "section", "text": text("x" * 3001)}],
    "an empty text": [{"type": "section", "text": text("")}],
    "a header over 150": [{"type": "header", "text": text("x" * 151)}],
    "a header in mrkdwn": [{"type": "header", "text": SECTION["text"]}],
    "a button label over 75": [{"type": "actions", "elements": [press("x" * 76, "one")]}],
    "an action_id over 255": [{"type": "actions", "elements": [press("x", "x" * 256)]}],
    "a value over 2000": [{"type": "actions", "elements": [press("x", "b", value="x" * 2001)]}],
    "26 elements": [{"type": "actions", "elements": [press("x", str(n)) for n in range(26)]}],
    "11 in a context": [{"type": "context", "elements": [text("x")] * 11}],
    "no element": [{"type": "actions", "elements": []}],
    "11 options": [boxes("b") | {"elements": [MENU | {"type": "checkboxes"}]}],
    "101 options": [{"type": "actions", "elements": [MENU]}],
    "an option over 75": [boxes("b") | {"elements": [MENU | {"options": [option("x" * 76)]}]}],
    "an unknown initial option": [boxes("b", "z")],
    "the same action_id twice": [BUTTONS],
    "the same block_id twice": [boxes("b"), boxes("b")],
    "a long confirm": [{"type": "actions", "elements": [press("x", "b", confirm=CONFIRM)]}],
    "a form field for modals": [{**field("f"), "element": {"type": "email_text_input"}}],
    "a text input outside an input": [{"type": "actions", "elements": [field("f")["element"]]}],
    "a multi-menu among actions": [
        {"type": "actions", "elements": [{"type": "multi_users_select", "action_id": "m"}]}
    ],
    "an unknown block": [{"type": "alert", "text": text("x")}],
    "an unknown property": [SECTION | {"colour": "red"}],
}


@pytest.mark.parametrize("what", WRONG_BLOCKS)
def test_blocks_that_slack_refuses_are_refused(what: str, client: WebClient) -> None:
    blocks = WRONG_BLOCKS[what]
    assert refusal(lambda: client.chat_postMessage(channel="C1", text="x", blocks=blocks)) == (
        "invalid_blocks"
    )


def test_blocks_that_slack_takes_are_taken(client: WebClient) -> None:
    blocks = [SECTION, boxes("b", "a"), field("f"), {"type": "divider"}, BUTTONS | {
        "elements": [press("a", "one", confirm=CONFIRM | {"title": text("Sure?")})]
    }]  # fmt: skip
    assert client.chat_postMessage(channel="C1", text="x", blocks=blocks)["ok"]


def test_all_blocks_together_have_a_limit_and_long_texts_are_cut(client: WebClient) -> None:
    blocks = [{"type": "section", "text": text("x" * 2900)}] * 5
    assert refusal(lambda: client.chat_postMessage(channel="C1", text="x", blocks=blocks)) == (
        "msg_blocks_too_long"
    )
    cut = client.chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(cut["message"]["text"]) == 40_000
    assert cut["response_metadata"]["warnings"] == ["message_truncated"]


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ([1], "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "a b", "event_payload": {}}, "invalid_metadata_schema"),
    ],
)
def test_metadata_has_a_form(client: WebClient, metadata: Any, error: str) -> None:
    post = {"channel": "C1", "text": "x", "metadata": metadata}
    assert refusal(lambda: client.api_call("chat.postMessage", json=post)) == error


# Going wrong as told


def test_slack_can_be_told_to_fail(slack: FakeSlack, client: WebClient) -> None:
    def post() -> Any:
        return client.chat_postMessage(channel="C1", text="x")

    slack.fail("chat.postMessage", "500")
    slack.fail("chat.postMessage", "fatal_error")
    slack.fail("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError):
        post()
    assert slack.log[-1].status == 500
    assert refusal(post) == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        post()
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.messages("C1") == []
    assert post()["ok"]


@pytest.mark.parametrize(
    ("how", "landed"), [("reset", 0), ("hang", 0), ("reset_after_accept", 1), ("late", 1)]
)
def test_a_cut_connection_leaves_it_open_whether_the_message_landed(
    slack: FakeSlack, client: WebClient, how: str, landed: int
) -> None:
    slack.fail("chat.postMessage", how, seconds=0.05)
    with pytest.raises(OSError):
        client.chat_postMessage(channel="C1", text="x")
    assert len(slack.messages("C1")) == landed


def test_a_response_url_can_fail_too(slack: FakeSlack) -> None:
    slack.fail("response_url", "500")
    hook = WebhookClient(slack.command("U1", "C1", "/x").payload["response_url"])
    assert [hook.send(text="x").status_code for _ in range(2)] == [500, 200]


# Looking on


def test_the_log_tells_both_sides_and_no_token(
    slack: FakeSlack, client: WebClient, http: list[Json]
) -> None:
    client.api_call("auth.test", params={"token": "xoxb-T1"})
    slack.command("U1", "C1", "/tip")
    told = [(exchange.direction, exchange.name) for exchange in slack.log]
    assert told[0] == ("in", "auth.test") and told[-1] == ("out", "/tip")
    assert "xoxb" not in repr(slack.log) and "xapp" not in repr(slack.log)


def test_a_watcher_is_called_after_each_change_and_may_look_at_once(
    slack: FakeSlack, client: WebClient
) -> None:
    seen: list[int] = []
    slack.on_change(lambda: seen.append(len(slack.messages("C1"))))
    client.chat_postMessage(channel="C1", text="x")
    assert seen[-1] == 1


def test_an_app_on_a_socket_is_greeted_and_asked_to_connect_again(
    slack: FakeSlack, client: WebClient
) -> None:
    address = client.apps_connections_open(app_token="xapp-T1")["url"]
    with connect(address) as app:
        assert json.loads(app.recv())["type"] == "hello"
        slack.disconnect("warning")
        asked = json.loads(app.recv())
        assert (asked["type"], asked["reason"]) == ("disconnect", "warning")
    with pytest.raises(InvalidStatus):
        connect(address)  # an address is good for one connection
