"""The coach may die before any statement of the delivery path."""

from __future__ import annotations

from pathlib import Path

from tests.soak.points import points


def test_a_kill_at_any_statement_from_claim_to_commit_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    verdict = points(tmp_path, every=False)
    assert verdict.holds, str(verdict)
    assert verdict.figures["kills"] == verdict.figures["of the core"]
    assert int(str(verdict.figures["kills"])) > 100, str(verdict)
