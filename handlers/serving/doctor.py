"""`python -m bot doctor`: looks at everything, Slack included, and says what to do."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.errors import CoachError
from bot.operations import health
from bot.operations.health import Finding
from bot.operations.single_process import AlreadyRunning, only_one
from bot.settings import Settings
from handlers.serving import _slack_check
from handlers.serving._hour_check import hours
from handlers.serving._slack_check import Settled
from handlers.serving._socket_link import new_address, open_link
from handlers.serving._tokens import known
from handlers.slack.client import client
from handlers.slack.manifest import OPTIONAL_SCOPES, SCOPES

SKEW_S = 60  # Slack refuses a signature that is 300 s off; say so well before
MARKS = {"ok": "ok   ", "note": "note ", "mend": "MEND "}


def examine(settings: Settings, asks_slack: bool = False, user_id: str = "") -> int:
    """Print a line for each finding; 1 if something must be mended. `asks_slack`: also what Slack
    says of all that the coach can draw, as Markdown; `user_id` sees a message come and go.

    Raises `CoachError` where the database can't be opened.
    """
    if noticed := health.look_at_file(settings.db):
        print(MARKS["note"] + noticed)
    with Coach(settings, SystemClock()) as coach:
        findings = [*health.examine(settings, coach, os.environ), *_slack(settings, coach)]
        for finding in findings:
            print(MARKS[finding.state] + finding.sentence)
        settled = _settled(settings, coach, user_id) if asks_slack else []
    mend = any(finding.state == "mend" for finding in findings)
    return int(mend or any(each.ok is False for each in settled))


def _settled(settings: Settings, coach: Coach, user_id: str) -> list[Settled]:
    """Ask Slack what it alone can say, and print its answers. Raises `CoachError` without a token
    that it knows."""
    from handlers.serving import _samples  # late: with it every drawing is imported

    web = client(settings.bot_token, settings.api_url)
    own = known(web)
    asker = user_id or min(settings.managers, default="")
    settled = [
        _slack_check.drawn(web, _samples.samples(_samples.known(coach.files))),
        *_slack_check.manifests(settings),
        _slack_check.own_message(web, asker),
    ]
    print(f"\n{_slack_check.report(settled, f'{coach.now():%d %b %Y}', own.team)}")
    return settled


def _slack(settings: Settings, coach: Coach) -> Iterator[Finding]:
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # the findings below say it
    if settings.bot_token:
        yield from _bot_token(settings, coach)
    if settings.app_token:
        yield from _link(settings)


def _bot_token(settings: Settings, coach: Coach) -> Iterator[Finding]:
    web = client(settings.bot_token, settings.api_url)
    try:
        own = known(web)
    except CoachError as error:
        yield Finding("mend", str(error))
        return
    yield Finding("ok", f"Slack knows the coach as @{own.user} in {own.team}.")
    yield from _scopes(own.headers.get("x-oauth-scopes", ""))
    yield from _skew(own.headers.get("date", ""))
    yield from hours(web, coach)


def _link(settings: Settings) -> Iterator[Finding]:
    """Try the app token, and open a link for a moment: not beside a coach at work here, since
    Slack may send to any link what this one does not answer."""
    web = client(settings.bot_token, settings.api_url)
    try:
        with only_one(settings.db):
            link = open_link(web, settings.app_token)
            link.close()
    except AlreadyRunning:
        yield from _app_token(web, settings.app_token)
        return
    except CoachError as error:
        yield Finding("mend", str(error))
        return
    yield Finding("ok", "Slack accepts SLACK_APP_TOKEN, and a link by Socket Mode opens.")
    if link.open_links > 1:
        yield Finding(
            "note",
            f"{link.open_links - 1} other links of this app are open. Slack sends each message to"
            " one of them: give each coach an app of its own.",
        )


def _app_token(web: WebClient, app_token: str) -> Iterator[Finding]:
    try:
        new_address(web, app_token)
    except CoachError as error:
        yield Finding("mend", str(error))
        return
    yield Finding(
        "ok", "Slack accepts SLACK_APP_TOKEN. A coach is at work here, so no link was tried."
    )


def _scopes(granted: str) -> Iterator[Finding]:
    have = {scope.strip() for scope in granted.split(",") if scope.strip()}
    if not have:
        return
    if missing := [scope for scope in SCOPES if scope not in have]:
        yield Finding(
            "mend",
            f"These scopes are missing: {', '.join(missing)}. Update the app from"
            " `python -m bot manifest` and install it again.",
        )
    for scope, reason in OPTIONAL_SCOPES.items():
        if scope not in have:
            yield Finding("note", f"Without the optional scope {scope} the coach can't {reason}.")


def _skew(date: str) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return
    off = abs((datetime.now(theirs.tzinfo) - theirs).total_seconds())
    if off > SKEW_S:
        yield Finding(
            "mend",
            f"This machine's clock is {off:.0f} seconds off. Set it by NTP: Slack's signatures"
            " fail from 300 seconds on, and nudges come at the wrong time.",
        )
