"""What is known of an account from earlier calls, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calls.call import Call
from bot.debriefs.debrief import Debrief
from bot.huddles.huddle import Huddle
from bot.people.rep import Rep


@dataclass(frozen=True)
class Memory:
    """The last call with an account, as far as the reader may know it.

    `debrief` is of that call or, where nothing was said or shared about it, of an `earlier` one;
    None where there is none. What was forgotten and what surprised belongs to whoever said it, and
    is shown to nobody else.
    """

    call: Call
    debrief: Debrief | None
    earlier: Call | None = None


def on_card(
    huddle: Huddle,
    calls: Sequence[Call],
    debriefs: Iterable[Debrief],
    channel_id: str,
    now: datetime,
) -> Memory | None:
    """What everybody who reads the card in `channel_id` may know; None if there is nothing.

    `calls` and `debriefs` are those of the account, newest call first.
    """
    if huddle.private:
        return _last(huddle, calls, debriefs, lambda d: d.readable_by(huddle.call.owner), None, now)
    return _last(huddle, calls, debriefs, lambda d: d.readable_in(channel_id), channel_id, now)


def for_rep(
    huddle: Huddle, calls: Sequence[Call], debriefs: Iterable[Debrief], rep: Rep, now: datetime
) -> Memory | None:
    """What the rep alone knows of the last call they debriefed, and the card does not say."""
    known = on_card(huddle, calls, debriefs, huddle.channel_id or "", now)
    own = _last(huddle, calls, debriefs, lambda d: d.readable_by(rep), "", now)
    if own is None or own.debrief is None:
        return None
    if known and known.debrief == own.debrief and not own.debrief.forgot:
        return None
    return own


def before(
    call: Call, calls: Sequence[Call], debriefs: Iterable[Debrief], now: datetime
) -> Memory | None:
    """What the owner of a call to be, which has no huddle yet, knows of the last one; what all who
    read its channel may know, where it has one."""
    where = call.channel_id
    huddle = Huddle(call, where is None, where, None, 0, (), ())
    return on_card(huddle, calls, debriefs, where or "", now)


def _last(
    huddle: Huddle,
    calls: Sequence[Call],
    debriefs: Iterable[Debrief],
    readable: Callable[[Debrief], bool],
    channel_id: str | None,
    now: datetime,
) -> Memory | None:
    """The last call with a readable debrief, else the last one of the channel (None: the owner's).

    A call that was asked for elsewhere, and of which nothing was shared here, stays unknown.
    """
    this = huddle.call
    earlier = [
        call
        for call in calls
        if call.id != this.id
        and call.starts < this.starts
        and (call.state == "held" or (call.state == "planned" and call.ends <= now))
        and not call.review
    ]
    said = {debrief.call_id: debrief for debrief in debriefs if readable(debrief)}
    spoken_of = next((call for call in earlier if call.id in said), None)
    for call in earlier:
        here = call.owner == this.owner if channel_id is None else call.channel_id == channel_id
        if call == spoken_of:
            return Memory(call, said[call.id])
        if here:
            return Memory(call, said.get(spoken_of.id) if spoken_of else None, spoken_of)
    return None
