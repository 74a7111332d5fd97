"""`python -m tests.eval.verifier [--misses]`: what verification lets through, by kind of statement.

Statements and quotes are about the cards' own bodies, so that it runs on a bare machine. Every
second post is held out: thresholds and word lists were settled on the others alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.posts import load_cards
from bot.verify import Statement, Verdict, verify
from tests.archives import CARDS

FILE = Path(__file__).with_name("statements.jsonl")
TRUE = ("close paraphrase", "paraphrase")
HEAD = f"{'':20}{'dev':>6}{'passed':>8}{'':>4}{'held out':>9}{'passed':>8}"


class Case(NamedTuple):
    """A statement, what kind it is, and whether its post is held out."""

    kind: str
    statement: Statement
    held_out: bool

    @property
    def true(self) -> bool:
        return self.kind in TRUE


def read_cases(file: Path = FILE) -> list[Case]:
    """All cases. Those on every second post, in the order of the slugs, are held out."""
    slugs = sorted(path.stem for path in CARDS.glob("*.md"))
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Case(
            row["kind"],
            Statement(row["statement"], row["post"], row["quote"]),
            slugs.index(row["post"]) % 2 == 1,
        )
        for row in rows
    ]


def verdicts(cases: Sequence[Case]) -> list[tuple[Case, Verdict]]:
    """Each case with its verdict, on the body of its card as the passage."""
    passages = {slug: card.body for slug, card in load_cards(CARDS)[0].items()}
    found = verify([case.statement for case in cases], passages)
    return list(zip(cases, found, strict=True))


def run(misses: bool = False) -> None:
    """Print how many of each kind pass, then precision and recall."""
    judged = verdicts(read_cases())
    print("\nverification: share of statements that pass\n" + HEAD)
    for kind in dict.fromkeys(case.kind for case, _ in judged):
        halves = [_share(judged, kind, held_out) for held_out in (False, True)]
        print(f"{kind:20}" + "    ".join(f"{n:>6}{share:>8.1%}" for n, share in halves))
    for name, held_out in (("dev", False), ("held out", True)):
        _summary(name, [pair for pair in judged if pair[0].held_out == held_out])
    for case, verdict in judged if misses else ():
        if case.true == bool(verdict.why):
            print(f"\n[{case.kind}] {verdict.why or 'passed'}{' *' * case.held_out}")
            print(f"  {case.statement.text}\n  > {case.statement.quote}")


def _share(judged: Sequence[tuple[Case, Verdict]], kind: str, held_out: bool) -> tuple[int, float]:
    passed = [not v.why for c, v in judged if c.kind == kind and c.held_out == held_out]
    return len(passed), sum(passed) / len(passed)


def _summary(name: str, judged: Sequence[tuple[Case, Verdict]]) -> None:
    passed = [case for case, verdict in judged if not verdict.why]
    right = sum(case.true for case in passed)
    true = sum(case.true for case, _ in judged)
    wrong = len(passed) - right
    print(
        f"{name}: precision {right / len(passed):.3f}, recall {right / true:.3f},"
        f" unsupported that pass {wrong / (len(judged) - true):.1%}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.eval.verifier", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="show each verdict that was wrong")
    run(parser.parse_args(sys.argv[1:]).misses)
