"""Whether Slack knows the bot token: asked at start and by `doctor`, and never guessed."""

from __future__ import annotations

from http.client import HTTPException
from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NOT_ALLOWED, UNAVAILABLE, CoachError
from handlers.serving._socket_link import error_code
from handlers.slack.refusal import refusal


class WrongToken(CoachError):
    """Slack refuses SLACK_BOT_TOKEN, and no waiting helps."""

    status = NOT_ALLOWED


class CantTell(CoachError):
    """Slack did not say whether the token is right."""

    status = UNAVAILABLE


class Known(NamedTuple):
    """Who the token belongs to, as Slack says."""

    user: str
    team: str
    team_id: str
    headers: dict[str, str]  # by names in small letters


def known(web: WebClient) -> Known:
    """Who the coach is in Slack. Raises `WrongToken` or `CantTell`."""
    try:
        answer = web.auth_test()
    except SlackApiError as error:
        code = error_code(error)
        if refusal(code).look == "token":
            raise WrongToken(
                f"Slack refuses SLACK_BOT_TOKEN ({code}). Copy it again from “OAuth”."
            ) from error
        raise CantTell(
            f"Slack did not say whether SLACK_BOT_TOKEN is right ({code}). Ask again in a minute."
        ) from error
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        raise CantTell(
            f"Slack can't be reached at {web.base_url}. Check the network, then"
            " https://slack-status.com; the tokens are not at fault."
        ) from error
    headers = {name.lower(): value for name, value in answer.headers.items()}
    user, team, team_id = (str(answer.get(key)) for key in ("user", "team", "team_id"))
    return Known(user, team, team_id, headers)
