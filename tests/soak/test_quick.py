"""The laws of `make soak` in their short forms, so that each change meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.acked import acked
from tests.soak.answered import answered
from tests.soak.burst import burst
from tests.soak.crowd import crowded
from tests.soak.dates import dates
from tests.soak.kills import killed
from tests.soak.lies import lies
from tests.soak.pending import pending
from tests.soak.refusals import refused
from tests.soak.restore import restored


def test_fifty_kills_lose_no_nudge_and_say_none_twice(tmp_path: Path) -> None:
    verdict = killed(tmp_path, kills=50, each=1)
    assert verdict.holds, str(verdict)


def test_no_acked_reply_is_lost_over_five_kills(tmp_path: Path) -> None:
    verdict = acked(tmp_path, replies=100, kills=5)
    assert verdict.holds, str(verdict)


def test_each_question_is_answered_once_over_five_kills(tmp_path: Path) -> None:
    verdict = answered(tmp_path, questions=60, kills=5)
    assert verdict.holds, str(verdict)


def test_every_date_of_two_years_has_one_moment_in_every_zone(tmp_path: Path) -> None:
    verdict = dates(tmp_path, years=2)
    assert verdict.holds, str(verdict)


def test_a_rush_of_nudges_is_never_too_fast_for_slack(tmp_path: Path) -> None:
    verdict = burst(tmp_path, nudges=60, workspaces=4)
    assert verdict.holds, str(verdict)


def test_two_hundred_people_at_one_card_are_kept_and_it_catches_up(tmp_path: Path) -> None:
    verdict = crowded(tmp_path, people=200)
    assert verdict.holds, str(verdict)


def test_what_slack_refuses_for_a_while_is_said_and_once(tmp_path: Path) -> None:
    verdict = refused(tmp_path, messages=64)
    assert verdict.holds, str(verdict)


def test_old_backups_say_nothing_twice(tmp_path: Path) -> None:
    verdict = restored(tmp_path, drills=2)
    assert verdict.holds, str(verdict)


@pytest.mark.parametrize("believed", [False, True])
def test_a_lying_model_brings_nothing_made_up_to_slack(tmp_path: Path, believed: bool) -> None:
    verdict = lies(tmp_path, answers=24, believed=believed)
    assert verdict.holds, str(verdict)


@pytest.mark.soak
def test_two_thousand_waiting_nudges_cost_little(tmp_path: Path) -> None:
    verdict = pending(tmp_path, nudges=2000)
    assert verdict.holds, str(verdict)
