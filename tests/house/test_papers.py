"""The papers that a company asks for: licence, changes, packages with hashes, what is in it."""

from __future__ import annotations

import json
import re
import tomllib

from bot.operations.bill_of_materials import plain
from bot.version import version
from tests.support.paths import ROOT

HASHED = (ROOT / "requirements-hashed.txt").read_text()
BILL = json.loads((ROOT / "sbom.json").read_text())
PINNED = dict(re.findall(r"^(\S+)==(\S+)", HASHED, re.M))
STALE = "run `make sbom`: requirements.txt has changed"


def asked_for(file: str) -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), re.M)
    return {plain(name): version for name, version in lines if name != "pytest"}


def test_the_licence_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n\nCopyright (c) 2026 ")


def test_the_version_of_the_project_stands_among_the_changes() -> None:
    changes = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert changes[0] == "Unreleased"
    assert changes[1] == version()


def test_every_package_is_pinned_with_the_hashes_of_its_files() -> None:
    wanted = asked_for("requirements.txt") | asked_for("requirements-local.txt")
    assert wanted.items() <= PINNED.items(), STALE
    blocks = re.findall(
        r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", HASHED, re.M
    )
    assert len(blocks) == len(PINNED)
    assert "pytest" not in PINNED


def test_no_index_and_no_host_is_named_beside_the_packages() -> None:
    for text in (HASHED, json.dumps(BILL)):
        assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|@ file", text)
        assert not re.search(r"\b[\w-]+\.(?:org|com|net|io|internal|local)\b", text)


def test_the_bill_of_materials_names_each_package_its_version_and_its_licence() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"]) == ("CycloneDX", "1.6")
    assert BILL["metadata"]["component"]["version"] == version()
    listed = {each["name"]: each["version"] for each in BILL["components"]}
    assert listed.items() <= PINNED.items(), STALE
    assert asked_for("requirements.txt").keys() <= listed.keys(), STALE
    assert [each["name"] for each in BILL["components"] if not each.get("licenses")] == []
    known = {each["bom-ref"] for each in BILL["components"]}
    for part in BILL["dependencies"]:
        assert {*part["dependsOn"]} <= known
    bolt = next(each for each in BILL["dependencies"] if "slack-bolt" in each["ref"])
    assert any("slack-sdk" in each for each in bolt["dependsOn"])


def test_no_column_of_the_database_scores_a_person() -> None:
    """docs/privacy.md, “What it is not for”."""
    schema = (ROOT / "bot" / "storage" / "schema.sql").read_text()
    columns = re.findall(r"^\s+(\w+) (?:INTEGER|TEXT|REAL|BLOB)", schema, re.M)
    assert len(columns) > 100
    assert not [each for each in columns if re.search(r"score|rank|rating|grade|points", each)]
