"""Feeds and exports of our own, small ones, and what a manager does with them in Slack."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually

MIA = "U3"  # who manages
PARAGRAPH = (
    "Plan the warehouse pilot with whoever runs the dock, and not with the office upstairs. Ask"
    " which trucks wait longest. Write the dock's own numbers down before the pilot begins."
)


def feed(
    titles: Sequence[str], blog: str = "Our Field Notes", host: str = "notes.example"
) -> bytes:
    """An RSS feed with a whole post for each title."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://{host}/{n}</link>"
        f"<guid>https://{host}/{n}</guid><pubDate>Mon, {n + 1:02} Jun 2026 09:00:00 GMT</pubDate>"
        f"<description>{escape(f'<p>{PARAGRAPH} This is about {title}.</p>')}</description></item>"
        for n, title in enumerate(titles)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(blog)}</title>'
        f"<link>https://{host}/</link>{items}</channel></rss>"
    ).encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name.replace("__", "."), content)
    return out.getvalue()


def to(slack: FakeSlack, user: str = MIA) -> list[Message]:
    """What the coach wrote to somebody, oldest first."""
    return [m for m in slack.messages(slack.dm(user)) if m.user != user]


def press(slack: FakeSlack, message: Message, label: str, user: str = MIA) -> None:
    block_id, action_id, value = slack.button(message, label)
    done = slack.click(user, message, action_id, value, block_id)
    assert (done.status, done.error) == (200, None)


def labels(message: Message) -> list[str]:
    """The buttons of a message."""
    found = []
    for block in message.blocks:
        parts = [*block.get("elements", ()), block.get("accessory") or {}]
        found += [part["text"]["text"] for part in parts if part.get("type") == "button"]
    return found


def library(slack: FakeSlack, user: str = MIA) -> Message:
    """The answer to `/coach library`."""
    before = len(slack.ephemerals(user))
    slack.command(user, "C1", "/coach", "library")
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1]
