"""A trial of a test's own, in which nothing was done yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from handlers.trial.trial import Trial


@pytest.fixture
def trial(tmp_path: Path, new_trial: Path) -> Iterator[Trial]:
    shutil.copytree(new_trial, tmp_path, dirs_exist_ok=True)
    trial = Trial(Settings(db=tmp_path / "coach.db"))
    trial.start()
    yield trial
    trial.stop()
