"""What those on a call are told once it is cancelled or has another time."""

from __future__ import annotations

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
    line = huddle_notes.cancelled(_name(asked, speaker), call, coach.cards.zone(call.owner))
    _tell(asked, huddle, (), line, speaker)


def moved(asked: Asked, changed: Changed, coach: Coach, speaker: Speaker) -> None:
    """Tell the others of the new time, if there is one; who joined with it hears it anyway."""
    was, call = changed.was, changed.huddle.call
    if (call.starts, call.state) == (was.starts, was.state):
        return
    line = huddle_notes.moved(_name(asked, speaker), was, call, coach.cards.zone(call.owner))
    _tell(asked, changed.huddle, changed.joined, line, speaker)


def _name(asked: Asked, speaker: Speaker) -> str:
    """By name: a mention would call the one who did it."""
    return speaker.profile(asked.rep).name or "A colleague"


def _tell(
    asked: Asked, huddle: Huddle, but: tuple[str, ...], line: Message, speaker: Speaker
) -> None:
    """One message under a card in a channel; otherwise one to each of the others."""
    known = (*but, asked.rep.user_id)
    others = [person.user_id for person in huddle.people if person.user_id not in known]
    place = None if huddle.private else huddle.channel_id
    if not others:
        return
    if place and huddle.ts and not speaker.why_not(asked.rep, place):
        names = " ".join(f"<@{user_id}>" for user_id in others)
        said = words(f"{line.text} {names}")
        speaker.to_channel(asked.rep, place, said, thread_ts=huddle.ts)
        return
    for user_id in others:
        _tell_one(asked, Rep(asked.rep.workspace_id, user_id), line, speaker)


def _tell_one(asked: Asked, other: Rep, line: Message, speaker: Speaker) -> None:
    try:
        speaker.to_colleague(other, line)
    except NotSaid as refused:
        speaker.reply(asked, words(f"<@{other.user_id}> was not told. {refused}"))
