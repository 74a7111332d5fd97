"""A question that somebody wrote to the coach in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.people.rep import Rep
from bot.tips.table import EARLIER_CHARS

KEPT_CHARS = 40_000  # of a question: docs.slack.dev/reference/methods/chat.postMessage, the most
LOOKED_UP_CHARS = 4_000  # … and what of it is looked up
ANSWER = "answer"  # the kind of message
EARLIER = 2  # questions of a conversation that a follow-up may lean on
IN_TIME = timedelta(hours=1)  # an answer that comes later than this is not wanted any more


@dataclass(frozen=True)
class Question:
    """One message that asked something. `thread_ts` is "" outside of a thread.

    `tip_id` is the tip that is to be its answer, once that was chosen.
    """

    id: int
    rep: Rep
    channel_id: str
    ts: str
    thread_ts: str
    words: str
    asked_at: datetime
    tip_id: int | None = None

    @property
    def in_direct_message(self) -> bool:
        return self.channel_id.startswith("D")


def key_of(workspace_id: str, channel_id: str, ts: str) -> str:
    """One answer for each message."""
    return f"{workspace_id}:{ANSWER}:{channel_id}:{ts}"


def with_earlier(words: str, earlier: Sequence[str]) -> str:
    """What is looked up for a follow-up: the questions before it, clipped, and then its own."""
    return "\n".join([*(each[:EARLIER_CHARS] for each in earlier[-EARLIER:]), words])
