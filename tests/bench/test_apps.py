"""Each app of the bench can be served: it once could not, and nobody saw it before the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.apps import APPS
from tests.support.paths import ROOT


@pytest.mark.parametrize("name", APPS)
def test_each_app_opens_its_door(name: str, tmp_path: Path) -> None:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret", "COACH_EMBED_MODEL": "none",
        "SLACK_API_URL": "http://127.0.0.1:9/", "COACH_DB": str(tmp_path / "coach.db"),
        "PATH": os.environ["PATH"],
    }  # fmt: skip
    served = subprocess.run(
        [sys.executable, "-m", "tests.bench.apps", name],
        cwd=ROOT, env=env, input="", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert int(served.stdout.splitlines()[0]) > 0, served.stderr
