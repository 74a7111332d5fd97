"""What is kept of an offer, and what a page says of its feeds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.fetcher import Fetched, Validators
from bot.imports._reading import key_of, wanted
from bot.imports.feed import feed_links, source_of
from bot.imports.feed_service import _is_page
from bot.imports.offer import Found
from bot.imports.table import packed, unpacked
from bot.library.post import Post

texts = st.lists(st.text(), max_size=4).map(tuple)


@given(st.integers(), texts, texts, texts)
def test_what_was_found_is_kept_as_it_was(
    posts: int, blogs: tuple[str, ...], keys: tuple[str, ...], left: tuple[str, ...]
) -> None:
    found = Found(posts=posts, blogs=blogs, keys=keys, left_out=left)
    assert Found.from_text(found.to_text()) == found


@given(
    st.lists(
        st.builds(
            Post,
            *(
                st.text(max_size=9),
                st.none() | st.text(max_size=9),
                st.none() | st.text(max_size=9),
            ),
            *(
                st.none() | st.text(max_size=9),
                st.none() | st.dates(),
                st.none() | st.text(max_size=9),
            ),
            *(st.booleans(), st.booleans(), st.text(), st.none() | st.text(max_size=9), st.text()),
        ),
        max_size=4,
    )
)
def test_posts_that_wait_are_kept_letter_for_letter(posts: list[Post]) -> None:
    assert unpacked(packed(posts)) == posts


def post(n: int, **more: str) -> Post:
    return Post(
        f"slug-{n}", "T", None, "B", None, more.get("url"), False, False, "b", more.get("guid")
    )


@given(st.lists(st.integers(0, 9), unique=True), st.sets(st.integers(0, 9)))
def test_what_was_left_stays_out_and_nothing_else_does(shown: list[int], left: set[int]) -> None:
    posts = [post(n, url=f"https://a.example/{n}") for n in shown]
    unwanted = {key_of(post(n, url=f"http://www.a.example/{n}/")) for n in left}
    kept = [each.slug for each in wanted(posts, unwanted)]
    assert kept == [f"slug-{n}" for n in shown if n not in left]


def test_the_feeds_of_a_page_are_found_however_they_are_written() -> None:
    page = (
        '<HTML><head><BASE href="https://b.example/x/"><link rel=stylesheet href=a.css>'
        "<LINK REL='Alternate nofollow' TYPE='application/RSS+xml; charset=utf-8' HREF='feed'>"
        '<link rel="alternate" hreflang="de" href="/de"><link rel="alternate"'
        ' type="application/atom+xml" href="//c.example/atom?a=1&amp;b=2"></head>'
    )
    found = feed_links(page, "https://a.example/")
    assert found == ["https://b.example/x/feed", "https://c.example/atom?a=1&b=2"]


def test_a_feed_is_no_page_whatever_its_server_calls_it() -> None:
    def page(body: bytes, kind: str = "text/html") -> bool:
        return _is_page(Fetched("https://a.example/", body, kind, Validators()))

    assert not page(
        b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- made by us -->\n<RSS version='2.0'>"
    )
    assert not page(b"<feed xmlns='http://www.w3.org/2005/Atom'>")
    assert not page(b'{"version": "https://jsonfeed.org/version/1.1"}')
    assert page(b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='...'>", "application/xhtml+xml")
    assert page(b"<div>Sign in</div>")


@given(st.text(max_size=30))
def test_the_place_of_a_dropped_file_has_no_folders_in_it(name: str) -> None:
    assert "/" not in source_of(name)
