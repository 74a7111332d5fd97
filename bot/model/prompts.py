"""Prompts: what a model is told, one Markdown file each, as a manager may edit it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import NamedTuple

from bot.errors import CoachError
from bot.files.toml_table import TomlTable, load_markdown, read_markdown

# Between what the model is told about its work (above) and what it is asked this time (below).
FENCE = "==="
MOST_TOKENS = 4_000  # of an answer; four sentences with their quotes need a few hundred

JUDGE = "judge"  # without its prompt, nothing that a model writes is shown

# What the coach fills each prompt with: no less, or the model is told too little, and no more.
GIVEN: Mapping[str, frozenset[str]] = {
    "choose": frozenset(["question", "posts"]),
    "tip": frozenset(["question", "passages"]),
    "debrief": frozenset(["answers", "passages"]),
    "huddle": frozenset(["card", "items"]),
    JUDGE: frozenset(["pairs"]),
}

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


class PromptFaulty(CoachError):
    """A prompt's file, or what it was filled with, is wrong; the message names the file."""


class FilledPrompt(NamedTuple):
    """A prompt with its variables filled in."""

    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """One prompt. `version` is kept with every answer; `variables` are all that it may hold."""

    name: str
    version: str
    temperature: float
    max_tokens: int
    variables: frozenset[str]
    system: str
    user: str

    def fill(self, **values: str) -> FilledPrompt:
        """The prompt with `values` in it, each as it is. Raises `PromptFaulty`."""
        if missing := sorted(self.variables - values.keys()):
            raise PromptFaulty(f"{self.name}.md needs a value for ${missing[0]}.")
        if unknown := sorted(values.keys() - self.variables):
            raise PromptFaulty(f"{self.name}.md has no ${unknown[0]}; name it in “variables”.")
        return FilledPrompt(
            *(Template(part).substitute(values) for part in (self.system, self.user))
        )


Prompts = Callable[[], Mapping[str, Prompt]]  # read at first use, not at start


def load_prompts(folder: Path) -> tuple[dict[str, Prompt], list[str]]:
    """The prompts of a folder by name, and a sentence for each faulty file."""
    return load_markdown(folder, read_prompt)


def read_prompt(text: str, name: str) -> Prompt:
    """The prompt of `<name>.md`. Raises `CoachError` with the file and the line or the key."""
    table, body = read_markdown(text, f"{name}.md", "a prompt")
    table.only("version", "temperature", "max_tokens", "variables")
    system, fence, user = body.partition(f"\n{FENCE}\n")
    if not fence or not system.strip() or not user.strip():
        raise PromptFaulty(f"{name}.md: write what to do above a line of {FENCE}, the case below.")
    variables = frozenset(table.texts("variables"))
    _check_given(table, variables, GIVEN.get(name, variables))
    _check_variables(table, system + user, variables)
    return Prompt(
        name,
        table.text("version"),
        _number(table, "temperature", 2),
        int(_number(table, "max_tokens", MOST_TOKENS)),
        variables,
        system.strip(),
        user.strip(),
    )


def _check_given(table: TomlTable, variables: frozenset[str], given: frozenset[str]) -> None:
    if lost := sorted(given - variables):
        raise table.fault(
            "variables", f"${lost[0]} is missing; it has to stay, here and in the text."
        )
    if foreign := sorted(variables - given):
        raise table.fault("variables", f"nothing fills in ${foreign[0]}; take it out.")


def _check_variables(table: TomlTable, body: str, variables: frozenset[str]) -> None:
    used = {one or other for one, other in _VARIABLE.findall(body.replace("$$", ""))}
    if unknown := sorted(used - variables):
        raise table.fault("variables", f"the text has ${unknown[0]}, which “variables” has not.")
    if unused := sorted(variables - used):
        raise table.fault("variables", f"the text has no ${unused[0]}; it has to stay.")
    if not Template(body).is_valid():
        raise table.fault("variables", "a lone $ stands in the text; write $$ for a dollar sign.")


def _number(table: TomlTable, key: str, most: float) -> float:
    value: object = table.values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise table.fault(key, f"“{key}” is a number from 0 to {most}.")
    return float(value)
