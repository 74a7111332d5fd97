"""One post is one post: what an import joins, what it keeps apart, and what can be taken out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.archives.archive import LeftOut
from bot.library.library import Library
from bot.library.post import Post, slug_of
from bot.search.ranking import search
from bot.storage.database import Database
from bot.storage.raw_rows import Rows
from bot.storage.store import Store
from tests.support.archives import CARDS
from tests.support.library import index

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BODY = "Count the hives before the frost comes. Then plan the summer with care and with patience."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "coach.db")
    yield store
    store.close()


@pytest.fixture
def library(store: Store) -> Library:
    library = Library(store, CARDS)
    index(store, library)
    return library


def post(
    title: str = "Bees", day: date | None = date(2012, 5, 1), **more: str | bool | None
) -> Post:
    made = Post(slug_of(title, day, BODY), title, None, None, day, None, False, False, BODY)
    return replace(made, **more)  # type: ignore[arg-type]


def originals(library: Library) -> list[Post]:
    return [entry.original for entry in library.entries().values() if entry.original]


def put(library: Library, *posts: Post) -> list[str]:
    return library.put(posts, NOW)


def test_a_mended_title_updates_the_post_of_that_address_and_keeps_its_name_here(
    library: Library,
) -> None:
    put(library, post("Bese", url="https://b.example/1"))
    assert put(library, post("Bees", url="http://www.b.example/1/")) == ["changed"]
    (kept,) = originals(library)
    assert (kept.title, kept.slug) == ("Bees", "2012-05-01-bese")


def test_export_and_feed_of_one_blog_meet_by_their_lasting_name(library: Library) -> None:
    put(library, post(guid="https://b.example/?p=1", url="https://b.example/bees"))
    feed = post(
        "Bees!", date(2012, 5, 2), guid="https://b.example/?p=1", body=BODY[:40], teaser=True
    )
    put(library, feed)
    (kept,) = originals(library)
    assert (kept.body, kept.teaser) == (BODY, False), "an opening does not replace the whole text"


def test_posts_of_two_blogs_of_one_day_and_title_stay_two(library: Library) -> None:
    ours, theirs = post(url="https://b.example/bees"), post(url="https://c.example/bees")
    assert put(library, ours) == ["new"]
    assert put(library, theirs) == ["new"]
    assert put(library, ours, theirs) == ["same", "same"]
    assert len(originals(library)) == 2


def test_what_came_in_before_without_a_lasting_name_is_joined(library: Library) -> None:
    put(library, post())
    assert put(library, post(guid="https://b.example/?p=1", file="/a/b.xml")) == ["same"]
    put(library, post("Wasps", url="https://b.example/w"))
    wasps = post("Wasps!", date(2012, 5, 2), url="https://b.example/w", guid="tag:b,1")
    assert put(library, wasps) == ["changed"]
    assert len(originals(library)) == 2


def test_pages_of_one_name_in_two_files_stay_two_and_come_again_the_same(library: Library) -> None:
    pages = [post(day=None, file=f"/n/{n}/index.md", body=f"{n} {BODY}") for n in "ab"]
    assert put(library, *pages) == ["new", "new"]
    assert put(library, *pages) == ["same", "same"]
    assert put(library, replace(pages[1], body=f"b {BODY} More.")) == ["changed"]


def test_a_page_whose_title_was_mended_is_known_by_its_file(library: Library) -> None:
    put(library, post("Bese", file="/n/bees.md"))
    assert put(library, post("Bees", file="/n/bees.md")) == ["changed"]
    other = post("Lamps", file="/n/bees.md", body="A lamp is filled at dusk and trimmed at dawn.")
    assert put(library, other) == ["new"], "another text in a file of that name is another post"


def test_two_posts_that_link_to_one_page_elsewhere_stay_two(library: Library) -> None:
    links = [
        post(f"Link {n}", date(2012, 5, n), url="https://x.example/p", guid=f"tag:b,{n}")
        for n in (1, 2)
    ]
    assert put(library, *links) == ["new", "new"]


def test_a_plan_keeps_nothing(library: Library) -> None:
    assert library.plan([post()]) == ["new"]
    assert originals(library) == []


def test_what_would_stay_out_today_is_found(library: Library) -> None:
    put(library, post("Margin"), post("Bees"))
    left = [LeftOut("private posts", "Margin", date(2012, 5, 1)), LeftOut("pages", "Hives", None)]
    assert [entry.name for entry in library.still_in(left, [post("Bees")])] == ["Margin"]


def nobody(db: Database, gone: int) -> None:
    """Has to hear of it."""


def test_a_post_that_was_taken_out_is_nowhere_and_may_come_again(
    library: Library, store: Store
) -> None:
    put(library, post(body="Zeppelins need helium in spring and in autumn."))
    put(library, post(body="Zeppelins need helium at all times of the year."))
    index(store, library)
    assert library.remove(["2012-05-01-bees"], nobody) == 1
    index(store, library)
    assert not [
        hit for hit in search(store.read, "zeppelins helium") if hit.post == "2012-05-01-bees"
    ]
    for table in ("posts", "old_texts", "indexed"):
        rows = Rows(store.read).newest(table, 10_000)
        assert not [row for row in rows if "2012-05-01-bees" in row.values()]
    assert put(library, post()) == ["new"]


def test_a_card_stays_when_its_original_is_taken_out(library: Library, store: Store) -> None:
    slug = "2011-03-11-first-and-ten"
    card = library.entries()[slug]
    put(library, replace(card.as_post(), body="Zeppelins need helium."))
    index(store, library)
    library.remove([slug], nobody)
    index(store, library)
    assert library.entries()[slug].shelf == "card"
    assert slug not in [hit.post for hit in search(store.read, "zeppelins helium")]
