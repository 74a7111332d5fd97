"""`python -m bot sbom`: what the coach is made of here, as a CycloneDX bill of materials.

The format is that of cyclonedx.org/docs/1.6/json. It has no moment and no serial number, so that
two bills differ only where the packages do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from bot.errors import CoachError
from bot.version import version

PINNED = Path(__file__).parents[2] / "requirements-hashed.txt"
OURS = "huddle-coach"


def run() -> int:
    """Print the bill of the packages of `requirements-hashed.txt` that are installed here."""
    print(json.dumps(bill(_installed(_names(PINNED))), indent=1, ensure_ascii=False))
    return 0


def _names(pinned: Path) -> list[str]:
    if not pinned.is_file():
        raise CoachError(f"{pinned.name} is missing. It comes with the coach; put it back.")
    return re.findall(r"^([a-z0-9-]+)==", pinned.read_text(encoding="utf-8"), re.M)


def _installed(names: Iterable[str]) -> Iterator[Distribution]:
    for name in names:
        try:
            yield distribution(name)
        except PackageNotFoundError:  # such as the local model, which not everybody has
            continue


def bill(parts: Iterable[Distribution]) -> dict[str, Any]:
    """The bill, as JSON has it; `parts` are what the coach needs, and what these need."""
    by_name = {plain(part.name): part for part in parts}
    ours = {"type": "application", "bom-ref": OURS, "name": OURS, "version": version()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": [_component(name, part) for name, part in by_name.items()],
        "dependencies": [
            {"ref": OURS, "dependsOn": [_url(name, part) for name, part in by_name.items()]},
            *(_needs(name, part, by_name) for name, part in by_name.items()),
        ],
    }


def _component(name: str, part: Distribution) -> dict[str, Any]:
    url = _url(name, part)
    told = {"type": "library", "bom-ref": url, "name": name, "version": part.version, "purl": url}
    return told | ({"licenses": licences} if (licences := _licences(part)) else {})


def _licences(part: Distribution) -> list[dict[str, Any]]:
    """As the package itself names them: an SPDX expression, else names, else nothing."""
    about = part.metadata
    for expression in about.get_all("License-Expression") or ():
        return [{"expression": expression}]
    classes = [each for each in about.get_all("Classifier") or () if each.startswith("License ::")]
    names = sorted({each.split(" :: ")[-1] for each in classes} - {"OSI Approved"})
    said = [each.strip() for each in about.get_all("License") or ()]
    short = [each for each in said if each and "\n" not in each]  # some put the whole text there
    return [{"license": {"name": each}} for each in names or short]


def _needs(name: str, part: Distribution, known: dict[str, Distribution]) -> dict[str, Any]:
    words = [each for each in part.requires or () if "extra ==" not in each]
    wanted = {plain(re.split(r"[^\w.-]", each, maxsplit=1)[0]) for each in words} & known.keys()
    found = [_url(each, known[each]) for each in sorted(wanted)]
    return {"ref": _url(name, part), "dependsOn": found}


def plain(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _url(name: str, part: Distribution) -> str:
    """github.com/package-url/purl-spec, type pypi."""
    return f"pkg:pypi/{name}@{part.version}"
