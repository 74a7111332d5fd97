"""The cases that others made of real exports: all of them come in right."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from bot.__main__ import main
from tests.support.paths import SHARED

RUN = SHARED / "cases" / "archives" / "run.py"


@pytest.fixture(scope="module")
def cases() -> Iterator[ModuleType]:
    """Their script; each of its commands in this process, for a start of Python takes longer."""
    spec = importlib.util.spec_from_file_location("their_cases", RUN)
    assert spec and spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    theirs.bot = _typed
    yield theirs


def _typed(db: Path, *words: object) -> subprocess.CompletedProcess[str]:
    with _environment(db), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as bad:
        code = main([*map(str, words)])
    return subprocess.CompletedProcess([*map(str, words)], code, out.getvalue(), bad.getvalue())


@contextmanager
def _environment(db: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COACH_DB", str(db))
        yield


@pytest.mark.skipif(not RUN.is_file(), reason="../shared/cases/archives is not here")
def test_every_case_of_an_export_comes_in_right(
    cases: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["run.py"])
    wrong = cases.main()
    assert not wrong, capsys.readouterr().out
