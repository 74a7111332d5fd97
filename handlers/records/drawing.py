"""Drawing of a rep's own record: the log, and the question before it is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from bot.clock.local_time import local_day, say_day, say_time
from bot.debriefs.debrief import THEIR_BY_WHEN
from bot.debriefs.form import COMMITTED, YES_PARTLY_NO
from bot.debriefs.reply import Reply
from bot.records.service import CallRecord
from handlers.debriefs.drawing import DEBRIEF_OPEN
from handlers.slack.blocks import Message, button, clip, context, escape, section, words

FORGET_SURE = "records.forget"
FORGET_NOT = "records.keep"

CALLS = 20  # of 50 blocks, one for each call
CHARS = 9_000  # of about 12,000 over all blocks: github.com/slackapi/bolt-js/issues/2509
ANSWER = 300  # characters of one answer
ENTRY = 1_500  # … and of all that was said about one call
ACCOUNT, NAMED = 60, 12  # characters of an account, and accounts, in one sentence
DAYS = ("by_when", THEIR_BY_WHEN.id)  # questions that a date answers: every form has the same

FORGET = (
    "*Forget you?* This removes your debriefs and every reply, the tips and questions between us,"
    " your settings and waiting reminders, what Slack sent me of yours, and your calls that were"
    " in no channel.\n"
    "What stays: that you asked for this, and when; huddle cards of past calls, without your name"
    " in my records; calls still ahead that have a card; and what stands in Slack itself, such as"
    " what you shared or ticked in a channel and our messages here. Delete those in Slack. Copies"
    " of the database that somebody made are not reached."
)
ON_HOLD = (
    "What you said about {} is on hold: your company may not delete it now. It goes by itself when"
    " the hold ends; all else goes at once."
)
FORGOTTEN = (
    "Done: what I kept about you is gone. What stands in Slack stays there until you delete it."
    " The next time you ask me for something, we start afresh."
)
FORGETTING = (
    "It is under way: the file is busy, so what I kept about you goes as soon as it is free."
    " There is nothing for you to do."
)


def log(entries: Sequence[CallRecord], zone: str, now: datetime, export: str) -> Message:
    """What the rep said, call by call; `export` is the command that brings all of it."""
    if not entries:
        return words("I keep no replies of yours.")
    drawn = list(_fitting(entries, zone, now))
    left = len(entries) - len(drawn)
    more = [context(f"{left} more: `{escape(export)}` brings all.")] if left else []
    title = "What you told me. Only you see this."
    return Message(title, [context(title), *drawn, *more])


def _fitting(entries: Sequence[CallRecord], zone: str, now: datetime) -> Iterator[Block]:
    room = CHARS
    for entry in entries[:CALLS]:
        text = _entry(entry, zone, now)
        room -= len(text)
        if room < 0:
            return
        yield SectionBlock(
            text=section(text).text,
            accessory=button("Change", DEBRIEF_OPEN, str(entry.call.id)),
        )


def _entry(entry: CallRecord, zone: str, now: datetime) -> str:
    head = f"*{escape(entry.call.account)}* · {say_time(entry.call.starts, zone, now)}"
    text, today = head, local_day(now, zone)
    for reply in entry.replies:
        line = f"\n{escape(reply.asked)} {_said(reply, today)}"
        if len(text) + len(line) > ENTRY:
            return text + "\n…"
        text += line
    return text


def _said(reply: Reply, today: date) -> str:
    if reply.question in DAYS:
        return f"*{say_day(date.fromisoformat(reply.said), today)}*"
    if reply.said in (*COMMITTED, *YES_PARTLY_NO):
        return f"*{reply.said}*"
    return f"_{escape(clip(' '.join(reply.said.split()), ANSWER))}_"


def forget_me(held: Sequence[str] = ()) -> Message:
    """Asked before anything is removed. `held`: accounts of which nothing may go now."""
    buttons = [
        button("Forget me", FORGET_SURE, style="danger"),
        button("Keep it", FORGET_NOT),
    ]
    text = FORGET
    if held:
        named = ", ".join(f"*{escape(clip(each, ACCOUNT))}*" for each in held[:NAMED])
        text += f"\n{ON_HOLD.format(named)}"
    return Message(text, [section(text), ActionsBlock(elements=buttons)])
