"""Drawing the offer before a meeting, and what is told of meetings that others have, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.calendars.meeting import Attendee
from bot.calls.call import Call
from bot.clock.local_time import say_hour, say_time
from bot.meetings.offer import About, Offered
from bot.outbox.message import OutboxMessage
from handlers.huddles.card_drawing import last_call
from handlers.slack.blocks import Message, button, clip, context, escape, section, words

START, LEAVE, LATER = "meeting.start", "meeting.leave", "meeting.later"
PUT_ON, APART = "meeting.put_on", "meeting.apart"

NAMED = 3  # people of the other side
TITLE = 100
SOON = timedelta(minutes=90)
UNTITLED = "A meeting without a title"
GONE = "That meeting is not in your calendar any more."


def offer(offered: Offered, zone: str, now: datetime) -> Message:
    """`Acme in 15 minutes, with Jo and Lee from their side. Last call …`, and what one may tap."""
    line = _line(offered, zone, now, bold=True)
    blocks: list[Block] = [section(line)]
    if offered.outcome:
        where = f" The card is in <#{offered.channel_id}>." if offered.channel_id else ""
        blocks.append(context(escape(offered.outcome) + where))
    else:
        blocks.append(_taps(offered))
    return Message(_line(offered, zone, now), blocks)


def _line(offered: Offered, zone: str, now: datetime, bold: bool = False) -> str:
    meeting = offered.meeting
    title = escape(clip(meeting.title or UNTITLED, TITLE))
    name = escape(clip(meeting.account, TITLE)) if meeting.account else f"“{title}”"
    when = _when(meeting.starts, zone, now)
    line = f"{f'*{name}*' if bold else name} {when}{_with(offered.outside)}."
    if meeting.zone_unsure:
        line += " Its calendar names no time zone, so I took yours."
    if offered.asks:
        line += " I don't know the account yet; Start asks for it."
    return f"{line} {last_call(offered.memory)}" if offered.memory else line


def _when(starts: datetime, zone: str, now: datetime) -> str:
    left = starts - now
    minutes = -(-left // timedelta(minutes=1))
    if left > SOON:
        return f"at {say_hour(starts, zone)}"
    if minutes <= 0:
        return "begins now"
    return f"in {minutes} minute{'s' if minutes > 1 else ''}"


def _with(outside: Sequence[Attendee]) -> str:
    """By their names, as the calendar has them."""
    names = [escape(clip(_name(person), 40)) for person in outside]
    if not names:
        return ""
    shown, left = names[:NAMED], len(names) - NAMED
    if left > 0:
        shown.append(f"{left} more")
    said = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f", with {said} from their side"


def _name(person: Attendee) -> str:
    return person.name if person.name and "@" not in person.name else person.address


def _taps(offered: Offered) -> ActionsBlock:
    value = str(offered.message.id)
    return ActionsBlock(elements=[
        button("Start the huddle", START, value, style="primary"),
        button("Not a customer", LEAVE, value),
        button("Later", LATER, value),
    ])  # fmt: skip


def off(about: About, call: Call | None, zone: str, now: datetime) -> Message:
    """A meeting that was offered, or has a huddle, is off."""
    name = escape(clip(call.account if call else about.title or UNTITLED, TITLE))
    at = say_time(about.starts, zone, now)
    rest = "The call is cancelled, and I won't ask how it went." if call else ""
    return words(f"{name}, {at}, is off in your calendar. {rest}".strip())


def moved(about: About, zone: str, now: datetime) -> Message:
    """A meeting that was offered has another time."""
    name = escape(clip(about.title or UNTITLED, TITLE))
    at = say_time(about.starts, zone, now)
    again = " I write again before it begins." if about.starts > now else ""
    return words(f"“{name}” is {at} now, says your calendar.{again}")


def shared(message: OutboxMessage, who: str, call: Call, zone: str, now: datetime) -> Message:
    """Somebody else has what may be the same meeting."""
    account, at = escape(clip(call.account, TITLE)), say_time(call.starts, zone, now)
    line = f"<@{who}> has what may be the same meeting as your call with {account}, {at}."
    if message.outcome:
        return Message(line, [section(line), context(escape(message.outcome))])
    value = str(message.id)
    taps = [button("Put on the card", PUT_ON, value), button("Another meeting", APART, value)]
    return Message(line, [section(line), ActionsBlock(elements=taps)])
