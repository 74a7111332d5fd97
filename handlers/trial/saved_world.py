"""The small Slack on disk: what its people see, kept beside the database that it agrees with."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Channel, Json, Message, User, View, World

SHAPE = 1  # of the file; one of another shape is not read


def save(path: Path, world: World, more: Json) -> None:
    """Write the world and `more` in one go: whoever reads the file finds all of it or the last."""
    text = json.dumps(_told(world) | {"shape": SHAPE, "more": more})
    draft = path.with_name(path.name + ".new")
    draft.write_text(text)
    os.replace(draft, path)


def load(path: Path, slack: FakeSlack) -> Json | None:
    """Put a kept world into a fresh Slack and return its `more`; None if there is none to use."""
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    if kept.get("shape") != SHAPE:
        return None
    with slack.world.change():
        _restore(slack.world, kept)
    return dict(kept["more"])


def _told(world: World) -> Json:
    with world.lock:
        said = [m for each in world.channel_messages.values() for m in each]
        return {
            "number": world.number(),
            "users": [_plain(user) for user in world.users.values()],
            "channels": [
                _plain(c) | {"members": sorted(c.members)} for c in world.channels.values()
            ],
            "messages": [_with_screen(m) for m in [*said, *world.ephemeral]],
            "views": [_with_screen(view) for view in world.views.values()],
            "stacks": dict(world.stacks),
            "homes": dict(world.homes),
        }


def _plain(thing: Any) -> Json:
    return {f.name: getattr(thing, f.name) for f in fields(thing) if f.name != "screen"}


def _with_screen(thing: Message | View) -> Json:
    """With what each person changed in its inputs: person → [block_id, action_id, entry]."""
    own = {
        user: [[*key, entry] for key, entry in held.items()]
        for user, held in thing.screen.own.items()
    }
    return _plain(thing) | {"screen": own}


def _restore(world: World, kept: Json) -> None:
    world.count_from(kept["number"])
    world.users = {told["id"]: User(**told) for told in kept["users"]}
    for told in kept["channels"]:
        channel = Channel(**told | {"members": set(told["members"])})
        world.channels[channel.id] = channel
        world.channel_messages.setdefault(channel.id, [])
    for told in kept["messages"]:
        screen = told.pop("screen")
        message = Message(**told)
        world.post(message)
        _put(message, screen)
    for told in kept["views"]:
        screen = told.pop("screen")
        view = View(**told)
        world.views[view.id] = view
        world.draw(view)
        _put(view, screen)
    world.stacks, world.homes = kept["stacks"], kept["homes"]


def _put(thing: Message | View, screen: Json) -> None:
    for user, held in screen.items():
        for block_id, action_id, entry in held:
            thing.screen.put(user, (block_id, action_id), entry)
