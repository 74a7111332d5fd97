"""What somebody drops into the coach's messages: a file, or the address of a feed."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.coach import Coach
from bot.imports.offer import Dropped
from bot.people.rep import Rep
from handlers.library import drawing
from handlers.library._files import NO_SCOPE, READ
from handlers.slack import payloads
from handlers.slack.blocks import words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger

log = logging.getLogger(__name__)

MOST_FILES = 10  # of one message: Slack's own limit
LARGE = 3_000_000  # bytes: reading more takes a while, and nobody should wonder
NOT_YOURS = "Only managers add posts to the library, so I did not look at that file."
TAKES_LONG = "I look at it. A file of that size takes me a minute."
_ARCHIVE = re.compile(r"\.(?:zip|xml|rss|atom|json|md|html?|txt|csv)$", re.I)  # may hold posts
_ADDRESS = re.compile(r"(?:https?|webcal|feed)://\S+", re.I)


def take(
    event: Mapping[str, Any],
    said: payloads.DirectMessage,
    rep: Rep,
    coach: Coach,
    messenger: Messenger,
) -> bool:
    """Whether a new message was about the library alone: a manager's file, or an address.

    To somebody who may not, one sentence is said about the file, and their words go their way.
    """
    thread = {"thread_ts": said.thread_ts} if said.thread_ts else {}
    try:
        files = payloads.files(event)
        if files and (coach.people.is_manager(rep) or any(_ARCHIVE.search(f.name) for f in files)):
            if sentence := _why_not(rep, coach, messenger):
                messenger.to_rep(rep, words(sentence), **thread)
                return sentence == NO_SCOPE or not payloads.plain(said.text)
            if _keep(files, said, rep, coach):
                messenger.to_rep(rep, words(TAKES_LONG), **thread)
            return True
        typed = payloads.plain(said.text)
        if _ADDRESS.fullmatch(typed) and coach.people.is_manager(rep):
            messenger.to_rep(rep, drawing.follow_this(typed), **thread)
            return True
    except NotSaid:  # saying so once more could say it twice
        log.warning("could not answer", extra={"user": rep.user_id})
        return True
    return False


def _why_not(rep: Rep, coach: Coach, messenger: Messenger) -> str:
    """Why the coach does not look at this person's files; "" if it does."""
    if not coach.people.is_manager(rep):
        return NOT_YOURS
    return "" if messenger.client.may(rep, READ) else NO_SCOPE


def _keep(
    files: Sequence[payloads.File], said: payloads.DirectMessage, rep: Rep, coach: Coach
) -> bool:
    """Have files looked at; whether that takes a while."""
    dropped = [Dropped(f.name, f.id, said.ts, said.thread_ts) for f in files[:MOST_FILES]]
    kept = [coach.imports.receive(rep, file) for file in dropped]
    return any(kept) and sum(file.size for file in files) > LARGE
