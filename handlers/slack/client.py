"""The wire to Slack: each call is made once, and what Slack refuses becomes a sentence."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.coach import Coach
from bot.errors import CoachError
from bot.people.rep import Rep
from handlers.slack.manifest import SCOPES
from handlers.slack.rate_limit import LIMITED, Waits
from handlers.slack.refusal import codes, refusal

log = logging.getLogger(__name__)

TIMEOUT_S = 10
QUICK_S = 2  # for what is asked before an ack: Slack waits 3 s for that
# docs.slack.dev/interactivity/handling-user-interaction: a trigger opens a form for three seconds.
# No later answer is of use, and the thread that waits for one listens for Slack.
FORM_S = 3
LONGEST_WAIT_S = 86_400
AGAIN, THEN = " Try again in a minute.", " Try again then."


class NotSaid(CoachError):
    """Slack did not take a message; the sentence says why and what to do. `code` is Slack's.

    The sentence is Slack's markup already: it names channels and people by their ids alone.
    `reason` is the same for whoever need not do anything. `optional`: a permission is missing that
    the coach can do without, so nobody has to mend it.
    """

    def __init__(
        self, sentence: str, code: str, retry_after: float = 0, optional: bool = False
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.retry_after = retry_after
        self.optional = optional
        self.reason = sentence.removesuffix(AGAIN).removesuffix(THEN)
        self.means = refusal(code)


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
        self._waits = Waits(coach.clock)
        self._date: tuple[datetime, timedelta] | None = None  # Slack's, and when it was told
        self._own_id = ""
        self._granted: frozenset[str] = frozenset()  # scopes, as Slack's last answer named them

    def call(self, rep: Rep, place: str, method: str, **arguments: Any) -> dict[str, Any]:
        """One call, once. Raises `NotSaid`; what stands in the way for longer is noted. While Slack
        asks to wait, it is not asked; nor is it where the coach was taken out."""
        about = (rep.workspace_id, method, str(arguments.get("channel") or ""))
        if rep.workspace_id in self._coach.workspaces.gone and method != "auth.test":
            raise refused("account_inactive", place)
        if wait := self._waits.left(*about):
            raise refused("ratelimited", place, wait.total_seconds())
        web = self._forms if method.startswith("views.") else self.web
        try:
            # What only reads takes no JSON: docs.slack.dev/apis/web-api
            if method in _READS:
                answer = web.api_call(method, params=arguments)
            else:
                answer = web.api_call(method, json=arguments)
        except SlackApiError as error:
            raise self._refused(rep, place, about, error) from error
        except (SlackClientError, OSError) as error:
            log.warning("slack did not answer", extra={"method": method})
            raise refused("no_answer", place) from error
        headers = _headers(answer)
        self._heed_date(headers.get("date", ""))
        # docs.slack.dev/authentication/installing-with-oauth: the token's scopes, in a header
        if granted := headers.get("x-oauth-scopes"):
            self._granted = frozenset(re.findall(r"[^\s,]+", granted))
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def _refused(
        self, rep: Rep, place: str, about: tuple[str, str, str], error: SlackApiError
    ) -> NotSaid:
        """Slack's refusal, noted as far as it holds for longer."""
        code, wait_s = _code(error), _wait_s(error)
        optional = code == "missing_scope" and not _was_asked_for(error)
        if code in LIMITED:
            self._waits.ask(*about, timedelta(seconds=wait_s or 1))
        elif not optional:
            self.note(rep, place, code)
        if refusal(code).look == "token":  # the next one may be somebody else's, and may do more
            self._own_id, self._granted = "", frozenset()
        return refused(code, place, wait_s, optional)

    def slacks_now(self) -> datetime | None:
        """What time it is at Slack, as far as its last answer told; to a second or two."""
        if self._date is None:
            return None
        told, at = self._date
        return told + (self._coach.clock.elapsed() - at)

    def _heed_date(self, date: str) -> None:
        with suppress(ValueError):
            self._date = (parsedate_to_datetime(date), self._coach.clock.elapsed())

    def note(self, rep: Rep, place: str, code: str) -> None:
        at = {"workspace": "workspace", "place": place}.get(refusal(code).at)
        if at:
            self._coach.people.trouble(rep.workspace_id, at, refusal(code).say(place))

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
    if code.startswith("restricted_action") and code not in codes():
        return "restricted_action"
    if error.response.status_code == 429:
        return "ratelimited"
    told = error.response.status_code < 500 and re.fullmatch(r"[a-z0-9_]+", code)
    return code if told else "no_answer"


def _headers(answer: SlackResponse) -> dict[str, str]:
    """By names in small letters."""
    return {name.lower(): str(value) for name, value in (answer.headers or {}).items()}


def _wait_s(error: SlackApiError) -> int:
    """Seconds that Slack asks to wait; 0 where it does not say."""
    told = _headers(error.response).get("retry-after", "")
    return min(int(told), LONGEST_WAIT_S) if told.isascii() and told.isdigit() else 0


def _was_asked_for(error: SlackApiError) -> bool:
    """Whether the scope that is missing is one that the coach can't do without."""
    needed = str(error.response.get("needed") or "")
    return not needed or not SCOPES.keys().isdisjoint(needed.split(","))


def refused(code: str, place: str, wait_s: float = 0, optional: bool = False) -> NotSaid:
    return NotSaid(explain(code, place, wait_s), code, wait_s, optional)


def explain(code: str, place: str, wait_s: float = 0) -> str:
    """Slack's code as a sentence for whoever tried. `place` is a channel's or a user's id."""
    means = refusal(code)
    more = (THEN if code in LIMITED else AGAIN) if means.kind == "passes" else ""
    return means.say(place, wait_s) + more
