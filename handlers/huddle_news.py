"""What those on a call are told once it is cancelled or has another time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.calls import Call
from bot.coach import Coach
from bot.coach.huddles import Changed
from bot.huddles import Huddle
from bot.reps import Rep
from handlers import huddle_notes
from handlers.blocks import Message, words
from handlers.parse import Asked
from handlers.say import NotSaid, Speaker


def cancelled(asked: Asked, call: Call, coach: Coach, speaker: Speaker) -> None:
    """Tell the others that the call is off."""
    huddle = coach.huddles.get(asked.rep, call.id)
    who, zone = _name(asked, speaker), coach.cards.zone(call.owner)
    _tell(asked, huddle, (), partial(huddle_notes.cancelled, who, call, zone), speaker)


def moved(asked: Asked, changed: Changed, coach: Coach, speaker: Speaker) -> None:
    """Tell the others of the new time, if there is one; who joined with it hears it anyway."""
    was, call = changed.was, changed.huddle.call
    if (call.starts, call.state) == (was.starts, was.state):
        return
    who, zone = _name(asked, speaker), coach.cards.zone(call.owner)
    said = partial(huddle_notes.moved, who, was, call, zone)
    _tell(asked, changed.huddle, changed.joined, said, speaker)


def _name(asked: Asked, speaker: Speaker) -> str:
    """By name: a mention would call the one who did it."""
    return speaker.profile(asked.rep).name or "A colleague"


def _tell(
    asked: Asked,
    huddle: Huddle,
    but: tuple[str, ...],
    said: Callable[[str], Message],
    speaker: Speaker,
) -> None:
    """One message under a card in a channel; otherwise one to each of the others.

    `said` takes the names that stand behind it.
    """
    known = (*but, asked.rep.user_id)
    others = [person.user_id for person in huddle.people if person.user_id not in known]
    place = None if huddle.private else huddle.channel_id
    if not others:
        return
    if place and huddle.ts and not speaker.why_not(asked.rep, place):
        names = "".join(f" <@{user_id}>" for user_id in others)
        speaker.to_channel(asked.rep, place, said(names), thread_ts=huddle.ts)
        return
    for user_id in others:
        _tell_one(asked, Rep(asked.rep.workspace_id, user_id), said(""), speaker)


def _tell_one(asked: Asked, other: Rep, line: Message, speaker: Speaker) -> None:
    try:
        speaker.to_colleague(other, line)
    except NotSaid as refused:
        speaker.reply(asked, words(f"<@{other.user_id}> was not told. {refused}"))
