"""The head of a page of a static site: YAML, TOML or JSON, or the plain keys of older programs."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

from bot.errors import CoachError

_YAML, _TOML, _JSON = "yaml", "toml", "json"
_OPENS = re.compile(
    r"(?:(?P<dashes>---)[ \t]*(?P<kind>yaml|toml|json)?|(?P<plus>\+\+\+)|(?P<semi>;;;))"
    r"[ \t]*\n"
)
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w .-]{0,30}?)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
# A value that nobody put in quotes, though a colon stands in it: `title: Part two: the price`.
_COLON = re.compile(
    r"""^([ ]*(?:- )?[\w-]+:[ ]+)([^\s"'\[{|>&*!%#`@][^\n]*?(?::[ ]| #|:$)[^\n]*)$""", re.M
)
_LOOSE = re.compile(r"\"?(?P<key>[A-Za-z][\w .-]{0,30}?)\"?[ \t]*(?::(?:[ \t]+|$)|=)(?P<value>.*)$")
_NIKOLA = re.compile(r"\.\.[ \t]+(?P<key>[\w-]+):[ \t]*(?P<value>.*)$")
_HEADED = re.compile(r"(?:title|date|author|slug|category|tags|status|summary|published)$", re.I)
_TOML_LINE = re.compile(r"(.*) \(at line (\d+), column \d+\)$")
MOST_KEYS = 40


class Matter(NamedTuple):
    """What a head says by its keys, in small letters; the text below it; the line where it ends.

    `lines` has the line of each key, from 1; `doubts` are what could not be read of it.
    """

    facts: Mapping[str, Any]
    text: str
    stop: int
    lines: Mapping[str, int]
    doubts: tuple[str, ...] = ()


class FaultyMatter(CoachError):
    """A head that can't be read: `line` is counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_matter(text: str) -> Matter | None:
    """The head of a page, or None if it has none."""
    text = text.lstrip("\ufeff")
    start = text.lstrip("\n\r \t")
    if start.startswith("{") and (found := _bare_json(start)):
        return found
    if opened := _OPENS.match(start):
        return _fenced(start, opened)
    return _plain_head(start)


def _fenced(text: str, opened: re.Match[str]) -> Matter | None:
    mark = re.escape(opened["dashes"] or opened["plus"] or opened["semi"])
    end = r"(?:---|\.\.\.)" if opened["dashes"] else mark
    closed = re.compile(rf"^{end}[ \t]*(?:\n|\Z)", re.M).search(text, opened.end())
    if closed is None:
        return None
    head = text[opened.end() : closed.start()]
    kind = opened["kind"] or (_TOML if opened["plus"] else _JSON if opened["semi"] else _YAML)
    facts, doubts = _PARSERS[kind](head)
    if facts is None:
        return None
    stop = text.count("\n", 0, closed.start()) + 1
    found = _lowered(facts)
    return Matter(found, text[closed.end() :], stop, _key_lines(head.split("\n"), found), doubts)


Parsed = tuple[Mapping[str, Any] | None, tuple[str, ...]]


def _yaml(head: str) -> Parsed:
    """Every scalar as the text that was written: a date is not moved, a name is no yes or no."""
    import yaml  # late: only imports of such pages need it

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        found = yaml.load(head.expandtabs(2), Loader=loader)
    except yaml.YAMLError as error:
        with suppress(yaml.YAMLError):
            found = yaml.load(_COLON.sub(_quoted, head.expandtabs(2)), Loader=loader)
            return (found, ()) if isinstance(found, dict) else (None, ())
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        return _plainly(head, line, "YAML")
    if found is None or found == "":
        return {}, ()
    return (found, ()) if isinstance(found, dict) else (None, ())


def _quoted(line: re.Match[str]) -> str:
    said = line[2].rstrip().replace("'", "''")
    return f"{line[1]}'{said}'"


def _toml(head: str) -> Parsed:
    try:
        return tomllib.loads(head), ()
    except tomllib.TOMLDecodeError as error:
        where = _TOML_LINE.match(str(error))
        return _plainly(head, int(where[2]) + 1 if where else 1, "TOML")


def _json(head: str) -> Parsed:
    whole = head if head.lstrip().startswith("{") else f"{{{head}}}"
    try:
        found = json.loads(whole)
    except ValueError as error:
        flat = "\n".join(line.strip(" \t{}") for line in head.split("\n"))
        return _plainly(flat, getattr(error, "lineno", 1) + 1, "JSON")
    return (found, ()) if isinstance(found, dict) else (None, ())


def _plainly(head: str, line: int, kind: str) -> Parsed:
    """What the plain lines of a head say that is not quite as it should be."""
    doubt = f"line {line}: the front matter is not {kind}; its plain lines were read."
    return _pairs(head.split("\n")), (doubt,)


_PARSERS: dict[str, Callable[[str], Parsed]] = {_YAML: _yaml, _TOML: _toml, _JSON: _json}


def _bare_json(text: str) -> Matter | None:
    """Hugo's: an object, and the text below it."""
    try:
        found, stop = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    rest = text[stop:]
    if not isinstance(found, dict) or not rest.strip():
        return None
    lines = text[:stop].count("\n") + 1
    return Matter(_lowered(found), rest, lines, _key_lines(text[:stop].split("\n"), found))


def _plain_head(text: str) -> Matter | None:
    """Keys at the top without a fence: Pelican's and MultiMarkdown's, and Nikola's dotted ones."""
    if found := _closed_below(text):
        return found
    inside = re.match(r"<!--\s*\n(?=\.\.[ \t])(.*?)-->\s*", text, re.S)
    lines = (inside[1] if inside else text).split("\n")
    run = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    facts: dict[str, Any] = {}
    for line in lines[: min(run, MOST_KEYS)]:
        pair = _NIKOLA.match(line) or (None if inside else _PAIR.match(line))
        if pair is None:
            return None
        facts[pair["key"].lower()] = (pair["value"] or "").strip()
    named = [key for key in facts if _HEADED.match(key)]
    if "title" not in facts or len(named) < 2:
        return None
    rest = text[inside.end() :] if inside else "\n".join(lines[run:])
    return Matter(facts, rest, run, _key_lines(lines[:run], facts))


def _closed_below(text: str) -> Matter | None:
    """Hexo's older form: YAML that nothing opens, and `---` below it."""
    closed = re.search(r"^-{3,}[ \t]*\n", text[:6_000], re.M)
    if closed is None or not re.match(r"[A-Za-z_]+:[ \t]", text):
        return None
    head = text[: closed.start()]
    lines = head.split("\n")
    if not all(not line.strip() or line[:1] in " \t-#" or _PAIR.match(line) for line in lines):
        return None
    facts, doubts = _yaml(head)
    found = _lowered(facts or {})
    if "title" not in found or not any(_HEADED.match(key) for key in found if key != "title"):
        return None
    return Matter(found, text[closed.end() :], len(lines), _key_lines(lines, found), doubts)


def _pairs(lines: Sequence[str]) -> dict[str, Any]:
    """Of a table in a table nothing: what stands in it is not said of the page."""
    top = takewhile(lambda line: not line.startswith("["), lines)
    found = (_LOOSE.match(line.rstrip(" \t\r,")) for line in top if line[:1] not in " \t-#")
    return {m["key"]: _unquoted((m["value"] or "").strip()) for m in found if m}


def _unquoted(value: str) -> str:
    quoted = re.match(r"([\"'])(.*)\1\s*(?:#.*)?$", value)
    return quoted[2] if quoted else re.sub(r"\s#.*", "", value)


def _lowered(facts: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).strip().lower(): value for key, value in facts.items()}


def _key_lines(lines: Sequence[str], facts: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, line in enumerate(lines, 2):
        key = re.match(r"[\s\"{,]*([\w .-]+?)[\"]?\s*[:=]", line)
        if key and key[1].lower() in facts:
            found.setdefault(key[1].lower(), at)
    return found
