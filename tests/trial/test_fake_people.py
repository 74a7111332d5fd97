"""The small Slack: what people do there reaches an app of Bolt's own, signed or by a socket."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.clock.now import HandClock
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.slack import (
    SECTION,
    Json,
    app,
    boxes,
    client,
    clock,
    door,
    field,
    http,
    modal,
    option,
    slack,
    socket,
    wait_for,
)

__all__ = ["app", "client", "clock", "door", "http", "slack", "socket"]  # fixtures


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
