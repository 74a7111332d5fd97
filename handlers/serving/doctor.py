"""`python -m bot doctor`: looks at everything, Slack included, and says what to do."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.operations import health
from bot.operations.health import Finding
from bot.settings import Settings
from handlers.slack.client import client
from handlers.slack.manifest import OPTIONAL_SCOPES, SCOPES

SKEW_S = 60  # Slack refuses a signature that is 300 s off; say so well before
MARKS = {"ok": "ok   ", "note": "note ", "mend": "MEND "}


def examine(settings: Settings) -> int:
    """Print a line for each finding; 1 if something must be mended."""
    with Coach(settings, SystemClock()) as coach:
        findings = [*health.examine(settings, coach, os.environ), *_slack(settings)]
    for finding in findings:
        print(MARKS[finding.state] + finding.sentence)
    return int(any(finding.state == "mend" for finding in findings))


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.bot_token:
        return
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # the finding below says it
    try:
        answer = client(settings.bot_token, settings.api_url).auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        yield Finding(
            "mend", f"Slack refuses SLACK_BOT_TOKEN ({code}). Copy it again from “OAuth”."
        )
        return
    except (SlackClientError, OSError):
        yield Finding("mend", f"Slack can't be reached at {settings.api_url}. Check the network.")
        return
    yield Finding("ok", f"Slack knows the coach as @{answer['user']} in {answer['team']}.")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    yield from _scopes(headers.get("x-oauth-scopes", ""))
    yield from _skew(headers.get("date", ""))


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
    except ValueError:
        return
    off = abs((datetime.now(theirs.tzinfo) - theirs).total_seconds())
    if off > SKEW_S:
        yield Finding(
            "mend",
            f"This machine's clock is {off:.0f} seconds off. Set it by NTP: Slack's signatures"
            " fail from 300 seconds on, and nudges come at the wrong time.",
        )
