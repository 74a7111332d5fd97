"""What one person sees of the trial, as JSON for the page."""

from __future__ import annotations

import html
from typing import Any

from bot.people.rep import Rep
from handlers.slack.manifest import ABOUT
from handlers.trial.small_slack.world import Channel, Json, Message, View, World
from handlers.trial.trial import CHANNELS, PEOPLE, TEAM, Trial

SHOWN = 300  # newest messages of a conversation
INVITE = ("/invite", "Let the coach into this channel", "@Coach")


def everything(trial: Trial, user: str) -> Json:
    """The whole page for one person."""
    world = trial.slack.world
    with world.lock:
        places = [c for c in world.channels.values() if c.im == user or user in c.members]
        places = [c for c in places if c.im in (None, user)]
        return {
            "changes": trial.changes,
            "me": user,
            "now": world.clock.now().timestamp(),
            "ahead": trial.clock.ahead.total_seconds() > 60,
            "people": [_person(trial, id) for id in PEOPLE],
            "bot": world.workspaces[TEAM].bot_user,
            "names": _names(world),
            "channels": [_channel(trial, c, user) for c in places],
            "messages": {c.id: _messages(world, c, user) for c in places},
            "statuses": {c.id: _statuses(world, c) for c in places},
            "prompts": world.prompts.get(world.dm(user).id, []),
            "modal": _modal(world, user),
            "home": _view(world, world.views.get(world.homes.get(user, ""))),
            "commands": _commands(trial),
            "walk": trial.walk.told(),
            "calendar": _calendar(trial, user),
            "call": trial.after_the_call() is not None,
        }


def _person(trial: Trial, id: str) -> Json:
    name, zone, role = PEOPLE[id]
    world = trial.slack.world
    places = [c for c in world.channels.values() if c.im == id or (not c.im and id in c.members)]
    unread = sum(_unread(trial, c, id) for c in places)
    return {"id": id, "name": name, "zone": zone, "role": role, "unread": unread}


def _calendar(trial: Trial, user: str) -> Json:
    """The person's own meetings, and the address under which the coach may read them."""
    names = {id: name for id, (name, *_) in PEOPLE.items()}
    meetings = [
        {
            "id": event.id,
            "title": event.title,
            "starts": event.starts.timestamp(),
            "minutes": event.minutes,
            "with": [*(names[p] for p in event.people if p != user), *event.guests],
            "cancelled": event.cancelled,
        }
        for event in trial.calendar.of(user, trial.clock.now())
    ]
    command = f"{trial.coach.settings.commands['coach']} calendar"
    connected = trial.coach.calendars.of(Rep(TEAM, user)) is not None
    return {
        "path": trial.calendar.path(user),
        "command": command,
        "connected": connected,
        "meetings": meetings,
    }


def _names(world: World) -> Json:
    people = {user.id: user.name for user in world.users.values()}
    return people | {c.id: c.name for c in world.channels.values() if c.name}


def _channel(trial: Trial, channel: Channel, user: str) -> Json:
    about = CHANNELS.get(channel.id, ("", "What you and the coach write here, nobody else reads."))
    return {
        "id": channel.id,
        "name": "Coach" if channel.im else channel.name,
        "direct": bool(channel.im),
        "about": about[1],
        "shared": channel.shared,
        "unread": _unread(trial, channel, user),
    }


def _unread(trial: Trial, channel: Channel, user: str) -> int:
    last = trial.read[user].get(channel.id, "")
    said = _visible(trial.slack.world, channel, user)
    return sum(1 for message in said if message.ts > last and message.user != user)


def _visible(world: World, channel: Channel, user: str) -> list[Message]:
    own = [m for m in world.ephemeral if m.channel == channel.id and m.to == user]
    said = [m for m in [*world.channel_messages[channel.id], *own] if not m.deleted]
    return sorted(said, key=lambda message: message.ts)[-SHOWN:]


def _messages(world: World, channel: Channel, user: str) -> list[Json]:
    return [_message(message, user) for message in _visible(world, channel, user)]


def _message(message: Message, user: str) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": "\n".join(filter(None, (message.text, *map(_file, message.files)))),
        "blocks": message.blocks,
        "thread": message.thread_ts,
        "edited": bool(message.edited),
        "private": message.to is not None,
        "streaming": message.streaming,
        "values": message.screen.values(user),
    }


def _file(file: Json) -> str:
    """A file in a message, as a line of it."""
    return f"File: {html.escape(str(file['name']), quote=False)}"


def _statuses(world: World, channel: Channel) -> Json:
    """What threads show while an answer is on its way."""
    about = [thread for place, thread in world.statuses if place == channel.id]
    shown = {thread: world.status(channel.id, thread) for thread in about}
    return {thread: words for thread, words in shown.items() if words}


def _modal(world: World, user: str) -> Json | None:
    stack = world.stacks.get(user)
    return _view(world, world.views.get(stack[-1])) if stack else None


def _view(world: World, view: View | None) -> Json | None:
    if view is None:
        return None
    wanted: dict[str, Any] = {"title": None, "submit": None, "close": None}
    shown = {key: view.body.get(key) for key in wanted}
    values = view.screen.values(view.user)
    return {**shown, "id": view.id, "blocks": view.body["blocks"], "values": values}


def _commands(trial: Trial) -> list[Json]:
    names = trial.coach.settings.commands
    rows = [*((names[key], *about) for key, about in ABOUT.items()), INVITE]
    return [{"command": name, "about": about, "hint": hint} for name, about, hint in rows]
