"""An offer: posts that came from Slack or a feed, and wait for a manager to say yes or no."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from bot.errors import CoachError
from bot.people.rep import Rep

# received → found | refused; found → asked → accepted → imported → done, or left, or gone.
State = Literal[
    "received", "found", "refused", "asked", "accepted", "imported", "done", "left", "gone"
]
KEPT = timedelta(days=1)  # what nobody decided about
MOST_BYTES = 25_000_000  # of a file, as it is dropped
MOST_UNPACKED = 200_000_000  # of all that a zip file holds
MOST_WAITING = 60_000_000  # bytes that one workspace may leave undecided, packed


class Dropped(NamedTuple):
    """A file as somebody dropped it: Slack's id of it, and the message that holds it."""

    name: str
    file_id: str
    message_ts: str
    thread_ts: str = ""


class NotOffered(CoachError):
    """A button of an offer that is decided, or gone."""


@dataclass(frozen=True)
class Found:
    """What is in a file or a feed. `keys` name the posts that are new, `titles` the first of them.

    `left_out` counts what is no published post: "2 drafts"; `refused` says which files of a zip
    were not taken, and why. `stay_out` names what came in before and would be left out today.
    """

    posts: int = 0
    new: int = 0
    changed: int = 0
    teasers: int = 0
    doubts: int = 0
    blogs: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    stay_out: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        return self.new + self.changed

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Found:
        read: dict[str, Any] = json.loads(text)
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in read.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Offer:
    """`rep` is whoever dropped it or follows the feed; `name` that of the file, or the host.

    `sentence` says why it was refused. `thread_ts` is of the thread where it was dropped, or "".
    `channel_id` and `ts` are of the message that asks.
    """

    id: int
    rep: Rep
    name: str
    file_id: str
    feed_id: int | None
    state: State
    found: Found
    sentence: str
    thread_ts: str
    channel_id: str
    ts: str
    made_at: datetime

    @property
    def is_file(self) -> bool:
        return bool(self.file_id)
