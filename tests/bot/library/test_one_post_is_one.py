"""Laws of joining, for any posts in any order: no post is lost, doubled or taken for another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.library import Library
from bot.library.post import Post, slug_of
from bot.storage.store import Store
from tests.support.archives import CARDS

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = ("oars", "chairs", "lamps", "bees", "prices", "doors", "tides", "ropes")
SENTENCE = "Of {0} say what they cost before anybody asks, and of {0} say who takes them. "


@contextmanager
def shelf() -> Iterator[Library]:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "coach.db")
        yield Library(store, CARDS)
        store.close()


def a_post(n: int, title: str, day: date | None, blog: str, known_by: str) -> Post:
    """The `n`th post of a blog, as a file tells it: by its lasting name, its address, or both."""
    body = (SENTENCE.format(WORDS[n % len(WORDS)]) + f"It is note {n} of {blog}. ") * 2
    url = f"https://{blog}.example/{n}" if "address" in known_by else None
    guid = f"https://{blog}.example/?p={n}" if "name" in known_by else None
    return Post(slug_of(title, day, body), title, None, blog, day, url, False, False,
                body.strip(), guid, f"{blog}.xml")  # fmt: skip


DAYS = st.sampled_from([date(2012, 5, 1), date(2012, 5, 2), None])
KNOWN_BY = st.sampled_from(["name", "address", "name and address"])
BLOGS = st.lists(
    st.tuples(st.sampled_from(["Bees", "Oars", "On price"]), DAYS), min_size=1, max_size=5
)


def the_blog(rows: list[tuple[str, date | None]], name: str, known_by: str) -> list[Post]:
    return [a_post(n, title, day, name, known_by) for n, (title, day) in enumerate(rows)]


def kept(library: Library) -> list[Post]:
    return [entry.original for entry in library.entries().values() if entry.original]


@settings(max_examples=40, deadline=None)
@given(rows=BLOGS, known_by=KNOWN_BY, order=st.randoms())
def test_the_same_blog_in_any_order_is_the_same(
    rows: list[tuple[str, date | None]], known_by: str, order: Random
) -> None:
    posts = the_blog(rows, "mill", known_by)
    with shelf() as library:
        assert library.put(posts, NOW) == ["new"] * len(posts)
        again = order.sample(posts, len(posts))
        assert library.put(again, NOW) == ["same"] * len(posts)
        assert len(kept(library)) == len(posts)


@settings(max_examples=40, deadline=None)
@given(rows=BLOGS, known_by=KNOWN_BY)
def test_two_blogs_stay_two_whatever_their_days_and_titles(
    rows: list[tuple[str, date | None]], known_by: str
) -> None:
    mill, quay = the_blog(rows, "mill", known_by), the_blog(rows, "quay", known_by)
    with shelf() as library:
        library.put(mill, NOW)
        assert library.put(quay, NOW) == ["new"] * len(quay)
        assert sorted(str(post.blog) for post in kept(library)) == ["mill"] * len(mill) + [
            "quay"
        ] * len(quay)
        assert library.put([*quay, *mill], NOW) == ["same"] * (len(mill) + len(quay))


@settings(max_examples=40, deadline=None)
@given(rows=BLOGS, known_by=KNOWN_BY, mended=st.integers(0, 4), days=st.integers(0, 3))
def test_a_title_or_a_day_that_was_mended_changes_that_post_and_no_other(
    rows: list[tuple[str, date | None]], known_by: str, mended: int, days: int
) -> None:
    posts = the_blog(rows, "mill", known_by)
    n = mended % len(posts)
    day = posts[n].published
    after = replace(posts[n], title="Mended", published=day and day + timedelta(days=days))
    after = replace(after, slug=slug_of(after.title, after.published, after.body))
    with shelf() as library:
        library.put(posts, NOW)
        slugs = {post.body: post.slug for post in kept(library)}
        outcomes = library.put([*posts[:n], after, *posts[n + 1 :]], NOW)
        assert outcomes == ["same"] * n + ["changed"] + ["same"] * (len(posts) - n - 1)
        assert {post.body: post.slug for post in kept(library)} == slugs, "its name here stays"
        assert [post.title for post in kept(library) if post.body == after.body] == ["Mended"]


@settings(max_examples=40, deadline=None)
@given(rows=BLOGS, cut=st.booleans())
def test_the_export_and_the_feed_of_a_blog_meet(
    rows: list[tuple[str, date | None]], cut: bool
) -> None:
    """The feed knows the same addresses, and may hold openings alone."""
    export = the_blog(rows, "mill", "name and address")
    feed = [replace(post, guid=None, file="feed", teaser=cut,
                    body=post.body[:90] if cut else post.body) for post in export]  # fmt: skip
    with shelf() as library:
        library.put(export, NOW)
        library.put(feed, NOW)
        assert sorted(post.body for post in kept(library)) == sorted(post.body for post in export)
    with shelf() as library:
        library.put(feed, NOW)
        library.put(export, NOW)
        assert sorted(post.body for post in kept(library)) == sorted(post.body for post in export)


@settings(max_examples=40, deadline=None)
@given(rows=BLOGS, known_by=KNOWN_BY, gone=st.sets(st.integers(0, 4)))
def test_what_is_taken_out_is_out_and_what_is_not_stays(
    rows: list[tuple[str, date | None]], known_by: str, gone: set[int]
) -> None:
    posts = the_blog(rows, "mill", known_by)
    with shelf() as library:
        library.put(posts, NOW)
        out = [post.slug for n, post in enumerate(kept(library)) if n in gone]
        told: list[int] = []
        assert library.remove(out, lambda db, gone: told.append(gone)) == len(out)
        assert told == [len(out)]
        assert len(kept(library)) == len(posts) - len(out)
        library.put(posts, NOW)
        assert sorted(post.body for post in kept(library)) == sorted(post.body for post in posts)
