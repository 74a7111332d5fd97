"""Which version of the coach this is: the one that `pyproject.toml` names."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_NAMED_IN = Path(__file__).parents[1] / "pyproject.toml"


@cache
def version() -> str:
    """Such as “0.1.0” (semver.org)."""
    return str(tomllib.loads(_NAMED_IN.read_text(encoding="utf-8"))["project"]["version"])
