"""Slack's payloads end here: no other file takes one apart."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.inbox.event import BEGUN, Event
from bot.people.rep import Rep

ON_A_GRID = "on_a_grid"  # our key among Slack's in an event
_MARKUP = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")


@dataclass(frozen=True)
class Request:
    """What somebody typed or pressed, without Slack's clothes.

    `words`: what follows the command, or the value of the button. `channel_id` and `response_url`
    are "" where there is none, as in a form. `name`: the command, action or form. `again`: another
    process took it, which then ended, and nobody knows how far it had come.
    """

    rep: Rep
    name: str
    words: str
    channel_id: str
    response_url: str
    trigger_id: str
    body: Mapping[str, Any]
    home_id: str = ""
    again: bool = False

    @property
    def is_outsider(self) -> bool:
        """Somebody of another organisation, in a channel that is shared with it."""
        return bool(self.home_id) and self.home_id != self.rep.workspace_id

    @property
    def is_command(self) -> bool:
        return self.name.startswith("/")

    @property
    def in_direct_message(self) -> bool:
        return self.channel_id.startswith("D")


def asked(body: Mapping[str, Any]) -> Request | None:
    """What a slash command, a click or a form says; None for anything else, such as an event."""
    if "command" in body:
        return _command(body)
    if body.get("type") == "block_actions":
        return _click(body)
    if body.get("type") == "block_suggestion":
        return _search(body)
    if body.get("type") in ("view_submission", "view_closed"):
        return _form(body)
    return None


def _command(body: Mapping[str, Any]) -> Request:
    return Request(
        Rep(body["team_id"], body["user_id"]),
        body["command"],
        body.get("text", "").strip(),
        body.get("channel_id", ""),
        body.get("response_url", ""),
        body.get("trigger_id", ""),
        body,
    )


def _click(body: Mapping[str, Any]) -> Request:
    action = body["actions"][0]
    return Request(
        _rep(body),
        action["action_id"],
        action.get("value") or _chosen(action),
        (body.get("channel") or {}).get("id", ""),
        body.get("response_url", ""),
        body.get("trigger_id", ""),
        body,
        body["user"].get("team_id", ""),
    )


def _search(body: Mapping[str, Any]) -> Request:
    """Somebody types in a menu that suggests; it has no trigger, as it may be asked again."""
    return Request(_rep(body), body["action_id"], body.get("value", ""), "", "", "", body)


def _form(body: Mapping[str, Any]) -> Request:
    view = body["view"]
    return Request(
        _rep(body),
        view["callback_id"],
        view.get("private_metadata", ""),
        "",
        "",
        body.get("trigger_id", ""),
        body,
        body["user"].get("team_id", ""),
    )


def _rep(body: Mapping[str, Any]) -> Rep:
    """A form names the workspace whose app opened it; its `team` is where it was sent from."""
    installed = (body.get("view") or {}).get("app_installed_team_id")
    team = installed or (body.get("team") or {}).get("id") or body["user"].get("team_id", "")
    return Rep(team, body["user"]["id"])


def _chosen(action: Mapping[str, Any]) -> str:
    """The value of a menu, a radio button or the last of the ticked checkboxes."""
    options = action.get("selected_options") or [action.get("selected_option")]
    return str(options[-1]["value"]) if options and options[-1] else ""


# Forms --------------------------------------------------------------------------------------

# An input's value in `state.values`, whichever sort of input it is (docs.slack.dev/reference/
# interaction-payloads/view-interactions-payload).
_VALUES = (
    "value", "selected_date", "selected_time", "selected_user", "selected_conversation",
    "selected_channel", "selected_date_time",
)  # fmt: skip


def filled(body: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a form's fields, by block_id; "" for one that is empty.

    A moment is Unix seconds; of people or options the ids stand side by side, with spaces.
    """
    state = body["view"]["state"]["values"]
    return {block: _filled(each) for block, fields in state.items() for each in fields.values()}


def _filled(field: Mapping[str, Any]) -> str:
    if option := field.get("selected_option"):
        return str(option["value"])
    if options := field.get("selected_options"):
        return " ".join(str(option["value"]) for option in options)
    if several := field.get("selected_users"):
        return " ".join(several)
    return next((str(field[key]) for key in _VALUES if field.get(key)), "")


def opened_with(body: Mapping[str, Any]) -> dict[str, str]:
    """What a form's fields held when it was opened, in the way of `filled`."""
    held = {}
    for block in body["view"]["blocks"]:
        field = block.get("element") or block.get("accessory") or {}
        initial = {k.removeprefix("initial_"): field[k] for k in field if k.startswith("initial_")}
        renamed = {key if key == "value" else f"selected_{key}": initial[key] for key in initial}
        held[block["block_id"]] = _filled(renamed)
    return held


def changed(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form that somebody changed, by block_id, with what they hold now."""
    before = opened_with(body)
    return {block: now for block, now in filled(body).items() if now != before.get(block, "")}


def note(body: Mapping[str, Any]) -> dict[str, Any]:
    """What we wrote into a form when it was opened, for when it comes back; {} for none."""
    return dict(json.loads(body["view"].get("private_metadata") or "{}"))


def sent_form(asked: Request) -> str:
    """The id of the form that was sent, the same when it is sent again; "" for anything else."""
    is_sent = asked.body.get("type") == "view_submission"
    return str(asked.body["view"].get("id", "")) if is_sent else ""


def form_id(body: Mapping[str, Any]) -> tuple[str, str]:
    """The id and the hash of the form in which something was chosen."""
    return body["view"]["id"], body["view"]["hash"]


# Messages -----------------------------------------------------------------------------------


def clicked_message(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Channel and ts of the message whose button was pressed; None for a private answer."""
    place = body.get("container") or {}
    if place.get("type") != "message" or place.get("is_ephemeral"):
        return None
    return place["channel_id"], place["message_ts"]


@dataclass(frozen=True)
class DirectMessage:
    """A direct message that somebody wrote, changed or deleted. `text` is as Slack sends it.

    `ts` is the message's own, `event_ts` the moment of what was done to it. `beside` tells what
    else it held than words: "voice clip", "file", "forwarded message" or "". A clip that Slack has
    written down is words; `cut` says that it, or a text, came without its end.
    """

    what: Literal["new", "changed", "deleted"]
    channel_id: str
    ts: str
    thread_ts: str
    text: str
    event_ts: str
    beside: str = ""
    cut: bool = False


# Of the subtypes, those that a person writes: docs.slack.dev/reference/events/message. Others, such
# as `pinned_item`, name a person too, and nobody said anything; of a newer one `client_msg_id`
# tells that somebody typed it.
_WRITTEN = ("", "file_share", "thread_broadcast", "me_message")
MOST_CHARS = 40_000  # docs.slack.dev/changelog/2018-truncating-really-long-messages


def said(event: Mapping[str, Any]) -> DirectMessage | None:
    """A person's own direct message; None for the coach's, and for what nobody wrote."""
    if event.get("channel_type") != "im":
        return None
    kind = event.get("subtype") or ""
    inner: Mapping[str, Any] = event
    if kind == "message_deleted":
        inner = event.get("previous_message") or {"ts": event.get("deleted_ts")}
    elif kind == "message_changed":
        inner = event.get("message") or {}
    elif kind not in _WRITTEN and not event.get("client_msg_id"):
        return None
    if inner.get("bot_id") or not inner.get("ts"):
        return None
    gone = kind == "message_deleted" or inner.get("subtype") == "tombstone"
    what: Literal["new", "changed", "deleted"] = (
        "deleted" if gone else "changed" if kind == "message_changed" else "new"
    )
    thread = str(inner.get("thread_ts") or "")
    at = str(event.get("ts") or inner["ts"])
    text, beside, cut = _held(inner)
    return DirectMessage(what, event["channel"], inner["ts"], thread, text, at, beside, cut)


def _held(message: Mapping[str, Any]) -> tuple[str, str, bool]:
    """A message's words, what it held beside them, and whether Slack left out their end."""
    text, files = str(message.get("text") or ""), message.get("files") or ()
    clips = [f for f in files if _is_clip(f)]
    told = [_transcript(clip) for clip in clips]
    words = "\n".join(filter(None, [text, *(said for said, _ in told)]))
    cut = len(text) >= MOST_CHARS or any(more for _, more in told)
    if clips and not all(said for said, _ in told):
        return words, "voice clip", cut
    if len(files) > len(clips):
        return words, "file", cut
    return words, "forwarded message" if _is_forwarded(message) else "", cut


def _is_clip(file: Mapping[str, Any]) -> bool:
    """docs.slack.dev/reference/objects/file-object: a clip, or a recording sent as a file."""
    kind = f"{file.get('subtype') or ''} {file.get('mimetype') or ''}"
    return kind.startswith(("slack_audio", "slack_video")) or " audio/" in kind


def _transcript(file: Mapping[str, Any]) -> tuple[str, bool]:
    """What Slack understood of a clip, "" where it did not, or not yet; and whether there is more,
    which only a file of its own holds."""
    transcription = file.get("transcription") or {}
    preview = transcription.get("preview") or {}
    if transcription.get("status") != "complete":
        return "", False
    return str(preview.get("content") or "").strip(), bool(preview.get("has_more"))


def _is_forwarded(message: Mapping[str, Any]) -> bool:
    shared = ("is_share", "is_msg_unfurl", "message_blocks")
    return any(part.get(key) for part in message.get("attachments") or () for key in shared)


class File(NamedTuple):
    """A file of a message. `size` is in bytes, 0 where Slack does not tell."""

    id: str
    name: str
    size: int


def files(event: Mapping[str, Any]) -> list[File]:
    """The files of a message that somebody wrote, but for clips, which are words:
    docs.slack.dev/reference/objects/file-object.

    Of some Slack tells the id alone.
    """
    told = event.get("files") if event.get("subtype") == "file_share" else None
    return [
        File(str(each["id"]), str(each.get("name") or "the file"), int(each.get("size") or 0))
        for each in told or ()
        if each.get("id") and not _is_clip(each)
    ]


def mention(event: Mapping[str, Any], rep: Rep) -> DirectMessage | None:
    """A message of the rep's in a channel that names the coach, without the names of people in it;
    None for a bot's."""
    if event.get("bot_id") or not (event.get("ts") and rep.user_id):
        return None
    held, beside, cut = _held(event)
    text = re.sub(r"<@[^>]*>", " ", held)
    thread = str(event.get("thread_ts") or "")
    ts = event["ts"]
    return DirectMessage("new", event["channel"], ts, thread, text, ts, beside, cut)


def opened_messages(event: Mapping[str, Any]) -> str:
    """The conversation, when somebody opened the coach's messages; "" for another tab."""
    return str(event.get("channel") or "") if event.get("tab") == "messages" else ""


def ticked(body: Mapping[str, Any]) -> tuple[int, int, bool]:
    """Call, item and whether it is on now, of a checkbox that stands alone in its block.

    An empty box sends no value, so the block's name tells too: `word:call:item:…`.
    """
    action = body["actions"][0]
    _, call_id, item_id, *_ = action["block_id"].split(":")
    return int(call_id), int(item_id), bool(action.get("selected_options"))


# Events -------------------------------------------------------------------------------------


def event(body: Mapping[str, Any], now: datetime) -> tuple[Event, str | None] | None:
    """An event as the inbox keeps it, and whose it is; None if this is no event, or a bot's words.

    Slack tells of the coach's own messages too. They repeat what reps said to it, so none is kept.
    """
    if body.get("type") != "event_callback":
        return None
    inner, rep = event_of(body)
    if any(part.get("bot_id") for part in _told(inner)):
        return None
    return Event(rep.workspace_id, body["event_id"], dict(body), now), rep.user_id or None


def command(asked: Request, name: str, now: datetime) -> Event:
    """A command as the inbox keeps it, under the name that a feature listens to, so that
    `/huddle acme` and `/coach huddle acme` are the same. `asked` gives it back."""
    body = dict(asked.body) | {"command": name, "text": asked.words}
    return kept(replace(asked, body=body), now)


def sent(asked: Request, now: datetime) -> Event:
    """A form or a click as the inbox keeps it: without what was filled in, or the message. What it
    began tells how it goes on."""
    body = {key: held for key, held in asked.body.items() if key not in ("view", "message")}
    if "view" in asked.body:
        body["view"] = {"callback_id": asked.name, "id": asked.body["view"]["id"]}
    return kept(replace(asked, body=body), now)


def kept(asked: Request, at: datetime) -> Event:
    """What was taken from the inbox, and came at that moment, as it is there."""
    return Event(asked.rep.workspace_id, asked.trigger_id, dict(asked.body), at)


def begun(asked: Request) -> dict[str, Any]:
    """What was begun of it before, and goes on from there; {} if nothing was."""
    return dict(asked.body.get(BEGUN) or {})


def on_a_grid(body: Mapping[str, Any]) -> bool:
    """Whether Slack names an organisation of several workspaces: docs.slack.dev/enterprise/.

    Commands and events have its id, interactions an object; an event is asked as it was kept.
    """
    return bool(body.get("enterprise") or body.get("enterprise_id") or body.get(ON_A_GRID))


def homes(event: Mapping[str, Any]) -> set[str]:
    """The workspaces that Slack names as those of an event's sender; none where it names none."""
    inner = event.get("message") or event.get("previous_message") or event
    told = {inner.get(key) or event.get(key) for key in ("user_team", "source_team", "team")}
    return {str(each) for each in told if each}


def is_notice(event: Mapping[str, Any]) -> bool:
    """Whether a message is in a channel and names nobody, or tells what nobody wrote."""
    return event["type"] == "message" and said(event) is None


def was_deleted(event: Mapping[str, Any]) -> bool:
    return event.get("subtype") == "message_deleted"


def is_deactivated(event: Mapping[str, Any]) -> bool:
    """Whether a `user_change` tells that the account is off: docs.slack.dev/reference/objects/
    user-object, `deleted`. One of a restricted account is not."""
    return bool(event["user"].get("deleted"))


def lost_its_token(event: Mapping[str, Any]) -> bool:
    """Whether the tokens that were taken back are the bot's, and not only those of people:
    docs.slack.dev/reference/events/tokens_revoked."""
    return bool((event.get("tokens") or {}).get("bot"))


def _installed(body: Mapping[str, Any]) -> str:
    """The workspace whose app was told: on a Grid, and in a shared channel, `team_id` may be that
    of another (docs.slack.dev/apis/events-api: `authorizations`)."""
    grants = [g for g in body.get("authorizations") or () if not g.get("is_enterprise_install")]
    told = next((g["team_id"] for g in grants if g.get("team_id")), "")
    return str(told or body.get("team_id") or "")


def event_of(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], Rep]:
    """The inner event of a payload, and whose it is ("" for an event of nobody's).

    A changed or deleted message is its writer's: so that what they wrote can be forgotten.
    """
    inner: Mapping[str, Any] = body["event"]
    grants = body.get("authorizations") or ()
    if body.get("enterprise_id") or any(grant.get("enterprise_id") for grant in grants):
        inner = {**inner, ON_A_GRID: True}
    user = next((part["user"] for part in _told(inner) if "user" in part), None)
    user_id = user.get("id") if isinstance(user, dict) else user
    return inner, Rep(_installed(body), user_id or "")


def _told(inner: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """An event, and the message it is about as that is now and as it was before."""
    told = (inner, inner.get("message"), inner.get("previous_message"))
    return [part for part in told if isinstance(part, dict)]


def plain(text: str) -> str:
    """What somebody typed, as words: mentions and links by their names, entities undone."""

    def name(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        shown: str = label or target
        return f"{sign}{shown}" if sign in "@#" else shown

    return html.unescape(_MARKUP.sub(name, text)).strip()


def first_word(text: str) -> tuple[str, str]:
    """The first word in lower case, and the rest as typed."""
    head, _, rest = text.strip().partition(" ")
    return head.casefold(), rest.strip()
