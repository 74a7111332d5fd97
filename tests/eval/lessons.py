"""`python -m tests.eval.lessons [--misses]`: how often `/tip` says the lesson that fits best.

For a question whose post was found, `lessons.jsonl` holds which of that post's lessons a person
would want to get, by their numbers; two where both would do. Cues were written with the “tuned”
questions in sight. Of the “unseen” ones each third was labelled, and measured once, before anybody
looked at what was wrong: 77 per cent, where the lesson's own words alone had given 55.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.library.entry import Entry
from bot.library.post import load_cards
from bot.search.ranking import Hit
from bot.tips.tip import lessons_for
from tests.eval import FILES
from tests.support.archives import CARDS

FILE = Path(__file__).with_name("lessons.jsonl")
SETS = ("tuned", "unseen")


class Choice(NamedTuple):
    """What was asked, the lessons that fit, and the one that is said."""

    kind: str
    asked: str
    fit: tuple[str, ...]
    said: str


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.lessons", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="show each lesson that is not fit")
    asked = parser.parse_args(words)
    every = list(choices())
    for kind in SETS:
        of = [each for each in every if each.kind == kind]
        print(f"{kind:8}{len(of):5}{share(of):8.2f} said the lesson that fits best")
    for each in every if asked.misses else ():
        if each.said not in each.fit:
            print(f"\n{each.asked}\n  said:   {each.said}\n  wanted: {each.fit[0]}")
    return 0


def share(of: Sequence[Choice]) -> float:
    """The share for which a fit lesson is said."""
    return sum(each.said in each.fit for each in of) / len(of)


def choices() -> Iterator[Choice]:
    """Each labelled question, with what the cards say to it; without those that are not here."""
    entries = {slug: Entry(slug, card, None) for slug, card in load_cards(CARDS)[0].items()}
    asked = _questions()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if text := row.get("query") or asked.get(row["id"]):
            lessons = entries[row["post"]].lessons
            said = lessons_for([Hit(row["post"], 1, 1)], entries, text)[0]
            yield Choice(row["set"], text, tuple(lessons[n] for n in row["lessons"]), said.text)


def _questions() -> Mapping[str, str]:
    lines = [
        line for path in FILES if path.exists() for line in path.read_text("utf-8").splitlines()
    ]
    return {row["id"]: row["query"] for row in map(json.loads, filter(None, lines))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
