"""One call of the Web API: its arguments as Slack reads them, whichever way they were sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from handlers.trial.small_slack.world import Channel, Json, SlackError, Workspace, World


@dataclass(frozen=True)
class ApiCall:
    world: World
    workspace: Workspace
    args: Json
    api: str  # the address of this server, without a path
    socket_url: str

    @property
    def bot(self) -> str:
        return self.workspace.bot_user

    def text(self, name: str) -> str:
        """An argument as a string; "" if it was not given."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        try:
            return min(int(self.text(name) or default), most)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def json(self, name: str, error: str) -> Any:
        """An argument that may be JSON or a string of JSON; None if it was not given."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def channel(self, name: str = "channel") -> Channel:
        """The channel that an argument names; what the bot cannot see does not exist."""
        found = self.world.channels.get(self.text(name))
        hidden = found is None or (found.type != "channel" and self.bot not in found.members)
        if found is None or hidden or not self.in_reach(found):
            raise SlackError("channel_not_found")
        return found

    def in_reach(self, channel: Channel) -> bool:
        return channel.team == self.workspace.id

    def check_scope(self, family: str, channel: Channel) -> None:
        """Each kind of channel has a scope of its own: channels:read, groups:read, im:read …"""
        kind = {"channel": "channels", "group": "groups", "im": "im"}[channel.type]
        self.check(f"{kind}:{family}")

    def check(self, scope: str) -> None:
        if scope not in self.workspace.scopes:
            provided = ",".join(sorted(self.workspace.scopes))
            raise SlackError("missing_scope", needed=scope, provided=provided)

    def page(self, items: list[Json], default: int, most: int) -> tuple[list[Json], str]:
        """The items of the page that was asked for, and the cursor of the next ("" at the end).

        docs.slack.dev/apis/web-api/pagination
        """
        limit = self.number("limit", default, most)
        cursor = self.text("cursor")
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + max(limit, 1)
        return items[start:end], f"next:{end}" if end < len(items) else ""
