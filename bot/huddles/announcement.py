"""What those on a call are told, each once: that they come along, where the card is, news of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast

from bot.calls.call import Call, State
from bot.huddles.huddle import Huddle
from bot.huddles.table import Huddles
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import AT_ONCE, UNDECIDED, OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text
from bot.storage.notes import Notes

# The kinds of message.
INVITATION, CARD_HERE, CARD_CLOSED = "invitation", "card_in_channel", "card_closed"
MOVED, CANCELLED = "call_moved", "call_cancelled"
OWNER_WANTED = "owner_wanted"

_TOLD = ("sent", "sending", "unknown")  # what may have reached them counts as told


class News(NamedTuple):
    """What became of a call: who did it, who hears it anyway, and of a move the start and the state
    before it, and the start since."""

    by_id: str
    but: Sequence[str] = ()
    was: Sequence[str] = ()

    def before(self, call: Call) -> Call:
        """The call as it was."""
        starts, state, _ = self.was
        return replace(call, starts=from_text(starts), state=cast(State, state))


class _OfCall(Kind):
    """What is said about a call while that `holds` of its huddle. What can't be said under its card
    is said to each."""

    at_once = True

    def __init__(self, holds: Callable[[Huddle, OutboxMessage], bool]) -> None:
        self._holds = holds

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        huddle = Huddles(db).find(message.rep, message.call_id or 0)
        return None if self._holds(huddle, message) else Skip("it is not true any more")

    def has_other_way(self, message: OutboxMessage) -> bool:
        return bool(message.thread)

    def refused(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        if message.thread:
            huddle = Huddles(db).find(message.rep, message.call_id or 0)
            _to_each(db, huddle, message.kind, message.key, read_news(message), now)


def _stands(huddle: Huddle) -> bool:
    return huddle.call.state != "cancelled"


# `about` holds, of an invitation, who asked and in which channel the card stood then, if in any;
# of a closed card the channel; of news `News`; of a call without an owner, who had it.
KINDS: dict[str, Kind] = {
    INVITATION: _OfCall(
        lambda huddle, m: _stands(huddle) and m.user_id in {p.user_id for p in huddle.people}
    ),
    CARD_HERE: _OfCall(lambda huddle, _: _stands(huddle) and bool(huddle.in_channel)),
    CARD_CLOSED: _OfCall(lambda huddle, m: _stands(huddle) and huddle.channel_id == m.about),
    MOVED: _OfCall(
        lambda huddle, m: _stands(huddle) and to_text(huddle.call.starts) == read_news(m).was[2]
    ),
    CANCELLED: _OfCall(lambda huddle, _: not _stands(huddle)),
    OWNER_WANTED: _OfCall(
        lambda huddle, m: _stands(huddle) and [huddle.call.owner.user_id] == json.loads(m.about)
    ),
}


def invited_by(message: OutboxMessage) -> str:
    """The id of who asked for them."""
    return str(json.loads(message.about)[0])


def read_news(message: OutboxMessage) -> News:
    return News(*json.loads(message.about))


def to_tell(huddle: Huddle, news: News) -> list[str]:
    """Who has to hear the news: all who come along, but for whoever knows it anyway."""
    known = (*news.but, news.by_id)
    return [person.user_id for person in huddle.people if person.user_id not in known]


# Planning -----------------------------------------------------------------------------------


def key_of(call: Call, user_id: str) -> str:
    """One invitation to each, unless they leave and are asked again."""
    return f"{call.owner.workspace_id}:invitation:{call.id}:{user_id}"


def invite(
    db: Database, huddle: Huddle, user_ids: Iterable[str], by_id: str, now: datetime
) -> list[OutboxMessage]:
    """Those of these on the call who were not told yet that they are."""
    if not _stands(huddle):
        return []
    about, asked = json.dumps([by_id, huddle.in_channel]), {*user_ids} - {by_id}
    call, ids = huddle.call, [p.user_id for p in huddle.people if p.user_id in asked]
    plans = [_plan(call, INVITATION, key_of(call, user), user, now, about) for user in ids]
    rows = [Outbox(db).plan(plan, though_refused=True) for plan in plans]
    return [row for row in rows if row.state in UNDECIDED]


def of_card(db: Database, huddle: Huddle, by_id: str, now: datetime) -> None:
    """A card was put where it stands: in private, all on it are invited; in a channel, those hear
    of it who were told of a private one."""
    if not huddle.in_channel:
        invite(db, huddle, [person.user_id for person in huddle.people], by_id, now)
        return
    call = huddle.call
    for told in Outbox(db).of_call(call.owner.workspace_id, call.id, INVITATION):
        if told.state in _TOLD and not json.loads(told.about)[1] and told.user_id:
            key = f"{call.owner.workspace_id}:card_in_channel:{call.id}:{told.user_id}"
            Outbox(db).plan(_plan(call, CARD_HERE, key, told.user_id, now))


def close(db: Database, huddle: Huddle, now: datetime) -> OutboxMessage:
    """Its owner hears once for each channel that the card shows nothing new there."""
    call, channel_id = huddle.call, huddle.channel_id or ""
    key = f"{call.owner.workspace_id}:card_closed:{call.id}:{channel_id}"
    plan = _plan(call, CARD_CLOSED, key, call.owner.user_id, now, channel_id)
    return Outbox(db).plan(plan, though_refused=True)


def ask_for_owner(db: Database, huddle: Huddle, user_id: str, now: datetime) -> OutboxMessage:
    """A colleague hears once that the call's owner left, and can take it over."""
    call, left = huddle.call, huddle.call.owner.user_id
    who = Notes(db).mark(left)[:8]  # nobody is named in a row of somebody else's
    key = f"{call.owner.workspace_id}:owner_wanted:{call.id}:{who}:{user_id}"
    plan = _plan(call, OWNER_WANTED, key, user_id, now, json.dumps([left]))
    return Outbox(db).plan(plan._replace(due_at=now, not_after=call.ends))


def tell(
    db: Database, huddle: Huddle, kind: str, trigger_id: str, news: News, now: datetime
) -> list[OutboxMessage]:
    """What came with that trigger: one message under a card in a channel, else one to each."""
    workspace_id = huddle.call.owner.workspace_id
    key = f"{workspace_id}:news:{trigger_id}"
    if not (huddle.in_channel and to_tell(huddle, news)):
        return _to_each(db, huddle, kind, key, news, now)
    plan = Plan(
        key, kind, Recipient(workspace_id, huddle.in_channel), now + AT_ONCE, None, news.by_id,
        huddle.call.id, json.dumps(news), huddle.ts or "", asked=True,
    )  # fmt: skip
    return [Outbox(db).plan(plan)]


def _to_each(
    db: Database, huddle: Huddle, kind: str, key: str, news: News, now: datetime
) -> list[OutboxMessage]:
    return [
        Outbox(db).plan(_plan(huddle.call, kind, f"{key}:{user}", user, now, json.dumps(news)))
        for user in to_tell(huddle, news)
    ]


def _plan(call: Call, kind: str, key: str, user_id: str, now: datetime, about: str = "") -> Plan:
    recipient = Recipient(call.owner.workspace_id, user_id)
    return Plan(key, kind, recipient, now + AT_ONCE, None, user_id, call.id, about, asked=True)
