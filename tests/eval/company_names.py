"""Whether names stay whole: `python -m tests.eval.company_names [CSV…]`, by default our own list.

A CSV of public listings has a column “Security Name”, “Company Name”, “Security” or “Name”. Each
name is typed in five lines. "cut" is a card for another account or another time, in silence.
"""

from __future__ import annotations

import csv
import html
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from bot.operations.understand import read

NAMES = Path(__file__).parents[1] / "support" / "company_names.txt"
COLUMNS = ("Security Name", "Company Name", "Security", "Name")
# Typed on Monday 23 November 2026 at 9:00 in New York.
LINES = {
    "{} 10:00": ("2026-11-23T10:00", 45),
    "{} tomorrow 9am 30m": ("2026-11-24T09:00", 30),
    "{} fri 3pm <@U2|kim>": ("2026-11-27T15:00", 45),
    "{} 27 Nov 14:30 1h": ("2026-11-27T14:30", 60),
    "{} fri 3pm @kim": ("2026-11-27T15:00", 45),
}


class Seen(NamedTuple):
    """How one line was read: "whole" and "cut" are cards, "asked" and "asked wrongly" forms."""

    name: str
    line: str
    verdict: str


def look(name: str) -> list[Seen]:
    """The name in every line."""
    return [Seen(name, line, _verdict(name, line)) for line in LINES]


def _verdict(name: str, line: str) -> str:
    typed = line.format(html.escape(name, quote=False))
    case = {"line": typed, "now": "2026-11-23T09:00", "zone": "America/New_York"}
    got = read(case | {"locale": "en-US"})
    right = (got["account"], got["starts"], got["length"]) == (name, *LINES[line])
    if got["result"] == "card":
        return "whole" if right else "cut"
    return "asked" if right else "asked wrongly"


def names_of(path: Path) -> list[str]:
    """The names of a list, one a line, or of a CSV of listings."""
    if path.suffix != ".csv":
        return path.read_text(encoding="utf-8").splitlines()
    with path.open(encoding="utf-8", newline="") as file:
        rows = [next((row[c] for c in COLUMNS if row.get(c)), "") for row in csv.DictReader(file)]
    return sorted({" ".join(each.split(" - ")[0].split()) for each in rows} - {""})


def main(paths: list[str]) -> int:
    for path in map(Path, paths or [str(NAMES)]):
        seen = [each for name in names_of(path) for each in look(name)]
        print(path.name, dict(Counter(each.verdict for each in seen)))
        for each in seen:
            if each.verdict in ("cut", "asked wrongly"):
                print(f"  {each.verdict}: {each.line.format(each.name)}")
    return int(any(each.verdict == "cut" for each in seen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
