"""The Slack app manifest, made from the settings (docs.slack.dev/reference/app-manifest)."""

from __future__ import annotations

import json
from typing import Any

from bot.settings import Settings

# Each scope with the reason that docs/settings.md and the manifest's reader are owed.
SCOPES = {
    "commands": "answer the slash commands",
    "chat:write": "post what people ask it to post, and its messages to them",
    "im:write": "open a direct message with a rep",
    "im:history": "read the replies to its own nudges, and find out whether a nudge arrived",
    "users:read": "know each rep's time zone and name",
    "channels:read": "know whether a public channel is shared with another organisation",
    "groups:read": "know the same of private channels that it was invited to",
}
OPTIONAL_SCOPES = {
    "channels:history": "find out whether a daily tip arrived, before saying it again",
    "groups:history": "find out the same in private channels",
    "app_mentions:read": "answer where somebody names it in a channel",
    "assistant:write": "answer in threads, one sentence after another, and suggest what to ask",
    "files:write": "send a rep their own replies as a file, when they ask for them",
    "files:read": "look at an archive of posts that a manager drops into its messages",
}
EVENTS = (
    *("app_home_opened", "app_mention", "message.im", "user_change"),
    *("app_uninstalled", "tokens_revoked"),  # these need no scope
)
ABOUT = {
    "tip": ("Advice for a situation, with its source", "[what is going on]"),
    "huddle": ("Get ready for a call", "<account> [play] [time] [length] [@people]"),
    "debrief": ("Say how a call went", "[account]"),
    "coach": (
        "Help, status and settings of the coach",
        "[plays | log | daily | nudges | library | status | help]",
    ),
}
AGENT = "Write what is going on at a customer. The answer rests on a post, and says which."
PLACEHOLDER_URL = "https://coach.example.com/slack/events"


def manifest(settings: Settings) -> dict[str, Any]:
    """The manifest for the configured command names; Socket Mode unless HTTP was chosen."""
    socket = not settings.signing_secret or bool(settings.app_token)
    address = {} if socket else {"url": PLACEHOLDER_URL}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Huddle Coach",
            "description": "A sales coach: ready before the call, honest after it.",
            "background_color": "#1f3a34",
        },
        "features": {
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            # Its messages are threads: docs.slack.dev/ai/migrating-to-agent-messaging
            "agent_view": {"agent_description": AGENT},
            "bot_user": {"display_name": "coach", "always_online": True},
            "slash_commands": [_command(settings, name, address) for name in ABOUT],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)}
            | ({} if socket else {"request_url": PLACEHOLDER_URL}),
            "interactivity": {"is_enabled": True}
            | ({} if socket else {"request_url": PLACEHOLDER_URL}),
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def as_json(settings: Settings) -> str:
    return json.dumps(manifest(settings), indent=2, ensure_ascii=False)


def _command(settings: Settings, name: str, address: dict[str, str]) -> dict[str, Any]:
    description, hint = ABOUT[name]
    return {
        "command": settings.commands[name],
        "description": description,
        "usage_hint": hint,
        "should_escape": True,
        **address,
    }
