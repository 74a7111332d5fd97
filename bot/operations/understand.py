"""`python -m bot understand`: how a line after a command is read, by the code of the commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock.local_time import read_zone
from bot.coach import EditableFiles, read_files
from bot.daily_tips.command import NotADaily, read_wish
from bot.debriefs.command import read_debrief
from bot.debriefs.form import propose_form
from bot.errors import CoachError
from bot.huddles.huddle import USUAL_LENGTH
from bot.huddles.understanding import Setting, as_words, understand

COMMANDS = ("/huddle", "/debrief", "/coach daily")


def run(line: str, given: Mapping[str, Any], as_json: bool) -> int:
    """Print how a line is read, or with “-” each JSON object of the standard input, one a line."""
    if line == "-":
        for number, text in enumerate(sys.stdin, 1):
            if text.strip():
                print(json.dumps(read(_object(text, number)), ensure_ascii=False))
        return 0
    found = read({**given, "line": line})
    print(json.dumps(found, ensure_ascii=False) if as_json else _shown(found))
    return 0


def _object(text: str, number: int) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("line"), str):
        raise CoachError(f"Line {number} is no JSON object with a “line”.")
    return found


def read(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the command of `case` makes of its line. Raises `CoachError` for a bad case."""
    command = str(case.get("command") or "/huddle")
    if command == "/huddle":
        return _huddle(case)
    if command == "/debrief":
        return _debrief(case)
    if command == "/coach daily":
        return _daily(case)
    raise CoachError(f"I read {', '.join(COMMANDS)}; “{command}” is none of them.")


def _zone(case: Mapping[str, Any]) -> str:
    typed = str(case.get("zone") or "UTC")
    if not (zone := read_zone(typed)):
        raise CoachError(f"“{typed}” is no zone that I know. Write it like Europe/London.")
    return zone


def _now(case: Mapping[str, Any], zone: str) -> datetime:
    """A wall clock in the zone, unless it carries an offset."""
    if not (typed := case.get("now")):
        return datetime.now(UTC)
    try:
        now = datetime.fromisoformat(str(typed))
    except ValueError:
        raise CoachError(f"“{typed}” is no moment. Write it like 2026-11-23T09:00.") from None
    return now if now.tzinfo else now.replace(tzinfo=ZoneInfo(zone))


def _huddle(case: Mapping[str, Any]) -> dict[str, Any]:
    zone = _zone(case)
    plays = _words().plays
    known = _names(case.get("known"))
    locale = str(case.get("locale") or "en-US")
    said = understand(case["line"], Setting(_now(case, zone), zone, locale, plays, known))
    starts = said.starts.astimezone(ZoneInfo(zone)) if said.starts else None
    return {
        "result": said.result,
        "account": said.account,
        "starts": starts.strftime("%Y-%m-%dT%H:%M") if starts else None,
        "length": int((said.length or USUAL_LENGTH).total_seconds()) // 60,
        "people": list(said.people),
        "play": said.play,
        "goal": said.goal,
        "why": " ".join(said.why),
        "utc": said.starts.strftime("%Y-%m-%dT%H:%MZ") if said.starts else None,
    }


def _debrief(case: Mapping[str, Any]) -> dict[str, Any]:
    """Open calls come oldest first, as they were held."""
    forms = _words().forms
    calls = list(reversed(_names(case.get("open_calls"))))
    said = read_debrief(as_words(case["line"]), calls, _names(case.get("known")), forms)
    return {
        "result": said.result,
        "call": said.account or None,
        "reached": said.reached or None,
        "words": said.said or said.words,
        "why": said.why,
        "account": said.account,
        "choices": list(said.choices),
        "form": propose_form(forms, said.words).slug if said.result == "form" else None,
    }


def _daily(case: Mapping[str, Any]) -> dict[str, Any]:
    try:
        wish = read_wish(as_words(case["line"]), str(case.get("locale") or "en-US"))
    except NotADaily as refused:
        nothing = dict.fromkeys(("at", "days", "zone", "holidays"))
        return {"result": "refuse", **nothing, "why": str(refused)}
    return {
        "result": "set",
        "at": f"{wish.at:%H:%M}",
        "days": sorted(wish.days),
        "zone": wish.zone,
        "holidays": wish.holidays,
        "why": "",
    }


@cache
def _words() -> EditableFiles:
    return read_files()


def _names(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [str(each) for each in given] if isinstance(given, Iterable) else []


def _shown(found: Mapping[str, Any]) -> str:
    return "\n".join(f"{key}: {_said(value)}" for key, value in found.items())


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)
