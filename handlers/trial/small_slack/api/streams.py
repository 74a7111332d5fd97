"""What an agent's conversation has besides messages: a status, prompts, messages in parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.trial.small_slack.api import block_rules
from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.api.messages import (
    blocks_of,
    checked_blocks,
    may_post,
    metadata_of,
    own_message,
    posted,
    shown,
)
from handlers.trial.small_slack.world import Channel, Json, Message, SlackError

STATUS_LIVES = timedelta(minutes=2)  # docs.slack.dev/reference/methods/assistant.threads.setStatus
MOST_PROMPTS = 4  # docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts


def set_status(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/assistant.threads.setStatus; an empty status clears it."""
    channel = call.channel("channel_id")
    thread = _thread(call, channel)
    words = call.text("status")
    call.world.statuses[channel.id, thread] = words, call.world.clock.now() + STATUS_LIVES
    return {}


def set_prompts(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts

    With a thread_ts an agent's call does nothing, and does not say so.
    """
    channel = call.channel("channel_id")
    prompts = call.json("prompts", "invalid_arguments")
    whole = isinstance(prompts, list) and all(map(_is_prompt, prompts))
    if not whole or not 0 < len(prompts) <= MOST_PROMPTS:
        raise SlackError("invalid_arguments")
    if not call.text("thread_ts"):
        call.world.prompts[channel.id] = [str(one["message"]) for one in prompts]
    return {}


def _is_prompt(one: Any) -> bool:
    return isinstance(one, dict) and bool(one.get("title") and one.get("message"))


def start(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.startStream: always an answer in a thread, and outside
    of direct messages to somebody who is named."""
    channel = call.channel()
    may_post(call, channel)
    thread = _thread(call, channel)
    if not channel.im:
        # The codes are told in github.com/openclaw/openclaw/issues/21213.
        for name in ("recipient_team_id", "recipient_user_id"):
            if not call.text(name):
                raise SlackError(f"missing_{name}")
    message = Message(call.world.ts(), channel.id, call.bot, "", thread_ts=thread, streaming=True)
    _add(call, message)
    posted(call, message)
    return {"channel": channel.id, "ts": message.ts}


def append(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.appendStream"""
    channel, message = _streaming(call)
    if not call.text("markdown_text") and not call.args.get("chunks"):
        raise SlackError("invalid_arguments")
    _add(call, message)
    call.world.draw(message)
    return {"channel": channel.id, "ts": message.ts}


def stop(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.stopStream: its `blocks` come below all else."""
    channel, message = _streaming(call)
    last, metadata = blocks_of(call), metadata_of(call)
    _add(call, message)
    message.blocks += call.world.named(last or [])
    message.metadata = metadata or message.metadata
    message.streaming = False
    call.world.draw(message)
    return {"channel": channel.id, "ts": message.ts, "message": shown(call.world, message)}


def _streaming(call: ApiCall) -> tuple[Channel, Message]:
    channel, message = own_message(call, "message_not_owned_by_app")
    if not message.streaming:
        raise SlackError("message_not_in_streaming_state")
    return channel, message


def _thread(call: ApiCall, channel: Channel) -> str:
    """The thread that is meant, by its first message."""
    message = call.world.message(channel.id, call.text("thread_ts"))
    if message is None or message.to:
        raise SlackError("invalid_thread_ts")
    return message.thread_ts or message.ts


def _add(call: ApiCall, message: Message) -> None:
    """docs.slack.dev/messaging/sending-and-scheduling-messages, "Text streaming": what chunks are.

    Markdown and blocks stand in the order in which they came.
    """
    chunks = call.json("chunks", "invalid_arguments") or []
    words = call.text("markdown_text")
    told = [{"type": "markdown_text", "text": words}] if words else []
    if not isinstance(chunks, list) or (words and chunks):
        raise SlackError("invalid_arguments")
    for chunk in [*told, *chunks]:
        message.blocks += call.world.named(_drawn(chunk, message))


def _drawn(chunk: Any, message: Message) -> list[Json]:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    if kind == "markdown_text":
        if len(chunk["text"]) > block_rules.MARKDOWN_CHARS:
            raise SlackError("msg_too_long")
        message.text += chunk["text"] if not message.text else f"\n{chunk['text']}"
        return [{"type": "markdown", "text": chunk["text"]}]
    if kind == "blocks":
        return checked_blocks(chunk.get("blocks")) or []
    if kind in ("task_update", "plan_update"):
        return []
    raise SlackError("invalid_arguments")
