"""What we hand out with the code says all that there is, and its links lead somewhere."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings
from handlers.slack.manifest import OPTIONAL_SCOPES, SCOPES
from tests.support.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The names by which the headings of a page can be linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_to_something(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if link.startswith(("https:", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{name(page)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{name(page)} links to {link}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name(p) for p in PAGES if p.stem != "README" and f"({name(p)})" not in readme] == []


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len((ROOT / "README.md").read_text().split()) < 1500


def test_every_setting_and_every_scope_is_explained() -> None:
    rows = (ROOT / "docs" / "settings.md").read_text()
    for word in (*(f.metadata["name"] for f in fields(Settings)), *SCOPES, *OPTIONAL_SCOPES):
        assert re.search(rf"^\| `{word}`", rows, re.M), word


def test_every_command_of_the_coach_is_listed() -> None:
    listed = (ROOT / "docs" / "command-line.md").read_text()
    source = (ROOT / "bot" / "__main__.py").read_text()
    commands = re.findall(r'\bcommand\(\s*"(\w+)", _', source)
    assert "backup" in commands
    assert [c for c in commands if not re.search(rf"`(?:python -m bot|…) {c}\b", listed)] == []
