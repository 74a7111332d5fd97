"""What Slack sends to the app: commands, clicks, forms and events."""

from __future__ import annotations

import copy
from typing import Any

from handlers.trial.small_slack.api.messages import shown
from handlers.trial.small_slack.api.views import told
from handlers.trial.small_slack.world import Channel, Json, Message, User, View, Workspace, World

TOKEN = "verification"  # the old verification token; nobody checks it any more


def command(
    world: World, user: User, channel: Channel, name: str, text: str, response_url: str
) -> Json:
    """docs.slack.dev/interactivity/implementing-slash-commands: a form, every value a string"""
    own = world.home_team(user.id)
    return {
        "token": TOKEN,
        "team_id": own.id,
        "team_domain": own.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": own.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.trigger(user.id, own.id),
    }


def interaction(world: World, user: User, kind: str, own: Workspace) -> Json:
    """What every interaction says: docs.slack.dev/reference/interaction-payloads"""
    person = {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team}
    return {
        "type": kind,
        "team": {"id": own.id, "domain": own.domain},
        "user": person,
        "api_app_id": own.app_id,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_click(world: World, user: User, message: Message, action: Json, url: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload, from a message

    An ephemeral message is not in the payload: Slack does not keep it.
    """
    channel = world.channels[message.channel]
    own = world.workspaces[channel.team]
    place: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    place["is_ephemeral"] = message.to is not None
    if message.thread_ts:
        place["thread_ts"] = message.thread_ts
    payload = interaction(world, user, "block_actions", own) | {
        "container": place,
        "trigger_id": world.trigger(user.id, own.id),
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": {"values": message.screen.values(user.id)},
        "response_url": url,
        "actions": [action],
    }
    return payload if message.to else payload | {"message": shown(world, message)}


def view_click(world: World, user: User, view: View, action: Json) -> Json:
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload, from a view"""
    own = world.workspaces[view.team]
    modal = view.id if view.type == "modal" else None
    return interaction(world, user, "block_actions", own) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.trigger(user.id, own.id, modal),
        "view": told(world, view),
        "actions": [action],
    }


def suggestion(world: World, user: User, at: Message | View, element: Json, typed: str) -> Json:
    """docs.slack.dev/reference/interaction-payloads/block_suggestion-payload"""
    own = world.home_team(user.id)
    named = {"action_id": element["action_id"], "block_id": element["block_id"], "value": typed}
    where = {"view": told(world, at)} if isinstance(at, View) else {"message": shown(world, at)}
    return interaction(world, user, "block_suggestion", own) | named | where


def submission(world: World, user: User, view: View) -> Json:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    own = world.workspaces[view.team]
    return interaction(world, user, "view_submission", own) | {
        "trigger_id": world.trigger(user.id, own.id, view.id),
        "view": told(world, view),
        "response_urls": [],
    }


def closing(world: World, user: User, view: View, cleared: bool) -> Json:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload, view_closed"""
    own = world.workspaces[view.team]
    return interaction(world, user, "view_closed", own) | {
        "view": told(world, view),
        "is_cleared": cleared,
    }


def action(world: World, block_id: str, element: Json, entry: Json) -> Json:
    """One of `actions`: which element, what it now holds, and when."""
    named = {"action_id": element["action_id"], "block_id": block_id, "type": element["type"]}
    words: Json = {key: element[key] for key in ("text", "placeholder", "style") if key in element}
    return {**named, **copy.deepcopy(words), **entry, "action_ts": world.ts()}


def event(world: World, own: Workspace, inner: Json) -> Json:
    """docs.slack.dev/apis/events-api: the outer payload of every event"""
    channel = world.channels.get(str(inner.get("channel")))
    granted: Json = {"enterprise_id": None, "team_id": own.id, "user_id": own.bot_user}
    granted |= {"is_bot": True, "is_enterprise_install": False}
    return {
        "token": TOKEN,
        "team_id": own.id,
        "api_app_id": own.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{world.number():08d}",
        "event_time": int(world.clock.now().timestamp()),
        "authorizations": [granted],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": f"4-{world.number()}",
    }


def message_event(world: World, message: Message) -> Json:
    """docs.slack.dev/reference/events/message"""
    channel = world.channels[message.channel]
    place = {"channel": channel.id, "channel_type": channel.type, "event_ts": message.ts}
    return shown(world, message, metadata=False) | {"client_msg_id": f"m-{message.ts}"} | place


def changed_event(world: World, kind: str, before: Json, after: Json | None, at: Message) -> Json:
    """docs.slack.dev/reference/events/message/message_changed and /message_deleted"""
    ts = world.ts()
    inner: dict[str, Any] = {
        "type": "message",
        "subtype": kind,
        "hidden": True,
        "channel": at.channel,
        "channel_type": world.channels[at.channel].type,
        "ts": ts,
        "event_ts": ts,
        "previous_message": before,
    }
    return inner | ({"message": after} if after else {"deleted_ts": at.ts})
