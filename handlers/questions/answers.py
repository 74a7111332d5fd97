"""Questions in plain words, to the coach alone or with its name in a channel: each answered once.

A question and that it is to be answered are rows before Slack is told OK; the outbox says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block

from bot.coach import Coach
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from bot.questions.command_meant import command_meant as of_plain_words
from bot.questions.question import ANSWER, Question
from bot.questions.small_talk import talk_of
from bot.tips.tip import Answer, Tip
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.questions import small_replies
from handlers.slack import payloads
from handlers.slack.blocks import Message, escape, words
from handlers.slack.messenger import Messenger, Where
from handlers.slack.streaming import AGENT, show_status
from handlers.tips import conversation_drawing


def asked_words(said: payloads.DirectMessage) -> str:
    """What a message asks: its words, or what stands for one that holds none, or not all."""
    if said.cut:
        return (
            "(long voice clip)" if len(said.text) < payloads.MOST_CHARS else "(very long message)"
        )
    return payloads.plain(said.text) or f"({said.beside or 'nothing'})"


def ask(
    rep: Rep,
    said: payloads.DirectMessage,
    coach: Coach,
    messenger: Messenger,
    keep_under: int | None = None,
) -> None:
    """Keep what a message asks and begin to answer it. The answer offers to keep the words under
    that call."""
    asked = asked_words(said)
    message = coach.questions.ask(rep, said.channel_id, said.ts, said.thread_ts, asked, keep_under)
    if message and (talk_of(asked) or command_meant(rep, asked, coach)):
        messenger.deliver(message)  # no model writes it: its threads are for those that one does
    elif message:
        messenger.deliver_beside(message, coach.model.beside)


def on_mention(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """Somebody named the coach in a channel: the answer comes in a thread under it."""
    if said := payloads.mention(event, rep):
        ask(rep, said, coach, messenger)


def on_feedback(asked: Asked) -> Then:
    tip_id, _, said = asked.words.partition(" ")
    asked.coach.tips.vote(asked.rep, int(tip_id), said == conversation_drawing.YES)
    asked.ack()
    return None


# One question -------------------------------------------------------------------------------


class Prepared(NamedTuple):
    """What was found on a question, and the tip that is its answer, written or not; or the reply
    to what is no situation."""

    found: Answer | None
    tip: Tip | None
    reply: str = ""


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
    if not question.words or command_meant(question.rep, question.words, coach):
        return Prepared(None, None)
    if reply := small_replies.reply(question, coach):
        return Prepared(None, None, reply)
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
    found, tip, reply = prepared or Prepared(None, coach.questions.tip(question))
    keep = _keep(messages[0], question, coach)
    if reply:
        return Drawn(_with(words(reply), keep))
    if tip is None:
        drawn = _no_tip(question, found, where.why, coach)
        return Drawn(_with(drawn, keep)) if prepared else None
    direct, in_parts = question.in_direct_message, tip.written and not where.why
    parts = list(conversation_drawing.parts(tip, direct)) if in_parts else []
    if parts and keep:
        parts[-1] = parts[-1]._replace(blocks=[*parts[-1].blocks, *keep])
    return Drawn(_with(conversation_drawing.answer(tip, direct, where.why), keep), parts)


def _keep(message: OutboxMessage, question: Question, coach: Coach) -> list[Block]:
    """The offer to keep the words as an answer, where they could have been one."""
    call = coach.replies.call(question.rep, message.call_id) if message.call_id else None
    return conversation_drawing.keep(question.id, call.id, call.account) if call else []


def _with(message: Message, more: Sequence[Block]) -> Message:
    return Message(message.text, [*message.blocks, *more])


def command_meant(rep: Rep, said: str, coach: Coach) -> str:
    """The command that a message asks for, as it is to be typed; "" for any other message."""
    if meant := of_plain_words(said):
        return f"{coach.commands[meant.name]} {meant.words}".strip()
    line = coach.asking.line_in_words(rep, said)
    return f"{coach.commands['huddle']} {line}" if line else ""


def _no_tip(question: Question, found: Answer | None, why: str, coach: Coach) -> Message:
    if found:
        return conversation_drawing.without_a_tip(found, why)
    typed = escape(command_meant(question.rep, question.words, coach)).replace("`", "'")
    return words(f"That is a command, and I can't take one from a message. Type `{typed}`.")


EVENTS = {"app_mention": on_mention}
ACTIONS = {conversation_drawing.FEEDBACK: on_feedback}
KINDS = {ANSWER: Kind(_draw, _place, _prepare, at_home=True)}
