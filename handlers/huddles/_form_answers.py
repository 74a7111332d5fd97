"""What comes back from the forms of huddles, checked: a plan, or a wish for something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock.local_time import read_span
from bot.errors import WrongField
from bot.huddles.huddle import LENGTHS, PARTS, HuddleChange, Part, Plan
from handlers.huddles.forms import ACCOUNT
from handlers.slack.blocks import clip

_JUST_NOW = timedelta(minutes=1)  # what was picked as “now”
PAST = "That is past. Pick a time from now on."
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")


def plan(fields: Mapping[str, str], now: datetime) -> Plan:
    """The huddle that a form asks for. Raises `WrongField`."""
    starts, length = _moment(fields["starts"], now), _span(fields["length"])
    if starts + length <= now:
        raise WrongField("starts", PAST)
    return Plan(
        _name(fields["account"]),
        fields["play"],
        starts,
        length,
        tuple(fields["people"].split()),
        " ".join(fields["goal"].split()),
    )


def wish(changed: Mapping[str, str], before: Mapping[str, str], now: datetime) -> HuddleChange:
    """What somebody changed in a form, without what they left as it was. Raises `WrongField`."""
    old, new = (set(each.get("people", "").split()) for each in (before, {**before, **changed}))
    starts = _moment(changed["starts"], now) if "starts" in changed else None
    if starts and starts < now - _JUST_NOW:
        raise WrongField("starts", PAST)
    parts: dict[str, Part] = {
        name.removeprefix("part:"): part
        for name, held in changed.items()
        if name.startswith("part:")
        for part in PARTS
        if part == held
    }
    return HuddleChange(
        account=_name(changed["account"]) if "account" in changed else None,
        play=changed.get("play") or None,
        starts=starts,
        length=_span(changed["length"]) if "length" in changed else None,
        goal=" ".join(changed["goal"].split()) if "goal" in changed else None,
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        parts=parts,
    )


def is_sure(body: Mapping[str, Any], account: str) -> bool:
    """Whether the account was chosen among known ones and a new one, or put in quotes."""
    block = next(b for b in body["view"]["blocks"] if b["block_id"] == "account")
    return block["element"]["type"] == "radio_buttons" or bool(_QUOTED.fullmatch(account.strip()))


def _name(typed: str) -> str:
    inside = _QUOTED.fullmatch(typed.strip())
    name = clip(" ".join((inside[1] if inside else typed).split()), ACCOUNT)
    if not name:
        raise WrongField("account", "Type the account's name.")
    return name


def _moment(seconds: str, now: datetime) -> datetime:
    if not seconds.isdecimal():
        raise WrongField("starts", "Pick a day and a time.")
    return datetime.fromtimestamp(int(seconds), now.tzinfo)


def _span(typed: str) -> timedelta:
    least, most = LENGTHS
    span = timedelta(minutes=int(typed)) if typed.isdecimal() else read_span(typed)
    if span is None or not least <= span.total_seconds() / 60 <= most:
        raise WrongField("length", f"A length in minutes, from {least} to {most}.")
    return span
