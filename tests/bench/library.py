"""The library at size: a search against the query it makes, an import against a bare insert."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from bot.coach import ROOT
from bot.library.library import Library
from bot.library.post import Post
from bot.search.ranking import CANDIDATES, PLAIN_WEIGHTS, search
from bot.storage.store import Store
from bot.text.stems import query_words
from tests.bench.figures import line, median
from tests.support.library import index

POSTS = 10_000
PASSAGES = 100_000
WORDS = 95  # of a passage, as in the posts that we know
ROUNDS = 3
SEARCH_GOAL, IMPORT_GOAL = 1.3, 2.0
QUESTIONS = (
    "they went quiet after the demo",
    "how do I keep a price when purchasing wants twenty percent off before the quarter ends",
    "forecast",
    "who should lead a technical call with three engineers and one buyer in the room",
    "we lost a customer we had for years and nobody told us why",
)
_TABLE = """
    CREATE VIRTUAL TABLE t USING fts5 (
        title, lessons, asks, keywords, body, tokenize = 'porter unicode61'
    )
"""


def run() -> None:
    """Made-up posts of words that the cards use, as often as they use them."""
    spoken = _spoken()
    with tempfile.TemporaryDirectory() as folder:
        _imports(Path(folder), list(_posts(POSTS, spoken)))
        _searches(Path(folder), spoken)


def _imports(folder: Path, posts: list[Post]) -> None:
    pairs = [_both(folder, str(turn), posts) for turn in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*pairs, strict=True))
    line(f"import of {POSTS} posts", ours, theirs, "ms", IMPORT_GOAL)


def _both(folder: Path, name: str, posts: list[Post]) -> tuple[float, float]:
    """Milliseconds of our import and of the bare insert, one after the other."""
    with closing(Store(folder / f"import{name}.db")) as store:
        library = Library(store, ROOT / "posts")
        index(store, library)
        ours = _ms(lambda: _import(store, library, posts))
    return ours, _ms(lambda: _insert(folder / f"bare{name}.db", posts))


def _import(store: Store, library: Library, posts: list[Post]) -> None:
    library.put(posts, datetime.now(UTC))
    index(store, library)


def _insert(path: Path, posts: list[Post]) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute(_TABLE)
        rows = ((post.title, post.body) for post in posts)
        db.executemany("INSERT INTO t VALUES (?, '', '', '', ?)", rows)
        db.commit()


def _searches(folder: Path, spoken: list[str]) -> None:
    with closing(Store(folder / "search.db")) as store:
        library = Library(store, ROOT / "posts")
        library.put(_posts(PASSAGES, spoken), datetime.now(UTC))
        index(store, library)
        with closing(sqlite3.connect(folder / "search.db")) as db:
            pairs = [_asked(store, db, question) for question in QUESTIONS]
    ours, theirs = (sum(each) for each in zip(*pairs, strict=True))
    line(f"search over {PASSAGES} passages", ours, theirs, "ms", SEARCH_GOAL)


def _asked(store: Store, db: sqlite3.Connection, question: str) -> tuple[float, float]:
    """Milliseconds of our search and of its bare query, in turn, the first turn left out."""
    turns = [
        (_ms(lambda: search(store.read, question)), _ms(lambda: _query(db, question)))
        for _ in range(ROUNDS + 1)
    ]
    return median([ours for ours, _ in turns[1:]]), median([theirs for _, theirs in turns[1:]])


def _query(db: sqlite3.Connection, question: str) -> None:
    """The full-text query that search makes of a question, by itself."""
    asked = " OR ".join(f'"{word}"' for word in query_words(question))
    marks = ", ".join("?" for _ in PLAIN_WEIGHTS)
    sql = (
        f"SELECT rowid, -bm25(documents, {marks}) AS score FROM documents"
        " WHERE documents MATCH ? ORDER BY score DESC LIMIT ?"
    )
    db.execute(sql, [*PLAIN_WEIGHTS, asked, CANDIDATES]).fetchall()


def _spoken() -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "posts").glob("*.md"))
    return [word for word in text.split() if word.isalpha()]


def _posts(count: int, spoken: list[str]) -> Iterator[Post]:
    chance = random.Random(7)
    for number in range(count):
        body = " ".join(chance.choices(spoken, k=WORDS))
        slug = f"2012-05-01-made-up-{number}"
        yield Post(
            slug, f"Made up {number}", None, None, date(2012, 5, 1), None, False, False, body
        )


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
