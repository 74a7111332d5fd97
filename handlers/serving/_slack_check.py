"""What only Slack can say: whether it takes every drawing and the manifest, and shows the coach its
own message. Nothing stays in Slack."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.settings import Settings
from handlers.serving._samples import Sample
from handlers.slack.client import client
from handlers.slack.manifest import OPTIONAL_SCOPES, manifest
from handlers.slack.messenger import marking

PATIENCE_S = 90  # for all that Slack asks to wait while the drawings are looked at
LOOKS = 5  # at a conversation, a second apart, until the message shows there
CONFIG_TOKEN = (
    "not asked: set COACH_CONFIG_TOKEN to an app configuration token (`xoxe.xoxp-…`), which lives"
    " for 12 hours: at api.slack.com/apps, below your apps, “Generate Token”"
)
NOBODY = "not asked: name yourself by `--user U…`, or set COACH_MANAGERS"


class Settled(NamedTuple):
    """One thing that was asked: `ok` is None where it was not asked or Slack did not say."""

    what: str
    ok: bool | None
    said: str


Wait = Callable[[float], None]


class _Patience:
    """Waits as Slack asks, and not for longer than that in all."""

    def __init__(self, wait: Wait) -> None:
        self._left, self._wait = float(PATIENCE_S), wait

    def asked(self, call: Callable[[], Any]) -> Mapping[str, Any]:
        """The answer, be it a refusal; `{"ok": None}` where Slack gave none."""
        while True:
            try:
                return dict(call().data)
            except SlackApiError as error:
                seconds = float(error.response.headers.get("Retry-After", 1))
                limited = error.response.status_code == 429
                if not limited or seconds > self._left:
                    said = {} if limited else error.response.data
                    return dict(said) if isinstance(said, dict) and said else {"ok": None}
            except (SlackClientError, OSError):
                return {"ok": None, "error": "no answer"}
            self._left -= seconds
            self._wait(seconds)


def drawn(web: WebClient, samples: Iterator[Sample], wait: Wait = time.sleep) -> Settled:
    """Whether Slack takes each drawing: docs.slack.dev/reference/methods/blocks.validate."""
    patience, taken, wrong, unasked = _Patience(wait), 0, list[str](), 0
    for sample in samples:
        payload = {sample.kind: json.dumps(sample.payload, ensure_ascii=False)}
        answer = patience.asked(partial(web.api_call, "blocks.validate", json=payload))
        if answer["ok"]:
            taken += 1
        elif answer["ok"] is None or not answer.get("errors"):
            unasked += 1
        else:
            wrong.append(f"{sample.name} ({sample.variant}): {_errors(answer)}")
    return _of_drawings(taken, wrong, unasked)


def _of_drawings(taken: int, wrong: list[str], unasked: int) -> Settled:
    parts = [f"{taken} taken"]
    parts += [f"{unasked} without an answer"] if unasked else []
    parts += [f"{len(wrong)} refused: {'; '.join(wrong)}"] if wrong else []
    ok = False if wrong else None if unasked or not taken else True
    return Settled("messages and forms, empty, usual, and long and hostile", ok, ", ".join(parts))


def manifests(settings: Settings, wait: Wait = time.sleep) -> Iterator[Settled]:
    """Whether Slack takes the manifest, with and without what can be left out of it:
    docs.slack.dev/reference/methods/apps.manifest.validate."""
    if not settings.config_token:
        yield Settled("the manifest", None, CONFIG_TOKEN)
        return
    web, patience = client(settings.config_token, settings.api_url), _Patience(wait)
    for name, made in _manifests(settings).items():
        what = f"the manifest, {name}"
        asked = {"manifest": json.dumps(made, ensure_ascii=False)}
        answer = patience.asked(partial(web.api_call, "apps.manifest.validate", json=asked))
        said = "taken" if answer["ok"] else _errors(answer)
        refused = bool(answer.get("errors"))
        yield Settled(what, True if answer["ok"] else False if refused else None, said)


def _manifests(settings: Settings) -> dict[str, dict[str, Any]]:
    whole = manifest(settings)
    required, no_agent = json.loads(json.dumps(whole)), json.loads(json.dumps(whole))
    required["oauth_config"]["scopes"].pop("bot_optional")
    events = required["settings"]["event_subscriptions"]
    events["bot_events"] = [name for name in events["bot_events"] if name != "app_mention"]
    del no_agent["features"]["agent_view"]
    optional = f"with its {len(OPTIONAL_SCOPES)} optional scopes and agent_view"
    return {
        optional: whole,
        "without the optional scopes and app_mention": required,
        "without agent_view": no_agent,
    }


def own_message(web: WebClient, user_id: str, wait: Wait = time.sleep) -> Settled:
    """Whether a message with its mark shows in the history of a DM; it is deleted again."""
    what = "a message of its own found again in a direct message"
    if not user_id:
        return Settled(what, None, NOBODY)
    mark = secrets.token_hex(16)
    try:
        channel = str(web.conversations_open(users=[user_id])["channel"]["id"])
        text = "A look whether I find my own words again. This message goes away by itself."
        posted = web.chat_postMessage(channel=channel, text=text, metadata=marking([mark]))
        found = _found(web, channel, str(posted["ts"]), mark, wait)
        web.chat_delete(channel=channel, ts=posted["ts"])
    except SlackApiError as error:
        return Settled(what, False, f"Slack says {error.response.get('error')}")
    except (SlackClientError, OSError):
        return Settled(what, None, "Slack did not answer")
    return Settled(what, found > 0, f"found at look {found}" if found else f"not in {LOOKS} looks")


def _found(web: WebClient, channel: str, ts: str, mark: str, wait: Wait) -> int:
    """At which look the message showed with its mark; 0 if at none."""
    for look in range(1, LOOKS + 1):
        told = web.conversations_history(
            channel=channel, oldest=ts, inclusive=True, include_all_metadata=True
        )
        for message in told["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("id") == mark:
                return look
        wait(1)
    return 0


def _errors(answer: Mapping[str, Any]) -> str:
    """Slack's own words, each with the place that it points to."""
    told = [f"{e.get('pointer', '')} {e.get('message', '')}" for e in answer.get("errors") or ()]
    return "; ".join(each.strip() for each in told) or f"Slack says {answer.get('error')}"


def report(settled: list[Settled], day: str, team: str) -> str:
    """As Markdown, to be pasted beside the list of what was not tried yet."""
    marks = {True: "holds", False: "**does not hold**", None: "open"}
    lines = [f"| {each.what} | {marks[each.ok]} | {_cell(each.said)} |" for each in settled]
    head = [
        f"Asked of Slack on {day}, in {team}:",
        "",
        "| what | | Slack's answer |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *lines])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
