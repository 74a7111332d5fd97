"""The library's tables: originals, older texts that are still cited, the search index."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

from bot.library.citation import digest_of
from bot.library.identity import Joiner, Known
from bot.library.post import Post
from bot.storage.database import Database, insert
from bot.storage.moments import to_text

_COLUMNS = tuple(f.name for f in fields(Post))
_FACTS = ", ".join((*(name for name in _COLUMNS if name != "body"), "digest"))
_PLACES = ("guid", "file")
_SILENT = ("title", "author", "blog", "published", "url", "guid")


_PUT = (
    f"INSERT OR REPLACE INTO posts ({', '.join(_COLUMNS)}, digest, imported_at)"
    f" VALUES ({'?, ' * len(_COLUMNS)}?, ?)"
)


class Plan(NamedTuple):
    """What an import makes of a post: "new", "changed" or "same", and the row that it becomes.

    `moved` tells that it came from another file, or under another lasting name.
    """

    slug: str
    outcome: str
    row: dict[str, Any]
    moved: bool = False


class PostsTable:
    """Originals and the index over all posts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, posts: Iterable[Post], now: datetime) -> list[str]:
        """Keep posts; says of each "new", "changed" or "same". Older texts stay while cited."""
        plans = self.plan(posts)
        self.keep(plans, now)
        return [plan.outcome for plan in plans]

    def keep(self, plans: Sequence[Plan], now: datetime, more: bool = False) -> None:
        """Do what was planned. With `more` to come, only the last part makes it seen."""
        at = to_text(now)
        self._add((plan.row for plan in plans if plan.outcome == "new"), at)
        for plan in plans:
            if plan.outcome == "changed":
                self._replace(plan.row, at)
            elif plan.moved:
                self._db.execute(
                    "UPDATE posts SET guid = :guid, file = :file WHERE slug = :slug", plan.row
                )
        said = {plan.outcome for plan in plans}
        if "changed" in said:
            self.drop_uncited()
            self._raise("reworked")
        if said - {"same"} and not more:
            self.raise_version()

    def raise_version(self) -> None:
        """Whoever holds the posts in memory reads them again."""
        self._raise("version")

    def plan(self, posts: Iterable[Post]) -> list[Plan]:
        """What `put` would do with each post, in their order."""
        found = list(posts)
        joined = self.joiner().join(found)
        return [
            self._plan(post, slug, known) for post, (slug, known) in zip(found, joined, strict=True)
        ]

    def joiner(self) -> Joiner:
        """Finds the posts that are known."""
        names = ", ".join(Known._fields)
        rows = self._db.rows(f"SELECT {names} FROM posts ORDER BY slug")
        return Joiner(map(Known._make, rows), self._body, digest_of)

    def _body(self, slug: str) -> str:
        return str(self._db.value("SELECT body FROM posts WHERE slug = ?", [slug]))

    def _plan(self, post: Post, slug: str, known: Known | None) -> Plan:
        row = _row(post)
        row["slug"] = slug
        if known is None:
            return Plan(slug, "new", row)
        (old,) = self._db.query(f"SELECT {_FACTS} FROM posts WHERE slug = ?", [slug])
        # What a file does not say was not taken back by it; an opening does not replace a text.
        row |= {key: old[key] for key in _SILENT if row[key] is None}
        if row["teaser"] and not old["teaser"] and row["digest"] != old["digest"]:
            row |= {"teaser": 0, "digest": old["digest"], "body": self._body(slug)}
        moved = any(row[key] != old[key] for key in _PLACES)
        same = all(row[key] == old[key] for key in old if key not in _PLACES)
        return Plan(slug, "same" if same else "changed", row, moved)

    def remove(self, slugs: Iterable[str], carded: Container[str]) -> int:
        """Take posts out, with every text that was kept of them; says how many there were.

        The index of those that have a card is made anew when it is next brought up to date.
        """
        gone = 0
        for slug in slugs:
            done = self._db.execute("DELETE FROM posts WHERE slug = ?", [slug])
            gone += done.rowcount
            for table in ("old_texts", "vectors"):
                self._db.execute(f"DELETE FROM {table} WHERE post = ?", [slug])
            if slug in carded:
                self.set_state("indexed", "")
                continue
            row = self._db.one("SELECT id FROM indexed WHERE post = ?", [slug])
            if row:
                self._db.execute("DELETE FROM documents WHERE rowid = ?", [row["id"]])
                self._db.execute("DELETE FROM indexed WHERE id = ?", [row["id"]])
        if gone:
            self._raise("version")
            self._raise("reworked")
        return gone

    def _raise(self, name: str) -> None:
        self.set_state(name, str(int(self.state(name) or "0") + 1))

    def reworked(self) -> str:
        """Changes whenever a post that was there is changed or taken out."""
        return self.state("reworked") or "0"

    def _add(self, rows: Iterable[dict[str, Any]], now: str) -> None:
        self._db.conn.executemany(_PUT, ([*row.values(), now] for row in rows))

    def _replace(self, row: dict[str, Any], now: str) -> None:
        """Put a known post anew; its older text is kept."""
        self._db.execute(
            "INSERT OR REPLACE INTO old_texts (post, digest, body, replaced_at)"
            " SELECT slug, digest, body, ? FROM posts WHERE slug = ?",
            [now, row["slug"]],
        )
        self._db.execute("UPDATE indexed SET of = NULL WHERE post = ?", [row["slug"]])
        self._add([row], now)

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

    def state(self, name: str) -> str | None:
        """A note that the library keeps about itself, such as what the index was made from."""
        row = next(self._db.query("SELECT value FROM library_state WHERE name = ?", [name]), None)
        return row["value"] if row else None

    def set_state(self, name: str, value: str) -> None:
        insert(self._db, "library_state", {"name": name, "value": value}, or_replace=True)

    def fingerprint(self) -> str:
        """Changes whenever an original does."""
        return self.state("version") or "0"


def _row(post: Post) -> dict[str, Any]:
    row = {name: getattr(post, name) for name in _COLUMNS} | {"digest": digest_of(post.body)}
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
