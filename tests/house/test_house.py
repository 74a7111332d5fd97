"""The house keeps its own rules: imports use their doors, and what is promised is there."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from bot.settings import COMMANDS, Settings
from handlers import app
from handlers.slack.manifest import EVENTS, OPTIONAL_SCOPES, SCOPES, as_json
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
    "apscheduler": ("bot/clock/steady_scheduler.py",),
    "waitress": ("handlers/serving/http_server.py",),
    "websockets": ("handlers/trial/", "handlers/serving/socket_link.py"),
    "feedparser": ("bot/archives/feeds.py",),
    "lxml": ("bot/archives/html_text.py",),
    "markdown_it": ("bot/archives/markdown.py",),
    "mdit_py_plugins": ("bot/archives/markdown.py",),
    "yaml": ("bot/archives/matter.py", "bot/archives/site.py"),
    "tokenizers": ("bot/model/local_embedding.py",),
    "numpy": ("bot/model/", "bot/search/vectors.py"),
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


def layer(path: str) -> int:
    """Nouns and doors 0, the store 1, what stands on it 2, the service 3, handlers 4, main 5."""
    if path == "bot/__main__.py":
        return 5
    if path.startswith("handlers/"):
        return 4
    if path.startswith("bot/coach/") or path in (
        "bot/operations/library_commands.py",
        "bot/operations/import_command.py",
        "bot/operations/remove_command.py",
        "bot/operations/health.py",
    ):
        return 3
    return 0


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_imports_run_downwards_only(path: Path) -> None:
    files = {name(p).removesuffix(".py").removesuffix("/__init__").replace("/", "."): name(p)
             for p in SOURCES}  # fmt: skip
    for module in imports(path) & files.keys():
        assert layer(files[module]) <= layer(name(path)), f"{name(path)} imports {module}"


def test_nobody_imports_main() -> None:
    assert not [name(p) for p in SOURCES if "bot.__main__" in imports(p)]


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


def test_the_readme_lists_every_setting_and_every_scope() -> None:
    readme = (ROOT / "README.md").read_text()
    for f in fields(Settings):
        assert f"`{f.metadata['name']}`" in readme
    for scope in (*SCOPES, *OPTIONAL_SCOPES):
        assert f"`{scope}`" in readme


def test_the_procfile_names_both_ways_into_slack() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert lines == ["worker: python -m bot socket", "web: python -m bot http"]
