"""Files: the app's for people, in Slack's three steps; and people's, which the app may look at."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import Json, Message, SlackError, World


def upload_url(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/files.getUploadURLExternal"""
    length = call.number("length", 0, 1 << 40)
    if not length:
        raise SlackError("missing_argument")
    id = f"F{call.world.number():08d}"
    name = call.text("filename")
    call.world.files[id] = {"id": id, "name": name, "size": length, "content": None}
    return {"file_id": id, "upload_url": f"{call.api}/upload/v1/{id}"}


def receive(world: World, id: str, content: bytes) -> tuple[int, str]:
    """The bytes of a file, at the address that was given out for it."""
    with world.lock:
        if id not in world.files:
            return 404, "file_not_found"
        if len(content) != world.files[id]["size"]:
            return 400, "wrong length"
        world.files[id]["content"] = content
    return 200, f"OK - {len(content)}"


def complete(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/files.completeUploadExternal"""
    given = call.json("files", "invalid_arguments") or []
    done = [_uploaded(call, one) for one in given]
    for place in filter(None, [call.text("channel_id"), *call.text("channels").split(",")]):
        channel = call.world.channels.get(place)
        if channel is None or not call.in_reach(channel):
            raise SlackError("channel_not_found")
        if call.bot not in channel.members:
            raise SlackError("not_in_channel")
        message = Message(call.world.ts(), channel.id, call.bot, call.text("initial_comment"))
        message.files, message.thread_ts = done, call.text("thread_ts") or None
        call.world.post(message)
    return {"files": done}


def _uploaded(call: ApiCall, given: Json) -> Json:
    kept = call.world.files.get(str(given.get("id")))
    if kept is None or kept["content"] is None:
        raise SlackError("file_not_found")
    kept["title"] = given.get("title") or kept["name"]
    return {key: kept[key] for key in ("id", "title", "name", "size")}


# Of people ----------------------------------------------------------------------------------

LOGIN = "/?redir="  # of the workspace's own page, where a browser would log in


def shared(world: World, user: str, team: str, name: str, content: bytes, address: str) -> Json:
    """Keep what a person uploads; the file as messages and `files.info` tell of it.

    docs.slack.dev/reference/objects/file-object
    """
    id = f"F{world.number():08d}"
    place = f"{address}/files-pri/{team}-{id}"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    told: Json = {"id": id, "name": name, "title": name, "size": len(content), "mimetype": kind}
    told |= {"user": user, "mode": "hosted", "is_external": False, "file_access": "visible"}
    told |= {"created": int(world.clock.now().timestamp()), "filetype": name.rpartition(".")[2]}
    told |= {
        "url_private": f"{place}/{quote(name)}",
        "url_private_download": f"{place}/download/{quote(name)}",
    }
    world.files[id] = {**told, "content": content, "team": team}
    return told


def info(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/files.info"""
    kept = call.world.files.get(call.text("file"))
    if kept is None or kept.get("team") != call.workspace.id:
        raise SlackError("file_not_found")
    return {"file": {key: kept[key] for key in kept.keys() - {"content", "team"}}}


def download(world: World, key: str, token: str) -> tuple[int, bytes | str, dict[str, str]]:
    """The bytes at an address of a file, for a token that may read them.

    Anybody else is sent on to log in: that is how Slack refuses a token without `files:read`, see
    github.com/OpenRouterLabs/spawn/pull/2316.
    """
    team, _, id = key.partition("/")[0].partition("-")
    with world.lock:
        kept, own = world.files.get(id), world.workspaces.get(team)
        known = own is not None and token == own.bot_token and not own.refusal
        if not own or not known or "files:read" not in own.scopes:
            return 302, "Found", {"Location": f"{LOGIN}%2Ffiles-pri%2F{quote(key, safe='')}"}
        if kept is None or kept.get("team") != team or kept["content"] is None:
            return 404, "file_not_found", {}
        return 200, kept["content"], {"Content-Type": kept["mimetype"]}
