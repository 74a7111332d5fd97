"""Who belongs to our workspace, by the ids that Slack sends, or else by asking it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.coach import Coach
from bot.errors import CoachError, NotYet
from bot.people.rep import Rep
from handlers.dispatch import errors
from handlers.slack import payloads
from handlers.slack.homes import belongs
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)

TURNED_AWAY = "This is the sales coach of another workspace. There it works."
NOT_KNOWN = "Slack doesn't tell me right now whether you belong here. Try again in a minute."
KNOWN_FOR = timedelta(hours=1)
# docs.slack.dev/reference/methods/users.info: whoever our workspace can't see is not of it.
_UNSEEN = frozenset({"user_not_found", "user_not_visible"})


class Outsider(CoachError):
    """Somebody of another workspace."""


class Membership:
    """Whose home our workspace is. Slack is asked only where ids of a Grid leave it open."""

    def __init__(self, coach: Coach, messenger: Messenger) -> None:
        self._coach, self._messenger = coach, messenger
        self._own = ""
        self._homes: dict[Rep, tuple[bool, timedelta]] = {}

    def recognise(self, asked: Request) -> Request:
        """Whoever asks, as a rep of ours. Raises `Outsider`, and `NotYet` where nobody can tell.

        On a Grid a click or a form carries the id of whichever workspace its sender looked at it
        from (github.com/slackapi/bolt-js/issues/1875 and /1614), so it says nothing about a home; a
        command names no home at all.
        """
        ids = {asked.rep.workspace_id, asked.home_id} - {""}
        if not payloads.on_a_grid(asked.body):
            if asked.is_outsider:
                raise Outsider(TURNED_AWAY)
            return asked
        own = self._workspace()
        rep, looks_ours = Rep(own, asked.rep.user_id), ids == {own}
        if looks_ours and (asked.home_id or self._coach.people.knows(rep)):
            return asked
        try:
            if not self._is_home(rep):
                raise Outsider(TURNED_AWAY)
        except NotYet:
            if not looks_ours:
                raise
        return replace(asked, rep=rep, home_id=own)

    def turned_away(self, event: Mapping[str, Any], rep: Rep, first: bool) -> bool:
        """Whether an event is an outsider's, who is told so once; `first` is somebody of whom
        nothing is known yet. Raises `NotYet` where nobody can tell."""
        if not rep.user_id or not self._is_outsider(event, rep, first):
            return False
        if payloads.was_deleted(event):
            return True
        self._say(event, rep)
        return True

    def _is_outsider(self, event: Mapping[str, Any], rep: Rep, first: bool) -> bool:
        elsewhere = payloads.homes(event) - {rep.workspace_id}
        if elsewhere and not payloads.on_a_grid(event):
            return True
        if not (elsewhere or first):
            return False
        try:
            return not self._is_home(rep)
        except NotYet:
            if elsewhere:
                raise
            return False

    def _say(self, event: Mapping[str, Any], rep: Rep) -> None:
        """To them alone: what outsiders read in a channel, the coach does not write."""
        channel_id = str(event.get("channel") or "")
        where: dict[str, Any] = {"channel": channel_id, "text": TURNED_AWAY}
        alone = channel_id.startswith("D")
        method = "chat.postMessage" if alone else "chat.postEphemeral"
        try:
            whom = {} if alone else {"user": rep.user_id}
            self._messenger.client.call(rep, "", method, **where, **whom)
        except CoachError:
            log.warning("could not turn an outsider away", extra={"user": rep.user_id})

    def _workspace(self) -> str:
        """Our own, by the token."""
        if not self._own:
            try:
                self._own = str(self._messenger.client.quick.auth_test()["team_id"])
            except (SlackApiError, SlackClientError, OSError) as error:
                raise NotYet(NOT_KNOWN) from error
        return self._own

    def _is_home(self, rep: Rep) -> bool:
        now = self._coach.clock.elapsed()
        known = self._homes.get(rep)
        if known and now - known[1] < KNOWN_FOR:
            return known[0]
        try:
            user = self._messenger.client.quick.users_info(user=rep.user_id)["user"]
        except SlackApiError as refused:
            if refused.response["error"] not in _UNSEEN:
                raise NotYet(NOT_KNOWN) from refused
            user = {"team_id": "unseen"}
        except (SlackClientError, OSError) as error:
            raise NotYet(NOT_KNOWN) from error
        self._homes[rep] = (belongs(user, rep.workspace_id), now)
        return self._homes[rep][0]


def answer(asked: Request, why: str) -> BoltResponse:
    """A form stays open with everything in it and the sentence; all else is told privately."""
    if asked.body.get("type") == "view_submission":
        return errors.in_the_form(dict(asked.body), why, "")
    return BoltResponse(status=200)
