"""Pages and files as other engines of blogs write them: each with what is right of it."""

from __future__ import annotations

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
        "Old page", None, None, ("Sweep the floor before the guests come.", "Then open"), ()
    ),
    "hubspot.html": Wanted(
        "Name the cost",
        "Zoe Lane",
        "2021-02-03",
        ("Name the cost of waiting", "Then wait."),
        ("You might", "Other text", "Feb 3"),
    ),
}


@pytest.mark.parametrize("name", WANTED)
def test_a_page_of_another_engine_comes_in_right(name: str) -> None:
    wanted = WANTED[name]
    post = read_file((FOLDER / name).read_bytes(), name).posts[0]
    day = post.published.isoformat() if post.published else None
    assert (post.title, post.author, day) == wanted[:3]
    assert not [words for words in wanted.has if words not in post.body]
    assert not [words for words in wanted.lacks if words in post.body]
