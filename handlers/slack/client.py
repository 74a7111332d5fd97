"""The wire to Slack: each call is made once, and what Slack refuses becomes a sentence."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.coach import Coach
from bot.errors import CoachError
from bot.people.rep import Rep
from handlers.slack.manifest import SCOPES

log = logging.getLogger(__name__)

TIMEOUT_S = 10
QUICK_S = 2  # for what is asked before an ack: Slack waits 3 s for that
# docs.slack.dev/interactivity/handling-user-interaction: a trigger opens a form for three seconds.
# No later answer is of use, and the thread that waits for one listens for Slack.
FORM_S = 3

# Slack's answers that leave open whether the message was posted.
UNCERTAIN = {"no_answer", "fatal_error", "internal_error", "service_unavailable"}
UNCERTAIN |= {"request_timeout", "team_added_to_org"}


class NotSaid(CoachError):
    """Slack did not take a message; the sentence says why and what to do. `code` is Slack's.

    The sentence is Slack's markup already: it names channels and people by their ids alone.
    """

    def __init__(self, sentence: str, code: str, retry_after: float = 0) -> None:
        super().__init__(sentence)
        self.code = code
        self.retry_after = retry_after


def client(token: str, api_url: str, timeout_s: int = TIMEOUT_S) -> WebClient:
    """A client that says all once: the SDK's own retries post twice (python-slack-sdk#1013)."""
    return WebClient(token=token, base_url=api_url, retry_handlers=[], timeout=timeout_s)


class SlackClient:
    """Calls Slack, and notes what stands in the way for good."""

    def __init__(self, web: WebClient, coach: Coach) -> None:
        self.web = web
        self.quick, self._forms = (
            client(web.token or "", web.base_url, wait_s) for wait_s in (QUICK_S, FORM_S)
        )
        self._coach = coach
        self._own_id = ""
        self._granted: frozenset[str] = frozenset()  # scopes, as Slack's last answer named them

    def call(self, rep: Rep, place: str, method: str, **arguments: Any) -> dict[str, Any]:
        """One call, once. Raises `NotSaid`; what stands in the way for good is noted."""
        web = self._forms if method.startswith("views.") else self.web
        try:
            # What only reads takes no JSON: docs.slack.dev/apis/web-api
            if method in _READS:
                answer = web.api_call(method, params=arguments)
            else:
                answer = web.api_call(method, json=arguments)
        except SlackApiError as error:
            code = _code(error)
            wait = float((error.response.headers or {}).get("Retry-After", 0) or 0)
            if code != "missing_scope" or _was_asked_for(error):
                self.note(rep, place, code)
            raise NotSaid(explain(code, place, wait), code, wait) from error
        except (SlackClientError, OSError) as error:
            log.warning("slack did not answer", extra={"method": method})
            raise NotSaid(explain("no_answer", place), "no_answer") from error
        # docs.slack.dev/authentication/installing-with-oauth: the token's scopes, in a header
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if granted := headers.get("x-oauth-scopes"):
            self._granted = frozenset(re.findall(r"[^\s,]+", granted))
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def note(self, rep: Rep, place: str, code: str) -> None:
        if code in _WORKSPACE_TROUBLE:
            self._coach.people.trouble(rep.workspace_id, "workspace", explain(code, ""))
        elif place and code in PLACE_TROUBLE.keys() - _ABOUT_A_THREAD:
            self._coach.people.trouble(rep.workspace_id, place, explain(code, place))

    def own_id(self, rep: Rep) -> str:
        """The coach's user id. Raises `NotSaid`."""
        if not self._own_id:
            self._own_id = str(self.call(rep, "", "auth.test")["user_id"])
        return self._own_id

    def may(self, rep: Rep, scope: str) -> bool:
        """Whether Slack granted the scope; False where that can't be found out now."""
        with suppress(NotSaid):
            if not self._granted:
                self.call(rep, "", "auth.test")
        return scope in self._granted


_READS = {"users.info", "conversations.info", "conversations.history", "conversations.replies"}
_READS |= {"chat.getPermalink", "files.info"}


def _code(error: SlackApiError) -> str:
    """Slack's code; "no_answer" for an answer that does not tell whether the call was done.

    There are ever more that begin with `restricted_action`: each says that the coach may not post.
    """
    code = str(error.response.get("error"))
    if code.startswith("restricted_action") and code not in PLACE_TROUBLE:
        return "restricted_action"
    told = error.response.status_code < 500 and re.fullmatch(r"[a-z_]+", code)
    return code if told else "no_answer"


def _was_asked_for(error: SlackApiError) -> bool:
    """Whether the scope that is missing is one that the coach can't do without."""
    needed = str(error.response.get("needed") or "")
    return not needed or not SCOPES.keys().isdisjoint(needed.split(","))


PLACE_TROUBLE = {
    "not_in_channel": "I couldn't post in {place}: I'm not in that channel."
    " Type `/invite` there with my name, then try again.",
    "channel_not_found": "I couldn't post in {place}: I can't see that channel."
    " Type `/invite` there with my name, then try again.",
    "is_archived": "I couldn't post in {place}: that channel is archived.",
    "restricted_action": "I couldn't post in {place}: only some people may post there.",
    "restricted_action_read_only_channel": "I couldn't post in {place}: only some people may post"
    " there.",
    "restricted_action_thread_only_channel": "I couldn't post in {place}: only replies are allowed"
    " there.",
    "restricted_action_non_threadable_channel": "I couldn't answer in a thread of {place}: none are"
    " allowed there.",
    "restricted_action_thread_locked": "I couldn't answer in that thread of {place}: it is locked.",
    "cannot_reply_to_message": "I couldn't answer under that message in {place}: Slack takes no"
    " replies to it.",
    "user_not_found": "I couldn't write to {place}: Slack doesn't know that person.",
    "user_disabled": "I couldn't write to {place}: that account is deactivated.",
    "cannot_dm_bot": "I couldn't write to {place}: that is a bot.",
}
# docs.slack.dev/reference/methods/chat.postMessage, errors. The channel itself takes messages.
_ABOUT_A_THREAD = {
    "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
    "cannot_reply_to_message",
}  # fmt: skip
_WORKSPACE_TROUBLE = {
    "account_inactive": "Slack says that my account is off. An admin has to install me again.",
    "token_revoked": "Slack took back my token. An admin has to install me again.",
    "invalid_auth": "Slack doesn't accept my token. An admin should check SLACK_BOT_TOKEN.",
    "not_authed": "I have no token. An admin should check SLACK_BOT_TOKEN.",
    "missing_scope": "I lack a permission in Slack. An admin should install me again from the"
    " manifest.",
}
TOKEN_TROUBLE = {"account_inactive", "token_revoked", "invalid_auth", "not_authed"}
_OTHER_TROUBLE = {
    "shared": "{place} is shared with another organisation.",
    "ratelimited": "Slack asks me to wait {wait:.0f} seconds. Try again then.",
    "expired_trigger_id": "That took too long for a form. Try again.",
    "no_answer": "Slack did not answer. Try again in a minute.",
}
_SENTENCES = PLACE_TROUBLE | _WORKSPACE_TROUBLE | _OTHER_TROUBLE


def explain(code: str, place: str, wait: float = 0) -> str:
    """Slack's code as a sentence. `place` is a channel's or a user's id."""
    sentence = _SENTENCES.get(code, "Slack did not take that message. Try again in a minute.")
    where = f"<@{place}>" if place[:1] in "UW" else f"<#{place}>"
    where = "our messages" if place.startswith("D") else where
    return sentence.format(place=where if place else "there", wait=wait or 1)
