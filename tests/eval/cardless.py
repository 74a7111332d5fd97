"""`python -m tests.eval.cardless`: posts without a card, beside plain full text search.

Half of the cards are taken away at random, so that half of the posts of the archives have only
their text. Counted are the questions that such posts answer, with their grades alone, and then all
questions with all grades. Plain search is SQLite's own bm25 over title and text of the same posts.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.archives._plain_text import read_archive
from bot.library.entry import Entry
from bot.library.library import Library
from bot.search._sureness import TIP
from bot.search.ranking import Hit, search
from bot.storage.store import Store
from bot.text.stems import query_words
from tests.eval import FILES, HELPS, Outcome, Question, mean, ndcg, read_questions
from tests.support.archives import CARDS, FOLDER
from tests.support.library import index


class Found(NamedTuple):
    """What both searches find for a question, and the posts that have no card."""

    question: Question
    ours: list[Hit]
    plain: list[Hit]
    cardless: frozenset[str]


class Figures(NamedTuple):
    """nDCG@5 on posts without a card and on all, of ours and of plain search, and the share of
    hopeless questions that ours answered."""

    cardless: tuple[float, float]
    all_posts: tuple[float, float]
    wrongly: float


def measure(draws: int = 3) -> Figures:
    """The figures over `draws` halves of the cards, each drawn anew. Needs the archives."""
    found = [each for draw in range(draws) for each in _draw(random.Random(draw))]
    few = [_only(each) for each in found]
    hopeless = [each.ours for each in found if not each.question.grades]
    return Figures(
        _both(each for each in few if max(each.question.grades.values(), default=0) >= HELPS),
        _both(each for each in found if each.question.grades),
        mean(Outcome(_NOTHING, hits).top >= TIP for hits in hopeless),
    )


_NOTHING = Question("", "", "", {})


def _draw(chance: random.Random) -> list[Found]:
    with tempfile.TemporaryDirectory() as folder:
        cards = Path(folder) / "posts"
        cards.mkdir()
        for card in sorted(CARDS.glob("*.md")):
            if chance.random() < 0.5:
                shutil.copy(card, cards)
        with closing(Store(Path(folder) / "coach.db")) as store:
            library = Library(store, cards)
            for path in sorted(FOLDER.glob("*.txt")):
                library.put(read_archive(path.read_bytes(), path.name).posts, datetime.now(UTC))
            index(store, library)
            return _ask(store, library.entries(), frozenset(path.stem for path in cards.iterdir()))


def _ask(store: Store, entries: dict[str, Entry], carded: frozenset[str]) -> list[Found]:
    taught = {slug: entry for slug, entry in entries.items() if entry.teaches}
    questions = [q for path in FILES if path.exists() for q in read_questions(path, entries)]
    with closing(plain_index(taught.values())) as plain:
        return [
            Found(
                each,
                [hit for hit in search(store.read, each.text) if hit.post in taught],
                plain_search(plain, each.text),
                frozenset(taught) - carded,
            )
            for each in questions
        ]


def plain_index(entries: Iterable[Entry]) -> sqlite3.Connection:
    """Plain full text search over the title and the text of these posts."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5 (post, title, body, tokenize = 'porter')")
    for entry in entries:
        db.execute("INSERT INTO t VALUES (?, ?, ?)", [entry.slug, entry.name, entry.text])
    return db


def plain_search(plain: sqlite3.Connection, text: str) -> list[Hit]:
    """What bm25 over title and text finds, best first."""
    if not (words := query_words(text)):
        return []
    asked = "{title body} : (" + " OR ".join(f'"{word}"' for word in words) + ")"
    sql = "SELECT post, -bm25(t) AS score FROM t WHERE t MATCH ? ORDER BY score DESC LIMIT 10"
    return [Hit(post, score, score) for post, score in plain.execute(sql, [asked])]


def _only(found: Found) -> Found:
    """The same with the grades of posts without a card alone."""
    q = found.question
    grades = {post: grade for post, grade in q.grades.items() if post in found.cardless}
    return found._replace(question=Question(q.id, q.kind, q.text, grades))


def _both(found: Iterable[Found]) -> tuple[float, float]:
    each: Sequence[Found] = list(found)
    return (
        mean(ndcg(Outcome(e.question, e.ours)) for e in each),
        mean(ndcg(Outcome(e.question, e.plain)) for e in each),
    )


def run() -> None:
    """Print the figures, where the archives are."""
    if not FOLDER.is_dir():
        return
    found = measure()
    print("\nhalf of the cards taken away: nDCG@5\n" + f"{'':28}{'ours':>8}{'plain FTS5':>12}")
    for name, (ours, plain) in (("posts without a card", found.cardless), ("all", found.all_posts)):
        print(f"{name:28}{ours:8.3f}{plain:12.3f}")
    print(f"without an answer, answered all the same: {found.wrongly:.2f}")


if __name__ == "__main__":
    run()
