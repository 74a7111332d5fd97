"""The house keeps its own rules: imports use their doors, and what is promised is there."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from bot.settings import COMMANDS, Settings
from handlers import app
from handlers.slack.manifest import EVENTS, as_json
from tests.support.paths import ROOT

SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")])

# Each thing outside has one door. A path ending in / stands for everything below it.
DOORS = {
    "slack_bolt": ("handlers/",),
    "slack_sdk": ("handlers/",),
    "openai": ("bot/model/endpoint.py",),
    "httpx2": ("bot/model/endpoint.py",),
    "sqlite3": ("bot/storage/", "bot/operations/health.py"),
    "sqlite_utils": ("bot/storage/", "bot/operations/health.py"),
    "apscheduler": ("bot/clock/_steady_scheduler.py",),
    "prometheus_client": ("handlers/serving/_metrics.py",),
    "waitress": ("handlers/serving/http_server.py",),
    "websockets": ("handlers/trial/", "handlers/serving/_socket_link.py"),
    "feedparser": ("bot/archives/_feeds.py",),
    "lxml": ("bot/archives/_html_text.py",),
    "readability": ("bot/archives/_second_reading.py",),
    "markdown_it": ("bot/archives/_markdown.py",),
    "mdit_py_plugins": ("bot/archives/_markdown.py",),
    "yaml": ("bot/archives/_matter.py", "bot/archives/_site.py"),
    "tokenizers": ("bot/model/local_embedding.py",),
    "numpy": ("bot/model/", "bot/search/_vectors.py"),
    "ssl": ("bot/fetching/", "bot/model/endpoint.py"),
}


@cache
def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_each_thing_outside_is_imported_by_its_door_alone(path: Path) -> None:
    for module in imports(path):
        doors = DOORS.get(module.split(".")[0])
        assert doors is None or name(path).startswith(doors), f"{name(path)} imports {module}"


ROOMS = sorted(path.parent for path in ROOT.glob("[bh]*/*/__init__.py"))


TESTS = sorted(ROOT.glob("tests/**/test_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_no_test_module_imports_another(path: Path) -> None:
    """What several need stands in tests/support."""
    assert not [each for each in imports(path) if re.search(r"(?:^|\.)test_\w+", each)]


@cache
def used_from_outside() -> dict[Path, set[str]]:
    """Of each room the files that code of another room imports."""
    used: dict[Path, set[str]] = {room: set() for room in ROOMS}
    for path in SOURCES:
        for module in imports(path):
            file = ROOT / f"{module.replace('.', '/')}.py"
            if file.is_file() and file.parent in used and not path.is_relative_to(file.parent):
                used[file.parent].add(file.stem)
    return used


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_no_room_imports_a_private_file_of_another(room: Path) -> None:
    assert not [file for file in used_from_outside()[room] if file.startswith("_")]


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_face_is_one_sentence_and_names_what_others_import(room: Path) -> None:
    face = (room / "__init__.py").read_text()
    (sentence,) = ast.parse(face).body
    assert isinstance(sentence, ast.Expr)
    said = re.search(r"^# For others: (.*)\.$", face, re.M | re.S)
    listed = re.sub(r"\n#", "", said.group(1)).replace(" ", "").split(",") if said else []
    assert {*listed} == used_from_outside()[room]


def test_every_drawn_action_is_heard() -> None:
    drawn = set()
    for path in ROOT.glob("handlers/**/*.py"):
        for match in re.finditer(r'^[A-Z_]+ = "([a-z_]+\.[a-z_.]+)"', path.read_text(), re.M):
            drawn.add(match.group(1))
    heard = {
        key
        for kind in ("ACTIONS", "OPTIONS", "VIEWS", "COMMITTED_FORMS")
        for key in app.table(kind)
    }
    assert drawn
    assert not drawn - heard


def test_the_manifest_in_the_repository_is_the_one_we_would_make() -> None:
    assert json.loads((ROOT / "manifest.json").read_text()) == json.loads(as_json(Settings()))


def test_the_manifest_lists_the_commands_that_we_answer() -> None:
    listed = json.loads(as_json(Settings()))["features"]["slash_commands"]
    assert {c["command"] for c in listed} == {f"/{name}" for name in COMMANDS}
    answered = [name for kind in ("COMMANDS", "AFTER_ACK") for name in app.table(kind)]
    assert sorted([*answered, "coach"]) == sorted(COMMANDS)
    assert all(c["should_escape"] for c in listed)


def test_the_manifest_follows_other_command_names() -> None:
    settings = Settings.from_env({"COACH_COMMANDS": "huddle=/prep,debrief=/after"})
    listed = json.loads(as_json(settings))["features"]["slash_commands"]
    assert [c["command"] for c in listed] == ["/tip", "/prep", "/after", "/coach"]


def test_we_listen_for_the_events_that_the_manifest_subscribes_to() -> None:
    inner_types = {event.split(".")[0] for event in EVENTS}
    assert inner_types == set(app.table("EVENTS"))


def test_the_procfile_names_both_ways_into_slack() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert lines == ["worker: python -m bot socket", "web: python -m bot http"]
