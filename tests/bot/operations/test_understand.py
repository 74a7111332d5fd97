"""`python -m bot understand`, and the figures of whole sheets of typed lines."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import CoachError
from bot.operations.understand import read
from tests.eval import typed

ASKED = ["--zone", "Europe/London", "--now", "2026-11-23T09:00", "--locale", "en-GB", "--json"]


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capsys.readouterr().out))


def test_a_huddle_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["understand", "acme tmrw 9:00 <@U2>", *ASKED, "--known", "acme"]) == 0
    found = said(capsys)
    expected = {
        "result": "card", "account": "acme", "starts": "2026-11-24T09:00", "length": 45,
        "people": ["U2"], "play": None, "goal": "", "why": "",
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected


def test_a_daily_and_a_debrief_are_read_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    main(["understand", "weekdays 9 Berlin", *ASKED, "--command", "/coach daily"])
    assert said(capsys) == {
        "result": "set", "at": "09:00", "days": [0, 1, 2, 3, 4], "zone": "Europe/Berlin",
        "holidays": None, "why": "",
    }  # fmt: skip
    main(["understand", "acme yes", *ASKED, "--command", "/debrief", "--open-call", "Acme"])
    found = said(capsys)
    assert (found["result"], found["call"], found["reached"]) == ("form", "Acme", "Yes")


def test_many_lines_come_by_the_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [{"line": "acme 15:00", "now": "2026-11-23T09:00", "zone": "UTC"}, {"line": "help"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, cases)) + "\n\n"))
    main(["understand", "-"])
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["card", "usage"]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ({"line": "acme", "zone": "Mars"}, "“Mars” is no zone"),
        ({"line": "acme", "now": "soon"}, "“soon” is no moment"),
        ({"line": "acme", "command": "/tip"}, "“/tip” is none of them"),
    ],
)
def test_a_bad_case_gets_a_sentence(case: dict[str, str], why: str) -> None:
    with pytest.raises(CoachError, match=why):
        read(case)


@pytest.mark.parametrize("path", typed.SHEETS, ids=lambda path: path.stem)
def test_sheets_of_typed_lines_are_read_within_their_bounds(path: Path) -> None:
    if not path.exists():
        pytest.skip("the shared cases are not beside this checkout")
    cases = typed.load(path)
    faults = [fault for case in cases for fault in typed.judge(case)]
    count = Counter(fault.name for fault in faults)
    assert not [f for f in faults if f.name in ("silent wrong", "no why")]
    assert count["lost word"] <= 0.02 * len(cases)
    assert count["needless form"] <= 0.10 * len(cases)
    assert count["wrong form"] <= 0.05 * len(cases)
