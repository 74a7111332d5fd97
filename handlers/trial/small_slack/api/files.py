"""Files the app gives people, in Slack's three steps: an address, the bytes, the sharing."""

from __future__ import annotations

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
