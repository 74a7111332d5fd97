"""A message of the outbox: what is to be said once, to whom, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.people.rep import Rep

State = Literal["pending", "sending", "sent", "unknown", "skipped", "dead"]
UNDECIDED = ("pending", "sending")

# Whoever plans what somebody waits for says it at once; a waking does so after this, if they died.
AT_ONCE = timedelta(seconds=15)


class Recipient(NamedTuple):
    """Whom or where something is said: the id of a rep (U…) or of a conversation (C…, D…)."""

    workspace_id: str
    id: str

    @property
    def is_rep(self) -> bool:
        return self.id[:1] in "UW"


class Lane(NamedTuple):
    """What is said one after another: all to a recipient, or (by its `key`) one message alone."""

    recipient: Recipient
    key: str = ""


class Plan(NamedTuple):
    """A message to be. Moments are aware; `asked` means that the recipient wanted it.

    `about` is its kind's own: an id, or JSON. `not_after` is None where it is never too late.
    """

    key: str
    kind: str
    recipient: Recipient
    due_at: datetime
    not_after: datetime | None = None
    user_id: str | None = None
    call_id: int | None = None
    about: str = ""
    thread: str = ""
    nth: int = 1
    asked: bool = False


@dataclass(frozen=True)
class OutboxMessage:
    """One row of the outbox. Moments are aware, UTC; the rest of `Plan` means the same here.

    `wanted_at` is when it was meant for, `due_at` when it is tried next, `nth` which one about
    its call it is. `mark` stands in the message's metadata. `said` is the conversation and, once
    it is known, the message. `outcome` is what came of it, None if nothing. `looked_up_at` is when
    it was last sought in its conversation and not found.
    """

    id: int
    key: str
    kind: str
    recipient: Recipient
    thread: str
    user_id: str | None
    call_id: int | None
    about: str
    nth: int
    asked: bool
    wanted_at: datetime
    due_at: datetime
    not_after: datetime | None
    state: State
    why: str
    mark: str
    attempt_at: datetime | None
    attempts: int
    dropped: bool
    said: tuple[str, str | None] | None
    outcome: str | None
    looked_up_at: datetime | None

    @property
    def rep(self) -> Rep:
        """Whose it is; nobody's in a channel."""
        return Rep(self.recipient.workspace_id, self.user_id or "")


class Doubt(NamedTuple):
    """The file was taken up at `at` and may be an old copy: what was wanted before `before` may
    have been said by a coach whose file was lost, though not before `since`."""

    since: datetime
    before: datetime
    at: datetime


def doubtful(message: OutboxMessage, doubt: Doubt | None, at_once: bool) -> bool:
    """Whether it has to be looked up before it is said. What somebody waits for was asked of one
    coach: after the file was taken up, of this one."""
    if doubt is None or message.wanted_at >= (doubt.at + AT_ONCE if at_once else doubt.before):
        return False
    return message.looked_up_at is None or message.looked_up_at < doubt.at
