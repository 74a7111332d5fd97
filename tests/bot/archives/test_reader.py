"""HTML pages and feeds: what becomes of our own, and of the same spoilt."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archives.archive import Archive, UnreadableArchive
from bot.archives.reader import read_file
from bot.library.post import Post

PAGE = """\
<!DOCTYPE html>
<html><head>
<title>Bring the Ladder | Fence and Field</title>
<meta property="og:site_name" content="Fence and Field">
<meta name="author" content="Ida Holm">
<meta property="article:published_time" content="2016-03-07T08:15:00+01:00">
<link rel="canonical" href="https://fence.example/ladder">
<style>p { color: red }</style>
</head><body>
<nav><a href="/">Home</a> <a href="/about">About</a></nav>
<main>
<h1>Bring the Ladder</h1>
<p class="byline">by <a rel="author" href="/ida">Ida Holm</a></p>
<p>A buyer who cannot see over the fence
   will not climb&nbsp;it. <em>Bring</em> the ladder &amp; hold it.</p>
<ul><li>Ask what stands there.</li><li>Write it down.</li></ul>
<p>One line,<br>then another.<script>track()</script></p>
<!-- a comment -->
<div class="social-share">Share this on everything</div>
</main>
<footer>All rights reserved</footer>
</body></html>
"""
BODY = """\
A buyer who cannot see over the fence will not climb it. Bring the ladder & hold it.

Ask what stands there.

Write it down.

One line,
then another."""

LIST = """\
<html><head><title>Fence and Field</title></head><body>
<h1>Fence and Field</h1>
<article><h2><a href="https://fence.example/bell">Ring the Bell</a></h2>
<time datetime="2017-05-02">2 May 2017</time><p class="author">By Jon</p>
<p>A bell that nobody rings is a hat.</p></article>
<article><h2>Mend the Gate</h2><time datetime="2017-05-01T10:00">May 1</time>
<p>A gate is mended before the herd comes. Count the hinges <a href="#">Read more</a></p>
<article class="comment"><p>Nice one.</p></article></article>
<article><h2>Only a Picture</h2><img src="x.png"></article>
</body></html>
"""

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Fence &amp; Field</title><link>https://fence.example</link><description>d</description>
<item><title>Count the Posts</title><link>https://fence.example/posts</link>
<pubDate>Mon, 07 Mar 2016 23:30:00 -0500</pubDate><dc:creator>Ida Holm</dc:creator>
<description>A short form of it […]</description>
<content:encoded><![CDATA[<p>Count the posts <b>twice</b>.</p><p>Then once more.</p>]]>
</content:encoded></item>
<item><title>Half a Fence</title><pubDate>2016-03-06</pubDate>
<description>Half a fence keeps half a herd […]</description></item>
</channel></rss>
"""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ATOM = """\
<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Fence and Field</title><id>x</id>
<updated>2016-03-07T00:00:00Z</updated>
<entry><title type="html">Tea &amp;amp; &lt;i&gt;Timber&lt;/i&gt;</title><id>1</id>
<author><name>Ida Holm</name></author><link href="https://fence.example/tea"/>
<published>2016-03-05T01:00:00+09:00</published><updated>2016-03-07T00:00:00Z</updated>
<content type="html">&lt;p&gt;Pour before you ask.&lt;/p&gt;</content></entry></feed>
"""


def _read(text: str) -> Archive:
    return read_file(text.encode(), "file")


def _only(text: str) -> Post:
    (post,) = _read(text).posts
    return post


def test_a_page_becomes_a_post_with_its_facts_and_paragraphs() -> None:
    assert _only(PAGE) == Post(
        slug="2016-03-07-bring-the-ladder",
        title="Bring the Ladder",
        author="Ida Holm",
        blog="Fence and Field",
        published=date(2016, 3, 7),
        url="https://fence.example/ladder",
        teaser=False,
        announcement=False,
        body=BODY,
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>The Long Row | Fence</title>", "The Long Row | Fence"),
        ('<title>The Row - Fence</title><meta property="og:site_name" content="Fence">', "The Row"),
        ('<title>x</title><meta property="og:title" content="The &amp; Row">', "The & Row"),
    ],
)
def test_a_page_without_a_heading_is_called_what_it_calls_itself(head: str, title: str) -> None:
    page = f"<html><head>{head}</head><body><p>Hoe it to the end.</p></body></html>"
    assert _only(page).title == title


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('<time datetime="2016-03-07T09:00:00Z">x</time>', date(2016, 3, 7)),
        ('<script type="application/ld+json">{"datePublished": "2016-03-07"}</script>',
         date(2016, 3, 7)),
        ('<meta name="date" content="March 7, 2016">', date(2016, 3, 7)),
        ('<time datetime="soon">x</time>', None),
        ('<time datetime="2016-13-77">x</time>', None),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_is_dated_wherever_it_says_so(said: str, day: date | None) -> None:
    archive = _read(f"<html><body>{said}<article><h1>Rows</h1><p>Hoe.</p></article></body></html>")
    assert archive.posts[0].published == day
    assert len(archive.doubts) == (day is None)


def test_several_articles_on_a_page_are_several_posts() -> None:
    archive = _read(LIST)
    bell, gate = archive.posts
    assert (bell.title, bell.author, bell.url) == (
        "Ring the Bell", "Jon", "https://fence.example/bell"
    )  # fmt: skip
    assert bell.body == "A bell that nobody rings is a hat."
    assert gate.slug == "2017-05-01-mend-the-gate"
    assert gate.teaser and "Read more" not in gate.body
    assert archive.doubts == ("post 3: there is no text in “Only a Picture”.",)


def test_an_article_among_teasers_of_others_is_the_one_post_of_its_page() -> None:
    page = PAGE.replace("<main>", "<article>").replace(
        "</main>", "</article><article><h2>Another</h2><p>Short.</p></article>"
    )
    assert _only(page).body == BODY


def test_a_feed_becomes_posts_whole_ones_and_teasers() -> None:
    whole, teaser = _read(RSS).posts
    assert whole == Post(
        "2016-03-07-count-the-posts", "Count the Posts", "Ida Holm", "Fence & Field",
        date(2016, 3, 7), "https://fence.example/posts", False, False,
        "Count the posts twice.\n\nThen once more.",
    )  # fmt: skip
    assert teaser.teaser and teaser.published == date(2016, 3, 6)


def test_an_atom_entry_is_of_the_day_on_which_its_author_wrote_it() -> None:
    post = _only(ATOM)
    assert (post.title, post.published) == ("Tea & Timber", date(2016, 3, 5))
    assert (post.author, post.body) == ("Ida Holm", "Pour before you ask.")


def test_two_posts_of_one_day_and_name_stay_two() -> None:
    item = RSS[RSS.index("<item>") : RSS.index("</item>") + len("</item>")]
    archive = _read(RSS.replace(item, item + item))
    assert [post.slug for post in archive.posts][:2] == [
        "2016-03-07-count-the-posts", "2016-03-07-count-the-posts-2"
    ]  # fmt: skip
    assert "2016-03-07-count-the-posts-2" in archive.doubts[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (RSS.replace("</channel></rss>", ""), "not well-formed"),
        (RSS.replace("<item>", "<item><b>"), "not well-formed"),
        (f'<rdf:RDF xmlns:rdf="{RDF}"></rdf:RDF>', "neither RSS nor Atom"),
        ('<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "no text of a post"),
        ("<html><body><script>load()</script></body></html>", "no text of a post"),
        ("<html><body><article><h1>Title alone</h1></article></body></html>", "no text of a post"),
        ("<html>\0</html>", "not text"),
    ],
)
def test_a_spoilt_file_is_refused_whole_by_name_and_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableArchive, match=reason) as refused:
        _read(text)
    assert str(refused.value).startswith("file, line ")


@pytest.mark.parametrize("text", [RSS, RSS.partition("?>")[2].lstrip()])
def test_a_spoilt_feed_is_told_with_the_line(text: str) -> None:
    spoilt = text.replace("<item><title>Half", "<item><b><title>Half")
    wanted = spoilt[: spoilt.rindex("</item>")].count("\n") + 1
    with pytest.raises(UnreadableArchive, match=f"line {wanted}:"):
        _read(spoilt)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_pages_of_other_encodings_are_read(encoding: str) -> None:
    page = (
        PAGE.replace("<head>", "<head><meta charset='windows-1252'>") if "cp" in encoding else PAGE
    )
    post = read_file(page.replace("ladder &amp;", "ladder é").encode(encoding), "x").posts[0]
    assert "ladder é hold" in post.body


def test_elements_nested_without_end_do_no_harm() -> None:
    page = f"<html><body>{'<div>' * 5_000}Deep.{'</div>' * 5_000}</body></html>"
    try:
        assert _only(page).body == "Deep."
    except UnreadableArchive as refused:
        assert "nested" in str(refused)


def test_a_feed_fetches_nothing_and_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    attack = RSS.replace(
        "<rss ", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss ', 1
    ).replace("Count the posts", "&x; Count the posts")
    try:
        found = str(_read(attack).posts)
    except UnreadableArchive as refused:
        found = str(refused)
    assert "hidden" not in found


def test_each_post_is_told_of_as_it_is_read() -> None:
    told: list[int] = []
    read_file(RSS.encode(), "x", lambda: told.append(1))
    assert len(told) == 2


@given(st.text(max_size=300), st.sampled_from(["<html>", "<rss>", "<feed>", "<?xml ?>"]))
def test_whatever_follows_is_read_or_refused(text: str, start: str) -> None:
    with suppress(UnreadableArchive):
        read_file((start + text).encode(errors="ignore"), "x")
