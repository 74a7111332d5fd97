"""Drawing of how long things are kept: what counts, what would go, and what is on hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock

from bot.clock.local_time import local_day, say_day
from bot.records.retention import LEAST, NOTICE
from bot.records.retention_table import Rule
from handlers.slack.blocks import Message, button, clip, escape, section

KEEP_SURE = "records.keep_days"
KEEP_BACK = "records.keep_days_back"
KEEP_NOT = "records.keep_days_not"

ACCOUNT, NAMED = 60, 20  # characters of an account, and accounts, in one message
WHAT = "calls with their cards and debriefs, replies, tips, questions, and what Slack sent me"
COPIES = "What stands in Slack, backups and exports are not reached."


def kept(rule: Rule, now: datetime, zone: str) -> str:
    """What counts today, and what will."""
    today = f"I delete {WHAT} after {rule.days} days, at night." if rule.days else (
        "I keep everything for ever, until somebody has themselves forgotten."
    )  # fmt: skip
    if rule.set_outside:
        return f"{today} Whoever runs me has set that."
    if rule.next_at is None:
        return today
    day = _day(rule.next_at, now, zone)
    return f"{today} From {day} on it is {rule.next_days} days."


def usage(command: str) -> str:
    return (
        f"`{command} 365 days`, `{command} 2 years` or `{command} for ever` changes it;"
        f" {LEAST} days are the least."
    )


def ask(days: int, counts: Mapping[str, int], now: datetime, zone: str) -> Message:
    """Before it is set: how much would be deleted by today's count, and from when on."""
    day = _day(now + NOTICE, now, zone)
    text = (
        f"*Delete what is older than {days} days?* By today that is {_listed(counts)}. It begins on"
        f" {day}, and is then done each night. Until then any manager can take it back. Accounts on"
        f" hold are left alone. {COPIES}"
    )
    buttons = [
        button(f"Delete after {days} days", KEEP_SURE, str(days), style="danger"),
        button("Leave it as it is", KEEP_NOT),
    ]
    return Message(text, [section(text), ActionsBlock(elements=buttons)])


def coming(rule: Rule, now: datetime, zone: str) -> Message:
    """It is set; with a way back while there is one."""
    text = kept(rule, now, zone)
    if rule.next_at is None:
        return Message(text, [section(text)])
    back = button("Take it back", KEEP_BACK, str(rule.days or "-"))
    return Message(text, [section(text), ActionsBlock(elements=[back])])


def on_hold(account: str, others: Sequence[str], command: str) -> str:
    name = escape(clip(account, ACCOUNT))
    said = (
        f"*{name}* is on hold: nothing about it is deleted, not by age and not with a workspace."
        f" Who has themselves forgotten is told that their words about it go when the hold ends."
        f" `{command} hold {name} off` ends it."
    )
    if others:
        said += f" It goes by the name; there is also {_accounts(others)}."
    return said


def held(accounts: Sequence[str], command: str) -> str:
    return f"On hold: {_accounts(accounts)}. `{command} hold {_first(accounts)} off` ends one."


def hold_usage(command: str) -> str:
    return (
        f"Nothing is on hold. `{command} hold acme` keeps all about one account from being deleted,"
        " until you end it."
    )


def _day(moment: datetime, now: datetime, zone: str) -> str:
    return say_day(local_day(moment, zone), local_day(now, zone))


def _first(accounts: Sequence[str]) -> str:
    return escape(clip(accounts[0], ACCOUNT))


def _accounts(accounts: Sequence[str]) -> str:
    named = ", ".join(f"*{escape(clip(each, ACCOUNT))}*" for each in accounts[:NAMED])
    more = len(accounts) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def _listed(counts: Mapping[str, int]) -> str:
    parts = [f"{n:,} {_many(noun, n)}" for noun, n in counts.items() if n]
    if not parts:
        return "nothing yet"
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if parts[1:] else parts[0]


def _many(noun: str, n: int) -> str:
    if n == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
