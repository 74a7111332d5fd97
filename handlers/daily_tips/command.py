"""`/coach daily`: one tip a day in a channel, set and ended by command, with votes and a why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.clock.local_time import clock_change, local_day, say_time
from bot.coach import Coach
from bot.daily_tips.command import SHOWN, NotADaily, read_wish
from bot.daily_tips.setting import DAILY_TIP, Daily, say
from bot.outbox.message import OutboxMessage, Recipient
from handlers.daily_tips import drawing as tip_drawing
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import SETTINGS, Then
from handlers.dispatch.message_kind import Drawn, Kind
from handlers.slack import payloads
from handlers.slack.blocks import clip, escape, words
from handlers.slack.messenger import TO_YOURSELF, Where
from handlers.slack.payloads import Request

VOTED = {True: "Kept: it helped.", False: "Kept: it did not help."}


def on_daily(asked: Asked) -> Then:
    typed = payloads.plain(asked.words)
    if typed.casefold() in ("off", "stop", "none"):
        return _end(asked)
    if typed.casefold() in ("", "list", "ls", "status"):
        asked.ack()
        return lambda: asked.reply(words(_told(asked)))
    try:
        wish = read_wish(typed, asked.coach.people.profile(asked.rep, lambda: None).locale)
    except NotADaily as unread:
        raise NotADaily(f"{unread} {_usage(asked.coach)}") from unread
    asked.ack()

    def set_it() -> None:
        if why := _why_not(asked):
            asked.reply(words(f"{why} No daily tip was set."))
            return
        if not asked.coach.daily.may_change(asked.rep, _place(asked)):
            asked.reply(words(_whose(asked)))
            return
        profile = asked.messenger.profile_now(asked.rep, quick=False)
        if profile.doubt and not wish.zone:
            asked.reply(words(_no_zone(typed, asked.coach)))
            return
        daily, at = asked.coach.daily.set(asked.rep, _place(asked), wish, profile.zone)
        errors.say_kept(_set(asked, daily, at), asked)

    return set_it


def _end(asked: Asked) -> Then:
    if not asked.coach.daily.may_change(asked.rep, _place(asked)):
        asked.ack()
        return lambda: asked.reply(words(_whose(asked)))
    ended = asked.coach.daily.end(asked.rep, _place(asked))
    asked.ack()
    said = "The daily tip here has ended." if ended else "There is no daily tip here."
    return partial(errors.say_kept, said, asked)


def _set(asked: Asked, daily: Daily, at: datetime) -> str:
    now = asked.now()
    who = "You get" if asked.in_direct_message else f"<#{daily.place.id}> gets"
    change = clock_change(local_day(at, daily.zone), daily.at, daily.zone)
    moved = " The clocks change over that time; it comes once." if change else ""
    return (
        f"{who} one tip {say(daily)}, the next one {say_time(at, daily.zone, now)}.{moved}"
        f" {_off(asked.coach)} ends it."
    )


def _told(asked: Asked) -> str:
    """What is set here, or how to set it."""
    if (daily := asked.coach.daily.of(_place(asked))) is None:
        return f"There is no daily tip here. {_usage(asked.coach)}"
    at, now = asked.coach.daily.next_at(daily), asked.now()
    following = f", the next one {say_time(at, daily.zone, now)}" if at else ""
    return f"One tip {say(daily)}{following}. {_setter(daily)} set it; {_off(asked.coach)} ends it."


def _usage(coach: Coach) -> str:
    return (
        f"Try `{coach.commands['coach']} daily 09:00 weekdays Europe/Berlin`; days"
        " and zone may be left out. With `holidays DE` at the end there is none on that country's"
        " public holidays."
    )


def _no_zone(typed: str, coach: Coach) -> str:
    said = escape(clip(typed, SHOWN)).replace("`", "'")
    return (
        "Slack does not tell me right now in which time zone you are, so no daily tip was set. Type"
        f" the zone as well: `{coach.commands['coach']} daily {said} Europe/Berlin`."
    )


def _off(coach: Coach) -> str:
    return f"`{coach.commands['coach']} daily off`"


def _whose(asked: Asked) -> str:
    daily = asked.coach.daily.of(_place(asked))
    by = _setter(daily) if daily else "Somebody else"
    return f"{by} set the daily tip here. They or a manager can change or end it."


def _setter(daily: Daily) -> str:
    """Who set it, unless they wanted to be forgotten."""
    return f"<@{daily.set_by}>" if daily.set_by else "Somebody"


def _why_not(asked: Asked) -> str:
    """Why no tip can come here, without what it says of an answer that went elsewhere."""
    if not asked.in_direct_message:
        why = asked.messenger.why_not(asked.rep, asked.channel_id)
        return why.replace(TO_YOURSELF, "")
    mine = asked.channel_id == asked.messenger.direct(asked.rep)
    return "" if mine else "I can't write in this conversation; in our own messages I can."


def _place(asked: Request) -> Recipient:
    return Recipient(asked.rep.workspace_id, asked.channel_id)


# Its buttons --------------------------------------------------------------------------------


def on_helpful(asked: Asked) -> Then:
    return _vote(asked, True)


def on_not_helpful(asked: Asked) -> Then:
    return _vote(asked, False)


def _vote(asked: Asked, helpful: bool) -> Then:
    asked.coach.tips.vote(asked.rep, int(asked.words), helpful)
    asked.ack()
    return partial(errors.say_kept, VOTED[helpful], asked)


def on_why(asked: Asked) -> Then:
    asked.ack()
    return lambda: asked.reply(
        tip_drawing.why_this(asked.coach.tips.again(asked.rep, int(asked.words)))
    )


def status(asked: Asked) -> list[tuple[str, str]]:
    """The daily tip of the channel in which it was asked."""
    if not asked.coach.daily.of(_place(asked)):
        return []
    return [(SETTINGS, f"• Daily tip here: {_told(asked)}")]


SUBCOMMANDS = {"daily": on_daily}


def _draw(
    messages: Sequence[OutboxMessage], where: Where, prepared: None, coach: Coach
) -> Drawn | None:
    tip = coach.daily.tip(messages[0])
    return Drawn(tip_drawing.daily_tip(tip)) if tip else None


KINDS = {DAILY_TIP: Kind(_draw)}
ACTIONS = {
    tip_drawing.HELPFUL: on_helpful,
    tip_drawing.NOT_HELPFUL: on_not_helpful,
    tip_drawing.WHY: on_why,
}
STATUS = (status,)
HELP = (
    (
        "coach", "daily 09:00 weekdays",
        "one tip a day in this channel, with `holidays DE` none on public holidays; or `daily off`",
    ),
)  # fmt: skip
