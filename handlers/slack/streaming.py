"""What a conversation with the coach has besides messages: a status, prompts, an answer in parts.

None of it is needed: where Slack refuses, the answer is one plain message.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bot.people.rep import Rep
from handlers.slack.blocks import Message
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted, Where, marking
from handlers.slack.sources import StreamedPart

log = logging.getLogger(__name__)

# What makes the coach's messages a conversation in threads (`agent_view`). Without it they are an
# ordinary direct message, where a thread would hide the answer.
AGENT = "assistant:write"
LOOKING = "is looking through the library…"


def show_status(messenger: Messenger, rep: Rep, where: Where) -> None:
    """Show that an answer is on its way; the answer takes it away.

    docs.slack.dev/reference/methods/assistant.threads.setStatus
    """
    if where.thread_ts:
        with suppress(NotSaid):
            messenger.client.call(
                rep, "", "assistant.threads.setStatus", channel_id=where.channel_id,
                thread_ts=where.thread_ts, status=LOOKING,
            )  # fmt: skip


def show_prompts(messenger: Messenger, rep: Rep, channel_id: str, prompts: Sequence[str]) -> None:
    """Suggest what to ask, in the messages tab; not in a thread, where an agent's call would fail.

    docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts
    """
    listed = [{"title": prompt, "message": prompt} for prompt in prompts]
    with suppress(NotSaid):
        messenger.client.call(
            rep, "", "assistant.threads.setSuggestedPrompts", channel_id=channel_id, prompts=listed
        )


def say_in_parts(
    messenger: Messenger,
    rep: Rep,
    where: Where,
    message: Message,
    parts: Sequence[StreamedPart],
    mark: str,
) -> Posted | None:
    """Say `message` in a thread one part after another; the last part closes it, and marks it.

    Until then its first block bears the mark as its name, for a stream starts without metadata; so
    what comes before that block comes with it. None if nothing of it was said. Raises `NotSaid`
    when some of it may stand there.
    docs.slack.dev/reference/methods/chat.startStream, /chat.appendStream, /chat.stopStream
    """
    if (marked := _marked_first(parts)) is None:
        return None
    parts = marked
    outside = not where.channel_id.startswith("D")
    reader = {"recipient_user_id": rep.user_id, "recipient_team_id": rep.workspace_id}
    try:
        opened = messenger.client.call(
            rep, "", "chat.startStream", channel=where.channel_id, thread_ts=where.thread_ts,
            chunks=_chunks(parts[0], mark), **(reader if outside else {}),
        )  # fmt: skip
    except NotSaid as refused:
        if refused.means.open:
            raise
        return None
    posted = Posted(where.channel_id, str(opened["ts"]))
    here = {"channel": posted.channel_id, "ts": posted.ts}
    try:
        for part in parts[1:-1]:
            messenger.client.call(rep, "", "chat.appendStream", **here, chunks=_chunks(part))
        last = {"blocks": [block.to_dict() for block in parts[-1].blocks]}
        messenger.client.call(rep, "", "chat.stopStream", **here, **last, metadata=marking([mark]))
    except NotSaid as refused:
        log.warning("an answer in parts was cut off", extra={"code": refused.code})
        mend(messenger, rep, posted, message, mark)
    return posted


def mend(messenger: Messenger, rep: Rep, posted: Posted, message: Message, mark: str) -> None:
    """Put the whole message where a part of it stands. Raises `NotSaid` with an uncertain code.

    Doing it twice does no harm.
    """
    with suppress(NotSaid):
        messenger.client.call(rep, "", "chat.stopStream", channel=posted.channel_id, ts=posted.ts)
    try:
        messenger.update(rep, posted, message, metadata=marking([mark]))
    except NotSaid as refused:
        raise NotSaid(str(refused), "no_answer") from refused


def _marked_first(parts: Sequence[StreamedPart]) -> list[StreamedPart] | None:
    """The parts, of which the first has a block; None where only the last one has."""
    for n, part in enumerate(parts[:-1]):
        if part.blocks:
            words = "\n\n".join(each.words for each in parts[: n + 1] if each.words)
            return [StreamedPart(words, part.blocks), *parts[n + 1 :]]
    return None


def _chunks(part: StreamedPart, name: str = "") -> list[dict[str, Any]]:
    """docs.slack.dev/messaging/sending-and-scheduling-messages, "Text streaming".

    The first of its blocks has that name.
    """
    words = [{"type": "markdown_text", "text": part.words}] if part.words else []
    blocks = [block.to_dict() for block in part.blocks]
    if name and blocks:
        blocks[0]["block_id"] = name
    return [*words, *([{"type": "blocks", "blocks": blocks}] if blocks else [])]
