"""The library's tables: originals, older texts that are still cited, the search index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from bot.posts import Post
from bot.store.times import to_text

_COLUMNS = tuple(f.name for f in fields(Post))


class Document(NamedTuple):
    """What search knows of one post; each field is plain text."""

    slug: str
    title: str
    lessons: str
    asks: str
    keywords: str
    body: str


def digest_of(text: str) -> str:
    """Sixteen hex digits that name a text, letter for letter."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Shelf:
    """Originals and the index over all posts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, post: Post, now: datetime) -> str:
        """Keep `post`; says "new", "changed" or "same". An older text stays while it is cited."""
        digest = digest_of(post.body)
        row = _row(post) | {"digest": digest}
        old = next(self._db.query("SELECT * FROM posts WHERE slug = ?", [post.slug]), None)
        if old is not None and all(old[key] == value for key, value in row.items()):
            return "same"
        if old is not None and old["digest"] != digest:
            self._db.table("old_texts").insert(
                {
                    "post": post.slug,
                    "digest": old["digest"],
                    "body": old["body"],
                    "replaced_at": to_text(now),
                },
                pk=("post", "digest"),
                replace=True,
            )
        self._db.table("posts").insert(row | {"imported_at": to_text(now)}, pk="slug", replace=True)
        self.drop_uncited()
        return "changed" if old is not None else "new"

    def drop_uncited(self) -> None:
        """Forget older texts that nothing cites any more."""
        self._db.execute(
            "DELETE FROM old_texts WHERE NOT EXISTS (SELECT 1 FROM tips_said"
            " WHERE tips_said.post = old_texts.post AND quote_digest = old_texts.digest)"
        )

    def originals(self) -> dict[str, Post]:
        """Every imported post, by slug."""
        rows = self._db.query("SELECT * FROM posts ORDER BY slug")
        return {row["slug"]: _post(row) for row in rows}

    def original(self, slug: str) -> Post | None:
        row = next(self._db.query("SELECT * FROM posts WHERE slug = ?", [slug]), None)
        return _post(row) if row else None

    def text(self, slug: str, digest: str) -> str | None:
        """The original's text that has this digest, whether current or replaced since."""
        row = next(
            self._db.query(
                "SELECT body FROM posts WHERE slug = :s AND digest = :d"
                " UNION ALL SELECT body FROM old_texts WHERE post = :s AND digest = :d",
                {"s": slug, "d": digest},
            ),
            None,
        )
        return row["body"] if row else None

    # The index -----------------------------------------------------------------------------

    def state(self, name: str) -> str | None:
        """A note that the library keeps about itself, such as what the index was made from."""
        row = next(self._db.query("SELECT value FROM library_state WHERE name = ?", [name]), None)
        return row["value"] if row else None

    def set_state(self, name: str, value: str) -> None:
        self._db.table("library_state").insert(
            {"name": name, "value": value}, pk="name", replace=True
        )

    def fingerprint(self) -> str:
        """Changes whenever an original does."""
        row = next(self._db.query("SELECT count(*) AS n, max(imported_at) AS at FROM posts"))
        return f"{row['n']} {row['at']}"

    def index(self, documents: Iterable[Document]) -> None:
        """Make the whole index anew."""
        self._db.execute("DELETE FROM documents")
        self._db.conn.executemany(
            "INSERT INTO documents (slug, title, lessons, asks, keywords, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            documents,
        )

    def match(
        self, expression: str, weights: tuple[float, ...], limit: int
    ) -> list[tuple[str, float]]:
        """(slug, bm25) of documents that match an FTS5 expression; higher is better, above 0.

        `weights` are for title, lessons, asks, keywords and body.
        """
        marks = ", ".join("?" for _ in weights)
        rows = self._db.query(
            f"SELECT slug, -bm25(documents, 0, {marks}) AS score FROM documents"
            " WHERE documents MATCH ? ORDER BY score DESC LIMIT ?",
            [*weights, expression, limit],
        )
        return [(row["slug"], row["score"]) for row in rows]


def _row(post: Post) -> dict[str, Any]:
    row = {name: getattr(post, name) for name in _COLUMNS}
    return row | {
        "published": post.published.isoformat() if post.published else None,
        "teaser": int(post.teaser),
        "announcement": int(post.announcement),
    }


def _post(row: dict[str, Any]) -> Post:
    values = {name: row[name] for name in _COLUMNS}
    values["published"] = date.fromisoformat(row["published"]) if row["published"] else None
    values["teaser"] = bool(row["teaser"])
    values["announcement"] = bool(row["announcement"])
    return Post(**values)
