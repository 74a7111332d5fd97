"""What people write to the coach in plain words, and the first thing that it tells them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.coach import Coach
from bot.debriefs.answers_in_words import HeardWords, Place, Typed
from bot.errors import CoachError
from bot.people.rep import Rep
from bot.questions.meant import Meant
from bot.questions.small_talk import WITHOUT_WORDS, talk_of
from handlers.debriefs import drawing as debrief_drawing
from handlers.debriefs import follow_up
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then
from handlers.library import drops
from handlers.questions import answers
from handlers.slack import payloads
from handlers.slack.blocks import escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.streaming import AGENT, show_prompts
from handlers.tips import conversation_drawing
from handlers.tips.command import EXAMPLE

log = logging.getLogger(__name__)

# What may be asked at first: questions that the library answers well.
PROMPTS = (
    EXAMPLE[0].upper() + EXAMPLE[1:],
    "Our product lacks a feature they want",
    "The buyer wants a bigger discount",
)


def on_message(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """A direct message: the answer to a nudge, a change of one, or a question."""
    said = payloads.said(event)
    if said is None:
        return
    typed = _typed(said)
    if said.what == "deleted":
        coach.replies.remove(rep, said.channel_id, said.ts)
        coach.questions.change(rep, said.channel_id, said.ts, "")
    elif not rep.user_id:
        return
    elif said.what == "changed":
        _change(rep, typed, said, coach, messenger)
    elif not _is_answer_with_a_file(rep, typed, coach) and drops.take(
        event, said, rep, coach, messenger
    ):
        return
    else:
        _answer(rep, typed, said, coach, messenger)


def _is_answer_with_a_file(rep: Rep, typed: Typed, coach: Coach) -> bool:
    """Whether there are words under a question of the coach's own: a file beside them is none."""
    return bool(typed.text and typed.thread_ts and coach.replies.place(rep, typed))


def _typed(said: payloads.DirectMessage) -> Typed:
    text = payloads.plain(said.text)
    return Typed(said.channel_id, said.ts, said.thread_ts, text, said.event_ts)


def _change(
    rep: Rep, typed: Typed, said: payloads.DirectMessage, coach: Coach, messenger: Messenger
) -> None:
    """A message reads otherwise now, or Slack has written its clip down meanwhile."""
    asked = coach.questions.of_message(rep, said.channel_id, said.ts)
    if asked and asked.words in WITHOUT_WORDS and typed.text and not said.cut:
        _say_kept(rep, typed, coach.replies.hear(rep, typed), coach, messenger)
    elif asked or not typed.text:
        coach.questions.change(rep, said.channel_id, said.ts, typed.text)
    if not asked or coach.replies.is_kept(rep, typed):
        coach.replies.hear(rep, typed)


def _answer(
    rep: Rep, typed: Typed, said: payloads.DirectMessage, coach: Coach, messenger: Messenger
) -> None:
    """Keep what answers, answer what asks; where that is not clear, answer and offer to keep it."""
    if coach.replies.is_kept(rep, typed):
        coach.replies.hear(rep, typed)  # a later version may have come before
        return
    place = coach.replies.place(rep, typed)
    meant = coach.questions.meant(rep, typed.text, PROMPTS)
    asks_for = answers.asked_words(said)
    if place and typed.text == asks_for and _is_answer(rep, meant, place, typed.text, coach):
        heard = coach.replies.hear(rep, typed)
        _say_kept(rep, typed, heard, coach, messenger, said.beside)
        return
    greeted = greet(rep, coach, messenger)
    if greeted and meant == "talk":
        return
    unclear = place and meant in ("mixed", "perhaps", "words")
    unclear = unclear or (place and place.told and meant == "question")
    offer = place.call.id if place and unclear and typed.text == asks_for else None
    answers.ask(rep, said, coach, messenger, offer)


def _is_answer(rep: Rep, meant: Meant, place: Place, text: str, coach: Coach) -> bool:
    """Whether the words are what the coach asked for, and nothing else."""
    if meant == "talk":  # "ok" and a thumb answer a question that has no answer yet
        return place.fresh and talk_of(text) in ("ack", "emoji", "laugh")
    if answers.command_meant(rep, text, coach):
        return False
    return meant == "words" or (meant == "perhaps" and place.told)


def _say_kept(
    rep: Rep,
    typed: Typed,
    heard: HeardWords | None,
    coach: Coach,
    messenger: Messenger,
    beside: str = "",
) -> None:
    if heard is None or (call := heard.answer) is None:
        return
    thread = {"thread_ts": typed.thread_ts} if typed.thread_ts else {}
    place = (typed.ts, typed.thread_ts)
    kept = debrief_drawing.kept_under(call.account, call.id, place, heard.first, beside)
    try:
        messenger.to_rep(rep, kept, **thread)
        follow_up.answered(rep, call, coach, messenger, in_words=True)
    except NotSaid:  # what was typed is kept; saying so once more could say it twice
        log.warning("could not answer", extra={"user": rep.user_id})


# What the rep says it was meant as -----------------------------------------------------------


def on_question(asked: Asked) -> Then:
    """`That was a question`: it is no answer any more, and is answered."""
    ts, thread_ts = asked.words.split(":")
    reply, call = asked.coach.replies.was_a_question(asked.rep, asked.channel_id, ts)
    message = asked.coach.questions.ask(asked.rep, asked.channel_id, ts, thread_ts, reply.said)
    asked.ack()

    def then() -> Then:
        about = f" *{escape(call.account)}*" if call else ""
        taken = words(f"Taken out of the answers about{about or ' that call'}.")
        place = payloads.clicked_message(asked.body)
        draw = partial(asked.reply, taken, replace=True)
        if place:
            draw = partial(asked.messenger.update, asked.rep, Posted(*place), taken)
        errors.show(draw, f"{taken.text} {errors.NOT_SHOWN}", asked)
        if message:
            asked.messenger.deliver_beside(message, asked.coach.model.beside)
        if call:
            follow_up.answered(asked.rep, call, asked.coach, asked.messenger)
        return None

    return then


def on_keep(asked: Asked) -> Then:
    """`Keep this under Acme`: what was answered as a question was an answer, too."""
    question_id, call_id = map(int, asked.words.split(":"))
    question = asked.coach.questions.get(asked.rep, question_id)
    where = (question.channel_id, question.ts, question.thread_ts)
    typed = Typed(*where, question.words, question.ts)
    call = asked.coach.replies.keep_under(asked.rep, call_id, typed)
    asked.ack()

    def then() -> Then:
        kept = debrief_drawing.kept_under(call.account, call.id, where[1:])
        errors.show(partial(asked.reply, kept), kept.text, asked)
        follow_up.answered(asked.rep, call, asked.coach, asked.messenger)
        return None

    return then


def on_app_home(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """Somebody opened the coach's messages."""
    if channel_id := payloads.opened_messages(event):
        greet(rep, coach, messenger)
        if messenger.client.may(rep, AGENT):
            show_prompts(messenger, rep, channel_id, PROMPTS)


def greet(rep: Rep, coach: Coach, messenger: Messenger) -> bool:
    """Say who is here, once in a rep's life with the coach; False if it was said before."""
    new = meet(rep, coach)
    if new:
        say_who_is_here(rep, coach, messenger)
    return new


def meet(rep: Rep, coach: Coach) -> bool:
    """Whether this is the first contact; from now on it is not. Where it can't be noted: no."""
    try:
        return coach.people.greet(rep)
    except CoachError:
        log.warning("could not note a first contact", extra={"user": rep.user_id})
        return False


def say_who_is_here(rep: Rep, coach: Coach, messenger: Messenger) -> None:
    try:
        messenger.to_rep(rep, words(_greeting(coach)))
    except CoachError:
        log.warning("could not greet", extra={"user": rep.user_id})


def _greeting(coach: Coach) -> str:
    command = coach.commands
    return (
        "I coach sales calls: ready before, honest after. Three things to try:\n"
        f"`{command['huddle']} acme 15:00`  get ready for a call\n"
        f"`{command['debrief']} acme`  say how it went, in a minute\n"
        f"`{command['tip']} {EXAMPLE}`  advice, with its source; or just write it here\n"
        f"After a call I ask you here how it went; `{command['coach']} nudges off` ends that."
    )


EVENTS = {"message": on_message, "app_home_opened": on_app_home}
ACTIONS = {debrief_drawing.WAS_A_QUESTION: on_question, conversation_drawing.KEEP: on_keep}
