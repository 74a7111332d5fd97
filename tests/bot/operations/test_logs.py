"""What the log's two forms let through, and what our own code hands to it."""

from __future__ import annotations

import ast
import json
import logging
import sqlite3
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.logs import LEFT_OUT, JsonLines, PlainLines
from tests.support.paths import ROOT

MARK = "what Zzquillon said"


def record(
    said: str = "a message was not said", name: str = "bot.outbox", **more: Any
) -> logging.LogRecord:
    error = more.pop("error", None)
    return logging.getLogger(name).makeRecord(
        name, logging.WARNING, __file__, 1, said, more.pop("args", ()), error, extra=more
    )


def raised(*errors: BaseException) -> Any:
    """`sys.exc_info()` of the last error, each caused by the one before."""
    try:
        before = None
        for error in errors:
            try:
                raise error from before
            except BaseException as caught:
                before = caught
        assert before
        raise before
    except BaseException:
        return sys.exc_info()


def test_a_line_shows_codes_ids_and_durations() -> None:
    made = record(code="not_in_channel", ids=[3, 4], late_s=2, reference="a1b2c3")
    plain = PlainLines().format(made)
    assert plain.endswith(
        "a message was not said code=not_in_channel ids=3,4 late_s=2 reference=a1b2c3"
    )
    told = json.loads(JsonLines().format(made))
    assert (told["level"], told["from"], told["said"]) == (
        "WARNING", "bot.outbox", "a message was not said"
    )  # fmt: skip
    assert (told["code"], told["ids"], told["late_s"]) == ("not_in_channel", [3, 4], 2)
    assert told["at"].endswith("+00:00")


@given(st.text(), st.text())
def test_words_in_a_field_or_in_an_error_never_come_through(words: str, more: str) -> None:
    secret = f"{MARK} {words}"
    made = record(
        why=secret, ids=[secret], error=raised(KeyError(secret), ValueError(f"{more}{secret}"))
    )
    for form in (PlainLines(), JsonLines()):
        line = form.format(made)
        assert MARK not in line and LEFT_OUT in line
        assert "ValueError" in line and "KeyError" in line and "raised" in line
    assert "\n" not in JsonLines().format(made)


@pytest.mark.parametrize("token", ["xoxb-1-2", "xapp-1-A", "xoxe.xoxp-1", "sk proj"])
def test_a_token_in_a_field_never_comes_through(token: str) -> None:
    for form in (PlainLines(), JsonLines()):
        assert token not in form.format(record(why=token))


@pytest.mark.parametrize(
    ("said", "args", "kept"),
    [
        (f"Error: {MARK}", (), "Error"),
        ('HTTP Request: %s %s "%s"', ("POST", MARK, "200"), "HTTP Request"),
        (f"Failed to run a listener ({MARK})", (), "Failed to run a listener"),
    ],
)
def test_of_another_packages_line_the_part_that_does_not_vary_is_kept(
    said: str, args: tuple[str, ...], kept: str
) -> None:
    told = json.loads(JsonLines().format(record(said, "slack_bolt.App", args=args)))
    assert told["said"] == kept


def test_what_the_system_calls_the_trouble_is_told() -> None:
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(":memory:").execute("SELECT * FROM nowhere")
    error = (caught.type, caught.value, caught.tb)
    assert "OperationalError (SQLITE_ERROR)" in PlainLines().format(record(error=error))
    assert "FileNotFoundError (2)" in PlainLines().format(
        record(error=raised(FileNotFoundError(2, "No such file", "/secret")))
    )


# Our own lines ------------------------------------------------------------------------------

# Sentences made where they are raised: of a file that a manager edits, or of Slack's state.
MADE = {
    "bot/coach.py": {"fault"},
    "bot/model/endpoint.py": {"str(faulty)"},
    "handlers/serving/serve.py": {"noticed", "fault", "error"},
    "handlers/serving/_socket_mode.py": {"trouble"},
}
FIELDS = {
    "advice", "bytes", "calendar", "call", "came", "code", "event", "feed", "first", "id", "ids",
    "kept", "kind", "late_s", "left", "method", "nudge", "offer", "port", "reason", "record",
    "reference", "rows", "user", "what", "why", "workspace",
}  # fmt: skip


WRITERS = {f"log.{name}" for name in ("debug", "info", "warning", "error", "exception", "critical")}


def calls() -> list[tuple[str, ast.Call]]:
    found = []
    for house in ("bot", "handlers"):
        for path in sorted((ROOT / house).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in WRITERS:
                    found.append((path.relative_to(ROOT).as_posix(), node))
    return found


def test_our_own_lines_are_fixed_sentences_with_known_fields() -> None:
    seen = calls()
    assert len(seen) > 40
    for file, call in seen:
        first = call.args[0]
        fixed = isinstance(first, ast.Constant) and len(call.args) == 1
        counted = (
            isinstance(first, ast.Constant) and "%d" in first.value and "%s" not in first.value
        )
        assert fixed or counted or ast.unparse(first) in MADE.get(file, ()), ast.unparse(call)
        for extra in (k.value for k in call.keywords if k.arg == "extra"):
            if isinstance(extra, ast.Dict):
                names = {key.value for key in extra.keys if isinstance(key, ast.Constant)}
                assert names <= FIELDS, ast.unparse(call)
