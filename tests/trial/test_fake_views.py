"""The small Slack: triggers, views that stack up, and addresses to answer at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.clock.now import HandClock
from handlers.trial.small_slack.slack import CantDo, FakeSlack
from tests.support.slack import (
    SECTION,
    Json,
    app,
    boxes,
    client,
    clock,
    field,
    http,
    modal,
    option,
    press,
    refusal,
    slack,
    text,
    wait_for,
)

__all__ = ["app", "client", "clock", "http", "slack"]  # fixtures


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
