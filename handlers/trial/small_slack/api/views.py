"""Modals and Home tabs: opened with a trigger, stacked up to three, changed with their hash."""

from __future__ import annotations

import secrets
from typing import Any

from handlers.trial.small_slack.api import block_rules
from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import TRIGGER_LIVES, Json, SlackError, Trigger, View, World

MODAL = frozenset({"modal"})
HOME = frozenset({"home"})
MOST_OPEN = 3  # docs.slack.dev/reference/methods/views.push, push_limit_reached


def open_view(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/views.open"""
    body = checked(call.json("view", "invalid_arguments"), MODAL)
    trigger = _trigger(call)
    close_all(call.world, trigger.user)
    return {"view": told(call.world, stacked(call.world, trigger.user, trigger.team, body))}


def push(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/views.push"""
    body = checked(call.json("view", "invalid_arguments"), MODAL)
    trigger = _trigger(call)
    if not call.world.stacks.get(trigger.user):
        raise SlackError("not_found")
    return {"view": told(call.world, stacked(call.world, trigger.user, trigger.team, body))}


def update(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/views.update; a modal that was closed is not found."""
    view = _found(call)
    body = checked(call.json("view", "invalid_arguments"), frozenset({view.type}))
    _same_hash(call, view)
    redraw(call.world, view, body)
    return {"view": told(call.world, view)}


def publish(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/views.publish"""
    body = checked(call.json("view", "invalid_arguments"), HOME)
    user = call.text("user_id")
    person = call.world.users.get(user)
    if person is None or person.team != call.workspace.id:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["user_id"]})
    view = call.world.views.get(call.world.homes.get(user, ""))
    if view:
        _same_hash(call, view)
        redraw(call.world, view, body)
    else:
        view = created(call.world, user, call.workspace.id, body)
        call.world.homes[user] = view.id
    return {"view": told(call.world, view)}


def stacked(world: World, user: str, team: str, body: Json) -> View:
    """A new modal on top of what the person has open."""
    stack = world.stacks.setdefault(user, [])
    if len(stack) >= MOST_OPEN:
        raise SlackError("push_limit_reached")
    view = created(world, user, team, body, stack[-1] if stack else None)
    stack.append(view.id)
    return view


def created(world: World, user: str, team: str, body: Json, under: str | None = None) -> View:
    id = f"V{world.number():08d}"
    view = View(id, user, team, {}, world.views[under].root if under else id, under)
    world.views[id] = view
    redraw(world, view, body)
    return view


def redraw(world: World, view: View, body: Json) -> None:
    """Show another body in a view; its hash changes (docs: "hash" of a view object)."""
    twin = body.get("external_id")
    others = (v for v in world.views.values() if v is not view and v.team == view.team)
    if twin and any(v.body.get("external_id") == twin for v in others):
        raise SlackError("duplicate_external_id")
    stamp = f"{int(world.clock.now().timestamp())}.{secrets.token_hex(4)}"
    view.body = {**body, "blocks": world.named(body["blocks"]), "hash": stamp}
    world.draw(view)


def told(world: World, view: View) -> Json:
    """A view as responses and payloads carry it: docs.slack.dev/reference/interaction-payloads"""
    own = world.workspaces[view.team]
    empty: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
    empty |= {"title": None, "submit": None, "close": None}
    empty |= {"clear_on_close": False, "notify_on_close": False}
    ids = {"id": view.id, "team_id": own.id, "root_view_id": view.root}
    ids |= {"app_id": own.app_id, "bot_id": own.bot_id, "app_installed_team_id": own.id}
    state = {"state": {"values": view.screen.values(view.user)}}
    return {**empty, **view.body, **ids, "previous_view_id": view.previous, **state}


def close_top(world: World, user: str) -> None:
    stack = world.stacks.get(user, [])
    if stack:
        del world.views[stack.pop()]


def close_all(world: World, user: str) -> None:
    while world.stacks.get(user):
        close_top(world, user)


def checked(view: Any, kinds: frozenset[str]) -> Json:
    wrong = block_rules.wrong_view(view, kinds)
    if wrong:
        told = {"messages": [f"[ERROR] {what}" for what in wrong]}
        raise SlackError("invalid_arguments", response_metadata=told)
    if block_rules.size(view) > block_rules.VIEW_BYTES:
        raise SlackError("view_too_large")
    return dict(view)


def _trigger(call: ApiCall) -> Trigger:
    """docs.slack.dev/interactivity/handling-user-interaction: three seconds, and once."""
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if trigger is None or trigger.team != call.workspace.id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if call.world.clock.now() - trigger.born > TRIGGER_LIVES:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def _found(call: ApiCall) -> View:
    id, name = call.text("view_id"), call.text("external_id")
    for view in call.world.views.values():
        named = bool(name) and view.body.get("external_id") == name
        if view.team == call.workspace.id and (view.id == id or named):
            return view
    raise SlackError("not_found")


def _same_hash(call: ApiCall, view: View) -> None:
    given = call.text("hash")
    if given and given != view.body["hash"]:
        raise SlackError("hash_conflict")
