"""How lines as people type them are read: `python -m tests.eval.typed [FILE…]`, by kind.

A silent wrong card is the worst fault, a lost word the second, a needless form the third.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.operations.understand import read
from tests.support.paths import SHARED

THEIRS = SHARED / "cases" / "typed.jsonl"
# Ours, three sheets that were written before they were read, and one of thirteen languages.
NAMES = ("ours", "blind", "blind2", "blind3", "abroad")
SHEETS = (THEIRS, *(Path(__file__).with_name(f"typed_{name}.jsonl") for name in NAMES))
COMMANDS = ("/huddle", "/debrief", "/coach daily")
FAULTS = ("silent wrong", "lost word", "needless form", "wrong form", "no why")


class Fault(NamedTuple):
    """One line that was not read as it should be."""

    name: str
    case: Mapping[str, Any]
    got: Mapping[str, Any]


def load(path: Path) -> list[dict[str, Any]]:
    """The cases that `understand` reads; those of other commands are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return [case for case in cases if case["command"] in COMMANDS]


def judge(case: Mapping[str, Any]) -> list[Fault]:
    """The faults of one line."""
    got = read(case)
    judges = {"/huddle": _huddle, "/debrief": _debrief, "/coach daily": _daily}
    return [Fault(name, case, got) for name in judges[case["command"]](case, got)]


def _huddle(case: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    expect, card = case["expect"], got["result"] == "card"
    if expect == "form":
        if card:
            yield "silent wrong"
        elif not _holds(case.get("prefill", {}), got):
            yield "wrong form"
    elif card and not _holds(expect, got):
        yield "lost word" if _lost(expect, got) else "silent wrong"
    elif not card and not case.get("form_ok"):
        yield "needless form"
    elif not card and not _holds(expect, got):
        yield "wrong form"
    if not card and not got["why"]:
        yield "no why"


def _holds(expect: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    return all(got.get(key) == value for key, value in expect.items())


def _lost(expect: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Whether only a part of the account is missing, and all else is right."""
    shorter = str(got["account"]) in str(expect.get("account", ""))
    return shorter and _holds({k: v for k, v in expect.items() if k != "account"}, got)


def _debrief(case: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    expect = case["expect"]
    if isinstance(expect, str):
        if got["result"] != expect:
            yield "silent wrong" if got["result"] == "form" else "wrong form"
        return
    wanted = {k: v for k, v in expect.items() if k != "words_kept"}
    if got["result"] != "form":
        yield "needless form"
    elif not _holds(wanted, got):
        yield "silent wrong"
    elif expect.get("words_kept", "") not in got["words"]:
        yield "lost word"


def _daily(case: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[str]:
    expect = case["expect"]
    if expect == "refuse":
        if got["result"] == "set":
            yield "silent wrong"
        elif not got["why"]:
            yield "no why"
    elif got["result"] == "refuse":
        yield "needless form"
    elif not _holds(expect, got):
        yield "silent wrong"


def main(paths: list[str]) -> int:
    """Print a table by kind and each fault; 1 if a card was wrong in silence."""
    wrong = 0
    for path in map(Path, paths) if paths else (p for p in SHEETS if p.exists()):
        cases = load(path)
        faults = [fault for case in cases for fault in judge(case)]
        wrong += sum(fault.name == "silent wrong" for fault in faults)
        print(f"\n{path.name}: {len(cases)} lines")
        _print_table(cases, faults)
        for fault in faults:
            print(f"  {fault.name}: {fault.case['line']!r}, not {fault.case['expect']}")
            print(f"      {json.dumps(fault.got, ensure_ascii=False)}")
    return int(wrong > 0)


def _print_table(cases: list[dict[str, Any]], faults: list[Fault]) -> None:
    by_kind = Counter((fault.case["kind"], fault.name) for fault in faults)
    sizes = Counter(case["kind"] for case in cases)
    print(f"{'kind':20}{'lines':>7}" + "".join(f"{name:>15}" for name in FAULTS))
    for kind in sorted(sizes):
        row = "".join(f"{by_kind[kind, name]:15}" for name in FAULTS)
        print(f"{kind:20}{sizes[kind]:7}{row}")
    total = Counter(fault.name for fault in faults)
    print(f"{'all':20}{len(cases):7}" + "".join(f"{total[name]:15}" for name in FAULTS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
