"""Drawing what was found in a calendar, and what stands in the way of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block, SectionBlock

from bot.calendars.kept import KeptMeeting
from bot.calendars.service import Found
from bot.clock.local_time import say_time
from handlers.slack.blocks import (
    Message,
    button,
    clip,
    context,
    escape,
    mrkdwn_text,
    section,
    words,
)

IS, IS_NOT = "calendar.is_customer", "calendar.is_no_customer"
WITHIN = timedelta(days=14)
MOST = {"customer": 15, "unsure": 10, "none": 15}  # series that are shown, of 50 blocks
TITLE, WHY = 80, 150
UNTITLED = "A meeting without a title"


def found(found: Found, zone: str, now: datetime, command: str) -> Message:
    """What the next two weeks hold, each series with the reason, and a switch."""
    calendar = found.calendar
    if calendar.failing and calendar.looked_at is None:
        return failing(found, command)
    meetings = [m for m in found.meetings if m.starts < now + WITHIN]
    blocks: list[Block] = [section(_counted(meetings))]
    blocks += _listed(meetings, zone, now)
    if calendar.unread:
        blocks.append(context(_unread(calendar.unread)))
    return Message(_counted(meetings), blocks)


def _counted(meetings: Sequence[KeptMeeting]) -> str:
    if not meetings:
        return "Your calendar has no meetings in the next two weeks. I look again every 10 minutes."
    sorts = [m.verdict for m in meetings]
    count, sure = len(meetings), sorts.count("customer")
    looks = "looks like a customer" if sure == 1 else "look like customers"
    unsure = f", {sorts.count('unsure')} may" if "unsure" in sorts else ""
    said = "1 meeting" if count == 1 else f"{count} meetings"
    return f"{said} in the next two weeks, {sure or 'none'} {looks}{unsure}."


def _listed(meetings: Sequence[KeptMeeting], zone: str, now: datetime) -> Iterator[Block]:
    for verdict, head in (("customer", ""), ("unsure", "*Unsure*"), ("none", "*No customers*")):
        series = _series(m for m in meetings if m.verdict == verdict)
        if head and series:
            yield section(head)
        for several in series[: MOST[verdict]]:
            yield _line(several, zone, now)
        if (left := len(series) - MOST[verdict]) > 0:
            yield context(f"And {left} more.")


def _series(meetings: Iterable[KeptMeeting]) -> list[list[KeptMeeting]]:
    by_series: dict[str, list[KeptMeeting]] = {}
    for meeting in meetings:
        by_series.setdefault(meeting.series, []).append(meeting)
    return [*by_series.values()]


def _line(several: list[KeptMeeting], zone: str, now: datetime) -> SectionBlock:
    first = several[0]
    name = escape(clip(first.title or UNTITLED, TITLE))
    more = f", and {len(several) - 1} more" if len(several) > 1 else ""
    account = f" · {escape(first.account)}" if first.account else ""
    at = f"{say_time(first.starts, zone, now)}{more}{_zone(first)}"
    line = f"{name} · {at}{account}\n_{escape(clip(first.why, WHY))}_"
    label, action = ("Not a customer", IS_NOT)
    if first.verdict != "customer":
        label, action = ("Is a customer", IS)
    switch = button(label, action, str(first.id), read_out=f"{label}: {first.title}")
    return SectionBlock(text=mrkdwn_text(line), accessory=switch)


def _zone(meeting: KeptMeeting) -> str:
    return " (the calendar names no time zone; I took yours)" if meeting.zone_unsure else ""


def _unread(count: int) -> str:
    said = "1 entry" if count == 1 else f"{count} entries"
    return f"{said} in your calendar could not be read, so I may miss a meeting."


def failing(found: Found, command: str) -> Message:
    """Why nothing came; `found` holds what was known before. `command` opens the form."""
    again = " What I knew of it still holds." if found.meetings else ""
    return words(
        f"I can't read your calendar. {escape(found.calendar.failing)}{again}"
        f" `{command} calendar` opens its form."
    )


def standing(found: Found) -> str:
    """For `/coach status`."""
    calendar, ahead = found.calendar, [m for m in found.meetings if m.verdict == "customer"]
    where = f"<#{calendar.wishes.channel_id}>" if calendar.wishes.channel_id else "my messages"
    meetings = "1 meeting" if len(ahead) == 1 else f"{len(ahead)} meetings"
    line = (
        f"• Calendar: {meetings} with customers ahead. I write"
        f" {calendar.wishes.minutes} minutes before; cards go to {where}."
    )
    if calendar.unread:
        line += f" {_unread(calendar.unread)}"
    return line
