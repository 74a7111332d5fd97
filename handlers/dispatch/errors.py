"""One listener turns whatever went wrong into words that a person can read."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from slack_bolt import App, BoltResponse
from slack_sdk.models.blocks import SectionBlock

from bot.errors import CoachError, NotYet, WrongField
from handlers.dispatch.asked import Asked
from handlers.slack import payloads
from handlers.slack.blocks import escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger

log = logging.getLogger(__name__)

T = TypeVar("T")


def listen(app: App, messenger: Messenger) -> None:
    """Hear every exception of every listener."""

    @app.error
    def on_error(error: Exception, body: dict[str, Any], ack: Any) -> BoltResponse | None:
        sentence = explain(error)
        asked = payloads.asked(body)
        if asked is None:  # an event that could not be kept: Slack sends it again
            return BoltResponse(status=500)
        if body.get("type") == "view_submission" and ack.response is None:
            field = error.field if isinstance(error, WrongField) else ""
            return in_the_form(body, payloads.plain(sentence), field)
        if "command" in body and ack.response is None:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": sentence})
        messenger.tell_privately(asked, words(sentence))
        return BoltResponse(status=200)


def run(work: Callable[[], T], asked: Asked) -> T | None:
    """Do what follows an ack; whatever goes wrong is said to the one who asked."""
    try:
        return work()
    except NotYet:
        raise
    except Exception as error:
        asked.messenger.tell_privately(asked, words(explain(error)))
    return None


# Behind the sentence that something was kept, where a message can't be changed to show it.
NOT_SHOWN = "The message itself may look as before: Slack did not take its change."


def show(work: Callable[[], object], kept: str, asked: Asked) -> None:
    """Show what was kept. Where that fails, `kept` is told, escaped: what is kept was not refused,
    and nobody has to try it again. Raises any other `CoachError`."""
    try:
        work()
    except NotSaid as refused:
        log.warning("what was kept was not shown", extra={"code": refused.code})
        asked.messenger.tell_privately(asked, words(kept))
    except (CoachError, NotYet):
        raise
    except Exception as error:
        explain(error)  # for the log
        asked.messenger.tell_privately(asked, words(kept))


def say_kept(kept: str, asked: Asked) -> None:
    """Say what was kept, escaped, and nothing else if that fails."""
    show(lambda: asked.reply(words(kept)), kept, asked)


def explain(error: Exception) -> str:
    """The sentence to show, escaped: a `CoachError` as written, for anything else a reference.

    The log holds the rest under that reference.
    """
    if isinstance(error, NotSaid):
        return str(error)
    if isinstance(error, CoachError):
        return escape(str(error))
    reference = secrets.token_hex(3)
    log.error("unexpected", exc_info=error, extra={"reference": reference})
    return (
        f"Something went wrong on my side. Try again; if it stays, give {reference}"
        " to whoever runs the coach."
    )


def in_the_form(body: dict[str, Any], sentence: str, field: str) -> BoltResponse:
    """Keep the form open, with everything still in it, and the sentence at that field, or at its
    first one."""
    inputs = [b["block_id"] for b in body["view"]["blocks"] if b["type"] == "input"]
    if at := field or next(iter(inputs), ""):
        answer: dict[str, Any] = {"response_action": "errors", "errors": {at: sentence}}
    else:
        view = {k: body["view"][k] for k in ("type", "title", "close") if body["view"].get(k)}
        blocks = [SectionBlock(text=escape(sentence)).to_dict()]
        answer = {"response_action": "update", "view": view | {"blocks": blocks}}
    return BoltResponse(status=200, body=answer)
