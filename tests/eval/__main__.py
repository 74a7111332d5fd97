"""`python -m tests.eval [--misses] [--cards] [FILE…]`: how well search answers.

Real questions first, without vectors, and with the local model where it is installed; beside each
figure the middle 95 % of a thousand bootstrap draws. “At once”: of the answerable, how many get a
tip; “helped”: how many see
a post that helps, as the tip or among the three; “wrong”: how many that no post answers get a tip.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.archives._plain_text import read_archive
from bot.library.library import Library
from bot.model.local_embedding import LocalEmbedding
from bot.search._sureness import Weights
from bot.search._vectors import Meant
from bot.search.meaning import Meaning
from bot.search.ranking import search
from bot.settings import LOCAL, NO_MODEL, Settings
from bot.storage.store import Store
from tests.eval import FIGURES, FILES, REAL, Outcome, interval, read_questions
from tests.support.archives import CARDS, FOLDER
from tests.support.library import index

Shelf = tuple[Store, Library]


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--misses", action="store_true", help="show each question that went wrong")
    parser.add_argument("--cards", action="store_true", help="leave out the originals")
    asked = parser.parse_args(words)
    files = asked.files or [path for path in (*REAL, *FILES) if path.exists()]
    with open_library(FOLDER.is_dir() and not asked.cards) as (store, library):
        print(f"{'':38}{'n':>9}" + "".join(f"{name:>19}" for name in FIGURES))
        for path in files:
            for model in (NO_MODEL, LOCAL) if LocalEmbedding.installed() else (NO_MODEL,):
                with open_embedder(model, store, library) as embedder:
                    outcomes = ask(store, library, embedder, path)
                report(f"{path.name}, {'local model' if model == LOCAL else 'words'}", outcomes)
                if asked.misses and path not in REAL:
                    _misses(outcomes)
    return 0


@contextmanager
def open_library(originals: bool) -> Iterator[Shelf]:
    """The shipped cards, with the archives' posts or without, in a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "coach.db")
        library = Library(store, CARDS)
        for path in sorted(FOLDER.glob("*.txt")) if originals else ():
            archive = read_archive(path.read_bytes(), path.name)
            library.put(archive.posts, datetime.now(UTC))
        index(store, library)
        yield store, library
        store.close()


@contextmanager
def open_embedder(
    name: str, store: Store, library: Library, adapted: bool = True
) -> Iterator[Meaning]:
    """The embedder of that setting, with the vectors of all texts."""
    model = LocalEmbedding(adapted)
    embedder = Meaning(Settings(embed_model=name), store, library, index(store, library), model)
    embedder.catch_up()
    yield embedder
    embedder.close()


def ask(
    store: Store, library: Library, embedder: Meaning, path: Path, weights: Weights | None = None
) -> list[Outcome]:
    """What search says to each question of a file."""
    return [
        Outcome(q, search(store.read, q.text, meant=_meant(embedder, q.text), weights=weights))
        for q in read_questions(path, library.entries())
    ]


def _meant(embedder: Meaning, text: str) -> Meant | None:
    """The vector, however busy the machine is."""
    while embedder.on:
        if found := embedder.question("", text):
            return found
    return None


def report(title: str, outcomes: Sequence[Outcome]) -> None:
    """One line: how many questions, answerable and not, and each figure with its interval."""
    answerable = sum(o.question.answerable for o in outcomes)
    cells = [_cell(figure(outcomes), *interval(outcomes, figure)) for figure in FIGURES.values()]
    print(f"{title:38}{f'{answerable}+{len(outcomes) - answerable}':>9}" + "".join(cells))


def _cell(value: float, low: float, high: float) -> str:
    return f"{value:8.3f} ({low:.2f}-{high:.2f})"


def _misses(outcomes: Sequence[Outcome]) -> None:
    """Questions that were not helped, or were answered though nothing answers them."""
    for outcome in outcomes:
        question = outcome.question
        good = question.helped_by(outcome.shown) if question.answerable else not outcome.shown
        if good:
            continue
        print(f"\n  {question.id}  {question.text}")
        for post, grade in question.grades.items():
            print(f"    wanted {grade}      {post}")
        for hit in outcome.hits[:3]:
            print(f"    got    {hit.score:5.2f} {hit.sure:5.2f}  {hit.post}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
