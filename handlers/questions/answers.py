"""Questions in plain words, to the coach alone or with its name in a channel: each answered once.

A question and that it is to be answered are rows before Slack is told OK; the outbox says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from bot.coach import Coach
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from bot.questions.question import ANSWER, Question
from bot.tips.tip import Answer, Tip
from handlers.dispatch.listener import Then
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.slack import payloads
from handlers.slack.blocks import Message, escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Where
from handlers.slack.payloads import Request
from handlers.slack.streaming import AGENT, show_status
from handlers.tips import conversation_drawing

COMMANDS_MEANT = ("huddle", "debrief")
COMMAND_WORDS = 8  # after its name; what is longer is a story that happens to begin so


def ask(rep: Rep, said: payloads.DirectMessage, coach: Coach, messenger: Messenger) -> bool:
    """Keep what a message asks and begin to answer it; False if it asks nothing."""
    asked = payloads.plain(said.text)
    if not coach.questions.asks(rep, asked):
        return False
    if message := coach.questions.ask(rep, said.channel_id, said.ts, said.thread_ts, asked):
        messenger.deliver_beside(message, coach.model.beside)
    return True


def on_mention(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """Somebody named the coach in a channel: the answer comes in a thread under it."""
    said = payloads.mention(event, rep)
    if said is None or ask(rep, said, coach, messenger) or not coach.replies.may_help(rep):
        return
    with suppress(NotSaid):
        help, under = words(help_in_channel(coach)), said.thread_ts or said.ts
        if messenger.why_not(rep, said.channel_id):
            messenger.to_colleague(rep, help)
        else:
            messenger.to_channel(rep, said.channel_id, help, thread_ts=under)


def on_feedback(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    tip_id, _, said = asked.words.partition(" ")
    coach.tips.vote(asked.rep, int(tip_id), said == conversation_drawing.YES)
    ack()
    return None


def help_in_channel(coach: Coach) -> str:
    command = coach.commands
    return (
        "Name me together with what is going on at a customer, and I look for advice."
        f" `{command['coach']} help` lists what else there is."
    )


# One question -------------------------------------------------------------------------------


class Prepared(NamedTuple):
    """What was found on a question, and the tip that is its answer, written or not."""

    found: Answer | None
    tip: Tip | None


def _place(message: OutboxMessage, coach: Coach, messenger: Messenger) -> Where:
    """Where to answer, after a look at who reads there; the rep's own messages where it can't be
    where it was asked. Raises `NotSaid`."""
    question = coach.questions.of(message)
    rep, channel_id = question.rep, question.channel_id
    if question.in_direct_message:
        top = question.ts if messenger.client.may(rep, AGENT) else ""
        return Where(channel_id, question.thread_ts or top)
    if why := messenger.why_not(rep, channel_id):
        messenger.check_colleague(rep)
        return Where(messenger.direct(rep), "", why)
    return Where(channel_id, question.thread_ts or question.ts)


def _prepare(
    message: OutboxMessage, where: Where, in_a_hurry: bool, coach: Coach, messenger: Messenger
) -> Prepared:
    """Look for the answer, and have a model choose and write it if there is one and time for it."""
    question = coach.questions.of(message)
    if not question.words or _command_meant(question, coach):
        return Prepared(None, None)
    if not in_a_hurry and coach.tips.chooses(question.words):
        show_status(messenger, question.rep, where)
    found = coach.questions.answer(question, with_model=not in_a_hurry)
    if (tip := found.tip) and coach.tips.may_be_written(tip) and not in_a_hurry:
        tip = coach.tips.written(question.rep, tip)
    if tip:
        coach.questions.choose(question, tip)
    return Prepared(found, tip)


def _draw(
    messages: Sequence[OutboxMessage], where: Where, prepared: Prepared | None, coach: Coach
) -> Drawn | None:
    """An answer, in parts if a model wrote it; what is not `prepared` was being said in parts."""
    question = coach.questions.of(messages[0])
    found, tip = prepared or Prepared(None, coach.questions.tip(question))
    if tip is None:
        return Drawn(_no_tip(question, found, where.why, coach)) if prepared else None
    direct, in_parts = question.in_direct_message, tip.written and not where.why
    parts = conversation_drawing.parts(tip, direct) if in_parts else ()
    return Drawn(conversation_drawing.answer(tip, direct, where.why), parts)


def _command_meant(question: Question, coach: Coach) -> str:
    """`/huddle acme 15:00`, for a message that says so without the slash; "" for any other."""
    name, rest = payloads.first_word(question.words)
    if name not in COMMANDS_MEANT or len(rest.split()) > COMMAND_WORDS:
        return ""
    return f"{coach.commands[name]} {rest}".strip()


def _no_tip(question: Question, found: Answer | None, why: str, coach: Coach) -> Message:
    if found:
        return conversation_drawing.without_a_tip(found, why)
    typed = escape(_command_meant(question, coach)).replace("`", "'")
    return words(f"That is a command, and I can't take one from a message. Type `{typed}`.")


EVENTS = {"app_mention": on_mention}
ACTIONS = {conversation_drawing.FEEDBACK: on_feedback}
KINDS = {ANSWER: Kind(_draw, _place, _prepare, at_home=True)}
