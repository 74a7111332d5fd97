"""Questions in plain words, to the coach alone or with its name in a channel: each answered once.

A question is a row before Slack is told OK. Its answer is claimed, said with a mark, and noted;
where nobody can tell whether it was said, the conversation's history decides.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.coach import Coach
from bot.people.rep import Rep
from bot.questions.question import Question
from bot.storage.store import NotSaved
from bot.tips.tip import Answer, Tip
from handlers.dispatch.listener import Then
from handlers.slack import payloads
from handlers.slack.blocks import Message, escape, words
from handlers.slack.client import TOKEN_TROUBLE, UNCERTAIN, NotSaid
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.payloads import Request
from handlers.slack.rate_limit import LOOK_AGAIN, RETRY
from handlers.slack.sources import StreamedPart
from handlers.slack.streaming import AGENT, Where, mend, say_in_parts, show_status
from handlers.tips import conversation_drawing

log = logging.getLogger(__name__)

COMMANDS_MEANT = ("huddle", "debrief")
COMMAND_WORDS = 8  # after its name; what is longer is a story that happens to begin so


def ask(rep: Rep, said: payloads.DirectMessage, coach: Coach, messenger: Messenger) -> bool:
    """Keep what a message asks and begin to answer it; False if it asks nothing."""
    asked = payloads.plain(said.text)
    if not coach.questions.ask(rep, said.channel_id, said.ts, said.thread_ts, asked):
        return False
    beside = coach.model.beside

    def begin(question: Question) -> bool:
        if not beside(lambda: _work(question, coach, messenger)):
            _work(question, coach, messenger, in_a_hurry=True)
        return True

    coach.questions.take(begin)
    return True


def resume(coach: Coach, messenger: Messenger) -> None:
    """At each waking: what a restart or trouble left without an answer."""
    beside = coach.model.beside
    coach.questions.take(lambda question: beside(lambda: _work(question, coach, messenger)))


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


def _work(question: Question, coach: Coach, messenger: Messenger, in_a_hurry: bool = False) -> None:
    """Bring one question a step further; whatever goes wrong, it is let go of."""
    try:
        if coach.questions.is_late(question) or not question.words:
            state = "unknown" if question.state == "sending" else "dead"
            coach.questions.give_up(question, state)
        elif question.state == "sending":
            _look_up(question, coach, messenger)
        else:
            _answer(question, coach, messenger, in_a_hurry)
    except NotSaved:
        log.warning("a question waits for the database")
    except Exception:
        log.exception("a question failed", extra={"question": question.id})
        with suppress(NotSaved):
            coach.questions.wait(question, RETRY)
    finally:
        coach.questions.let_go(question)


def _answer(question: Question, coach: Coach, messenger: Messenger, in_a_hurry: bool) -> None:
    try:
        where, why = _where(question, messenger)
    except NotSaid as refused:
        _refused(question, refused, coach, nothing_said=True)
        return
    found = None if _command_meant(question, coach) else coach.questions.answer(question)
    tip = found.tip if found else None
    if tip and coach.tips.may_be_written(tip) and not in_a_hurry:
        show_status(messenger, question.rep, where)
        tip = coach.tips.written(question.rep, tip)
    question = replace(
        question, tip_id=tip.id if tip else None, said_in=where.channel_id,
        said_under=where.thread_ts,
    )  # fmt: skip
    if coach.questions.claim(question, messenger.settle):
        message = _drawn(question, tip, why) if tip else _no_tip(question, found, why, coach)
        _say(question, _parts(question, tip, why), message, coach, messenger)


def _command_meant(question: Question, coach: Coach) -> str:
    """`/huddle acme 15:00`, for a message that says so without the slash; "" for any other."""
    name, rest = payloads.first_word(question.words)
    if name not in COMMANDS_MEANT or len(rest.split()) > COMMAND_WORDS:
        return ""
    return f"{coach.commands[name]} {rest}".strip()


def _no_tip(question: Question, found: Answer | None, why: str, coach: Coach) -> Message:
    if found:
        return conversation_drawing.nothing_found(found, why)
    typed = escape(_command_meant(question, coach)).replace("`", "'")
    return words(f"That is a command, and I can't take one from a message. Type `{typed}`.")


def _where(question: Question, messenger: Messenger) -> tuple[Where, str]:
    """Where to answer, after a look at who reads there. Raises `NotSaid`.

    With a reason why not where it was asked, that is the rep's own messages.
    """
    rep, channel_id = question.rep, question.channel_id
    if question.in_direct_message:
        top = question.ts if messenger.client.may(rep, AGENT) else ""
        return Where(channel_id, question.thread_ts or top), ""
    if why := messenger.why_not(rep, channel_id):
        messenger.check_colleague(rep)
        return Where(messenger.direct(rep), ""), why
    return Where(channel_id, question.thread_ts or question.ts), ""


def _drawn(question: Question, tip: Tip, why: str = "") -> Message:
    return conversation_drawing.answer(tip, question.in_direct_message, why)


def _parts(question: Question, tip: Tip | None, why: str) -> list[StreamedPart]:
    """The parts in which it is said; none if it is said whole."""
    if tip is None or not tip.written or not question.said_under or why:
        return []
    return conversation_drawing.parts(tip, question.in_direct_message)


def _say(
    question: Question,
    parts: Sequence[StreamedPart],
    message: Message,
    coach: Coach,
    messenger: Messenger,
) -> None:
    """Say a claimed answer, in parts if there are any and Slack takes them, else whole."""
    rep, mark, where = question.rep, question.mark, Where(question.said_in, question.said_under)
    try:
        posted = say_in_parts(messenger, rep, where, message, parts, mark) if parts else None
        if posted is None:
            posted = messenger.say_once(rep, where.channel_id, message, [mark], **where.in_thread)
    except NotSaid as refused:
        _refused(question, refused, coach)
    else:
        coach.questions.said(question, posted.ts)


def _refused(
    question: Question, refused: NotSaid, coach: Coach, nothing_said: bool = False
) -> None:
    """Slack's answer decides: wait as told, look it up later, or give up."""
    log.warning("an answer was not said", extra={"code": refused.code})
    if refused.code == "ratelimited":
        coach.questions.put_off(question, timedelta(seconds=refused.retry_after or 1))
    elif refused.code in TOKEN_TROUBLE:
        coach.questions.put_off(question, RETRY)
    elif refused.code not in UNCERTAIN:
        coach.questions.give_up(question, "dead")
    elif nothing_said:
        coach.questions.put_off(question, RETRY)


# What nobody can tell -----------------------------------------------------------------------


def _look_up(question: Question, coach: Coach, messenger: Messenger) -> None:
    """Find out whether the answer stands in the conversation; say it anew if it does not."""
    try:
        _settle(question, coach, messenger)
    except NotSaid as refused:
        if refused.code in {"ratelimited"} | UNCERTAIN | TOKEN_TROUBLE:
            coach.questions.wait(question, timedelta(seconds=refused.retry_after) or LOOK_AGAIN)
        else:
            coach.questions.give_up(question, "unknown")


def _settle(question: Question, coach: Coach, messenger: Messenger) -> None:
    rep, channel_id = question.rep, question.said_in
    if question.said_under:
        seen = messenger.seen_in_thread(rep, channel_id, question.said_under, question.ts)
    else:
        seen = messenger.seen(rep, channel_id, question.asked_at.timestamp() - 60)
    whole = [each for each in seen if question.mark in each.marks]
    cut_off = [each for each in seen if question.mark in each.blocks]
    if not whole and cut_off and (tip := _in_parts(question, coach)):
        posted = Posted(channel_id, cut_off[0].ts)
        mend(messenger, rep, posted, _drawn(question, tip), question.mark)
        whole = cut_off[:1]
    if whole:
        coach.questions.said(question, whole[0].ts)
    else:
        coach.questions.put_off(question, timedelta(0))


def _in_parts(question: Question, coach: Coach) -> Tip | None:
    """The tip that was being said in parts; None if there was none."""
    tip = coach.questions.tip(question)
    return tip if tip and tip.written else None


EVENTS = {"app_mention": on_mention}
ACTIONS = {conversation_drawing.FEEDBACK: on_feedback}
JOBS = {"questions.resume": resume}
