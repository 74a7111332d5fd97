"""Writes `requirements-hashed.txt`: every package that the coach runs on, with its files' hashes.

`make sbom` runs it. pip works out, for each Python and machine below, what it would install; only
names, versions and SHA-256 sums are kept, and nothing about where a file came from.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "requirements-hashed.txt"
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
OLDEST, NEWEST = 17, 39  # of glibc 2: what wheels for Linux are built on (PEP 600)
HEAD = """\
# What the coach runs on, with the hashes of the files that may be installed: Linux, x86_64 and
# aarch64, Python 3.11 to 3.13. Written by `make sbom` from requirements.txt (without pytest) and
# requirements-local.txt. It is whole, so nothing is worked out when it is installed:
#   pip install --no-deps --require-hashes -r requirements-hashed.txt
"""


def main() -> None:
    files: dict[str, set[str]] = {}
    for python in PYTHONS:
        for machine in MACHINES:
            for item in _resolved(python, machine):
                meta = item["metadata"]
                if meta["name"] == "pip":  # asked for by sqlite-utils; it is there before all else
                    continue
                pinned = f"{_plain(meta['name'])}=={meta['version']}"
                files.setdefault(pinned, set()).add(
                    item["download_info"]["archive_info"]["hashes"]["sha256"]
                )
    TARGET.write_text(HEAD + "".join(map(_lines, sorted(files), map(files.get, sorted(files)))))


def _resolved(python: str, machine: str) -> Iterator[dict[str, Any]]:
    """What pip would install there, as its report has it."""
    with tempfile.TemporaryDirectory() as temp:
        wanted = Path(temp, "wanted.txt")
        lines = (ROOT / "requirements.txt").read_text().splitlines()
        wanted.write_text("\n".join(line for line in lines if not line.startswith("pytest==")))
        yield from _report(python, machine, temp, "-r", str(wanted))
        local = str(ROOT / "requirements-local.txt")
        yield from _report(python, machine, temp, "--no-deps", "-r", local)


def _report(python: str, machine: str, temp: str, *wanted: str) -> list[dict[str, Any]]:
    report = Path(temp, "report.json")
    built_on = [f"manylinux_2_{n}_{machine}" for n in range(OLDEST, NEWEST + 1)]
    platforms = [f"--platform={tag}" for tag in (*built_on, f"manylinux2014_{machine}")]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
         "--dry-run", "--ignore-installed", "--only-binary=:all:", f"--target={temp}/nowhere",
         f"--python-version={python}", *platforms, f"--report={report}", *wanted],
        check=True,
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(report.read_text())["install"]
    return found


def _plain(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _lines(pinned: str, hashes: set[str] | None) -> str:
    return (
        " \\\n".join([pinned, *(f"    --hash=sha256:{each}" for each in sorted(hashes or ()))])
        + "\n"
    )


if __name__ == "__main__":
    main()
