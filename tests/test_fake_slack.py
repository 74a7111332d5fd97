"""The small Slack answers as Slack's documentation says, tried with Slack's own client and Bolt."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.clock import HandClock
from handlers.trial.server import HttpServer
from handlers.trial.slack import CantDo, FakeSlack

Json = dict[str, Any]
OPTIONAL = {"channels:history", "groups:history", "im:read", "files:write"}
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(value: str) -> Json:
    return {"text": text(f"Label {value}"), "value": value}


def boxes(block_id: str, *chosen: str) -> Json:
    """A block of three checkboxes, some of them ticked at first."""
    group: Json = {"type": "checkboxes", "action_id": "tick", "options": list(map(option, "abc"))}
    if chosen:
        group["initial_options"] = [option(one) for one in chosen]
    return {"type": "actions", "block_id": block_id, "elements": [group]}


def press(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), "action_id": action_id, **more}


def field(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": text("Goal"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": text("Form"), "submit": text("Send"), **more} | {
        "blocks": list(blocks) or [field("goal")]
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def slack(clock: HandClock) -> Iterator[FakeSlack]:
    with FakeSlack(clock) as small:
        scopes = small.world.workspaces["T1"].scopes
        scopes |= OPTIONAL
        small.add_user("U1", "Ann Lee", tz="America/New_York")
        small.add_user("U2", "Bo")
        small.add_channel("C1", "deals", members=["U1", "U2"])
        yield small


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-T1", base_url=slack.api_url, retry_handlers=[], timeout=2)


@pytest.fixture
def app(slack: FakeSlack, client: WebClient) -> App:
    bolt = App(client=client, signing_secret="secret", token_verification_enabled=False)
    bolt.logger.setLevel(logging.CRITICAL)
    return bolt


@pytest.fixture
def http(slack: FakeSlack, app: App) -> Iterator[list[Json]]:
    """The app behind a request URL; what reached it, headers by lower-case name."""
    heard: list[Json] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard.append({"body": body, "headers": headers})
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HttpServer(("127.0.0.1", 0), Door)
    server.start()
    slack.connect(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield heard
    server.stop()


@pytest.fixture
def socket(slack: FakeSlack, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, "xapp-T1", ping_interval=0.2)
    handler.client.logger.setLevel(logging.CRITICAL)
    handler.connect()
    yield handler
    handler.client.auto_reconnect_enabled = False
    slack.sockets.stop()
    wait_for(lambda: not handler.client.is_connected())
    handler.close()


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest) -> Any:
    """The app reached through each of its two doors."""
    return request.getfixturevalue(request.param)


def refusal(call: Callable[[], Any]) -> Any:
    """The error with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return caught.value.response["error"]


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


# What people do, through both doors


def test_a_command_reaches_the_app_and_its_answer_reaches_one_person(
    slack: FakeSlack, app: App, door: Any
) -> None:
    asked: list[Json] = []

    @app.command("/tip")
    def on_tip(ack: Any, command: Json) -> None:
        asked.append(command)
        ack(text="Listen first.", blocks=[SECTION])

    done = slack.command("U1", "C1", "/tip", "ask @Bo in #deals & <b>")
    assert (done.status, done.error) == (200, None)
    assert asked[0]["text"] == "ask <@U2|bo> in <#C1|deals> &amp; &lt;b&gt;"
    assert asked[0]["channel_name"] == "deals"
    assert slack.ephemerals("U1", "C1")[0].plain == "Listen first.\nHello"
    assert slack.ephemerals("U2") == []


def test_a_click_carries_what_this_person_has_on_their_screen(
    slack: FakeSlack, app: App, client: WebClient, door: Any
) -> None:
    clicks: list[Json] = []

    @app.action("tick")
    def on_tick(ack: Any, body: Json) -> None:
        clicks.append(body)
        ack()

    client.chat_postMessage(channel="C1", text="List", blocks=[boxes("b1", "a")])
    message = slack.messages("C1")[0]
    slack.click("U1", message, "tick", "b")
    slack.click("U2", message, "tick", "c")
    slack.click("U1", message, "tick", "a")
    chosen = [[o["value"] for o in c["actions"][0]["selected_options"]] for c in clicks]
    assert chosen == [["a", "b"], ["a", "c"], ["b"]]
    assert clicks[2]["state"]["values"]["b1"]["tick"]["selected_options"] == [option("b")]
    assert clicks[0]["message"]["ts"] == message.ts


def test_a_form_is_opened_corrected_and_sent(slack: FakeSlack, app: App, door: Any) -> None:
    sent: list[Json] = []

    @app.command("/huddle")
    def on_huddle(ack: Any, command: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(callback_id="form"))

    @app.view("form")
    def on_form(ack: Any, view: Json) -> None:
        said = view["state"]["values"]["goal"]["typed"]["value"]
        sent.append(said)
        ack() if said == "good" else ack(response_action="errors", errors={"goal": "Smaller."})

    slack.command("U1", "C1", "/huddle")
    form = wait_for(lambda: slack.modal("U1"))
    assert "goal" in slack.submit("U1", form, {}).errors and sent == []
    assert slack.submit("U1", form, {"Goal": "too big"}).errors == {"goal": "Smaller."}
    assert slack.submit("U1", form, {"goal": "good"}).errors == {}
    assert sent == ["too big", "good"]
    assert slack.modal("U1") is None


def test_what_people_write_change_and_take_back_reaches_the_app(
    slack: FakeSlack, app: App, door: Any
) -> None:
    heard: list[Json] = []

    @app.event("message")
    def on_message(event: Json) -> None:
        heard.append(event)

    room = slack.dm("U1")
    assert slack.say("U1", room, "it went <well> & @Bo helped").status == 200
    mine = slack.messages(room)[0]
    slack.edit("U1", mine, "it went badly")
    slack.delete("U1", mine)
    wait_for(lambda: len(heard) == 3)
    by_kind = {event.get("subtype", "new"): event for event in heard}
    assert by_kind["new"]["text"] == "it went &lt;well&gt; &amp; <@U2> helped"
    assert by_kind["new"]["channel_type"] == "im"
    assert by_kind["message_changed"]["message"]["text"] == "it went badly"
    assert by_kind["message_deleted"]["previous_message"]["text"] == "it went badly"
    assert slack.messages(room) == []


def wait_for(found: Callable[[], Any]) -> Any:
    """What `found` returns, once it returns something: for what the app does after its ack."""
    tries = threading.Event()
    for _ in range(300):
        if value := found():
            return value
        tries.wait(0.01)
    raise AssertionError("it never came")


# The door of signed requests


def test_requests_are_signed_and_events_are_tried_again_with_the_reason(
    slack: FakeSlack, clock: HandClock, http: list[Json]
) -> None:
    failed = slack.join("U2", "C1")  # nobody listens for this: Bolt answers 404
    assert (failed.status, failed.error) == (404, None)
    assert len(slack.redeliver()) == 1 and slack.redeliver() == []
    clock.forward(minutes=1)
    assert len(slack.redeliver()) == 1
    clock.forward(minutes=5)
    assert len(slack.redeliver()) == 1
    clock.forward(hours=1)
    assert slack.redeliver() == []
    numbers = [request["headers"].get("x-slack-retry-num") for request in http]
    assert numbers == [None, "1", "2", "3"]
    assert http[1]["headers"]["x-slack-retry-reason"] == "http_error"
    assert len({json.loads(request["body"])["event_id"] for request in http}) == 1
    checker = SignatureVerifier("secret")
    assert all(checker.is_valid_request(one["body"], one["headers"]) for one in http)


def test_a_person_is_told_when_the_app_fails(slack: FakeSlack, http: list[Json]) -> None:
    done = slack.command("U1", "C1", "/nobody")
    assert done.status == 404 and "dispatch_failed" in (done.error or "")
    slack.connect("http://127.0.0.1:9/")
    assert "dispatch_failed" in (slack.command("U1", "C1", "/tip").error or "")


def test_the_same_payload_can_come_twice(slack: FakeSlack, app: App, http: list[Json]) -> None:
    app.command("/tip")(lambda ack: ack())
    done = slack.command("U1", "C1", "/tip", "x")
    again = slack.replay(done)
    assert again.payload["trigger_id"] == done.payload["trigger_id"]
    assert http[0]["body"] == http[1]["body"]


def test_a_form_can_be_replaced_stacked_and_cleared(
    slack: FakeSlack, app: App, http: list[Json]
) -> None:
    answers = [
        {"response_action": "update", "view": modal(field("second"), callback_id="form")},
        {"response_action": "push", "view": modal(field("third"), callback_id="form")},
        {"response_action": "errors", "errors": {"no such block": "x"}},
        {"response_action": "clear"},
    ]

    @app.command("/form")
    def on_command(ack: Any, command: Json, client: WebClient) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=modal(callback_id="form"))
        ack()

    app.view("form")(lambda ack: ack(**answers.pop(0)))
    slack.command("U1", "C1", "/form")
    top = slack.modal("U1")
    for name, then in [("goal", "second"), ("second", "third")]:
        assert top is not None and slack.submit("U1", top, {name: "x"}).error is None
        top = slack.modal("U1")
        assert top is not None and top.blocks[0]["block_id"] == then
    assert top is not None and slack.submit("U1", top, {"third": "x"}).error
    slack.submit("U1", top, {"third": "x"})
    assert slack.modal("U1") is None


def test_a_form_tells_of_its_closing_only_if_it_asked_to(
    slack: FakeSlack, app: App, http: list[Json]
) -> None:
    views = [modal(callback_id="form"), modal(callback_id="form", notify_on_close=True)]

    @app.command("/form")
    def on_command(ack: Any, command: Json, client: WebClient) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=views.pop(0))
        ack()

    app.view_closed("form")(lambda ack: ack())
    for status in (0, 200):
        slack.command("U1", "C1", "/form")
        form = slack.modal("U1")
        assert form is not None and slack.close("U1", form).status == status
        assert slack.modal("U1") is None


# Triggers, views, response_urls


@pytest.fixture
def trigger(slack: FakeSlack) -> Callable[[], str]:
    """A fresh trigger_id of Ann's."""
    return lambda: str(slack.command("U1", "C1", "/x").payload["trigger_id"])


def test_a_trigger_opens_one_view_within_three_seconds(
    client: WebClient, clock: HandClock, trigger: Callable[[], str]
) -> None:
    used, old = trigger(), trigger()
    client.views_open(trigger_id=used, view=modal())
    assert refusal(lambda: client.views_open(trigger_id=used, view=modal())) == (
        "exchanged_trigger_id"
    )
    clock.forward(seconds=3.1)
    assert refusal(lambda: client.views_open(trigger_id=old, view=modal())) == (
        "expired_trigger_id"
    )
    assert refusal(lambda: client.views_open(trigger_id="1.2.x", view=modal())) == (
        "invalid_trigger_id"
    )


def test_views_stack_up_to_three_and_closed_ones_are_not_found(
    slack: FakeSlack, client: WebClient, trigger: Callable[[], str]
) -> None:
    first = client.views_open(trigger_id=trigger(), view=modal())["view"]
    for _ in range(2):
        client.views_push(trigger_id=trigger(), view=modal())
    assert refusal(lambda: client.views_push(trigger_id=trigger(), view=modal())) == (
        "push_limit_reached"
    )
    top = slack.modal("U1")
    assert top is not None
    slack.close("U1", top)
    assert refusal(lambda: client.views_update(view_id=top.id, view=modal())) == "not_found"
    client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
    assert refusal(
        lambda: client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
    ) == "hash_conflict"  # fmt: skip


WRONG_VIEWS = {
    "a title over 24": modal() | {"title": text("x" * 25)},
    "a submit over 24": modal() | {"submit": text("x" * 25)},
    "a close over 24": modal(close=text("x" * 25)),
    "private_metadata over 3000": modal(private_metadata="x" * 3001),
    "a callback_id over 255": modal(callback_id="x" * 256),
    "101 blocks": modal(*[SECTION] * 101),
    "inputs without a submit": {"type": "modal", "title": text("x"), "blocks": [field("f")]},
    "a first value over max_length": modal(field("f", max_length=3, initial_value="four")),
    "a Home view": {"type": "home", "blocks": [SECTION]},
}


@pytest.mark.parametrize("what", WRONG_VIEWS)
def test_views_that_slack_refuses_are_refused(
    what: str, client: WebClient, trigger: Callable[[], str]
) -> None:
    view = WRONG_VIEWS[what]
    assert refusal(lambda: client.views_open(trigger_id=trigger(), view=view)) == (
        "invalid_arguments"
    )


def test_what_was_typed_stays_until_the_block_id_changes(
    slack: FakeSlack, client: WebClient, trigger: Callable[[], str]
) -> None:
    opened = client.views_open(trigger_id=trigger(), view=modal(field("a")))["view"]["id"]
    form = slack.modal("U1")
    assert form is not None
    slack.fill("U1", form, {"Goal": "mine"})
    same = client.views_update(view_id=opened, view=modal(field("a", initial_value="theirs")))
    fresh = client.views_update(view_id=opened, view=modal(field("b", initial_value="theirs")))
    assert same["view"]["state"]["values"]["a"]["typed"]["value"] == "mine"
    assert fresh["view"]["state"]["values"]["b"]["typed"]["value"] == "theirs"


def test_a_changed_block_id_puts_checkboxes_back_to_what_the_app_says(
    slack: FakeSlack, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel="C1", text="x", blocks=[boxes("v1")])["ts"]
    message = slack.messages("C1")[0]
    slack.fill("U1", message, {"v1": ["a", "b"]})
    client.chat_update(channel="C1", ts=ts, text="x", blocks=[boxes("v1", "c")])
    assert message.screen.values("U1")["v1"]["tick"]["selected_options"] == [
        option("a"), option("b")
    ]  # fmt: skip
    client.chat_update(channel="C1", ts=ts, text="x", blocks=[boxes("v2", "c")])
    assert message.screen.values("U1")["v2"]["tick"]["selected_options"] == [option("c")]


def test_the_home_tab_is_each_persons_own(slack: FakeSlack, client: WebClient) -> None:
    client.views_publish(user_id="U1", view={"type": "home", "blocks": [SECTION]})
    assert (home := slack.home("U1")) and home.plain == "Hello"
    assert slack.home("U2") is None


def test_a_response_url_works_five_times_within_half_an_hour(
    slack: FakeSlack, clock: HandClock
) -> None:
    hook, late = (
        WebhookClient(slack.command("U1", "C1", "/x").payload["response_url"], retry_handlers=[])
        for _ in range(2)
    )
    assert [hook.send(text=str(n)).status_code for n in range(6)] == [200] * 5 + [404]
    assert hook.send(text="x").body == '{"ok": false, "error": "used_url"}'
    assert len(slack.ephemerals("U1")) == 5
    late.send(text="for all", response_type="in_channel")
    assert [m.plain for m in slack.messages("C1")] == ["for all"]
    assert late.send(text="").status_code == 400
    clock.forward(minutes=31)
    assert "expired_url" in late.send(text="x").body


def test_a_click_on_an_ephemeral_message_can_replace_and_remove_it(
    slack: FakeSlack, app: App, client: WebClient, http: list[Json]
) -> None:
    @app.action("go")
    def on_go(ack: Any, body: Json, respond: Any) -> None:
        assert "message" not in body and body["container"]["is_ephemeral"]
        ack()
        gone = body["actions"][0].get("value") == "end"
        again = [{"type": "actions", "elements": [press("End", "go", value="end")]}]
        respond(delete_original=True) if gone else respond(
            text="Next", blocks=again, replace_original=True
        )

    start = [{"type": "actions", "elements": [press("Begin", "go")]}]
    client.chat_postEphemeral(channel="C1", user="U1", text="Start", blocks=start)
    first = slack.ephemerals("U1")[0]
    with pytest.raises(CantDo):
        slack.click("U2", first, "go")
    slack.click("U1", first, slack.button(first, "Begin")[1])
    second = wait_for(lambda: [m for m in slack.ephemerals("U1") if m.text == "Next"])[0]
    assert second.ts == first.ts
    slack.click("U1", second, slack.button(second, "End")[1])
    wait_for(lambda: slack.ephemerals("U1") == [])


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
        assert json.loads(app.recv()) == {"type": "disconnect", "reason": "warning"}
    with pytest.raises(InvalidStatus):
        connect(address)  # an address is good for one connection
