"""One question has one answer: from the shell, by `/tip` and in a direct message."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from bot.operations import library_commands
from handlers.app import Bot
from handlers.slack.blocks import escape
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.support import questions, tips
from tests.support.paths import ROOT

EVAL = ROOT / "tests" / "eval"
EACH = 10  # of real questions, of those with an answer and of those without


class Shape(NamedTuple):
    """What an answer is, and how each lesson in it begins."""

    kind: str
    lessons: tuple[str, ...]


def asked() -> list[str]:
    """Thirty questions, each tenth or so of its file."""
    rows = [json.loads(line) for name in ("real_new", "fifth")
            for line in (EVAL / f"{name}.jsonl").read_text("utf-8").splitlines()]  # fmt: skip
    real = [row["query"] for row in rows if row["id"].startswith("n")]
    ours = [row for row in rows if not row["id"].startswith("n")]
    known = [row["query"] for row in ours if row["relevant"]]
    unknown = [row["query"] for row in ours if not row["relevant"]]
    return [query for of in (real, known, unknown) for query in of[:: len(of) // EACH][:EACH]]


def of_shell(answer: dict[str, Any]) -> Shape:
    if answer["answered"]:
        return Shape("tip", (answer["text"].splitlines()[0],))
    lessons = tuple(each["lesson"] for each in answer["offered"])
    return Shape("three" if lessons else "nothing", lessons)


def of_message(message: Message) -> Shape:
    labels = [b["accessory"]["accessibility_label"] for b in message.blocks if "accessory" in b]
    if labels:
        return Shape("three", tuple(label.removeprefix("Open: ") for label in labels))
    if "The library has nothing on" in message.plain:
        return Shape("nothing", ())
    return Shape("tip", (message.text,))


def agree(one: Shape, other: Shape) -> bool:
    """The same kind with the same lessons; Slack's may be cut short."""
    pairs = zip(one.lessons, other.lessons, strict=False)
    return (one.kind, len(one.lessons)) == (other.kind, len(other.lessons)) and all(
        escape(whole).startswith(cut.rstrip("…").strip()) for whole, cut in pairs
    )


def test_thirty_questions_are_answered_alike_from_the_shell_by_tip_and_in_a_message(
    slack: FakeSlack,
    bot: Bot,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kinds = []
    for question in asked():
        library_commands.tip(bot.coach, question, as_json=True)
        shell = of_shell(json.loads(capsys.readouterr().out))
        for answer in (tips.ask(slack, question), questions.ask(slack, question, user="U2")):
            assert agree(shell, of_message(answer)), question
        # Who has heard a lesson gets the next one; here everybody is new to each question.
        bot.coach.store.write(lambda db: db.execute("DELETE FROM tips_said"))
        kinds.append(shell.kind)
    assert len(kinds) == 30
    assert set(kinds) == {"tip", "three", "nothing"}
