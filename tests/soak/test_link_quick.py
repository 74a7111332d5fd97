"""The laws of the link in their short forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.renewals import renewed
from tests.soak.stops import stopped


def test_new_links_lose_no_command(tmp_path: Path) -> None:
    verdict = renewed(tmp_path, renewals=10, turn_s=2)
    assert not verdict.zeros["lost"] and not verdict.zeros["status"], str(verdict)


def test_ten_stops_at_random_moments_are_in_good_order(tmp_path: Path) -> None:
    verdict = stopped(tmp_path, stops=10)
    assert verdict.holds, str(verdict)


@pytest.mark.soak
def test_sixty_stops_at_random_moments_are_in_good_order(tmp_path: Path) -> None:
    verdict = stopped(tmp_path, stops=60)
    assert verdict.holds, str(verdict)
