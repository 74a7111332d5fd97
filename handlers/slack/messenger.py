"""The coach's voice in Slack: every message leaves through here, once, and never to outsiders."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.clock.told_zone import zone_told
from bot.coach import Coach
from bot.errors import CoachError
from bot.outbox.message import OutboxMessage
from bot.people.away import away_until
from bot.people.rep import Profile, Rep
from handlers.slack import payloads
from handlers.slack.blocks import Message
from handlers.slack.client import TIMEOUT_S, NotSaid, SlackClient, explain, refused
from handlers.slack.homes import belongs
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)  # how long it is believed that no outsider reads a channel
OUTSIDERS_STAY = timedelta(hours=12)  # … and that some do, where nothing else brings a look
# How far Slack's clock may be behind what we take it for: what was posted is sought from so long
# before it was.
SKEW = timedelta(minutes=15)
# Nothing is expanded, nobody is paged: docs.slack.dev/reference/methods/chat.postMessage.
_QUIET = {"unfurl_links": False, "unfurl_media": False}

# For a form: its trigger's time is over, or it was used, or nobody knows what Slack did with it.
_TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "no_answer"}

# In a sentence of `why_not`; those who kept nothing there leave it out.
TO_YOURSELF = ", so I kept this to your own messages"
_CHANNELS = "public_channel,private_channel"
MARKED = "coach_said"  # event_type of the metadata of what is said unasked
HISTORY_PAGE = 200  # docs.slack.dev/reference/methods/conversations.history: no more at a time

Later = Callable[[timedelta, Callable[[], None]], None]
Submit = Callable[[Callable[[], None]], bool]  # runs it on other threads; False if they are taken


class Posted(NamedTuple):
    """Where a message stands. `why` says why it is not where it was asked for; "" if it is."""

    channel_id: str
    ts: str
    why: str = ""


class Where(NamedTuple):
    """A conversation; `thread_ts` is "" outside of a thread. `why` says why it is not where it was
    to be; "" if it is."""

    channel_id: str
    thread_ts: str = ""
    why: str = ""

    @property
    def in_thread(self) -> dict[str, str]:
        return {"thread_ts": self.thread_ts} if self.thread_ts else {}


class Outcome(NamedTuple):
    """A message of the outbox after it was tried, and Slack's reason if it was not said, or not
    where it was to be."""

    message: OutboxMessage
    why: str


class Seen(NamedTuple):
    """A message of a conversation's history: its `ts`, the marks that `say_once` gave it, and the
    names of its blocks."""

    ts: str
    marks: frozenset[str]
    blocks: frozenset[str] = frozenset()


class Messenger:
    """Says things. `later` runs a piece of work after a while, for when Slack asks to wait.

    What has to be said once goes by the outbox: `deliver` says a message of it on this thread, and
    `deliver_beside` on those that `submit` has. `handlers/outbox/delivery.py` hands both in.
    """

    deliver: Callable[[OutboxMessage], Outcome]
    deliver_beside: Callable[[OutboxMessage, Submit], None]

    def __init__(self, web: WebClient, coach: Coach, later: Later) -> None:
        self.client = SlackClient(web, coach)
        self._coach = coach
        self._later, self._asks_again = later, False
        self._looked: dict[tuple[str, str], timedelta] = {}  # when, by the monotonic clock
        self._outsiders: dict[tuple[str, str], timedelta] = {}  # … where some were seen to read

    # To one person --------------------------------------------------------------------------

    def reply(self, asked: Request, message: Message, replace: bool = False) -> None:
        """Answer privately where it was asked, or in the rep's DM where that can't be.

        With `replace` the answer takes the place of the private message that was clicked.
        """
        if asked.response_url:
            self._respond(asked, message, {"replace_original": replace})
        elif form_id := payloads.sent_form(asked):
            self.tell_of_form(asked.rep, form_id, message)
        else:
            self.to_rep(asked.rep, message)

    def tell_of_form(self, rep: Rep, form_id: str, message: Message) -> Posted:
        """Say in the rep's DM what came of a form, in one message however often it is sent."""
        inbox = self._coach.inbox
        if told := inbox.told_of(rep, form_id):
            try:
                self.update(rep, Posted(*told), message)
                return Posted(*told)
            except NotSaid as refused:
                if refused.code != "message_not_found":
                    raise
        posted = self.to_rep(rep, message)
        inbox.tell_of(rep, form_id, posted.channel_id, posted.ts)
        return posted

    def tell_privately(self, asked: Request, message: Message) -> None:
        """Like `reply`, for sentences about trouble: never raises."""
        try:
            self.reply(asked, message)
        except CoachError:
            log.warning("could not explain", extra={"user": asked.rep.user_id})

    def to_rep(self, rep: Rep, message: Message, **more: Any) -> Posted:
        """Say it in the rep's DM with the coach. Raises `NotSaid`."""
        return self._post(rep, self.direct(rep), message, rep.user_id, **more)

    def check_colleague(self, rep: Rep) -> None:
        """Raises `NotSaid` for somebody of another workspace, with code `outsider`."""
        user = self.client.call(rep, rep.user_id, "users.info", user=rep.user_id)["user"]
        if not belongs(user, rep.workspace_id):
            raise refused("outsider", rep.user_id)

    def direct(self, rep: Rep) -> str:
        """The channel of the rep's DM with the coach. Raises `NotSaid`."""
        opened = self.client.call(rep, rep.user_id, "conversations.open", users=rep.user_id)
        return str(opened["channel"]["id"])

    # To a channel ---------------------------------------------------------------------------

    def to_channel(self, rep: Rep, channel_id: str, message: Message, **more: Any) -> Posted:
        """Say it in the channel; where it may not or can't be said, in the rep's own DM.

        `Posted.why` then holds a sentence for the rep. Raises `NotSaid` for anything else.
        """
        if channel_id.startswith("D"):
            return self.to_rep(rep, message, **more)._replace(why="")
        if why := self.why_not(rep, channel_id):
            return self.to_rep(rep, message, **more)._replace(why=why)
        try:
            posted = self._post(rep, channel_id, message, channel_id, **more)
        except NotSaid as error:
            if not error.means.of_place:
                raise
            return self.to_rep(rep, message, **more)._replace(why=str(error))
        return posted

    def why_not(self, rep: Rep, channel_id: str) -> str:
        """Why nothing may be said in the channel, as a sentence for the rep; "" if it may."""
        try:
            code = self._closed(rep, channel_id)
            why = explain(code, channel_id) if code else ""
            return f"{why[:-1]}{TO_YOURSELF}." if code == "shared" else why
        except NotSaid as error:
            if error.means.of_place:
                return str(error)
            if error.code == "missing_scope":
                return (
                    f"I have no permission to see who reads this conversation{TO_YOURSELF}."
                    " In a channel that I am in it works."
                )
            return f"I couldn't tell who reads <#{channel_id}>{TO_YOURSELF}. Try again in a minute."

    def _closed(self, rep: Rep, channel_id: str) -> str:
        """The code for why nothing may be said there, "" if it may. Raises `NotSaid`."""
        answer = self.client.call(rep, channel_id, "conversations.info", channel=channel_id)
        info: Mapping[str, Any] = answer["channel"]
        key, now = (rep.workspace_id, channel_id), self._coach.clock.elapsed()
        self._outsiders.pop(key, None)
        if any(info.get(flag, True) for flag in _SHARED):  # where it can't be told, it is shared
            self._outsiders[key] = now
            return "shared"
        code = "is_archived" if info.get("is_archived") else ""
        if info.get("is_member") is False and not info.get("is_mpim"):
            code = code or "not_in_channel"
        if code:
            self.client.note(rep, channel_id, code)
        else:
            self._looked[key] = now
        return code

    def check_open(self, rep: Rep, channel_id: str) -> None:
        """Raises `NotSaid` where nothing may be said, with code `shared` where outsiders read."""
        if not channel_id.startswith("D") and (code := self._closed(rep, channel_id)):
            raise refused(code, channel_id)

    def knows_outsiders_read(self, rep: Rep, channel_id: str) -> bool:
        """Whether outsiders read the channel as far as that is known, without asking Slack."""
        seen = self._outsiders.get((rep.workspace_id, channel_id))
        return seen is not None and self._coach.clock.elapsed() - seen < OUTSIDERS_STAY

    def update(self, rep: Rep, posted: Posted, message: Message, **more: Any) -> None:
        """Change a message in place. Raises `NotSaid`, with code `shared` where outsiders read."""
        self._look_who_reads(rep, posted.channel_id)
        blocks = [block.to_dict() for block in message.blocks]
        self.client.call(
            rep, posted.channel_id, "chat.update", text=message.text, blocks=blocks,
            channel=posted.channel_id, ts=posted.ts, **more,
        )  # fmt: skip

    def _look_who_reads(self, rep: Rep, channel_id: str) -> None:
        """A channel may be shared after a card was put there; looked at once in a while."""
        now, key = self._coach.clock.elapsed(), (rep.workspace_id, channel_id)
        looked = self._looked.get(key)
        if channel_id.startswith("D") or (looked is not None and now - looked < LOOK_EVERY):
            return
        self.check_open(rep, channel_id)

    # Said once --------------------------------------------------------------------------------

    def say_once(self, rep: Rep, where: Where, message: Message, marks: Sequence[str]) -> Posted:
        """Post with opaque marks by which `seen` finds it again. Raises `NotSaid`, once."""
        more = {"metadata": marking(marks)} | where.in_thread
        return self._post(rep, where.channel_id, message, where.channel_id, **more)

    def seen(self, rep: Rep, where: Where, oldest: float) -> list[Seen]:
        """The marked messages of the conversation, or the coach's own in the thread, since `oldest`
        (seconds), the oldest first.

        Raises `NotSaid`, with code `missing_scope` where the history may not be read.
        """
        since = {"channel": where.channel_id, "oldest": f"{oldest:.6f}"}
        if not where.thread_ts:
            told = self._pages(rep, "conversations.history", since)
            found = [Seen(m["ts"], marks) for m in told if (marks := _marks(m))]
        else:
            own = self.client.own_id(rep)
            told = self._pages(rep, "conversations.replies", since | {"ts": where.thread_ts})
            mine = [m for m in told if m.get("user") == own and float(m["ts"]) > oldest]
            found = [Seen(m["ts"], _marks(m), _names(m)) for m in mine]
        return sorted(found, key=lambda message: message.ts)

    def _pages(self, rep: Rep, method: str, asked: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """All pages of a history, as Slack orders them."""
        told: list[Mapping[str, Any]] = []
        turn: dict[str, str] = {}
        while True:
            page = self.client.call(
                rep, "", method, **asked, include_all_metadata=True, limit=HISTORY_PAGE, **turn
            )
            told += page["messages"]
            turn = {"cursor": (page.get("response_metadata") or {}).get("next_cursor") or ""}
            if not turn["cursor"]:
                return told

    def link(self, rep: Rep, posted: Posted) -> str:
        """The address of a message, for whoever can read it; "" where Slack tells none."""
        where = {"channel": posted.channel_id, "message_ts": posted.ts}
        with suppress(NotSaid):
            return str(
                self.client.call(rep, "", "chat.getPermalink", **where).get("permalink") or ""
            )
        return ""

    def take_back(self, rep: Rep, posted: Posted) -> None:
        """Delete a message of the coach's own. Raises `NotSaid`."""
        self.client.call(rep, "", "chat.delete", channel=posted.channel_id, ts=posted.ts)

    # Forms and facts ------------------------------------------------------------------------

    def open_form(self, asked: Request, view: Mapping[str, Any]) -> None:
        """Open a form. Raises `NotSaid`, with code `expired_trigger_id` when it took too long."""
        self._on_trigger(asked, "views.open", view)

    def push_form(self, asked: Request, view: Mapping[str, Any]) -> None:
        """Lay a form over the one in which something was chosen. Raises as `open_form` does."""
        self._on_trigger(asked, "views.push", view)

    def change_form(self, asked: Request, view: Mapping[str, Any]) -> None:
        """Show another form in place of the one in which something was chosen; a form that was
        changed since stays as it is. Raises `NotSaid`."""
        view_id, hash = payloads.form_id(asked.body)
        self.client.call(asked.rep, "", "views.update", view_id=view_id, hash=hash, view=dict(view))

    def _on_trigger(self, asked: Request, method: str, view: Mapping[str, Any]) -> None:
        try:
            self.client.call(asked.rep, "", method, trigger_id=asked.trigger_id, view=dict(view))
        except NotSaid as error:
            if error.code not in _TOO_LATE:
                raise
            raise refused("expired_trigger_id", "") from error

    def profile(self, rep: Rep) -> Profile:
        """The rep's name and zone, from Slack where they are not known yet."""
        return self._coach.people.profile(rep, lambda: self._ask_profile(rep, self.client.web))

    def profile_now(self, rep: Rep, quick: bool = True) -> Profile:
        """The same before a time or a day that was typed is read: see `Profile.doubt`.

        If it is to be `quick`, as an ack or a form's trigger waits, Slack is given a moment to
        tell; what it did not tell in that is asked for again soon, one rep at a time.
        """
        web = self.client.quick if quick else self.client.web
        found = self._coach.people.profile(rep, lambda: self._ask_profile(rep, web), for_sure=True)
        if quick and not found.is_fresh and not self._asks_again:
            self._asks_again = True
            self._later(timedelta(0), lambda: self._ask_again(rep))
        return found

    def _ask_again(self, rep: Rep) -> None:
        try:
            self.profile_now(rep, quick=False)
        finally:
            self._asks_again = False

    def _ask_profile(self, rep: Rep, web: WebClient) -> Profile | None:
        try:
            answer = web.users_info(user=rep.user_id, include_locale=True)
        except (SlackApiError, SlackClientError, OSError):
            log.warning("no profile", extra={"user": rep.user_id})
            return None
        return profile_of(answer["user"])

    def channels(self, rep: Rep) -> frozenset[str]:
        """The channels that the rep is in and the coach can see; a form's trigger waits for it."""
        return self._coach.people.channels(rep, lambda: self._ask_channels(rep))

    def _ask_channels(self, rep: Rep) -> frozenset[str] | None:
        """docs.slack.dev/reference/methods/users.conversations: of private ones only those that
        the coach is in."""
        found: set[str] = set()
        try:
            for page in self.client.quick.users_conversations(
                user=rep.user_id, types=_CHANNELS, exclude_archived=True, limit=999
            ):
                found |= {str(channel["id"]) for channel in page["channels"]}
        except (SlackApiError, SlackClientError, OSError):
            log.warning("no channels", extra={"user": rep.user_id})
            return None
        return frozenset(found)

    # How it goes out ------------------------------------------------------------------------

    def _post(self, rep: Rep, channel_id: str, message: Message, place: str, **more: Any) -> Posted:
        blocks = [block.to_dict() for block in message.blocks]
        answer = self.client.call(
            rep, place, "chat.postMessage", channel=channel_id, text=message.text, blocks=blocks,
            **_QUIET, **more,
        )  # fmt: skip
        self._coach.people.trouble_over(rep.workspace_id, place, "workspace")
        return Posted(answer["channel"], answer["ts"])

    def _respond(self, asked: Request, message: Message, more: Mapping[str, Any]) -> None:
        body = {
            "response_type": "ephemeral",
            "text": message.text,
            "blocks": [block.to_dict() for block in message.blocks],
            **more,
            **_QUIET,
        }
        hook = WebhookClient(asked.response_url, timeout=TIMEOUT_S, retry_handlers=[])
        try:
            answer = hook.send_dict(body)
        except OSError as error:
            raise refused("no_answer", "") from error
        if answer.status_code == 429:
            wait = float(answer.headers.get("Retry-After", 1) or 1)
            self._later(timedelta(seconds=wait), lambda: self._respond(asked, message, more))
        elif answer.status_code != 200:
            # The address is good for 30 minutes and five answers; after that, the DM.
            self.to_rep(asked.rep, message)


def profile_of(user: Mapping[str, Any]) -> Profile:
    """A user as `users.info` and `user_change` describe them."""
    shown = user.get("profile") or {}
    name = shown.get("display_name") or user.get("real_name") or user.get("name") or ""
    locale = user.get("locale")
    zone = zone_told(user.get("tz"), user.get("tz_offset"))
    # docs.slack.dev/reference/objects/user-object: a status that ends at 0 has no end.
    ends = shown.get("status_expiration") or 0
    away = away_until(
        str(shown.get("status_text") or ""),
        str(shown.get("status_emoji") or ""),
        datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None,
    )
    told = locale if isinstance(locale, str) else ""
    return Profile(str(name), zone, told, away_until=away)


def marking(marks: Sequence[str]) -> dict[str, Any]:
    """The metadata by which a message is found again."""
    payload = {"id": marks[0]} | ({"also": ",".join(marks[1:])} if marks[1:] else {})
    return {"event_type": MARKED, "event_payload": payload}


def _marks(message: Mapping[str, Any]) -> frozenset[str]:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != MARKED:
        return frozenset()
    payload = metadata.get("event_payload") or {}
    every = [payload.get("id"), *str(payload.get("also") or "").split(",")]
    return frozenset(str(mark) for mark in every if mark)


def _names(message: Mapping[str, Any]) -> frozenset[str]:
    """Of its blocks: docs.slack.dev/reference/block-kit/blocks, `block_id`."""
    return frozenset(str(block.get("block_id")) for block in message.get("blocks") or ())


# docs.slack.dev/reference/objects/conversation-object: shared with others, or about to be.
_SHARED = ("is_ext_shared", "is_pending_ext_shared")
