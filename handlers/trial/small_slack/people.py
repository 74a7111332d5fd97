"""What people do in the small Slack, and what Slack tells the app about it."""

from __future__ import annotations

from typing import Any

from handlers.trial.small_slack import app_answers, gestures, payloads
from handlers.trial.small_slack.api import files
from handlers.trial.small_slack.api.messages import shown
from handlers.trial.small_slack.api.views import close_all, close_top, told
from handlers.trial.small_slack.courier import Courier, Delivery
from handlers.trial.small_slack.screen import STATEFUL
from handlers.trial.small_slack.world import (
    CantDo,
    Channel,
    Json,
    Message,
    User,
    View,
    Workspace,
    World,
)

# The scope behind each subscription: docs.slack.dev/reference/events/<name>
EVENTS = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "user_change": "users:read",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
SUBSCRIBED = frozenset(
    {"message.im", "message.channels", "message.groups"}
    | {"app_home_opened", "app_mention", "member_joined_channel"}
)
UNKNOWN_COMMAND = "{} is not a valid command."


class Members:
    """Everyone who uses the workspace; `subscriptions` are the events the app asked for."""

    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier
        self.subscriptions: set[str] = set(SUBSCRIBED)

    @property
    def address(self) -> str:
        """Where response_urls live; the server knows."""
        raise NotImplementedError

    def command(self, user: str, channel: str, command: str, text: str = "") -> Delivery:
        """Type a slash command and send it; `text` is what stands behind it."""
        with self.world.change():
            person, place = self._at(user, channel)
            own = self.world.home_team(user)
            if own.refusal or person.team != own.id:
                return Delivery(error=UNKNOWN_COMMAND.format(command))
            key = self.world.hook(user, own.id, channel)
            words = gestures.typed(self.world, own.id, text.strip(), labelled=True)
            url = f"{self.address}/commands/{key}"
            payload = payloads.command(self.world, person, place, command, words, url)
        done = self.courier.send("slash_commands", own.id, payload)
        with self.world.change():
            app_answers.to_command(self.world, done, self.world.hooks[key])
        return done

    def click(
        self,
        user: str,
        target: Message | View,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
    ) -> Delivery:
        """Press a button, or change an input that tells the app at once.

        `value` is an option's value or label, a list of them, a date, a time, a person's id, or
        text. One string flips one checkbox; a list sets the whole group.
        """
        with self.world.change():
            payload, team = self._clicked(user, target, action_id, value, block_id)
        done = self.courier.send("interactive", team, payload)
        app_answers.to_click(done)
        return done

    def suggest(
        self, user: str, target: Message | View, action_id: str, block_id: str, typed: str
    ) -> list[Json]:
        """What the app offers in a menu of its own while a person types; [] if it does not."""
        with self.world.change():
            live = self._live(user, target)
            asked = {"action_id": action_id, "block_id": block_id}
            person = self.world.users[user]
            payload = payloads.suggestion(self.world, person, live, asked, typed)
        done = self.courier.send("interactive", self.world.home_team(user).id, payload)
        return list(done.answer.get("options") or ()) if done.ok else []

    def fill(self, user: str, target: Message | View, values: dict[str, Any]) -> None:
        """Enter values by block_id, label or action_id; nothing is sent."""
        with self.world.change():
            live = self._live(user, target)
            for name, value in values.items():
                block_id, element = gestures.field(live.blocks, name)
                key = (block_id, element["action_id"])
                held = live.screen.get(user, key)
                live.screen.put(user, key, gestures.entered(element, value, held))

    def submit(self, user: str, view: View, values: dict[str, Any] | None = None) -> Delivery:
        """Fill in a form and send it; `errors` says what Slack or the app objects to."""
        self.fill(user, view, values or {})
        with self.world.change():
            live = self._top(user, view)
            if "submit" not in live.body:
                raise CantDo("this view has nothing to submit")
            wrong = gestures.unfit(live, user)
            if wrong:
                return Delivery(errors=wrong)
            payload = payloads.submission(self.world, self.world.users[user], live)
        done = self.courier.send("interactive", live.team, payload)
        with self.world.change():
            app_answers.to_form(self.world, done, live)
        return done

    def close(self, user: str, view: View) -> Delivery:
        """Close a form without sending it; the app hears of it only if it asked to."""
        with self.world.change():
            live = self._top(user, view)
            clear = bool(live.body.get("clear_on_close"))
            person = self.world.users[user]
            payload = payloads.closing(self.world, person, live, clear)
            if clear:
                close_all(self.world, user)
            else:
                close_top(self.world, user)
        if not live.body.get("notify_on_close"):
            return Delivery()
        return self.courier.send("interactive", live.team, payload)

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Delivery:
        """Write a message; "@Name" mentions."""
        with self.world.change():
            _, place = self._at(user, channel)
            words = gestures.typed(self.world, place.team, text, labelled=False)
            message = Message(self.world.ts(), channel, user, words, thread_ts=thread_ts)
            self.world.post(message)
            inner = payloads.message_event(self.world, message)
        done = self._message_event(place, inner)
        # docs.slack.dev/reference/events/app_mention: not for direct messages
        if f"<@{self._own(place).bot_user}>" in message.text and not place.im:
            self._event("app_mention", place.team, inner | {"type": "app_mention"}, place)
        return done

    def share(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | None = None,
    ) -> Delivery:
        """Drop a file into a conversation, with words beside it or none."""
        with self.world.change():
            _, place = self._at(user, channel)
            words = gestures.typed(self.world, place.team, text, labelled=False)
            message = Message(self.world.ts(), channel, user, words, thread_ts=thread_ts)
            told = files.shared(self.world, user, place.team, name, content, self.address)
            message.files = [told]
            self.world.post(message)
            inner = payloads.message_event(self.world, message)
        return self._message_event(place, inner)

    def edit(self, user: str, message: Message, text: str) -> Delivery:
        with self.world.change():
            live, before = self._mine(user, message)
            team = self.world.channels[live.channel].team
            live.text = gestures.typed(self.world, team, text, labelled=False)
            live.edited = self.world.ts()
            self.world.draw(live)
            after = shown(self.world, live, metadata=False)
            inner = payloads.changed_event(self.world, "message_changed", before, after, live)
        return self._message_event(self.world.channels[live.channel], inner)

    def delete(self, user: str, message: Message) -> Delivery:
        with self.world.change():
            live, before = self._mine(user, message)
            live.deleted = True
            inner = payloads.changed_event(self.world, "message_deleted", before, None, live)
        return self._message_event(self.world.channels[live.channel], inner)

    def join(self, user: str, channel: str) -> Delivery:
        with self.world.change():
            place = self.world.channels[channel]
            place.members.add(user)
            letter = "G" if place.private else "C"
            inner = {"type": "member_joined_channel", "user": user, "channel": channel}
            inner |= {"channel_type": letter, "team": place.team, "event_ts": self.world.ts()}
        return self._event("member_joined_channel", place.team, inner, place)

    def open_home(self, user: str) -> Delivery:
        return self._app_home(user, "home")

    def open_messages_tab(self, user: str) -> Delivery:
        return self._app_home(user, "messages")

    def replay(self, delivery: Delivery) -> Delivery:
        """Send the very same payload again; the answer is recorded here, and not shown."""
        return self.courier.send(delivery.kind, delivery.team, delivery.payload)

    def _app_home(self, user: str, tab: str) -> Delivery:
        """docs.slack.dev/reference/events/app_home_opened: `view` only if one was published."""
        with self.world.change():
            place = self.world.dm(user)
            inner: Json = {"type": "app_home_opened", "user": user, "channel": place.id}
            inner |= {"tab": tab, "event_ts": self.world.ts()}
            view = self.world.views.get(self.world.homes.get(user, ""))
            if view and tab == "home":
                inner["view"] = told(self.world, view)
        return self._event("app_home_opened", place.team, inner)

    def _clicked(
        self, user: str, target: Message | View, action_id: str, value: Any, block_id: str | None
    ) -> tuple[Json, str]:
        """The payload of a click, and whose app it goes to."""
        live = self._live(user, target)
        block, element = self._pressed(live, target, action_id, value, block_id)
        person, key = self.world.users[user], (block, element["action_id"])
        if element["type"] in STATEFUL and key in live.screen.first:
            held = live.screen.get(user, key)
            entry = gestures.entered(element, value, held, toggle=True)
            live.screen.put(user, key, entry)
        else:
            entry = gestures.pressed(element, value)
        action = payloads.action(self.world, block, element, entry)
        if isinstance(live, View):
            return payloads.view_click(self.world, person, live, action), live.team
        team = self.world.channels[live.channel].team
        hook = self.world.hook(user, team, live.channel, live.ts)
        url = f"{self.address}/commands/{hook}"
        return payloads.message_click(self.world, person, live, action, url), team

    def _pressed(
        self,
        live: Message | View,
        target: Message | View,
        action_id: str,
        value: Any,
        block_id: str | None,
    ) -> tuple[str, Json]:
        """The element as it is now, or as it was on a screen that has not caught up yet."""
        try:
            return gestures.find(live.blocks, action_id, block_id, value)
        except CantDo:
            return gestures.find(target.blocks, action_id, block_id, value)

    def _live(self, user: str, target: Message | View) -> Message | View:
        """What the person has before them now, whatever copy was handed in."""
        if isinstance(target, View):
            return self._open(user, target)
        live = self.world.message(target.channel, target.ts)
        if live is None or not self.world.sees(user, live):
            raise CantDo(f"{user} does not see this message")
        return live

    def _open(self, user: str, view: View) -> View:
        live = self.world.views.get(view.id)
        if live is None or live.user != user:
            raise CantDo(f"{user} does not have this view open")
        return live

    def _top(self, user: str, view: View) -> View:
        live = self._open(user, view)
        if self.world.stacks.get(user, [])[-1:] != [live.id]:
            raise CantDo("another form lies on top of this one")
        return live

    def _mine(self, user: str, message: Message) -> tuple[Message, Json]:
        """A person's own message, and how it stood."""
        live = self.world.message(message.channel, message.ts)
        if live is None or live.user != user:
            raise CantDo(f"{user} can only change their own messages")
        return live, shown(self.world, live, metadata=False)

    def _at(self, user: str, channel: str) -> tuple[User, Channel]:
        person, place = self.world.users[user], self.world.channels[channel]
        if person.deleted or place.archived or user not in place.members:
            raise CantDo(f"{user} cannot write in {channel}")
        return person, place

    def _own(self, channel: Channel) -> Workspace:
        return self.world.workspaces[channel.team]

    def _message_event(self, channel: Channel, inner: Json) -> Delivery:
        family = {"im": "im", "group": "groups", "channel": "channels"}[channel.type]
        return self._event(f"message.{family}", channel.team, inner, channel)

    def _event(
        self,
        name: str,
        team: str,
        inner: Json,
        channel: Channel | None = None,
        parting: bool = False,
    ) -> Delivery:
        """Tell the app, if it subscribed, may know, is still installed (unless this is what parts
        it), and is in the channel."""
        own = self.world.workspaces[team]
        scope = EVENTS[name]
        there = channel is None or own.bot_user in channel.members
        allowed = not scope or scope in own.scopes
        gone = own.refusal and not parting
        if gone or not there or not allowed or name not in self.subscriptions:
            return Delivery()
        with self.world.lock:
            payload = payloads.event(self.world, own, inner)
        return self.courier.send("events_api", team, payload)
