"""The cases that others made of real exports: all of them come in right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.paths import ROOT, SHARED

RUN = SHARED / "cases" / "archives" / "run.py"


@pytest.mark.skipif(not RUN.is_file(), reason="../shared/cases/archives is not here")
def test_every_case_of_an_export_comes_in_right() -> None:
    done = subprocess.run([sys.executable, str(RUN)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
