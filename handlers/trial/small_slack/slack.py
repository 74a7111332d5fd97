"""The door of the small Slack: a real server on localhost, and people who use it.

    with FakeSlack(clock) as slack:
        slack.add_user("U1", "Ann Lee", tz="America/New_York")
        slack.add_channel("C1", "deals", members=["U1"])
        slack.connect("http://127.0.0.1:3000/slack/events")   # or let the app open a socket
        slack.command("U1", "C1", "/tip", "they went quiet")
        assert "silence" in slack.ephemerals("U1")[-1].plain

What it does not imitate:

- rate limits, unless told to (`fail`, `limit`); scheduled messages; reactions; pins; search
- plans and tasks in a streamed message; what an agent is told of where a person is in Slack
- OAuth, installing and token rotation; Enterprise Grid; guests; group direct messages
- `message` events for the app's own posts and edits, which Slack sends as well
- link previews, link names, emoji, formatting; `attachments` are taken and not shown
- the insides of rich text, tables, cards, plans, files and video blocks: taken as they come
- file inputs, workflow buttons, shortcuts, custom steps
- whether a slash command or an event is in the app's manifest: any command reaches it, and the
  events in `subscriptions` do, as far as the scopes allow
- thread tombstones, unread counts, deletion by admins, and what a client shows while it is offline
- people outside the organisation beyond reading, writing and clicking in a shared channel
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from bot.clock.now import Clock
from handlers.trial.small_slack import gestures
from handlers.trial.small_slack.courier import Courier, Delivery
from handlers.trial.small_slack.http_server import Fault, Faults, Server
from handlers.trial.small_slack.people import Members
from handlers.trial.small_slack.rate_limit import Pace, Tier
from handlers.trial.small_slack.socket_mode import Sockets
from handlers.trial.small_slack.world import (
    SCOPES,
    CantDo,
    Channel,
    Exchange,
    Message,
    SlackError,
    User,
    View,
    Workspace,
    World,
    snapshot,
    view_snapshot,
)

__all__ = ["CantDo", "Delivery", "Exchange", "FakeSlack", "Message", "SlackError", "View"]


class FakeSlack(Members):
    """One Slack with one app; workspace T1 is there from the start."""

    def __init__(self, clock: Clock, port: int = 0) -> None:
        world, self.sockets, self.faults = World(clock), Sockets(), Faults()
        super().__init__(world, Courier(world, self.sockets))
        self._server = Server(port, world, self.sockets, self.faults)
        self.add_workspace()

    # The server

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def api_url(self) -> str:
        """What `WebClient(base_url=…)` wants."""
        return f"{self.address}/api/"

    @property
    def log(self) -> list[Exchange]:
        """Everything that was said both ways, oldest first; never a token."""
        with self.world.lock:
            return list(self.world.log)

    def start(self) -> Self:
        self.sockets.start()
        self._server.start()
        return self

    def stop(self) -> None:
        self.faults.release()
        self._server.stop()
        self.sockets.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def connect(self, request_url: str | None) -> None:
        """Deliver to this address, signed; with None, to the sockets that the app holds open."""
        self.courier.request_url = request_url

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call this after each change of the world, from whichever thread made it."""
        self.world.listeners.append(callback)

    def fail(self, method: str, how: str, times: int = 1, about: str = "", **more: Any) -> None:
        """Let the next `times` calls of a method (or "response_url", "upload") go wrong: of those
        that name the channel or person `about`, if one is given.

        - "500": an HTTP error, nothing done; "429": told to wait `retry_after` seconds
        - "hang": silent for `seconds`, then cut off, nothing done; "slow": done after `seconds`
        - "late": done after `seconds`, and cut off without an answer
        - "reset": cut off at once, nothing done; "reset_after_accept": done, then cut off
        - anything else: that error of Slack's, with `more` beside it

        `release` ends the waiting before its time.
        """
        self.faults.add(method, Fault(how, more, about), times)

    def release(self) -> None:
        """Go on with every call that is slow, late or hangs."""
        self.faults.release()

    def limit(self, a_minute: int) -> Pace:
        """Refuse (429) more than one message a second in a channel, or `a_minute` in a workspace;
        `refused` of the answer counts."""
        self._server.pace = Pace(a_minute)
        return self._server.pace

    def limit_method(self, method: str, calls: int, seconds: int = 60) -> Tier:
        """Refuse (429) more calls of a method than these within so many seconds in a workspace; the
        answer counts them."""
        self._server.tiers[method] = Tier(calls, timedelta(seconds=seconds))
        return self._server.tiers[method]

    def most_at_once(self, method: str) -> int:
        """How many calls of a method were under way at once, at most."""
        return self._server.busy.most[method]

    def redeliver(self) -> list[Delivery]:
        """Try again the events that are due: at once, after a minute, after five (by the clock)."""
        return self.courier.redeliver()

    def disconnect(self, reason: str = "refresh_requested", seconds: float = 0) -> None:
        """Ask for new links, as Slack does every few hours; the old ones live `seconds` more."""
        self.sockets.disconnect(reason, seconds)

    # Setting up

    def add_workspace(
        self,
        id: str = "T1",
        name: str = "Acme Sales",
        bot_token: str | None = None,
        app_token: str | None = None,
        signing_secret: str = "secret",
        bot_user: str | None = None,
        scopes: Iterable[str] | None = None,
        config_token: str = "",
    ) -> str:
        """A workspace with the app installed, and its bot; called again, it is installed anew."""
        bot = bot_user or f"UB{id}"
        own = Workspace(
            id,
            name,
            bot_token or f"xoxb-{id}",
            app_token or f"xapp-{id}",
            signing_secret,
            bot,
            set(SCOPES if scopes is None else scopes),
            config_token=config_token,
        )
        with self.world.change():
            self.world.workspaces[id] = own
            self.world.users[bot] = User(bot, "Coach", "UTC", id, is_bot=True)
        return id

    def add_user(
        self,
        id: str,
        name: str,
        tz: str = "Europe/Berlin",
        team: str = "T1",
        deleted: bool = False,
        is_bot: bool = False,
        is_admin: bool = False,
    ) -> str:
        """Someone; a `team` that is no workspace here makes them an outsider."""
        with self.world.change():
            self.world.users[id] = User(id, name, tz, team, deleted, is_bot, is_admin)
        return id

    def add_channel(
        self,
        id: str,
        name: str,
        members: Iterable[str] = (),
        private: bool = False,
        shared: bool = False,
        archived: bool = False,
        bot_in: bool = True,
        team: str = "T1",
    ) -> str:
        bot = {self.world.workspaces[team].bot_user} if bot_in else set()
        everyone = set(members) | bot
        with self.world.change():
            place = Channel(id, name, team, everyone, private, shared, archived)
            self.world.channels[id] = place
            self.world.channel_messages.setdefault(id, [])
        return id

    def invite(self, channel: str) -> None:
        """Let the bot into a channel."""
        self.join(self._own(self.world.channels[channel]).bot_user, channel)

    def remove_bot(self, channel: str) -> None:
        with self.world.change():
            place = self.world.channels[channel]
            place.members.discard(self._own(place).bot_user)
        inner = {"type": "channel_left", "channel": channel, "event_ts": self.world.ts()}
        self._event("channel_left", place.team, inner)

    def archive(self, channel: str) -> None:
        with self.world.change():
            place = self.world.channels[channel]
            place.archived = True
        inner = {"type": "channel_archive", "channel": channel, "event_ts": self.world.ts()}
        self._event("channel_archive", place.team, inner, place)

    def set_status(self, user: str, words: str, sign: str, until: datetime | None) -> None:
        """Somebody's status; the app hears of it (docs.slack.dev/reference/events/user_change)."""
        with self.world.change():
            person = self.world.users[user]
            person.status = (words, sign, int(until.timestamp()) if until else 0)
        shown = {"status_text": words, "status_emoji": sign, "status_expiration": person.status[2]}
        profile = {"display_name": person.handle, **shown}
        told = {"id": user, "name": person.handle, "tz": person.tz, "profile": profile}
        inner = {"type": "user_change", "user": told, "event_ts": self.world.ts()}
        self._event("user_change", self.world.home_team(user).id, inner)

    def deactivate(self, user: str) -> None:
        with self.world.change():
            person = self.world.users[user]
            person.deleted = True
        told = {"id": user, "team_id": person.team, "deleted": True}
        inner = {"type": "user_change", "user": told, "event_ts": self.world.ts()}
        self._event("user_change", self.world.home_team(user).id, inner)

    def revoke(self, team: str = "T1", error: str = "account_inactive") -> None:
        """Take the app out of a workspace: its calls get `error`, and nothing reaches it.

        A bot token then earns account_inactive, one that was revoked by itself token_revoked
        (docs.slack.dev/reference/methods/auth.test, errors).
        """
        own = self.world.workspaces[team]
        with self.world.change():
            own.refusal = error
        # docs.slack.dev/reference/events/app_uninstalled: both come, in any order
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [own.bot_user]}}
        self._event("tokens_revoked", team, revoked, parting=True)
        self._event("app_uninstalled", team, {"type": "app_uninstalled"}, parting=True)

    def revoke_user_token(self, user: str) -> None:
        """Somebody takes back what the app may do as themselves; the bot's token stays.

        docs.slack.dev/reference/events/tokens_revoked: `oauth` names the people.
        """
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [user]}}
        self._event("tokens_revoked", self.world.home_team(user).id, revoked)

    def install_again(self, team: str = "T1") -> None:
        """Put the app back where it was taken out, with the token that it had."""
        with self.world.change():
            self.world.workspaces[team].refusal = None

    def dm(self, user: str) -> str:
        """The id of a person's direct messages with the bot."""
        with self.world.change():
            if self.world.users[user].team not in self.world.workspaces:
                raise CantDo(f"{user} belongs to another organisation")
            return self.world.dm(user).id

    # What people see

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel for everyone, threads included, oldest first."""
        with self.world.lock:
            said = self.world.channel_messages[channel]
            return [snapshot(message) for message in said if not message.deleted]

    def ephemerals(self, user: str, channel: str | None = None) -> list[Message]:
        """What only this person was shown, oldest first."""
        with self.world.lock:
            own = [m for m in self.world.ephemeral if m.to == user and not m.deleted]
            return [snapshot(m) for m in own if channel in (None, m.channel)]

    def modal(self, user: str) -> View | None:
        """The form that lies on top, if one is open."""
        with self.world.lock:
            stack = self.world.stacks.get(user)
            return view_snapshot(self.world.views[stack[-1]]) if stack else None

    def home(self, user: str) -> View | None:
        with self.world.lock:
            view = self.world.views.get(self.world.homes.get(user, ""))
            return view_snapshot(view) if view else None

    def status(self, channel: str, thread_ts: str) -> str:
        """What a thread shows while an answer is on its way; "" for nothing."""
        with self.world.lock:
            return self.world.status(channel, thread_ts)

    def prompts(self, user: str) -> list[str]:
        """What the app suggests to ask, in its messages with this person."""
        with self.world.lock:
            return list(self.world.prompts.get(self.world.dm(user).id, ()))

    def said_to(self, user: str) -> str:
        """All that the bot wrote in its direct messages with this person."""
        told = [m for m in self.messages(self.dm(user)) if m.user != user]
        return "\n".join(message.plain for message in told)

    def seen_by(self, user: str) -> list[Message]:
        """Everything this person can read: their channels, direct messages, ephemeral messages."""
        with self.world.lock:
            said = [m for each in self.world.channel_messages.values() for m in each]
            seen = [m for m in [*said, *self.world.ephemeral] if self.world.sees(user, m)]
            return [snapshot(message) for message in seen]

    def button(self, target: Message | View, label: str) -> tuple[str, str, str | None]:
        """block_id, action_id and value of the button with this label."""
        return gestures.button(target, label)
