"""Slack's Web API: who may call what, and the table of methods."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.trial.small_slack.api import (
    conversations,
    files,
    messages,
    streams,
    users,
    validation,
    views,
)
from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import Json, SlackError, Workspace, World

Method = Callable[[ApiCall], Json]


@dataclass(frozen=True)
class Row:
    """A method, the scopes of which any one will do, and the arguments it cannot do without."""

    run: Method
    scopes: str
    needs: str = ""


def _auth_test(call: ApiCall) -> Json:
    own, bot = call.workspace, call.world.users[call.workspace.bot_user]
    return {
        "url": f"https://{own.domain}.slack.com/",
        "team": own.name,
        "user": bot.handle,
        "team_id": own.id,
        "user_id": own.bot_user,
        "bot_id": own.bot_id,
        "is_enterprise_install": False,
    }


def _connect(call: ApiCall) -> Json:
    return {"url": call.socket_url}


READ = "channels:read groups:read mpim:read im:read"
HISTORY = "channels:history groups:history mpim:history im:history"
OPEN = "channels:manage groups:write im:write mpim:write"

# The page of each method is docs.slack.dev/reference/methods/<its name>: scopes, arguments, errors.
METHODS: dict[str, Row] = {
    "auth.test": Row(_auth_test, ""),
    "chat.postMessage": Row(messages.post, "chat:write", "channel"),
    "chat.update": Row(messages.update, "chat:write", "channel ts"),
    "chat.delete": Row(messages.delete, "chat:write", "channel ts"),
    "chat.postEphemeral": Row(messages.post_ephemeral, "chat:write", "channel user"),
    "chat.getPermalink": Row(messages.permalink, "", "channel message_ts"),
    "conversations.open": Row(conversations.open_dm, OPEN),
    "conversations.info": Row(conversations.info, READ, "channel"),
    "conversations.history": Row(conversations.history, HISTORY, "channel"),
    "conversations.replies": Row(conversations.replies, HISTORY, "channel ts"),
    "conversations.members": Row(conversations.members, READ, "channel"),
    "conversations.list": Row(conversations.all_of, READ),
    "users.conversations": Row(conversations.of_user, READ),
    "users.info": Row(users.info, "users:read", "user"),
    "users.list": Row(users.everyone, "users:read"),
    "team.info": Row(users.team, "team:read"),
    "views.open": Row(views.open_view, "", "view"),
    "views.push": Row(views.push, "", "view"),
    "views.update": Row(views.update, "", "view"),
    "views.publish": Row(views.publish, "", "user_id view"),
    "files.getUploadURLExternal": Row(files.upload_url, "files:write", "filename length"),
    "files.completeUploadExternal": Row(files.complete, "files:write", "files"),
    "files.info": Row(files.info, "files:read", "file"),
    "chat.startStream": Row(streams.start, "chat:write", "channel thread_ts"),
    "chat.appendStream": Row(streams.append, "chat:write", "channel ts"),
    "chat.stopStream": Row(streams.stop, "chat:write", "channel ts"),
    "assistant.threads.setStatus": Row(
        streams.set_status, "chat:write assistant:write", "channel_id thread_ts status"
    ),
    "assistant.threads.setSuggestedPrompts": Row(
        streams.set_prompts, "assistant:write", "channel_id prompts"
    ),
    "apps.connections.open": Row(_connect, ""),
    "blocks.validate": Row(validation.blocks, ""),
    "apps.manifest.validate": Row(validation.manifest, "", "manifest"),
}
# Asked with an app configuration token: docs.slack.dev/app-manifests/configuring-apps-with-app-
# manifests, "App configuration tokens".
BY_CONFIGURATION = {"apps.manifest.validate"}
APP_LEVEL = {"apps.connections.open"}  # docs.slack.dev/reference/methods/apps.connections.open


def answer(world: World, name: str, token: str, args: Json, api: str, socket_url: str) -> Json:
    """What Slack answers to one call: `{"ok": true, …}` or its error."""
    with world.change():
        try:
            row = METHODS.get(name)
            if row is None:
                raise SlackError("unknown_method")
            workspace = _authorized(world, name, token, args)
            _within_scope(workspace, row.scopes)
            _complete(row.needs, args)
            return {"ok": True, **row.run(ApiCall(world, workspace, args, api, socket_url))}
        except SlackError as refusal:
            return {"ok": False, "error": refusal.code, **refusal.more}


def _authorized(world: World, name: str, token: str, args: Json) -> Workspace:
    """The workspace whose token this is: docs.slack.dev/reference/methods/auth.test, errors."""
    if not token:
        raise SlackError("not_authed")
    everyone = world.workspaces.values()
    if name in BY_CONFIGURATION:
        if not (own := [w for w in everyone if token == w.config_token]):
            raise SlackError("invalid_auth")
        return own[0]
    if not (own := [w for w in everyone if token in (w.bot_token, w.app_token)]):
        raise SlackError("invalid_auth")
    workspace = _meant(world, own, args)
    if workspace.refusal:
        raise SlackError(workspace.refusal)
    if (token == workspace.app_token) != (name in APP_LEVEL):
        raise SlackError("not_allowed_token_type")
    return workspace


def _meant(world: World, own: list[Workspace], args: Json) -> Workspace:
    """Where several workspaces share a token: the one of the channel or person in question."""
    about = str(args.get("channel") or args.get("user") or args.get("users") or "")
    thing = world.channels.get(about) or world.users.get(about)
    return next((w for w in own if thing and w.id == thing.team), own[0])


def _within_scope(workspace: Workspace, scopes: str) -> None:
    if scopes and not workspace.scopes & set(scopes.split()):
        raise SlackError(
            "missing_scope",
            needed=",".join(scopes.split()),
            provided=",".join(sorted(workspace.scopes)),
        )


def _complete(needs: str, args: Json) -> None:
    missing = [name for name in needs.split() if args.get(name) in (None, "")]
    if missing:
        words = [f"[ERROR] missing required field: {name}" for name in missing]
        raise SlackError("invalid_arguments", response_metadata={"messages": words})


def without_token(args: Json) -> Json:
    """What was asked, as the log may keep it."""
    return {key: value for key, value in args.items() if key != "token"}


def body_of(raw: bytes, kind: str) -> Any:
    """A JSON body, or None if it cannot be read."""
    try:
        return json.loads(raw or b"{}")
    except ValueError:
        return None
