"""Word files: TOML that a sales manager may edit, read strictly: a slip gets one sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from bot.errors import CoachError
from bot.files._front_matter import FaultyHead, read_head

LINE = 75  # characters: two lines on a phone, and the most that Slack takes in an option
HINT = 150  # characters: the most that Slack takes in a placeholder

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)")
_WHERE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")

Line = tuple[int, str]  # its number, counted from 1, and its text
T = TypeVar("T")


@dataclass(frozen=True)
class TomlTable:
    """One table of a word file. A fault in it is raised with the file, the line and the key."""

    file: str
    values: Mapping[str, object]
    lines: Sequence[Line]

    def only(self, *keys: str) -> None:
        """Raise if the table has a key that is none of `keys`."""
        for key in self.values:
            if key not in keys:
                from difflib import get_close_matches  # late: only slips need it

                near = get_close_matches(key, keys, 1)
                todo = f"did you mean “{near[0]}”?" if near else f"use one of: {', '.join(keys)}."
                raise self.fault(key, f"“{key}” is not a key here; {todo}")

    def text(self, key: str, most: int = LINE, default: str | None = None) -> str:
        """The text under `key`, white space evened out; absent it is `default`, or a fault."""
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(key, f"“{key}” is missing; add it.")
        return self._line(key, value, most, may_be_empty=default == "")

    def texts(self, key: str, most: int = LINE) -> tuple[str, ...]:
        """The list of texts under `key`; absent it is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fault(key, f'“{key}” is a list; write {key} = ["…", "…"].')
        return tuple(self._line(key, each, most) for each in value)

    def flag(self, key: str) -> bool:
        """The yes or no under `key`; absent it is no."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, f"“{key}” is yes or no; write true or false, without quotes.")
        return value

    def one_of(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """The text under `key`, which has to be one of `choices`."""
        value = self.text(key, default=default)
        if value not in choices:
            raise self.fault(key, f"“{key}” can't be “{value}”; use one of: {', '.join(choices)}.")
        return value

    def matching(self, key: str, pattern: str, todo: str) -> str | None:
        """The text under `key`, or None if absent; if it is not like `pattern`, `todo` is said."""
        value = self.text(key, most=200, default="") or None
        if value is not None and not re.fullmatch(pattern, value):
            raise self.fault(key, f"“{key}” can't be “{value}”; {todo}")
        return value

    def tables(self, key: str, most: int) -> list[TomlTable]:
        """The [[key]] tables in order, at least one and at most `most`."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fault(key, f"“{key}” is a table; write [[{key}]] on a line of its own.")
        if not 1 <= len(value) <= most:
            raise self.fault(key, f"it has {len(value)} [[{key}]] parts; have 1 to {most}.")
        parts = _parts(self.lines, key)
        ours = parts if len(parts) == len(value) else [self.lines] * len(value)
        return [TomlTable(self.file, each, lines) for each, lines in zip(value, ours, strict=True)]

    def fault(self, key: str, sentence: str) -> CoachError:
        """The error that says `sentence` about the line of `key`, else the table's first line."""
        at = next(
            (n for n, line in self.lines if re.match(rf"\s*\[*{re.escape(key)}\b", line)), None
        )
        first = self.lines[0][0] if self.lines else 1
        return CoachError(f"{self.file}, line {at or first}: {sentence}")

    def _line(self, key: str, value: object, most: int, may_be_empty: bool = False) -> str:
        if not isinstance(value, str):
            raise self.fault(key, f"“{key}” is text; put it in quotes.")
        line = " ".join(value.split())
        if not line and not may_be_empty:
            raise self.fault(key, f"“{key}” is empty; write something there.")
        if len(line) > most:
            raise self.fault(key, f"“{key}” has {len(line)} characters; make it {most} at most.")
        return line


class Grounds(NamedTuple):
    """What an item or question rests on; with no post it is our own."""

    practice: str | None
    post: str | None
    rests_on: str | None


def source(table: TomlTable) -> Grounds:
    """The source that a table names. Raises unless it has either a post or own = true."""
    post = table.matching("post", _SLUG, "write the post's date and title, as its card is called.")
    if (post is None) != table.flag("own"):
        raise table.fault("own", "name the “post” it rests on, or write own = true, not both.")
    rests_on = table.matching("rests_on", r"[0-9a-f]{12}", "it is twelve hex digits.")
    if rests_on and not post:
        raise table.fault("rests_on", "“rests_on” is a sentence of a post; name the “post” too.")
    return Grounds(table.matching("practice", r"P\d\d", "write it like P09."), post, rests_on)


def load(folder: Path, build: Callable[[str, TomlTable], T]) -> tuple[dict[str, T], list[str]]:
    """What `build` makes of each TOML file, by slug, and a sentence for each faulty file."""
    if not folder.is_dir():
        return {}, [f"The folder “{folder.name}” is missing; create it and put the files there."]
    found: dict[str, T] = {}
    faults = []
    for path in sorted(folder.glob("[!.]*.toml")):
        try:
            found[path.stem] = build(_slug(path), read(path))
        except CoachError as fault:
            faults.append(str(fault))
    return found, faults


def load_markdown(folder: Path, build: Callable[[str, str], T]) -> tuple[dict[str, T], list[str]]:
    """What `build` makes of each Markdown file's text and name, and a sentence for each fault."""
    found: dict[str, T] = {}
    faults = []
    for path in sorted(folder.glob("[!.]*.md")):
        try:
            found[path.stem] = build(_text(path), path.stem)
        except CoachError as fault:
            faults.append(str(fault))
    return found, faults


def read_markdown(text: str, file: str, what: str) -> tuple[TomlTable, str]:
    """The table that opens the text of a file, and what follows it. Raises CoachError.

    `what` is what such a file is called: "a card".
    """
    lines = text.splitlines()
    try:
        head = read_head(lines)
    except FaultyHead as fault:
        raise CoachError(f"{file}, {fault}") from fault
    if head is None or lines[0].strip() != "+++":
        raise CoachError(f"{file}, line 1: {what} opens with TOML between two lines of +++.")
    table = TomlTable(file, head.facts, list(enumerate(lines[: head.stop], 1)))
    return table, "\n".join(lines[head.stop :])


def read_list(path: Path, made: Callable[[TomlTable], T], none: T) -> tuple[T, list[str]]:
    """What is `made` of a list of words, and a sentence for a fault; `none` if it is not there."""
    if not path.is_file():
        return none, []
    try:
        return made(read(path)), []
    except CoachError as fault:
        return none, [str(fault)]


def read(path: Path) -> TomlTable:
    """The file's top table. Raises CoachError if it can't be read or is not TOML."""
    text = _text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CoachError(_not_toml(path.name, str(error))) from error
    return TomlTable(path.name, values, list(enumerate(text.splitlines(), 1)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CoachError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        raise CoachError(f"{path.name} can't be opened ({error.strerror}); mend that.") from error


def _slug(path: Path) -> str:
    if len(path.stem) > LINE or not re.fullmatch(_SLUG, path.stem):
        raise CoachError(
            f"{path.name}: the file's name is its key; use lower-case letters, digits and hyphens."
        )
    return path.stem


def _not_toml(file: str, error: str) -> str:
    found = _WHERE.match(error)
    what, where = (found[1], f", line {found[2]}") if found else (error, "")
    return f"{file}{where}: this is not TOML ({what}); check quotes, brackets and commas there."


def _parts(lines: Sequence[Line], key: str) -> list[list[Line]]:
    """The lines of each [[key]] table, header first; those of other tables are left out."""
    parts: list[list[Line]] = []
    inside = False
    for line in lines:
        if header := _HEADER.match(line[1]):
            inside = header[1] == key
            if inside:
                parts.append([])
        if inside:
            parts[-1].append(line)
    return parts
