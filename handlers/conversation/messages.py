"""What people write to the coach in plain words, and the first thing that it tells them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.coach import Coach
from bot.debriefs.answers_in_words import Typed
from bot.errors import CoachError
from bot.people.rep import Rep
from handlers.debriefs import drawing as debrief_drawing
from handlers.debriefs import follow_up
from handlers.library import drops
from handlers.questions import answers
from handlers.slack import payloads
from handlers.slack.blocks import words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger
from handlers.slack.streaming import AGENT, show_prompts
from handlers.tips.command import EXAMPLE

log = logging.getLogger(__name__)

# What may be asked at first: questions that the library answers well.
PROMPTS = (
    EXAMPLE[0].upper() + EXAMPLE[1:],
    "Our product lacks a feature they want",
    "The buyer wants a bigger discount",
)


def on_message(event: Mapping[str, Any], rep: Rep, coach: Coach, messenger: Messenger) -> None:
    """A direct message: the answer to a nudge, a change of one, or neither."""
    said = payloads.said(event)
    if said is None:
        return
    text = payloads.plain(said.text)
    typed = Typed(said.channel_id, said.ts, said.thread_ts, text, said.event_ts)
    if said.what == "deleted":
        coach.replies.remove(rep, said.channel_id, said.ts)
        coach.questions.change(rep, said.channel_id, said.ts, "")
    elif not rep.user_id:
        return
    elif said.what == "changed":
        coach.replies.hear(rep, typed)
        coach.questions.change(rep, said.channel_id, said.ts, text)
    elif not (typed.text and coach.replies.is_under_a_nudge(rep, typed)) and drops.take(
        event, said, rep, coach, messenger
    ):
        return
    elif typed.text:
        _answer(rep, typed, coach, messenger, said)


def _answer(
    rep: Rep, typed: Typed, coach: Coach, messenger: Messenger, said: payloads.DirectMessage
) -> None:
    heard = coach.replies.hear(rep, typed)
    thread = {"thread_ts": typed.thread_ts} if typed.thread_ts else {}
    try:
        if heard is None:
            greeted = greet(rep, coach, messenger)
            to_a_nudge = coach.replies.is_under_a_nudge(rep, typed)
            asked = not to_a_nudge and answers.ask(rep, said, coach, messenger)
            if not (greeted or asked) and coach.replies.may_help(rep):
                messenger.to_rep(rep, words(_help(coach)), **thread)
        elif call := heard.answer:
            kept = debrief_drawing.kept_under(call.account, call.id)
            messenger.to_rep(rep, kept, **thread)
            follow_up.answered(rep, call, coach, messenger, in_words=True)
    except NotSaid:  # what was typed is kept; saying so once more could say it twice
        log.warning("could not answer", extra={"user": rep.user_id})


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


def _help(coach: Coach) -> str:
    command = coach.commands
    return (
        "Write what is going on at a customer, and I look for advice. I read answers to my"
        f" questions here, too. For the rest there are `{command['huddle']} acme 15:00` and"
        f" `{command['debrief']} acme`; `{command['coach']} help` lists them all."
    )


EVENTS = {"message": on_message, "app_home_opened": on_app_home}
