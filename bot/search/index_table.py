"""The search index: documents, questions, synonyms and vectors, in SQLite FTS5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.search._vectors import Vector, to_bytes
from bot.storage.database import Database

_OUTSIDE = "outside/"  # no slug begins like this


ASKS = 1_000  # at most as many questions of one post are told apart


_UNINDEXED = "FROM posts LEFT JOIN indexed ON post = slug WHERE indexed.of IS NOT imported_at"


_INDEX_ORIGINALS = (
    "DELETE FROM documents WHERE rowid IN (SELECT id FROM indexed WHERE post IN ({slugs}))",
    "INSERT INTO indexed (post, announcement) SELECT slug, announcement FROM posts"
    " WHERE slug IN ({slugs})"
    " ON CONFLICT (post) DO UPDATE SET of = NULL, announcement = excluded.announcement",
    "INSERT INTO documents (rowid, title, lessons, asks, keywords, body)"
    " SELECT id, coalesce(title, ''), '', '', '', body FROM indexed JOIN posts ON post = slug"
    " WHERE slug IN ({slugs}) ORDER BY id",
    "UPDATE indexed SET of = (SELECT imported_at FROM posts WHERE slug = post)"
    " WHERE post IN ({slugs})",
)


class Document(NamedTuple):
    """What search knows of a post that has a card, or of a topic outside the library.

    Each field is a list of texts.
    """

    slug: str
    announcement: bool
    title: tuple[str, ...]
    lessons: tuple[str, ...]
    asks: tuple[str, ...]
    keywords: tuple[str, ...]
    body: tuple[str, ...]

    @classmethod
    def outside(cls, topic: str, asks: tuple[str, ...]) -> Document:
        """What search knows of a topic that no post is on."""
        return cls(outside_name(topic), False, (), (), asks, (), ())

    @property
    def fields(self) -> tuple[tuple[str, ...], ...]:
        """What the columns of the index hold."""
        return self[2:]

    @property
    def asked(self) -> tuple[str, ...]:
        """The short texts that a question may be near to."""
        return (*self.title, *self.lessons, *self.asks, *self.keywords)[:ASKS]


class Numbered(NamedTuple):
    """A post of the index, by its slug, or a topic outside the library."""

    post: str
    announcement: bool

    @property
    def outside(self) -> bool:
        return self.post.startswith(_OUTSIDE)


def outside_name(topic: str) -> str:
    """What a topic outside the library is called in the index, where posts have their slugs."""
    return _OUTSIDE + topic


class Index:
    """The search index: posts with and without a card, questions, synonyms, vectors."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def unindexed(self) -> set[str]:
        """The originals that are new or changed since they were indexed."""
        return {row["slug"] for row in self._db.query(f"SELECT slug {_UNINDEXED}")}

    def clear_index(self) -> None:
        for table in ("documents", "cards", "asks", "indexed"):
            self._db.execute(f"DELETE FROM {table}")

    def index_card(self, document: Document) -> None:
        """Index a post that has a card; what the index knew of it is replaced."""
        number = self._number(document)
        for table in ("documents", "cards"):
            self._db.execute(f"DELETE FROM {table} WHERE rowid = ?", [number])
            self._db.execute(
                f"INSERT INTO {table} (rowid, title, lessons, asks, keywords, body)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [number, *map("\n".join, document.fields)],
            )
        first = number * ASKS
        self._db.execute("DELETE FROM asks WHERE rowid BETWEEN ? AND ?", [first, first + ASKS - 1])
        self._db.conn.executemany(
            "INSERT INTO asks (rowid, text) VALUES (?, ?)", enumerate(document.asked, first)
        )

    def _number(self, document: Document) -> int:
        """The row of a post in the index, kept when the post is indexed again."""
        self._db.execute(
            "INSERT INTO indexed (post, announcement, of) VALUES (:post, :announcement,"
            " (SELECT imported_at FROM posts WHERE slug = :post)) ON CONFLICT (post)"
            " DO UPDATE SET of = excluded.of, announcement = excluded.announcement",
            {"post": document.slug, "announcement": int(document.announcement)},
        )
        found = self._db.query("SELECT id FROM indexed WHERE post = ?", [document.slug])
        return int(next(found)["id"])

    def index_originals(self, slugs: Sequence[str]) -> None:
        """Index originals by title and body; those with a card are done before."""
        marks = ", ".join("?" for _ in slugs)
        for statement in _INDEX_ORIGINALS:
            self._db.execute(statement.format(slugs=marks), slugs)

    def set_synonyms(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Replace the synonyms, given as (word, other)."""
        self._db.execute("DELETE FROM synonyms")
        self._db.conn.executemany("INSERT INTO synonyms (word, other) VALUES (?, ?)", pairs)

    def embedded(self, model: str) -> dict[str, str]:
        """The posts that have a vector of this model, with the digest of the text it is of."""
        rows = self._db.query("SELECT post, digest FROM vectors WHERE model = ?", [model])
        return {row["post"]: row["digest"] for row in rows}

    def put_vectors(self, model: str, rows: Iterable[tuple[str, str, Vector]]) -> None:
        """Keep vectors, given as (post, digest of its text, vector); other models' are dropped."""
        self._db.execute("DELETE FROM vectors WHERE model <> ?", [model])
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO vectors (post, model, digest, vector) VALUES (?, ?, ?, ?)",
            [(post, model, digest, to_bytes(vector)) for post, digest, vector in rows],
        )

    def vectors(self, model: str, numbers: Iterable[int]) -> dict[int, bytes]:
        """The vectors of these documents as they are kept, as far as there are any."""
        listed = ", ".join(map(str, numbers))
        rows = self._db.query(
            "SELECT id, vector FROM indexed JOIN vectors USING (post)"
            f" WHERE model = ? AND id IN ({listed})",
            [model],
        )
        return {row["id"]: row["vector"] for row in rows}

    def match(self, expression: str, weights: tuple[float, ...], limit: int) -> dict[int, float]:
        """The bm25 of the documents that match an FTS5 expression best; higher is better.

        `weights` are for title, lessons, asks, keywords and body.
        """
        return self._match("documents", expression, weights, limit)

    def match_cards(
        self, expression: str, weights: tuple[float, ...], limit: int
    ) -> dict[int, float]:
        """The same among posts with a card, as if there were no others."""
        return self._match("cards", expression, weights, limit)

    def _match(
        self, table: str, expression: str, weights: tuple[float, ...], limit: int
    ) -> dict[int, float]:
        marks = ", ".join("?" for _ in weights)
        rows = self._db.query(
            f"SELECT rowid AS id, -bm25({table}, {marks}) AS score FROM {table}"
            f" WHERE {table} MATCH ? ORDER BY score DESC LIMIT ?",
            [*weights, expression, limit],
        )
        return {row["id"]: row["score"] for row in rows}

    def with_all(self, expression: str, limit: int) -> set[int]:
        """Some documents that match an FTS5 expression, in no order."""
        rows = self._db.query(
            "SELECT rowid AS id FROM documents WHERE documents MATCH ? LIMIT ?", [expression, limit]
        )
        return {row["id"] for row in rows}

    def match_asks(self, expression: str, limit: int) -> dict[int, float]:
        """The bm25 of the nearest question of each document that has one near."""
        rows = self._db.query(
            f"SELECT id, max(score) AS score FROM (SELECT rowid / {ASKS} AS id,"
            " -bm25(asks) AS score FROM asks WHERE asks MATCH ? ORDER BY score DESC LIMIT ?)"
            " GROUP BY id",
            [expression, limit],
        )
        return {row["id"]: row["score"] for row in rows}

    def cards_with(self, expression: str) -> set[int]:
        """Which documents that have a card match an FTS5 expression."""
        rows = self._db.query("SELECT rowid AS id FROM cards WHERE cards MATCH ?", [expression])
        return {row["id"] for row in rows}

    def asks_with(self, expression: str) -> dict[int, int]:
        """How many questions, keywords and lessons of each document match an FTS5 expression."""
        rows = self._db.query(
            f"SELECT rowid / {ASKS} AS id, count(*) AS n FROM asks WHERE asks MATCH ? GROUP BY id",
            [expression],
        )
        return {row["id"]: row["n"] for row in rows}

    def cards(self) -> set[int]:
        """The documents that have a card, and the topics outside."""
        return {row["rowid"] for row in self._db.query("SELECT rowid FROM cards")}

    def posts(self) -> int:
        """How many posts and topics were ever indexed."""
        return int(next(self._db.query("SELECT coalesce(max(id), 0) AS n FROM indexed"))["n"])

    def asks(self) -> int:
        """How many questions, keywords and lessons there are."""
        return int(next(self._db.query("SELECT count(*) AS n FROM asks_docsize"))["n"])

    def terms(self, start: str) -> list[str]:
        """The stems in the questions that begin with `start`."""
        rows = self._db.query(
            "SELECT term FROM ask_terms WHERE term >= ? AND term < ?", [start, start + "\U0010ffff"]
        )
        return [row["term"] for row in rows]

    def synonyms(self, phrases: Iterable[str]) -> list[tuple[str, str]]:
        """(phrase, other) for the phrases that have synonyms."""
        asked = list(phrases)
        marks = ", ".join("?" for _ in asked)
        rows = self._db.query(f"SELECT word, other FROM synonyms WHERE word IN ({marks})", asked)
        return [(row["word"], row["other"]) for row in rows]

    def numbered(self, numbers: Iterable[int]) -> dict[int, Numbered]:
        """The posts behind these documents."""
        listed = ", ".join(map(str, numbers))
        rows = self._db.query(f"SELECT id, post, announcement FROM indexed WHERE id IN ({listed})")
        return {r["id"]: Numbered(r["post"], bool(r["announcement"])) for r in rows}
