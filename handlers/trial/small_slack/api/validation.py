"""What Slack says of blocks, messages, views and a manifest before they are used."""

from __future__ import annotations

import json
import re
from typing import Any

from handlers.trial.small_slack.api.block_rules import wrong_blocks, wrong_view
from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import Json, SlackError

_KINDS = ("blocks", "message", "view")
_POINTED = re.compile(r"(.*) \[json-pointer:(.*)\]", re.DOTALL)
# docs.slack.dev/reference/app-manifest: what a manifest is made of, and the longest texts of it
_PARTS = {"_metadata", "display_information", "features", "oauth_config", "settings", "functions"}
_NAME, _DESCRIPTION, _AGENT, _USAGE = 35, 140, 300, 1_000


def blocks(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/blocks.validate: one of three, JSON in a string; what is
    wrong comes with `pointer`, `code` and `message`."""
    given = [kind for kind in _KINDS if call.args.get(kind)]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    kind = given[0]
    read = call.json(kind, f"invalid_{kind}")
    if wrong := _wrong(kind, read):
        raise SlackError(f"invalid_{kind}", errors=[_error(each) for each in wrong])
    return {}


def _wrong(kind: str, read: Any) -> list[str]:
    if kind == "view":
        return wrong_view(read, frozenset({"modal", "home"}))
    return wrong_blocks(read.get("blocks") if kind == "message" else read, "message")


def _error(wrong: str) -> Json:
    found = _POINTED.fullmatch(wrong)
    message, pointer = found.groups() if found else (wrong, "")
    return {"pointer": pointer, "code": "failed_constraint", "message": message}


def manifest(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/apps.manifest.validate: `invalid_manifest`, with a message
    and a pointer for each thing that is wrong."""
    try:
        read = json.loads(call.text("manifest"))
    except ValueError:
        raise SlackError("invalid_manifest") from None
    if wrong := [{"message": said, "pointer": at} for at, said in _wrong_manifest(read)]:
        raise SlackError("invalid_manifest", errors=wrong)
    return {}


def _wrong_manifest(read: Json) -> list[tuple[str, str]]:
    """The rules of docs.slack.dev/reference/app-manifest that this Slack knows."""
    wrong = [(f"/{name}", "unknown property") for name in sorted(read.keys() - _PARTS)]
    shown, settings = read.get("display_information", {}), read.get("settings", {})
    features = read.get("features", {})
    texts = [
        ("/display_information/name", shown.get("name"), _NAME),
        ("/display_information/description", shown.get("description"), _DESCRIPTION),
        (
            "/features/agent_view/agent_description",
            features.get("agent_view", {}).get("agent_description"),
            _AGENT,
        ),
    ]
    commands = features.get("slash_commands", [])
    for n, each in enumerate(commands):
        texts.append((f"/features/slash_commands/{n}/usage_hint", each.get("usage_hint"), _USAGE))
        if not re.fullmatch(r"/[a-z0-9_-]{1,31}", each.get("command", "")):
            wrong.append(
                (f"/features/slash_commands/{n}/command", "the command has an invalid name")
            )
    wrong += [
        (at, f"must be at most {most} characters")
        for at, said, most in texts
        if len(said or "") > most
    ]
    if not shown.get("name"):
        wrong.append(("/display_information/name", "missing required field"))
    return wrong + _without_an_address(settings)


def _without_an_address(settings: Json) -> list[tuple[str, str]]:
    """The page's own example: events and interactivity need a link or an address."""
    if settings.get("socket_mode_enabled"):
        return []
    return [
        (f"/settings/{part}", "needs a request URL, or Socket Mode")
        for part in ("event_subscriptions", "interactivity")
        if settings.get(part) and not settings[part].get("request_url")
    ]
