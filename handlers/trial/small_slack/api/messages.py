"""Messages that the app posts, changes and takes back, by the Web API or by a response_url."""

from __future__ import annotations

import copy
from typing import Any

from handlers.trial.small_slack.api import block_rules
from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import (
    HOOK_LIVES,
    HOOK_USES,
    Channel,
    Hook,
    Json,
    Message,
    SlackError,
    World,
)

TRUNCATED = {"warnings": ["message_truncated"], "messages": ["[WARN] The text was truncated."]}


def post(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.postMessage"""
    channel = _target(call)
    may_post(call, channel)
    message = _composed(call, channel)
    message.metadata = metadata_of(call)
    message.thread_ts = call.text("thread_ts") or None
    posted(call, message)
    out: Json = {"channel": channel.id, "ts": message.ts, "message": shown(call.world, message)}
    return out | ({"response_metadata": TRUNCATED} if _overlong(call) else {})


def posted(call: ApiCall, message: Message) -> None:
    """Put a message of the app's where it belongs; it takes the status of its thread away.

    docs.slack.dev/reference/methods/assistant.threads.setStatus
    """
    call.world.post(message)
    call.world.statuses.pop((message.channel, message.thread_ts or ""), None)


def post_ephemeral(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.postEphemeral"""
    channel = _target(call)
    may_post(call, channel)
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _composed(call, channel)
    message.to = call.text("user")
    message.thread_ts = call.text("thread_ts") or None
    call.world.post(message)
    return {"message_ts": message.ts}


def update(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.update: own messages only, never ephemeral ones, and
    none of which more is to come."""
    channel, message = own_message(call, "cant_update_message")
    if message.streaming:
        raise SlackError("streaming_state_conflict")
    if channel.archived:
        raise SlackError("is_inactive")
    if len(call.text("text")) > block_rules.UPDATE_CHARS:
        raise SlackError("msg_too_long")
    blocks = blocks_of(call)
    if blocks is None and not call.text("text"):
        raise SlackError("no_text")
    if call.args.get("metadata") is not None:
        message.metadata = metadata_of(call)
    rewrite(call.world, message, call.args.get("text"), blocks)
    text = {"text": message.text, "message": shown(call.world, message)}
    return {"channel": channel.id, "ts": message.ts, **text}


def delete(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.delete"""
    channel, message = own_message(call, "cant_delete_message")
    if message.streaming:
        raise SlackError("cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/chat.getPermalink"""
    channel, ts = call.channel(), call.text("message_ts")
    message = call.world.message(channel.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    place = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": f"{place}/p{ts.replace('.', '')}{thread}"}


def respond(world: World, key: str, said: Any) -> tuple[int, Json | str]:
    """What a response_url answers: docs.slack.dev/interactivity/handling-user-interaction"""
    hook = world.hooks.get(key)
    if hook is None or world.clock.now() - hook.born > HOOK_LIVES:
        return 404, {"ok": False, "error": "expired_url"}
    if hook.uses >= HOOK_USES:
        return 404, {"ok": False, "error": "used_url"}
    if not isinstance(said, dict):
        return 400, {"ok": False, "error": "invalid_payload"}
    try:
        with world.change():
            _respond(world, hook, said)
            hook.uses += 1
    except SlackError as refusal:
        return 400, {"ok": False, "error": refusal.code, **refusal.more}
    return 200, "ok"


def say(world: World, hook: Hook, said: Json) -> Message:
    """A reply to a command or a click: to that person alone unless it is said to be for all."""
    bot = world.workspaces[hook.team].bot_user
    text, blocks = said.get("text") or "", checked_blocks(said.get("blocks"))
    if not text and not blocks:
        raise SlackError("no_text")
    message = Message(world.ts(), hook.channel, bot, text[: block_rules.TEXT_CHARS])
    message.blocks = world.named(blocks or [])
    message.to = None if said.get("response_type") == "in_channel" else hook.user
    message.thread_ts = said.get("thread_ts")
    return world.post(message)


def _respond(world: World, hook: Hook, said: Json) -> None:
    source = world.message(hook.channel, hook.message) if hook.message else None
    if said.get("delete_original"):
        if source is None:
            raise SlackError("message_not_found")
        source.deleted = True
    elif said.get("replace_original") and source is not None:
        blocks = checked_blocks(said.get("blocks"))
        if not said.get("text") and not blocks:
            raise SlackError("no_text")
        rewrite(world, source, said.get("text"), blocks)
    else:
        say(world, hook, said)


def rewrite(world: World, message: Message, text: str | None, blocks: list[Json] | None) -> None:
    """Change a message in place: new text without blocks takes the old blocks away."""
    if blocks is not None or text:
        message.blocks = world.named(blocks or [])
    message.text = message.text if text is None else text
    message.edited = world.ts()
    world.draw(message)


def shown(world: World, message: Message, metadata: bool = True) -> Json:
    """A message as the Web API and events tell of it."""
    author = world.users[message.user]
    out: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    out |= {"team": author.team, "blocks": copy.deepcopy(message.blocks)}
    if author.is_bot:
        own = next(w for w in world.workspaces.values() if w.bot_user == author.id)
        out |= {"bot_id": own.bot_id, "app_id": own.app_id}
    if message.metadata and metadata:
        out["metadata"] = copy.deepcopy(message.metadata)
    if message.thread_ts:
        out["thread_ts"] = message.thread_ts
    if message.edited:
        out["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        # docs.slack.dev/reference/events/message/file_share
        out |= {"files": message.files, "upload": True}
        out |= {} if author.is_bot else {"subtype": "file_share"}
    return out


def _target(call: ApiCall) -> Channel:
    """Where a message goes: an id, a person (their direct messages), or a name.

    docs.slack.dev/reference/methods/chat.postMessage, "Channels". A deactivated person's messages
    are taken all the same: github.com/slackapi/python-slack-sdk/issues/1156.
    """
    name = call.text("channel")
    person = call.world.users.get(name)
    if person and person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person and person.team == call.workspace.id:
        return call.world.dm(name)
    for channel in call.world.channels.values():
        if channel.name and channel.name == name.lstrip("#") and call.in_reach(channel):
            return call.world.channels[channel.id]
    return call.channel()


def may_post(call: ApiCall, channel: Channel) -> None:
    """docs.slack.dev/reference/methods/chat.postMessage, errors: some channels take no messages,
    some none in threads, some only there, and a thread may be locked."""
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot not in channel.members:
        raise SlackError("not_in_channel" if not channel.private else "channel_not_found")
    if channel.restricted and not _is_spared(channel.restricted, bool(call.text("thread_ts"))):
        raise SlackError(channel.restricted)


def _is_spared(restricted: str, in_thread: bool) -> bool:
    """Whether the restriction is not about a message there."""
    if in_thread:
        return restricted.endswith("thread_only_channel")
    return restricted.endswith(("non_threadable_channel", "thread_locked"))


def own_message(call: ApiCall, refusal: str) -> tuple[Channel, Message]:
    channel = call.channel()
    message = call.world.message(channel.id, call.text("ts"))
    if message is None or message.to:
        raise SlackError("message_not_found")
    if message.user != call.bot:
        raise SlackError(refusal)
    return channel, message


def _overlong(call: ApiCall) -> bool:
    return len(call.text("text")) > block_rules.TEXT_CHARS


def _composed(call: ApiCall, channel: Channel) -> Message:
    text = call.text("text")[: block_rules.TEXT_CHARS]
    markdown = call.text("markdown_text")
    blocks = blocks_of(call)
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        blocks = checked_blocks([{"type": "markdown", "text": markdown}])
    if not text.strip() and not blocks and not call.args.get("attachments"):
        raise SlackError("no_text")
    message = Message(call.world.ts(), channel.id, call.bot, text)
    message.blocks = call.world.named(blocks or [])
    return message


def blocks_of(call: ApiCall) -> list[Json] | None:
    return checked_blocks(call.json("blocks", "invalid_blocks_format"))


def checked_blocks(blocks: Any) -> list[Json] | None:
    if blocks is None:
        return None
    wrong = block_rules.wrong_blocks(blocks, "message")
    if wrong:
        told = {"messages": [f"[ERROR] {what}" for what in wrong]}
        raise SlackError("invalid_blocks", errors=wrong, response_metadata=told)
    if block_rules.too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    return list(blocks)


def metadata_of(call: ApiCall) -> Json | None:
    metadata = call.json("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    wrong = block_rules.wrong_metadata(metadata)
    if wrong:
        raise SlackError(wrong)
    return dict(metadata)
