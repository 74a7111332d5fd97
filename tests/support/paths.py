"""Where things lie: the checkout, its folders, and what may lie beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"  # not part of the repository: who reads it skips where it is absent
