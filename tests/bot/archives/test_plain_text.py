"""Reading archives: our own pages in each layout, the same pages spoilt, and the team's five."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.archives._plain_text import read_archive
from bot.archives.archive import Archive, UnreadableArchive
from tests.support.pages import FURNITURE, SPOILT, assert_nothing_is_lost, folded, outline

OURS = Path(__file__).parent / "inputs"
BLOG = "Ledger and Lantern . . . Notes on Selling Slowly"

# Of each post of our own pages: its day, its title, how its text begins and how it ends.
EXPECTED: dict[str, list[tuple[str | None, str | None, str, str]]] = {
    "title_first.txt": [
        ("2014-11-28", "Pricing is a Promise", "what a number says”", "who has never met you."),
        ("2014-11-27", "The Long Queue", "Lessons from a bakery", "in front of the door."),
        (None, "Quoting under Pressure", "Slow hands make", "never cost me an order."),
        (None, "Owners vs Renters", "lamp“Some people", "in the same way since then."),
    ],
    "two_a_day.txt": [
        ("2013-10-09", "Knock first!", "A closed door", "politely stays open."),
        ("2013-10-08", None, "Where does the week go?", "Then cut the next one."),
        ("2013-10-07", "Lost keys.", "We looked", "that they were ever there."),
        ("2013-10-07", "Paper Boats or Steel Hulls.", "Some offers", "steel, bring numbers."),
        ("2013-10-05", "Who waters the plants?", "Every office", "and so do accounts."),
        ("2013-10-05", "Cold soup", "Nobody complains", "any survey could tell."),
        ("2013-10-04", "It's a Small Town, Isn't It?", "The buyer", "lunch with each other."),
    ],
    "long_posts.txt": [
        (
            "2008-02-07",
            "What Does Your Warehouse Say About You?",
            "Some of you",
            "all the answers.",
        ),
        ("2008-02-07", "Nine Voices On Patience", "Nine of us", "Keep it near the phone."),
        ("2008-02-05", "Managers, Carry The Box Too.", "The team moved", "value of carrying."),
        ("2008-02-05", "First Listen. Then Listen Again.", "You may think", "2. What did I hear?"),
        ("2008-02-04", "Small Steps, A Long Road", "I got a number", "helped the most of them."),
    ],
    "footers.txt": [
        ("2012-11-21", "The Second Cup – Staying a Little Longer", "The first cup", "who stays."),
        ("2012-05-03", "Stay Curious", "Ask as if", "best on paper.]"),
        ("2011-09-30", "Why Demos Fail on Fridays", "They do not fail", "mar the rest."),
        ("2011-01-09", "Making Peace with Procurement / His Job, Her Job", "A coll", "Thanks."),
        ("2010-12-14", "Rest", "Close the book", "never yours to begin with."),
    ],
    "single.txt": [
        ("2015-06-05", "Don't Be Early. Be Ready!", "Odd how a habit", "anything to anyone."),
    ],
}


def read(name: str) -> Archive:
    return read_archive((OURS / name).read_bytes(), name)


def text_of(name: str) -> str:
    return (OURS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXPECTED)
def test_each_post_of_a_page_is_found_in_its_order(name: str) -> None:
    found = outline(read(name))
    assert [post[:2] for post in found] == [post[:2] for post in EXPECTED[name]]
    for (_, _, body), (_, _, begins, ends) in zip(found, EXPECTED[name], strict=True):
        assert body.startswith(begins) and body.endswith(ends)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_line_of_a_page_is_accounted_for(name: str) -> None:
    archive, text = read(name), text_of(name)
    assert sum(archive.lines.values()) == len(text.split("\n"))
    assert_nothing_is_lost(archive, text)


@pytest.mark.parametrize("name", EXPECTED)
def test_no_furniture_stands_in_a_text(name: str) -> None:
    assert not [post.title for post in read(name).posts if FURNITURE.search(post.body)]


def test_an_opening_is_a_teaser_and_its_link_is_no_part_of_it() -> None:
    assert all(post.teaser for post in read("title_first.txt").posts)
    assert not any(post.teaser for name in EXPECTED for post in read(name).posts if name[0] != "t")


def test_a_post_without_a_date_of_its_own_has_none_and_a_doubt_says_so() -> None:
    archive = read("title_first.txt")
    assert [post.slug for post in archive.posts[2:]] == [
        "undated-quoting-under-pressure",
        "undated-owners-vs-renters",
    ]
    assert [doubt.split(":")[0] for doubt in archive.doubts] == ["line 22", "line 28"]


def test_the_titles_that_had_to_be_guessed_are_doubts_with_their_lines() -> None:
    lines = [doubt.split(": ", 1) for doubt in read("two_a_day.txt").doubts]
    assert [line for line, _ in lines] == ["line 14", "line 29", "line 49"]
    assert "Cold soup" in lines[2][1]


def test_a_line_that_reads_like_a_title_and_is_none_is_a_doubt_too() -> None:
    doubts = [doubt for doubt in read("long_posts.txt").doubts if "kept as text" in doubt]
    assert len(doubts) == 1 and doubts[0].startswith("line 19: “Download The Free Booklet”")


def test_author_and_blog_come_from_where_the_page_names_them() -> None:
    posts = read("footers.txt").posts
    assert [post.author for post in posts] == ["Maren", "Maren", "Maren", "Oleg", "Maren"]
    assert {post.blog for post in posts} == {BLOG}
    assert {(post.author, post.blog) for post in read("two_a_day.txt").posts} == {(None, None)}


def test_paragraphs_keep_a_blank_line_and_broken_lines_stay_broken() -> None:
    body = read("long_posts.txt").posts[0].body
    assert "\n\nMy host,\na patient woman" in body and "\n\n\n" not in body


def test_no_break_spaces_of_a_text_are_left_as_they_are() -> None:
    assert "\xa0 Then find out" in read("footers.txt").posts[1].body


def test_the_first_words_name_a_post_without_a_title() -> None:
    assert read("two_a_day.txt").posts[1].slug == "2013-10-08-where-does-the-week-go-ask"


# The same pages, spoilt in ways that change nothing of what they say.


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_says_the_same_when(name: str, spoilt: str) -> None:
    assert outline(read_archive(SPOILT[spoilt](text_of(name)), name)) == outline(read(name))


def test_lines_that_are_not_utf8_are_a_doubt() -> None:
    found = read_archive(text_of("two_a_day.txt").replace("'", "’").encode("cp1252"), "two.txt")
    assert any(doubt.startswith("line 57: this line is not UTF-8") for doubt in found.doubts)


def test_footers_of_other_blogs_are_known_too() -> None:
    page = (
        "The Slow Desk\n\nMonday, March 7, 2016\n\nA Fair Word\n\nSay it once and mean it.\n\n"
        "Posted by Ann Lee at 9:15 AM\n2 comments:\nLabels: words, deeds\n\n"
        "Another word\n\nSay it twice if nobody was in the room.\n\n"
        "Posted by Bo Ek at 8:10 AM\nNo comments:\n"
    )
    archive = read_archive(page.encode(), "desk.txt")
    assert [(post.title, post.author) for post in archive.posts] == [
        ("A Fair Word", "Ann Lee"),
        ("Another word", "Bo Ek"),
    ]
    assert {post.blog for post in archive.posts} == {"The Slow Desk"}
    assert archive.lines["furniture"] == 6


def test_an_undated_post_may_stand_first() -> None:
    text = (
        "We asked what a promise costs, and nobody in the room had kept the bill for it. Read more…"
    )
    page = f"The Slow Desk\n\nArchive for May, 2016\n\nThe Bill\n\n{text}\n\nA Fair Word\n\n"
    archive = read_archive(f"{page}05.05.2016 No comments\n\n{text}".encode(), "x")
    assert [(post.slug, post.blog, post.teaser) for post in archive.posts] == [
        ("undated-the-bill", "The Slow Desk", True),
        ("2016-05-05-a-fair-word", "The Slow Desk", True),
    ]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Friday, 4 March 2016", "2016-03-04"),
        ("Fri, Mar 4th, 2016", "2016-03-04"),
        ("March 4, 2016", "2016-03-04"),
        ("2016-03-04", "2016-03-04"),
        ("04.03.2016", "2016-03-04"),
        ("Friday, February 30, 2016", None),
    ],
)
def test_a_day_may_be_written_in_many_ways(line: str, day: str | None) -> None:
    page = f"{line}\n\nA Fair Word\n\nSay it once and mean it."
    assert outline(read_archive(page.encode(), "x"))[0][:2] == (day, "A Fair Word")


def test_the_month_of_the_heading_tells_how_numbers_are_meant() -> None:
    page = "Archive for May, 2016\n\nA Fair Word\n\n05/04/2016 1 Comment\n\nSay it once. Read more…"
    assert read_archive(page.encode(), "x").posts[0].published == date(2016, 5, 4)


def test_two_posts_of_one_name_and_day_get_two_slugs() -> None:
    page = "Friday, March 4, 2016\n\nNews\n\nOne.\n\nFriday, March 4, 2016\n\nNews\n\nTwo."
    posts = read_archive(page.encode(), "x").posts
    assert [post.slug for post in posts] == ["2016-03-04-news", "2016-03-04-news-2"]


# Files that can't be read


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "notes.txt, line 1: the file is empty."),
        (b"\xef\xbb\xbf\r\n \r\n", "notes.txt, line 1: the file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "notes.txt, line 2: the file is not text."),
        (b"Some words\nand more of them", "notes.txt, line 1: no post was found;"),
    ],
)
def test_a_file_that_can_not_be_read_is_named_with_line_and_reason(
    data: bytes, message: str
) -> None:
    with pytest.raises(UnreadableArchive) as error:
        read_archive(data, "notes.txt")
    assert str(error.value).startswith(message)


# Laws

LINES = st.sampled_from(
    [
        *("", "", "", "\xa0", "Thursday, May 5, 2016", "Friday, May 13, 2016", "5", "May", "RSS"),
        *("05.05.2016 No comments", "May 5th, 2016", "Will", "Selling, News", "2 Comments"),
        *("Archive for May, 2016", "A Fair Word", "Cold soup", "Read more…", "No comments:", "+++"),
        *("tags:", "Labels: a", "Say it once. Read more…", "  • One", "Dave: And then?", "---"),
        *("Comments Off on A Fair Word", "Posted by Ann at 9:15 AM", "title: x", 'title = "x"'),
        "Somebody asked for a lower price, and we asked for the reason. There was none, so we sat",
    ]
)


@example(["5", "2 Comments", "May 5th, 2016", "Thursday, May 5, 2016", "5"])
@given(st.lists(LINES | st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=40))
def test_whatever_a_file_holds_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        archive = read_archive(text.encode(), "any.txt")
    except UnreadableArchive:
        return
    assert len(archive.kinds) == len(text.removesuffix("\n").split("\n"))
    said = folded(" ".join(f"{post.title or ''} {post.body}" for post in archive.posts))
    for line, kind in zip(lines, archive.kinds, strict=False):
        if kind == "body":
            assert folded(line.removesuffix("Read more…").replace("\ufeff", "")) in said


WORD = st.sampled_from(["lamp", "river", "bucket", "copper", "meadow", "harbour", "kettle"])
PARAGRAPH = st.lists(WORD, min_size=22, max_size=40).map(lambda found: " ".join(found) + ".")
TITLE = st.lists(WORD, min_size=1, max_size=6).map(lambda found: " ".join(found).title())
POSTS = st.lists(
    st.tuples(TITLE, st.lists(PARAGRAPH, min_size=1, max_size=4)), min_size=1, max_size=8
)


def in_days(posts: list[tuple[str, list[str]]]) -> str:
    days = (date(2016, 5, 20) - timedelta(days=n) for n in range(len(posts)))
    pages = (
        f"{day:%A, %B} {day.day}, {day.year}\n\n{title}\n\n" + "\n\n".join(paragraphs)
        for day, (title, paragraphs) in zip(days, posts, strict=True)
    )
    return "\n\n".join(pages)


def with_counts(posts: list[tuple[str, list[str]]]) -> str:
    pages = (
        f"{title}\n\n{20 - n:02}.05.2016 {n} Comments\n\n" + "\n\n".join(paragraphs) + " Read more…"
        for n, (title, paragraphs) in enumerate(posts)
    )
    return "Archive for May, 2016\n\n" + "\n\n".join(pages)


def with_footers(posts: list[tuple[str, list[str]]]) -> str:
    pages = (
        f"{20 - n}\nMay\n\n{title}\n\n" + "\n\n".join(paragraphs) + "\n\n"
        f"\xa0May {20 - n}th, 2016\xa0\n\xa0Ann\n\xa0Selling\n\xa0\n\xa0Comments Off on {title}"
        for n, (title, paragraphs) in enumerate(posts)
    )
    return "The Slow Desk\n\nRSS\n" + "\n".join(pages)


@given(POSTS, st.sampled_from([in_days, with_counts, with_footers]))
def test_any_page_in_a_known_layout_gives_back_its_posts(
    posts: list[tuple[str, list[str]]], layout: Callable[[list[tuple[str, list[str]]]], str]
) -> None:
    found = read_archive(layout(posts).encode(), "any.txt").posts
    assert [(post.title, post.body.split("\n\n")) for post in found] == posts
    assert [post.published for post in found] == [
        date(2016, 5, 20) - timedelta(days=n) for n in range(len(posts))
    ]
