"""The small Slack: what an agent's conversation has besides messages."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock.now import HandClock
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "a source"}}
FEEDBACK: dict[str, Any] = {
    "type": "feedback_buttons",
    "action_id": "vote",
    "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "y"},
    "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "n"},
}


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    slack.world.workspaces["T1"].scopes |= {"assistant:write"}
    return WebClient("xoxb-T1", base_url=slack.api_url)


@pytest.fixture
def question(slack: FakeSlack) -> Message:
    slack.say("U1", slack.dm("U1"), "what now?")
    return slack.messages(slack.dm("U1"))[-1]


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    return str(error.value.response["error"])


def test_a_message_in_parts_grows_and_is_closed(
    slack: FakeSlack, client: WebClient, question: Message
) -> None:
    place = {"channel": question.channel}
    chunks = [{"type": "markdown_text", "text": "One."}, {"type": "blocks", "blocks": [SECTION]}]
    opened = client.chat_startStream(**place, thread_ts=question.ts, chunks=chunks)
    here = place | {"ts": opened["ts"]}
    assert refused(client.chat_update, **here, text="no") == "streaming_state_conflict"
    assert refused(client.chat_delete, **here) == "cant_delete_message"
    client.chat_appendStream(**here, markdown_text="Two.")
    assert slack.messages(question.channel)[-1].streaming
    last = [{"type": "context_actions", "elements": [FEEDBACK]}]
    mark = {"event_type": "said", "event_payload": {"id": "x"}}
    client.chat_stopStream(**here, blocks=last, metadata=mark)
    message = slack.messages(question.channel)[-1]
    assert (message.thread_ts, message.streaming) == (question.ts, False)
    kinds = ["markdown", "section", "markdown", "context_actions"]
    assert [block["type"] for block in message.blocks] == kinds
    assert message.plain.splitlines() == ["One.", "a source", "Two.", "Good", "Bad"]
    assert message.metadata == mark
    assert refused(client.chat_appendStream, **here, markdown_text="x") == (
        "message_not_in_streaming_state"
    )
    client.chat_update(**here, text="whole")
    assert slack.messages(question.channel)[-1].plain == "whole"


def test_outside_of_direct_messages_somebody_is_named(slack: FakeSlack, client: WebClient) -> None:
    slack.say("U1", "C1", "what now?")
    about = {"channel": "C1", "thread_ts": slack.messages("C1")[-1].ts, "markdown_text": "One."}
    assert refused(client.chat_startStream, **about) == "missing_recipient_team_id"
    about |= {"recipient_team_id": "T1"}
    assert refused(client.chat_startStream, **about) == "missing_recipient_user_id"
    client.chat_startStream(**about, recipient_user_id="U1")


@pytest.mark.parametrize("chunks", [[{"type": "song"}], "x", [{"type": "blocks", "blocks": [{}]}]])
def test_parts_have_a_form(client: WebClient, question: Message, chunks: Any) -> None:
    about = {"channel": question.channel, "thread_ts": question.ts, "chunks": chunks}
    assert refused(client.chat_startStream, **about) in ("invalid_arguments", "invalid_blocks")


def test_a_status_goes_with_the_answer_or_after_two_minutes(
    slack: FakeSlack, client: WebClient, question: Message, clock: HandClock
) -> None:
    place = {"channel_id": question.channel, "thread_ts": question.ts}
    client.assistant_threads_setStatus(**place, status="is thinking…")
    assert slack.status(question.channel, question.ts) == "is thinking…"
    client.chat_postMessage(channel=question.channel, thread_ts=question.ts, text="There.")
    assert slack.status(question.channel, question.ts) == ""
    client.assistant_threads_setStatus(**place, status="is thinking…")
    clock.forward(minutes=3)
    assert slack.status(question.channel, question.ts) == ""
    place["thread_ts"] = "1.1"
    assert refused(client.assistant_threads_setStatus, **place, status="x") == "invalid_thread_ts"


def test_up_to_four_prompts_are_suggested_outside_of_threads(
    slack: FakeSlack, client: WebClient, question: Message
) -> None:
    prompt = [{"title": "Short", "message": "The whole of it"}]
    suggest = client.assistant_threads_setSuggestedPrompts
    suggest(channel_id=question.channel, thread_ts=question.ts, prompts=prompt)
    assert slack.prompts("U1") == []
    suggest(channel_id=question.channel, prompts=prompt)
    assert slack.prompts("U1") == ["The whole of it"]
    assert refused(suggest, channel_id=question.channel, prompts=prompt * 5) == "invalid_arguments"
    slack.world.workspaces["T1"].scopes.discard("assistant:write")
    assert refused(suggest, channel_id=question.channel, prompts=prompt) == "missing_scope"


def test_feedback_buttons_have_a_form(client: WebClient, question: Message) -> None:
    def post(**changes: Any) -> Any:
        block = {"type": "context_actions", "elements": [FEEDBACK | changes]}
        return client.chat_postMessage(channel=question.channel, text="x", blocks=[block])

    post()
    assert refused(post, positive_button={"value": "y"}) == "invalid_blocks"
    assert refused(post, value="y") == "invalid_blocks"
