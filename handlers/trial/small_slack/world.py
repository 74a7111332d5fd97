"""The state of the small Slack: workspaces, people, channels, messages, views."""

from __future__ import annotations

import copy
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock.now import Clock
from handlers.trial.small_slack.plain_text import plain
from handlers.trial.small_slack.screen import Screen

Json = dict[str, Any]

# What the coach asks for when it is installed; the channel histories are optional.
SCOPES = frozenset(
    {"commands", "chat:write", "im:write", "im:history"}
    | {"users:read", "channels:read", "groups:read"}
)
TRIGGER_LIVES = timedelta(seconds=3)  # docs.slack.dev/interactivity/handling-user-interaction
HOOK_LIVES = timedelta(minutes=30)  # docs.slack.dev/interactivity/handling-user-interaction
HOOK_USES = 5  # the same page: up to five times within thirty minutes


class SlackError(Exception):
    """Slack's refusal: an error code, and what else its JSON says."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class CantDo(AssertionError):
    """What no person could do in Slack: press a button that is not on the screen, say."""


@dataclass
class Workspace:
    id: str
    name: str
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    bot_user: str
    scopes: set[str]
    config_token: str = ""  # begins with xoxe.xoxp-
    refusal: str | None = None  # what every call with this token gets, once it is revoked

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def bot_id(self) -> str:
        return "B" + self.id

    @property
    def app_id(self) -> str:
        return "A" + self.id


@dataclass
class User:
    id: str
    name: str
    tz: str
    team: str
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    locale: str = "en-US"
    teams: tuple[str, ...] = ()  # the workspaces of a Grid that they are members of
    tz_offset: int | None = None  # seconds, where it is not that of `tz`
    status: tuple[str, str, int] = ("", "", 0)  # words, sign, until when (Unix time; 0: no end)

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass
class Channel:
    """A channel, or a person's direct messages with the bot (`im` names the person)."""

    id: str
    name: str
    team: str
    members: set[str]
    private: bool = False
    shared: bool = False
    archived: bool = False
    im: str | None = None
    restricted: str = ""  # what the bot may not do here: the error that Slack answers with

    @property
    def type(self) -> str:
        """As `channel_type` in message events: im, group or channel."""
        return "im" if self.im else "group" if self.private else "channel"

    @property
    def payload_name(self) -> str:
        """What commands and clicks call it: only public channels go by their name."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.type, self.name)


@dataclass
class Message:
    """One message; `to` names the only person who sees it if it is ephemeral."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: str | None = None  # the ts of the edit
    deleted: bool = False
    files: list[Json] = field(default_factory=list)
    to: str | None = None
    streaming: bool = False  # more of it is to come
    screen: Screen = field(default_factory=Screen, repr=False, compare=False)
    plain: str = ""  # all that can be read in text and blocks, mentions resolved


@dataclass
class View:
    """A modal or a Home tab as one person sees it; `body` is Slack's JSON of it, without state."""

    id: str
    user: str
    team: str
    body: Json
    root: str
    previous: str | None = None
    screen: Screen = field(default_factory=Screen, repr=False, compare=False)
    plain: str = ""

    @property
    def type(self) -> str:
        return str(self.body["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))


@dataclass
class Trigger:
    """What lets the app open a view; `view` is the modal it came from."""

    user: str
    team: str
    born: datetime
    view: str | None = None
    used: bool = False


@dataclass
class Hook:
    """A response_url, and the message it came from, if any."""

    user: str
    team: str
    channel: str
    born: datetime
    message: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Exchange:
    """One thing said between app and Slack: `in` to Slack, `out` to the app; never a token."""

    direction: str
    name: str
    request: Json
    response: Any
    status: int
    ms: float
    at: datetime


class World:
    """All that Slack remembers, behind one lock, which is never held while the app is called."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.workspaces: dict[str, Workspace] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.channel_messages: dict[str, list[Message]] = {}
        self.ephemeral: list[Message] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}  # person → ids of the modals open, top last
        self.homes: dict[str, str] = {}  # person → id of the Home view
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.files: dict[str, Json] = {}
        # channel, thread → "is thinking…", and until when
        self.statuses: dict[tuple[str, str], tuple[str, datetime]] = {}
        self.prompts: dict[str, list[str]] = {}  # direct messages → what the app suggests to ask
        self.log: list[Exchange] = []
        self.listeners: list[Callable[[], None]] = []
        self._count = itertools.count(1)
        self._depth = 0

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock; tell the listeners once the outermost change is done and the lock free."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                done = self._depth == 0
        if done:
            for listener in list(self.listeners):
                listener()

    # Names and numbers

    def number(self) -> int:
        return next(self._count)

    def count_from(self, number: int) -> None:
        """Go on counting where a kept world stopped."""
        self._count = itertools.count(number)

    def ts(self) -> str:
        """A message's name: the clock's second, and a count that never comes twice."""
        return f"{int(self.clock.now().timestamp())}.{self.number() % 1_000_000:06d}"

    def trigger(self, user: str, team: str, view: str | None = None) -> str:
        id = f"{self.number()}.{self.number()}.{secrets.token_hex(6)}"
        self.triggers[id] = Trigger(user, team, self.clock.now(), view)
        return id

    def hook(self, user: str, team: str, channel: str, message: str | None = None) -> str:
        key = secrets.token_hex(12)
        self.hooks[key] = Hook(user, team, channel, self.clock.now(), message)
        return key

    # Looking things up

    def home_team(self, user: str) -> Workspace:
        """The workspace whose app a person reaches: their own, or for outsiders the first."""
        team = self.users[user].team
        return self.workspaces.get(team) or next(iter(self.workspaces.values()))

    def dm(self, user: str) -> Channel:
        """A person's direct messages with the bot, opened if need be."""
        workspace = self.home_team(user)
        id = "D" + user.lstrip("UW")
        if id not in self.channels:
            members = {user, workspace.bot_user}
            self.channels[id] = Channel(id, "", workspace.id, members, im=user)
            self.channel_messages[id] = []
        return self.channels[id]

    def message(self, channel: str, ts: str) -> Message | None:
        """A message that is still there, ephemeral ones included."""
        said = itertools.chain(self.channel_messages.get(channel, ()), self.ephemeral)
        here = (m for m in said if m.ts == ts and m.channel == channel and not m.deleted)
        return next(here, None)

    def status(self, channel: str, thread: str) -> str:
        """What a thread shows while an answer is on its way; "" for nothing."""
        words, until = self.statuses.get((channel, thread), ("", self.clock.now()))
        return words if self.clock.now() < until else ""

    def name_of(self, id: str) -> str:
        """How a person or a channel is written where it is mentioned."""
        if id in self.users:
            return "@" + self.users[id].name
        return "#" + self.channels[id].name if id in self.channels else id

    def sees(self, user: str, message: Message) -> bool:
        if message.deleted or user not in self.channels[message.channel].members:
            return message.to == user and not message.deleted
        return message.to in (None, user)

    # Changing things

    def post(self, message: Message) -> Message:
        """Put a message where it belongs, its blocks named and drawn."""
        self.draw(message)
        said = self.ephemeral if message.to else self.channel_messages[message.channel]
        said.append(message)
        return message

    def draw(self, thing: Message | View) -> None:
        """Work out what a message or a view reads like, and what its inputs hold at first."""
        thing.screen.show(thing.blocks)
        if isinstance(thing, Message):
            thing.plain = plain(thing.text, thing.blocks, self.name_of)
        else:
            labels = [thing.body.get(part, {}).get("text", "") for part in ("title", "submit")]
            words = plain("", thing.blocks, self.name_of)
            thing.plain = "\n".join(part for part in (labels[0], words, labels[1]) if part)

    def named(self, blocks: list[Json]) -> list[Json]:
        """Blocks as Slack keeps them: each without a `block_id` or `action_id` is given one."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
            for element in elements(block):
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
        return blocks

    def keep(self, exchange: Exchange) -> None:
        with self.change():
            self.log.append(exchange)


def elements(block: Json) -> list[Json]:
    """The interactive elements of a block; images and texts have no `action_id`."""
    held = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    still = {"image", "mrkdwn", "plain_text", "rich_text_section", "rich_text_list"}
    still |= {"rich_text_quote", "rich_text_preformatted", "url", "workflow_button"}
    return [e for e in held if isinstance(e, dict) and e.get("type") not in still]


def snapshot(message: Message) -> Message:
    """A copy that later changes leave alone, but for what its readers have typed.

    Blocks come and go whole: nobody changes anything inside of one that stands in a message.
    """
    return replace(message, blocks=[*message.blocks])


def view_snapshot(view: View) -> View:
    return replace(view, body=copy.deepcopy(view.body))
