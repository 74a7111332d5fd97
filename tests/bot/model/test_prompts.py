"""Prompts are files: a manager may edit them, and a slip is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import CoachError
from bot.model.prompts import GIVEN, load_prompts, read_prompt
from tests.support.paths import ROOT

FOLDER = ROOT / "prompts"
HEAD = 'version = "1"\ntemperature = 0\nmax_tokens = 10\n'
GOOD = f'+++\n{HEAD}variables = ["who"]\n+++\nBe kind.\n===\nHello $who\n'


def test_the_prompts_that_are_shipped_can_be_read() -> None:
    prompts, faults = load_prompts(FOLDER)
    assert faults == []
    assert {name: prompt.variables for name, prompt in prompts.items()} == GIVEN


def test_a_prompt_is_filled_in_once() -> None:
    filled = read_prompt(GOOD, "x").fill(who="$who and ${who} $5")
    assert filled == ("Be kind.", "Hello $who and ${who} $5")


@pytest.mark.parametrize("values", [{}, {"who": "a", "whom": "b"}])
def test_a_missing_or_unknown_value_names_the_file(values: dict[str, str]) -> None:
    with pytest.raises(CoachError, match=r"x\.md"):
        read_prompt(GOOD, "x").fill(**values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "+++\nversion = \n+++\na\n===\nb",
        GOOD.replace("$who", "$whom"),
        GOOD.replace("$who", "you"),
        GOOD.replace("$who", "$who costs 5 $"),
        GOOD.replace("===", "---"),
        GOOD.replace('version = "1"\n', ""),
        GOOD.replace("temperature = 0", 'temperature = "warm"'),
        GOOD.replace("max_tokens = 10", "max_tokens = 1000000"),
        GOOD.replace("version", "versoin"),
    ],
)
def test_a_faulty_prompt_is_named(text: str) -> None:
    with pytest.raises(CoachError, match=r"x\.md"):
        read_prompt(text, "x")


@pytest.mark.parametrize(
    ("written", "said"),
    [('"question"', "$passages"), ('"question", "passages", "mood"', "$mood")],
)
def test_a_prompt_that_the_coach_cannot_fill_is_named_at_start(written: str, said: str) -> None:
    text = " ".join(f"${name}" for name in re.findall(r"\w+", written))
    head = f"+++\n{HEAD}variables = [{written}]\n+++\n"
    with pytest.raises(CoachError, match=rf"tip\.md.*{re.escape(said)}"):
        read_prompt(f"{head}Be kind.\n===\n{text}\n", "tip")


def test_one_faulty_file_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "bad.md").write_text("Hello")
    (tmp_path / "odd.md").write_bytes(b"\xff\xfe\xff")
    prompts, faults = load_prompts(tmp_path)
    assert list(prompts) == ["good"]
    assert [fault.split(",")[0].split(" ")[0] for fault in faults] == ["bad.md", "odd.md"]
