"""Channels as the app sees them: what they are, who is in them, what was said."""

from __future__ import annotations

from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.api.messages import shown
from handlers.trial.small_slack.world import Channel, Json, Message, SlackError

# docs.slack.dev/reference/methods/conversations.list, `types`, and the scope each of them needs
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
SCOPE = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def open_dm(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.open, for one person"""
    if call.text("channel"):
        return {"channel": {"id": call.channel().id}, "no_op": True, "already_open": True}
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    call.check("im:write" if len(users) == 1 else "mpim:write")
    person = call.world.users.get(users[0])
    if person is None or person.team != call.workspace.id:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    return {"channel": {"id": call.world.dm(person.id).id}}


def info(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.info"""
    channel = call.channel()
    call.check_scope("read", channel)
    count = {"num_members": len(channel.members)} if call.flag("include_num_members") else {}
    return {"channel": described(call, channel) | count}


def members(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.members"""
    channel = call.channel()
    call.check_scope("read", channel)
    page, cursor = call.page([{"id": user} for user in sorted(channel.members)], 100, 1000)
    return {"members": [one["id"] for one in page], "response_metadata": {"next_cursor": cursor}}


def all_of(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.list: private ones only where the bot is."""
    return _listed(call, call.bot, everything=True)


def of_user(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/users.conversations: where that person (or the bot) is."""
    return _listed(call, call.text("user") or call.bot, everything=False)


def history(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.history: newest first, replies left out."""
    channel = call.channel()
    call.check_scope("history", channel)
    _inside(call, channel)
    said = call.world.channel_messages[channel.id]
    top = [m for m in said if not m.deleted and m.thread_ts in (None, m.ts)]
    return _told(call, channel, [m for m in reversed(top) if _within(call, m)], 100, 999)


def replies(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/conversations.replies: the parent, then oldest first."""
    channel = call.channel()
    call.check_scope("history", channel)
    _inside(call, channel)
    said = [m for m in call.world.channel_messages[channel.id] if not m.deleted]
    named = next((m for m in said if m.ts == call.text("ts")), None)
    if named is None:
        raise SlackError("thread_not_found")
    parent = named.thread_ts or named.ts
    thread = [m for m in said if m.thread_ts == parent and m.ts != parent and _within(call, m)]
    first = [m for m in said if m.ts == parent]
    return _told(call, channel, first + thread, 1000, 1000)


def described(call: ApiCall, channel: Channel) -> Json:
    """A channel object: docs.slack.dev/reference/objects/conversation-object"""
    kind = channel.type
    out: Json = {"id": channel.id, "is_im": kind == "im", "is_mpim": False, "created": 1600000000}
    out |= {"is_org_shared": False, "context_team_id": channel.team}
    if channel.im:
        gone = call.world.users[channel.im].deleted
        return out | {"user": channel.im, "is_user_deleted": gone, "is_open": True}
    shared = {"is_shared": channel.shared, "is_ext_shared": channel.shared}
    return out | shared | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": kind == "channel",
        "is_group": kind == "group",
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": False,
        "is_member": call.bot in channel.members,
        "is_pending_ext_shared": False,
        "num_members": len(channel.members),
    }  # fmt: skip


def _inside(call: ApiCall, channel: Channel) -> None:
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")


def _within(call: ApiCall, message: Message) -> bool:
    """Between `oldest` and `latest`, the two themselves only if `inclusive`."""
    oldest, latest = call.text("oldest") or "0", call.text("latest")
    at, edge = _moment(message.ts), call.flag("inclusive")
    after = at > _moment(oldest) or (edge and at == _moment(oldest))
    before = not latest or at < _moment(latest) or (edge and at == _moment(latest))
    return after and before


def _moment(ts: str) -> tuple[int, int]:
    """A ts to compare by, exactly: floats would blur the last digits."""
    second, _, rest = ts.partition(".")
    try:
        return int(second or 0), int(rest[:6].ljust(6, "0"))
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None


def _told(call: ApiCall, channel: Channel, said: list[Message], default: int, most: int) -> Json:
    """A page of messages; metadata only if `include_all_metadata` asks for it."""
    metadata = call.flag("include_all_metadata")
    told = [shown(call.world, m, metadata) | _thread(call, m) for m in said]
    page, cursor = call.page(told, default, most)
    more: Json = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": page, "has_more": bool(cursor), **more}


def _thread(call: ApiCall, parent: Message) -> Json:
    """What a message says of the replies under it."""
    said = call.world.channel_messages[parent.channel]
    under = [m for m in said if m.thread_ts == parent.ts and m.ts != parent.ts and not m.deleted]
    if not under:
        return {}
    who = sorted({m.user for m in under})
    count = {"reply_count": len(under), "reply_users": who, "reply_users_count": len(who)}
    return {"thread_ts": parent.ts, "latest_reply": under[-1].ts, **count}


def _listed(call: ApiCall, user: str, everything: bool) -> Json:
    asked = (call.text("types") or "public_channel").split(",")
    kinds = {KINDS.get(name.strip(), "") for name in asked}
    if "" in kinds:
        raise SlackError("invalid_types")
    for kind in sorted(kinds):
        call.check(SCOPE[kind])
    found = [c for c in call.world.channels.values() if c.type in kinds and call.in_reach(c)]
    if call.flag("exclude_archived"):
        found = [c for c in found if not c.archived]
    public = [c for c in found if c.type == "channel" and (everything or user in c.members)]
    seen = public + [c for c in found if c.type != "channel" and {user, call.bot} <= c.members]
    page, cursor = call.page([described(call, c) for c in seen], 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}
