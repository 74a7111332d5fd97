"""`python -m tests.eval.verifier [--misses] [--judge]`: what verification lets through, by kind.

Statements and quotes are about the cards' own bodies, so that it runs on a bare machine. Every
fourth post is held out: rules and word lists were settled on the others alone. “As the prompt asks”
is what `prompts/tip.md` orders: the quote made into advice in its own words. “In doubt” falls too,
unless a judge is asked and says that it stands. With `--judge` one is: the model of the settings
looks at what our own check passes or doubts, four statements at a time, as it does for an answer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.library.post import load_cards
from bot.settings import Settings
from bot.writing.passages import quoted
from bot.writing.service import WritingService
from bot.writing.verification import Statement, Verdict, verify
from tests.support.archives import CARDS

FILE = Path(__file__).with_name("statements.jsonl")
TRUE = ("as the prompt asks", "close paraphrase", "paraphrase")
HEAD = f"{'':20}" + f"{'':>7}{'passes':>8}{'in doubt':>10}" * 2


class Case(NamedTuple):
    """A statement, what kind it is, and whether its post is held out."""

    kind: str
    statement: Statement
    held_out: bool

    @property
    def true(self) -> bool:
        return self.kind in TRUE


Judged = tuple[Case, Verdict]


def read_cases(file: Path = FILE) -> list[Case]:
    """All cases. Those on every fourth post, in the order of the slugs, are held out."""
    slugs = sorted(path.stem for path in CARDS.glob("*.md"))
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Case(
            row["kind"],
            Statement(row["statement"], row["post"], row["quote"]),
            slugs.index(row["post"]) % 4 == 3,
        )
        for row in rows
    ]


def bodies() -> dict[str, str]:
    """The passages: the body of each card, by slug."""
    return {slug: card.body for slug, card in load_cards(CARDS)[0].items()}


def verdicts(cases: Sequence[Case]) -> list[Judged]:
    """Each case with its verdict, on the body of its card as the passage."""
    found = verify([case.statement for case in cases], bodies())
    return list(zip(cases, found, strict=True))


def with_a_judge(judged: Sequence[Judged]) -> tuple[list[Judged], Counter[str]]:
    """The same after the model of the settings has looked at what stands or is in doubt; and how
    its calls ended, by their codes."""
    passages, at_once = bodies(), 4
    kept, ended = [verdict for _, verdict in judged], Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        env = {"COACH_MODEL_TOKENS_A_DAY": "100000000"} | os.environ
        db = Path(folder) / "coach.db"
        settings = replace(Settings.from_env(env), db=db, model_judge=True)
        with Coach(settings, SystemClock()) as coach:
            if not coach.model.on:
                sys.exit("Set COACH_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL.")
            desk = WritingService(coach)
            places = [n for n, (_, v) in enumerate(judged) if desk.to_ask([v])]
            random.Random(1).shuffle(places)
            for start in range(0, len(places), at_once):
                asked = places[start : start + at_once]
                pairs = [(kept[n].statement.text, quoted(kept[n], passages)) for n in asked]
                ends = time.monotonic() + settings.model_seconds
                for n, stands in zip(asked, desk.agreed("", pairs, ends), strict=True):
                    kept[n] = kept[n]._replace(why="" if stands else "judge")
                last = coach.model.last()
                ended[last.code if last else "not asked"] += 1
    return [(case, kept[n]) for n, (case, _) in enumerate(judged)], ended


def run(misses: bool = False, judge: bool = False) -> None:
    """Print how many of each kind pass or are in doubt, then precision and recall."""
    judged = verdicts(read_cases())
    _report(judged, misses and not judge)
    if judge:
        looked, ended = with_a_judge(judged)
        told = ", ".join(f"{code or 'believed'} {n}" for code, n in ended.most_common())
        print(f"\nafter a judge's second look; sheets: {told}")
        _report(looked, misses)


def _report(judged: Sequence[Judged], misses: bool) -> None:
    print(f"\nverification: share of statements\n{'':20}{'dev':>7}{'held out':>26}\n{HEAD}")
    for kind in dict.fromkeys(case.kind for case, _ in judged):
        halves = [_of(judged, held_out, kind) for held_out in (False, True)]
        print(f"{kind:20}" + "".join(_figures(half) for half in halves))
    for name, true in (("all true", True), ("all unsupported", False)):
        halves = [[pair for pair in _of(judged, h) if pair[0].true == true] for h in (False, True)]
        print(f"{name:20}" + "".join(_figures(half) for half in halves))
    for name, held_out in (("dev", False), ("held out", True)):
        passed = [case.true for case, verdict in _of(judged, held_out) if not verdict.why]
        print(f"{name}: precision {sum(passed) / (len(passed) or 1):.3f}")
    for case, verdict in judged if misses else ():
        if case.true == bool(verdict.why) and not case.held_out:
            print(f"\n[{case.kind}] {verdict.why or 'passed'}")
            print(f"  {case.statement.text}\n  > {case.statement.quote}")


def _of(judged: Sequence[Judged], held_out: bool, kind: str = "") -> list[Judged]:
    return [
        (case, verdict)
        for case, verdict in judged
        if case.held_out == held_out and kind in ("", case.kind)
    ]


def _figures(judged: Sequence[Judged]) -> str:
    passed = sum(not verdict.why for _, verdict in judged) / len(judged)
    doubtful = sum(verdict.doubtful for _, verdict in judged) / len(judged)
    return f"{len(judged):>7}{passed:>8.1%}{doubtful:>10.1%}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.eval.verifier", description=__doc__)
    parser.add_argument(
        "--misses",
        action="store_true",
        help="show each verdict that was wrong, but for what is held out",
    )
    parser.add_argument(
        "--judge",
        action="store_true",
        help="have the model that COACH_MODEL names look at each statement a second time",
    )
    asked = parser.parse_args(sys.argv[1:])
    run(asked.misses, asked.judge)
