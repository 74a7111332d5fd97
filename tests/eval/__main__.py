"""`python -m tests.eval [--misses] [FILE…]`: how well search answers, on both shelves.

Where the local model is installed, with it as well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.archives.plain_text import read_archive
from bot.library.library import Library
from bot.model.local_embedding import LocalEmbedding
from bot.search.meaning import Meaning
from bot.search.ranking import THRESHOLD, search
from bot.settings import LOCAL, Settings
from bot.storage.store import Store
from tests.eval import FILES, Outcome, auroc, mean, ndcg, read_questions, recall, reciprocal_rank
from tests.support.archives import CARDS, FOLDER

HEAD = f"{'':24}{'n':>5}{'nDCG@5':>9}{'Recall@5':>10}{'MRR@10':>9}{'no answer':>11}"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--misses", action="store_true", help="show each question that went wrong")
    asked = parser.parse_args(words)
    files = asked.files or [path for path in FILES if path.exists()]
    shelves = {"cards only": False} | ({"cards and originals": True} if FOLDER.is_dir() else {})
    for shelf, originals in shelves.items():
        with _library(originals) as (store, library):
            for model in ("", LOCAL) if LocalEmbedding.installed() else ("",):
                with _embedder(model, store, library) as embedder:
                    for path in files:
                        print(f"\n{path.name}, {shelf}{', with the local model' * bool(model)}")
                        outcomes = _ask(store, library, embedder, path)
                        _report(outcomes)
                        if asked.misses:
                            _misses(outcomes)
    return 0


@contextmanager
def _library(originals: bool) -> Iterator[tuple[Store, Library]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "coach.db")
        library = Library(store, CARDS)
        for path in sorted(FOLDER.glob("*.txt")) if originals else ():
            archive = read_archive(path.read_bytes(), path.name)
            library.put(archive.posts, datetime.now(UTC))
        library.index()
        yield store, library
        store.close()


@contextmanager
def _embedder(model: str, store: Store, library: Library) -> Iterator[Meaning]:
    embedder = Meaning(Settings(embed_model=model), store, library, LocalEmbedding())
    embedder.catch_up()
    yield embedder
    embedder.close()


def _ask(store: Store, library: Library, embedder: Meaning, path: Path) -> list[Outcome]:
    questions = read_questions(path, library.entries())
    return [
        Outcome(each, search(store.read, each.text, meant=embedder.question("", each.text)))
        for each in questions
    ]


def _report(outcomes: Sequence[Outcome]) -> None:
    """The figures by kind, then all together, then those about abstention."""
    print(HEAD)
    answerable = [o for o in outcomes if o.question.grades]
    for kind in dict.fromkeys(o.question.kind for o in answerable):
        _line(kind, [o for o in answerable if o.question.kind == kind])
    if answerable:
        _line("all", answerable)
    hopeless = [o.top for o in outcomes if not o.question.grades]
    if answerable and hopeless:
        wrongly = mean(top >= THRESHOLD for top in hopeless)
        print(f"without an answer: {len(hopeless)}, answered all the same: {wrongly:.2f}")
        print(f"AUROC: {auroc([o.top for o in answerable], hopeless):.3f}")


def _line(kind: str, outcomes: Sequence[Outcome]) -> None:
    values = [mean(map(figure, outcomes)) for figure in (ndcg, recall, reciprocal_rank)]
    left = mean(o.top < THRESHOLD for o in outcomes)
    numbers = f"{values[0]:9.3f}{values[1]:10.3f}{values[2]:9.3f}{left:11.2f}"
    print(f"{kind:24}{len(outcomes):5}{numbers}")


def _misses(outcomes: Sequence[Outcome]) -> None:
    """Questions whose best post is not first, or that were answered or left wrongly."""
    for outcome in outcomes:
        grades, answered = outcome.question.grades, outcome.top >= THRESHOLD
        best = [post for post, grade in grades.items() if grade == max(grades.values())]
        if answered == bool(grades) and (not grades or outcome.posts[0] in best):
            continue
        print(f"\n  {outcome.question.id}  {outcome.question.text}")
        for post, grade in grades.items():
            print(f"    wanted {grade}      {post}")
        for hit in outcome.hits[:3]:
            print(f"    got    {hit.score:5.2f}  {hit.post}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
