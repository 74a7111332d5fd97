"""The newer of the host's zone files and ours counts."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
import tzdata

from bot.clock._zone_data import choose, host_version
from bot.clock.local_time import local_instant


@pytest.mark.parametrize(
    ("host", "pinned", "used"),
    [
        ("2025b", "2026f", "2026f"),
        ("2027a", "2026f", "2027a"),
        ("2026f", "2026f", "2026f"),
        ("", "2026f", "2026f"),
        ("2026aa", "2026z", "2026aa"),
    ],
)
def test_the_newer_version_is_chosen_and_an_unknown_one_never(
    host: str, pinned: str, used: str
) -> None:
    assert choose(host, pinned) == used


@pytest.mark.parametrize(
    ("name", "line"), [("tzdata.zi", "# version 2025b"), ("+VERSION", "2025b")]
)
def test_the_hosts_version_is_read_where_systems_write_it(
    tmp_path: Path, name: str, line: str
) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / name).write_text(f"{line}\n")
    assert host_version([str(tmp_path / "nowhere"), str(tmp_path)]) == "2025b"
    assert host_version([str(tmp_path / "nowhere")]) == ""


def test_a_zone_that_changed_its_rule_this_year_has_the_new_hour() -> None:
    if tzdata.IANA_VERSION < "2026f":
        pytest.skip("the pinned tzdata is older than the change")
    starts = local_instant(date(2026, 12, 10), time(15), "America/Edmonton")
    assert f"{starts:%H:%M}" == "21:00"
