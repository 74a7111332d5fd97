"""`/coach keep` and `/coach hold`: how long things are kept, and of which accounts nothing goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.calls.account import account_key
from bot.coach import Coach
from bot.debriefs.command import accounts_named
from bot.records.keep_command import Unclear, read_days
from bot.records.retention_table import Rule
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import FOR_MANAGERS, Then
from handlers.records import keeping_drawing as drawing
from handlers.slack import payloads
from handlers.slack.blocks import Message, clip, escape, words
from handlers.slack.messenger import Messenger

ACCOUNT = 60  # characters of an account in a sentence
_ENDS = ("off", "end", "stop", "release", "over")


def on_keep(asked: Asked) -> Then:
    """Without words, what counts; with a length of time, what that would mean, and two buttons."""
    typed = payloads.plain(asked.words)
    if not typed:
        asked.ack()
        return lambda: asked.reply(words(_as_it_is(asked)))
    try:
        days = read_days(typed)
    except Unclear:
        asked.ack()
        command = f"{asked.coach.commands['coach']} keep"
        return lambda: asked.reply(words(drawing.usage(command)))
    if days is None:
        rule = asked.coach.retention.set(asked.rep, None)
        asked.ack()
        return lambda: asked.reply(words(_kept(rule, asked)))
    asked.ack()
    return partial(_ask, asked, days)


def _ask(asked: Asked, days: int) -> None:
    counts = asked.coach.retention.would_go(asked.rep, days)
    asked.reply(drawing.ask(days, counts, asked.now(), _zone(asked)))


def _as_it_is(asked: Asked) -> str:
    coach, rule = asked.coach, asked.coach.retention.rule(asked.rep.workspace_id)
    lines = [_kept(rule, asked)]
    if coach.people.is_manager(asked.rep):
        command = coach.commands["coach"]
        held = [hold.account for hold in coach.retention.holds(asked.rep)]
        lines += [drawing.held(held, command)] if held else []
        lines += [] if rule.set_outside else [drawing.usage(f"{command} keep")]
    return "\n".join(lines)


def _kept(rule: Rule, asked: Asked) -> str:
    return drawing.kept(rule, asked.now(), _zone(asked))


def _zone(asked: Asked) -> str:
    return asked.messenger.profile(asked.rep).zone


def on_keep_sure(asked: Asked) -> Then:
    rule = asked.coach.retention.set(asked.rep, int(asked.words))
    asked.ack()
    return lambda: _show_kept(drawing.coming(rule, asked.now(), _zone(asked)), asked)


def on_keep_back(asked: Asked) -> Then:
    """Today's number again; "-" is for ever."""
    days = None if asked.words == "-" else int(asked.words)
    rule = asked.coach.retention.set(asked.rep, days)
    asked.ack()
    return lambda: _show_kept(words(_kept(rule, asked)), asked)


def _show_kept(told: Message, asked: Asked) -> None:
    errors.show(partial(asked.reply, told, replace=True), told.text, asked)


def on_keep_not(asked: Asked) -> Then:
    asked.ack()
    return partial(asked.reply, words("Nothing is changed."), replace=True)


def on_hold(asked: Asked) -> Then:
    typed = payloads.plain(asked.words)
    account, _, last = typed.rpartition(" ")
    if not typed:
        asked.ack()
        return lambda: asked.reply(words(_holds(asked)))
    if account and last.casefold() in _ENDS:
        freed = asked.coach.retention.free(asked.rep, account)
        asked.ack()
        return lambda: asked.reply(words(f"*{_short(freed)}* is on hold no more."))
    asked.coach.retention.hold(asked.rep, typed)
    asked.ack()
    return partial(_on_hold, asked, typed)


def _on_hold(asked: Asked, account: str) -> None:
    channels = asked.messenger.channels(asked.rep) | {asked.channel_id}
    known = asked.coach.asking.accounts(asked.rep, channels)
    other = [a for a in accounts_named(account, known) if account_key(a) != account_key(account)]
    asked.reply(words(drawing.on_hold(account, other, asked.coach.commands["coach"])))


def _holds(asked: Asked) -> str:
    command = asked.coach.commands["coach"]
    held = [hold.account for hold in asked.coach.retention.holds(asked.rep)]
    return drawing.held(held, command) if held else drawing.hold_usage(command)


def _short(account: str) -> str:
    return escape(clip(account, ACCOUNT))


def status(asked: Asked) -> Sequence[tuple[str, str]]:
    """For managers, that more is deleted from some day on: who did not ask for it can object."""
    rule = asked.coach.retention.rule(asked.rep.workspace_id)
    if rule.next_at is None or not asked.coach.people.is_manager(asked.rep):
        return []
    return [(FOR_MANAGERS, f"• {_kept(rule, asked)}")]


def tidy(coach: Coach, messenger: Messenger) -> None:
    coach.retention.tidy()


SUBCOMMANDS = {"keep": on_keep, "hold": on_hold}
ACTIONS = {
    drawing.KEEP_SURE: on_keep_sure,
    drawing.KEEP_BACK: on_keep_back,
    drawing.KEEP_NOT: on_keep_not,
}
JOBS = {"records.tidy": tidy}
STATUS = (status,)
HELP = (
    ("coach", "keep 365 days", "for managers: delete what is older, each night; it asks first"),
    ("coach", "hold acme", "for managers: nothing about this account is deleted meanwhile"),
)
