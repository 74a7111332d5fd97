"""A reply: one answer that a rep gave, with what was asked and where it was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.people.rep import Rep

Via = Literal["form", "button", "message"]

MESSAGE = "message"  # the question id of a plain message in answer to a nudge
# Of one answer: all that a message in Slack can hold. docs.slack.dev/reference/methods/
# chat.postMessage: longer ones are cut there.
KEPT_CHARS = 40_000


@dataclass(frozen=True)
class Reply:
    """A reply never changes: a changed answer is a new one that `replaces` the old.

    `question` is an id of a debrief form, "goal" or `MESSAGE`; `asked` is how it was put. `said` is
    "" where an answer was taken out again. `call_id` is None once the call is gone. `channel_id`
    and `message_ts` name the message that was typed, None for a form; `event_ts` is Slack's moment
    of this version of it. `removed`: its author deleted it in Slack.
    """

    id: int
    rep: Rep
    call_id: int | None
    nudge_id: int | None
    question: str
    asked: str
    said: str
    via: Via
    said_at: datetime
    channel_id: str | None = None
    message_ts: str | None = None
    replaces: int | None = None
    removed: bool = False
    event_ts: str | None = None


def current(replies: Iterable[Reply]) -> list[Reply]:
    """Those that stand: not replaced, not removed, not taken out; in the order given."""
    every = list(replies)
    replaced = {reply.replaces for reply in every}
    return [r for r in every if r.id not in replaced and not r.removed and r.said]


def answers(replies: Iterable[Reply]) -> dict[str, str]:
    """What stands, by question id; plain messages are no answers to a form's questions."""
    return {r.question: r.said for r in current(replies) if r.question != MESSAGE}
