"""`/coach nudges`: when a rep may be asked, and what `/coach status` says of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial

from bot.clock.local_time import local_day, say_time
from bot.clock.working_hours import public_holidays
from bot.coach import Coach
from bot.errors import CoachError, WrongField
from bot.outbox.command import read_hours
from bot.outbox.manners import RepHours
from bot.outbox.message import Recipient
from bot.outbox.table import Stuck
from bot.people.rep import Rep
from handlers.debriefs import follow_up
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import IN_THE_WAY, SETTINGS, WAITS, Then
from handlers.outbox import _hours_form as hours_form
from handlers.slack import payloads
from handlers.slack.blocks import Message, escape, words

CHECK_THE_DAY = "Slack does not tell me right now what day it is where you are. Check the date."
NAMED = 3  # of those who are in the same trouble


def on_nudges(asked: Asked) -> Then:
    """`/coach nudges`, and `hours` and `away`: words that people try for what the form holds."""
    profile = asked.messenger.profile_now(asked.rep)
    today = local_day(asked.now(), profile.zone)
    typed = payloads.plain(asked.words)
    wish = read_hours(typed, asked.coach.outbox.wishes(asked.rep), today, profile.locale)
    if asked.name == "away" and wish.result == "usage":
        wish = read_hours(f"until {typed}", wish.hours, today, profile.locale)
    if wish.result in ("on", "off"):
        asked.coach.outbox.turn(asked.rep, wish.result == "on")
        asked.ack()
        return lambda: _switched(wish.result, asked)
    asked.ack()
    if wish.result == "usage":
        said = f"{escape(wish.why)} {_USAGE.format(**_names(asked.coach))}".strip()
        return lambda: asked.reply(words(said))
    in_doubt = (
        profile.doubt and wish.hours.away_until != asked.coach.outbox.wishes(asked.rep).away_until
    )
    why = f"{wish.why} {CHECK_THE_DAY}" if in_doubt else wish.why
    asked.open_form(hours_form.hours_form(wish.hours, why))
    return None


def _switched(now: str, asked: Asked) -> Then:
    errors.say_kept(_SWITCHED[now].format(**_names(asked.coach)), asked)
    return partial(follow_up.switched, asked.rep, asked.coach, asked.messenger)


def on_hours(asked: Asked) -> Then:
    hours = _hours(payloads.filled(asked.body), asked.now().year)
    asked.coach.outbox.set_wishes(asked.rep, hours)
    asked.ack()
    then = partial(_say_kept, hours, asked)
    return partial(errors.show, then, "Kept: your hours.", asked)


def _say_kept(hours: RepHours, asked: Asked) -> None:
    asked.reply(_hours_kept(hours, asked))


def _hours_kept(hours: RepHours, asked: Asked) -> Message:
    if not hours.nudges_on:
        return words(_SWITCHED["off"].format(**_names(asked.coach)))
    zone = asked.messenger.profile(asked.rep).zone
    return hours_form.hours_kept(hours, local_day(asked.now(), zone))


def _hours(filled: dict[str, str], year: int) -> RepHours:
    """A form as it came back. Raises `WrongField`."""
    b = hours_form
    quiet = [filled.get(b.QUIET_FROM, ""), filled.get(b.QUIET_TO, "")]
    if quiet.count("") == 1:
        missing = b.QUIET_FROM if not quiet[0] else b.QUIET_TO
        raise WrongField(missing, "Give both ends of the quiet hours, or neither.")
    if not (days := filled.get(b.WORKING, "").split()):
        raise WrongField(b.WORKING, "Choose one day at least, or turn nudges off.")
    country = filled.get(b.HOLIDAYS, "").strip().upper() or None
    try:
        if country:
            public_holidays(country, year)
    except CoachError as unknown:
        raise WrongField(b.HOLIDAYS, str(unknown)) from unknown
    away = filled.get(b.AWAY, "")
    return RepHours(
        filled[b.ON] == "on",
        frozenset(map(int, days)),
        time.fromisoformat(filled[b.FROM]),
        time.fromisoformat(filled[b.TO]),
        (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if all(quiet) else None,
        country,
        date.fromisoformat(away) if away else None,
        int(filled.get(b.BEFORE) or RepHours.before_minutes),
    )


_USAGE = (
    "`{coach} nudges on`, `{coach} nudges off`, or `{coach} nudges` for the form. It opens filled"
    " after `{coach} nudges off until monday` or `{coach} hours mon-fri 9-17`."
)
_SWITCHED = {
    "on": "Nudges are on: after a call I ask how it went. `{coach} nudges` sets your hours.",
    "off": "Nudges are off. `{coach} nudges on` turns them on again;"
    " `{debrief}` works all the time.",
}


def _names(coach: Coach) -> dict[str, str]:
    return dict(coach.commands)


def status(asked: Asked) -> list[tuple[str, str]]:
    """What waits, and what could not be said; managers see the workspace's."""
    rep = asked.rep
    also = None if asked.coach.people.is_manager(rep) else asked.coach.daily.set_by(rep)
    now = asked.now()
    zone = asked.coach.people.profile(rep, lambda: None).zone
    standing = asked.coach.outbox.standing(rep, also)
    lines = [] if standing.wishes.nudges_on else [(SETTINGS, "• Nudges are off.")]
    if standing.waiting and standing.next_at:
        count = f"{standing.waiting} nudge" + ("s wait" if standing.waiting > 1 else " waits")
        next_one = say_time(standing.next_at, zone, now)
        lines.append((WAITS, f"• {count} for you, the next one {next_one}."))
    alike: dict[tuple[str, str, str], list[Stuck]] = {}
    for stuck in standing.stuck:
        alike.setdefault((stuck.title, stuck.state, stuck.why), []).append(stuck)
    lines += [
        (IN_THE_WAY, f"• {_stuck(group, rep)} {_since(group, zone, now)}: {group[0].why}")
        for group in alike.values()
    ]
    late = "was skipped: I was more than two hours late."
    lines += [
        (IN_THE_WAY, f"• The daily tip in {_name(place)}, due {say_time(at, zone, now)}, {late}")
        for place, at in asked.coach.daily.late(rep.workspace_id)
    ]
    return lines


def _stuck(alike: Sequence[Stuck], rep: Rep) -> str:
    """What can't be said, or told whether it was, and to whom."""
    title, _, state, *_ = alike[0]
    places = dict.fromkeys(
        "you" if stuck.recipient.id == rep.user_id else _name(stuck.recipient) for stuck in alike
    )
    left = len(places) - NAMED
    whom = ", ".join([*places][:NAMED]) + (f" and {left} more" if left > 0 else "")
    if state in ("unknown", "sending"):
        return f"I can't tell whether {title} reached {whom},"
    return f"I could not say {title} to {whom}{' yet' if state == 'pending' else ''},"


def _since(alike: Sequence[Stuck], zone: str, now: datetime) -> str:
    first = min(stuck.due_at for stuck in alike)
    return f"{'due' if len(alike) == 1 else 'the first due'} {say_time(first, zone, now)}"


def _name(place: Recipient) -> str:
    return f"<@{place.id}>" if place.is_rep else f"<#{place.id}>"


SUBCOMMANDS = {"nudges": on_nudges, "hours": on_nudges, "away": on_nudges}


VIEWS = {hours_form.HOURS_FORM: on_hours}


STATUS = (status,)


HELP = (("coach", "nudges", "when I may ask how a call went; or `nudges off`"),)
