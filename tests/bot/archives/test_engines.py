"""Pages and files as other engines of blogs write them: each with what is right of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.archives.reader import read_file

FOLDER = Path(__file__).parent / "inputs" / "engines"


class Wanted(NamedTuple):
    """What is right of the first post of a file."""

    title: str
    author: str | None
    day: str | None
    has: tuple[str, ...]
    lacks: tuple[str, ...]


WANTED = {
    "typepad.html": Wanted(
        "Feather the blade",
        "Lena Fox",
        "2008-06-03",
        ("Feather the blade before", "Then ask."),
        ("Permalink", "Recent Posts", "June 03"),
    ),
    "ghost.html": Wanted(
        "Ask late",
        "Ivo Hart",
        "2022-03-01",
        ("Ask for the date late", "Then stop."),
        ("Sign up", "Subscribe", "min read"),
    ),
    "wix.html": Wanted(
        "Hold the line",
        "Mia Hart",
        "2021-03-04",
        ("Hold the line when",),
        ("Recent", "Another post", "min read"),
    ),
    "hn.html": Wanted("My shop", None, None, ("Sharpen",), ()),
    "posterous.html": Wanted(
        "Bring bread",
        "Ben Oak",
        "2010-04-12",
        ("Bring bread to the meeting",),
        ("Tags", "Nice", "4 comments"),
    ),
    "rss.xml": Wanted("Tea & talk", "Ida Rand", "2016-03-05", ("Pour first.",), ("Filed", "Share")),
    "atom.xml": Wanted("Pour first", "Ida Rand", "2016-03-05", ("Pour, then ask.",), ()),
    "hexo.md": Wanted(
        "Row home", "Ida Rand", "2015-02-03", ("Row home before", "Then sleep."), ("more", "tags")
    ),
    "nikola.md": Wanted("Row home", "Ida Rand", "2015-02-03", ("Row home before",), ("slug",)),
    "colon.md": Wanted("Row: home", "Ida Rand", "2015-02-03", ("Row home.",), ()),
    "rest.txt": Wanted(
        "Bring the Ladder", "Ann Lee", "2016-03-07", ("Bring the ladder to",), ("Posted",)
    ),
    "substack.html": Wanted(
        "Ask late",
        "Ivo Hart",
        "2022-03-01",
        ("Ask for the date late.", "Then stop."),
        ("reader-supported", "Share"),
    ),
    "archive2.html": Wanted(
        "Bake early", "Ben Oak", "2019-01-02", ("Bake early and",), ("Continue",)
    ),
    "br.html": Wanted(
        "Old page",
        "Ben Oak",
        "2001-12-31",
        ("Sweep the floor before the guests come.", "Then open"),
        (),
    ),
    "hubspot.html": Wanted(
        "Name the cost",
        "Zoe Lane",
        "2021-02-03",
        ("Name the cost of waiting", "Then wait."),
        ("You might", "Other text", "Feb 3"),
    ),
    "handmade.html": Wanted(
        "Count the Trucks",
        "Rudi Kern",
        "2002-05-06",
        ("Ask the buyer", "Never send"),
        ("Home", "by Rudi", "Copyright"),
    ),
    "table.html": Wanted(
        "Count the Trucks", "Rudi Kern", "2002-05-06", ("Ask the buyer",), ("Posted", "Menu")
    ),
    "german.html": Wanted(
        "LKW zählen",
        None,
        "2018-05-06",
        ("Fragen Sie den Käufer",),
        ("Veröffentlicht", "Schlagwörter", "Toller"),
    ),
    "casper.html": Wanted("Count the Trucks", "Rudi Kern", "2021-05-06", ("Ask the buyer",), ()),
    "info.html": Wanted("Count the Trucks", None, "2018-05-06", ("Ask the buyer",), ("pumps",)),
    "raised.html": Wanted(
        "Sup", None, "2020-01-02", ("by mail alone.\n", "Save 10² dollars"), ("[2]", "Docks")
    ),
    "notes.md": Wanted(
        "Foot", None, "2020-01-02", ("He said so, and again.", "An aside [sic]"), ("[1]", "Docks")
    ),
    "byline.txt": Wanted(
        "Count the Trucks", "Rudi Kern", "2012-05-06", ("Ask the buyer",), ("By",)
    ),
    "two-authors.md": Wanted(
        "Count", "Rudi Kern, Mia Falk", "2012-05-06", ("one cell", "First do this."), ("|", "<b>")
    ),
    "signed.eml": Wanted("The dock again", "Mia Falk", "2019-10-01", ("Ask the",), ("--", "\nMia")),
    "relative.xml": Wanted("Tom & Jo", "Jo Ek", "2018-12-31", ("Ask the buyer",), ()),
    "json-ld.html": Wanted("Tie it Down", "Lena Voss", "2020-09-10", ("Ask the buyer",), ()),
    "colons.md": Wanted("Lenient: with colon", "Mia Falk", "2016-07-08", ("Ask the buyer",), ()),
}
ADDRESSES = {
    "relative.xml": ("Atom Blog", "https://at.example/p/1"),
    "json-ld.html": ("Dock Talk", "https://dock.example/tie"),
}


@pytest.mark.parametrize("name", WANTED)
def test_a_page_of_another_engine_comes_in_right(name: str) -> None:
    wanted = WANTED[name]
    post = read_file((FOLDER / name).read_bytes(), name).posts[0]
    day = post.published.isoformat() if post.published else None
    assert (post.title, post.author, day) == wanted[:3]
    assert not [words for words in wanted.has if words not in post.body]
    assert not [words for words in wanted.lacks if words in post.body]


@pytest.mark.parametrize("name", ADDRESSES)
def test_blog_and_address_are_found_wherever_they_are_told(name: str) -> None:
    post = read_file((FOLDER / name).read_bytes(), name).posts[0]
    assert (post.blog, post.url) == ADDRESSES[name]


@pytest.mark.parametrize(
    "head, kind",
    [
        ("publishDate: 2099-01-01\ndate: 2020-01-02", "scheduled posts"),
        ("permalink: false\ndate: 2020-01-02", "drafts"),
        ("expiryDate: 2020-02-02\ndate: 2020-01-02", "expired posts"),
    ],
)
def test_a_page_that_its_site_does_not_show_stays_out(head: str, kind: str) -> None:
    page = f"---\ntitle: Not there\n{head}\n---\nAsk the buyer who else has to agree.\n"
    found = read_file(page.encode(), "page.md", today=date(2026, 11, 30))
    assert [each.kind for each in found.left_out] == [kind]
    assert not found.posts
