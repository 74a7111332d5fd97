"""The team's own five archives: all sixty posts, and the same when titles and dates are others."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from bot.archives.archive import Archive
from bot.archives.reader import read_file
from tests.support.pages import (
    FURNITURE,
    SPOILT,
    assert_nothing_is_lost,
    folded,
    outline,
)
from tests.support.paths import SHARED

FOLDER = SHARED / "posts"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/posts is not here")

# Day and title of each post, file by file.
SIXTY: tuple[tuple[tuple[str | None, str | None], ...], ...] = (
    (
        ("2009-03-31", "Renting is the New Selling"),
        ("2009-03-30", "Profitable Support Revenue"),
        (None, "Negotiating with a Clock"),
        (None, "Production vs Prototype Sales"),
    ),
    (
        ("2011-03-31", "Play Ball!"),
        ("2011-03-30", None),
        ("2011-03-29", "Danger Will Robinson"),
        ("2011-03-28", "Niche Itch"),
        ("2011-03-26", "Elephant walk"),
        ("2011-03-25", "You are what you eat"),
        ("2011-03-24", "Where the rubber meets the road"),
        ("2011-03-23", "Country Style"),
        ("2011-03-22", "Male Assist Needed"),
        ("2011-03-21", "More or Less"),
        ("2011-03-20", "Running Strong"),
        ("2011-03-19", "Sushi anyone?"),
        ("2011-03-19", "Selling air"),
        ("2011-03-18", "Write when you find work"),
        ("2011-03-16", "No, I said a Bud Lite"),
        ("2011-03-15", "Persona Non Grata"),
        ("2011-03-14", "Build, Buy or Steal"),
        ("2011-03-13", "Get while the getting’s good"),
        ("2011-03-12", "Birds of a feather"),
        ("2011-03-11", "First and Ten"),
        ("2011-03-10", "Houston, we have a problem."),
        ("2011-03-09", "Sleeping like a baby."),
        ("2011-03-08", "Mixed Messages"),
        ("2011-03-08", "Fine Line or Slippery Slope."),
        ("2011-03-07", "Don't fire until you see the whites of their eyes"),
        ("2011-03-06", "Sail Ho!"),
        ("2011-03-05", "Eject, eject, eject!"),
        ("2011-03-04", "Physician heal thyself"),
        ("2011-03-03", "Keep your friends close"),
        ("2011-03-02", "Batter up!"),
        ("2011-03-01", "Mr. Gorbachev tear down this wall!"),
    ),
    (
        ("2009-04-30", "Will Your Supplier Still Be Here Tomorrow?"),
        ("2009-04-30", "Selling Through A Slump"),
        ("2009-04-27", "Blogger Of The Week - Dave Brock, Conversation Starter"),
        ("2009-04-24", "Sales Managers Must Set The Example To Drive Change"),
        ("2009-04-23", "The Secrets To Losing Customers!"),
        ("2009-04-22", "Sales Managers, Use It Or Lose It."),
        ("2009-04-17", "In Times Like This, Our Blemishes Are More Apparent"),
        ("2009-04-15", "Shooting From The Lip, Just In Time Sales Call Planning"),
        ("2009-04-10", "Lost Opportunity --- It Takes Courage To Say You've Made A Mistake"),
        ("2009-04-09", "Lost Opportunity---Take The Time To Learn From Defecting Customers"),
        (
            "2009-04-08",
            "Have You Heard The One About The Sales Person Who Recommended "
            "A Prospect Buy A Competitor's Product?",
        ),
        (
            "2009-04-06",
            "Designing High Performance Organizations, "
            "Designing High Performance Selling Processes",
        ),
        (
            "2009-04-06",
            "Sometimes All We Want Is Good Customers. "
            "Sometimes All Customers Want Is Good Vendors.",
        ),
        ("2009-04-03", "Where You Are Depends On Your Point Of View, A Fragile Sales Ecosystem"),
    ),
    (
        ("2011-03-18", "The Art of Asking and Listening – Active Listening"),
        ("2009-01-31", "Remain Aggressive"),
        ("2009-01-15", "Forecasting Sales in 2009"),
        ("2007-07-22", "Bugs . . . They Eat Product Sales for Lunch"),
        ("2007-03-26", "Motivational Sales Incentives and How to Screw them Up"),
        ("2007-02-21", "Buy the Customer Lunch – At His/Her Office"),
        ("2006-12-15", "Understanding the Sales Mentality"),
        ("2006-10-13", "Making the Best Out of Life’s Second Place Finishes"),
        ("2006-09-25", "Why Free Trials are Rarely Actually Free"),
        ("2006-08-04", "Selling – How to Make the Best Out of a Second Place Finish"),
    ),
    (("2013-04-12", "Don't Be Lazy. Create Value!"),),
)
BLOG = "Entrepreneurial Leadership and Management . . . and Other Stuff"
FILES = range(len(SIXTY))
each_file = pytest.mark.parametrize("file", FILES)


def text_of(file: int) -> str:
    return sorted(FOLDER.glob("*.txt"))[file].read_text(encoding="utf-8")


def read(text: str | bytes) -> Archive:
    """Read under a name that tells nothing."""
    return read_file(text if isinstance(text, bytes) else text.encode(), "archive")


@cache
def whole(file: int) -> Archive:
    """The archive as it is; whoever reads it changes nothing in it."""
    return read(text_of(file))


@each_file
def test_each_post_is_found_with_its_day_and_title_in_its_order(file: int) -> None:
    assert tuple((day, title) for day, title, _ in outline(whole(file))) == SIXTY[file]


def test_there_are_sixty_posts() -> None:
    assert [len(whole(file).posts) for file in FILES] == [4, 31, 14, 10, 1]


@each_file
def test_nothing_of_a_text_is_lost_and_no_furniture_stands_in_it(file: int) -> None:
    text, archive = text_of(file), whole(file)
    assert sum(archive.lines.values()) == len(text.split("\n"))
    assert_nothing_is_lost(archive, text)
    assert not [post.title for post in archive.posts if FURNITURE.search(post.body)]


def test_only_the_four_openings_are_teasers() -> None:
    assert [sum(post.teaser for post in whole(file).posts) for file in FILES] == [4, 0, 0, 0, 0]


def test_the_author_who_signs_as_will_and_his_blog_are_known() -> None:
    known = [{(post.author, post.blog) for post in whole(file).posts} for file in FILES]
    none = {(None, None)}
    assert known == [none, none, none, {("Will", BLOG)}, none]


def test_the_untitled_post_is_named_by_its_first_words() -> None:
    assert whole(1).posts[1].slug == "2011-03-30-when-is-it-time-to-do"


@pytest.mark.parametrize("spoilt", SPOILT)
@each_file
def test_an_archive_says_the_same_when(file: int, spoilt: str) -> None:
    text = text_of(file).replace("😉", ";-)")  # Windows-1252 has no such letter
    assert outline(read(SPOILT[spoilt](text))) == outline(read(text))


# The same pages with other titles, dates and orders.


def retitled(file: int, titles: list[str]) -> str:
    """The page with other titles, also where a footer repeats one."""
    lines = text_of(file).split("\n")
    places = [at for at, kind in enumerate(whole(file).kinds) if kind == "title"]
    for at, title in zip(places, titles, strict=True):
        off = f"Comments Off on {lines[at]}"
        lines = [f"\xa0Comments Off on {title}" if off in line else line for line in lines]
        lines[at] = title
    return "\n".join(lines)


NOUNS = ("lamp", "river", "stone", "bucket", "copper", "meadow", "lantern", "harbour", "saddle")


def other_words(title: str, dice: random.Random) -> str:
    """A title of the same shape: each word of three letters or more is another, capitals kept."""

    def other(found: re.Match[str]) -> str:
        word = dice.choice(NOUNS)
        return word.capitalize() if found[0][0].isupper() else word

    return re.sub(r"[A-Za-z’']{3,}", other, title)


def new_titles(change: Callable[[list[str], random.Random], list[str]], file: int) -> None:
    before = outline(whole(file))
    old = [title for _, title, _ in before if title]
    for seed in range(12):
        titles = change(old, random.Random(seed))
        places = iter(titles)
        after = [(day, next(places) if title else None, body) for day, title, body in before]
        assert outline(read(retitled(file, titles))) == after


@each_file
def test_other_titles_give_the_same_posts(file: int) -> None:
    new_titles(lambda titles, dice: [other_words(title, dice) for title in titles], file)


@each_file
def test_titles_that_change_places_give_the_same_posts(file: int) -> None:
    new_titles(lambda titles, dice: dice.sample(titles, len(titles)), file)


def moved(file: int, days: int) -> str:
    """The page with each date so many days later, weekdays and all."""

    def later(day: str) -> date:
        return date.fromisoformat(day) + timedelta(days=days)

    archive, before = whole(file), text_of(file).split("\n")
    lines = [*before]
    posts = [post for post in archive.posts if post.published]
    for day in {str(post.published) for post in posts}:
        old, new = date.fromisoformat(day), later(day)
        for at in (at for at, kind in enumerate(archive.kinds) if kind == "date"):
            for code in ("%A, %B {0}, %Y", "%A, %B %d, %Y", "%d.%m.%Y"):
                was = old.strftime(code).format(old.day)
                if before[at].startswith(was):
                    lines[at] = lines[at].replace(was, new.strftime(code).format(new.day))
    return "\n".join(lines)


@pytest.mark.parametrize("days", [-400, -31, 1, 45, 3650])
@pytest.mark.parametrize("file", [0, 1, 2, 4])
def test_other_dates_give_the_same_posts(file: int, days: int) -> None:
    before = outline(whole(file))
    after = [
        (str(date.fromisoformat(day) + timedelta(days=days)) if day else None, title, body)
        for day, title, body in before
    ]
    assert outline(read(moved(file, days))) == after


@pytest.mark.parametrize("month", ["January", "May", "August", "December"])
def test_footers_of_other_months_and_authors_are_known(month: str) -> None:
    text = re.sub(r"^(Jan|Feb|Mar|Jul|Aug|Sep|Oct|Dec)$", month[:3], text_of(3), flags=re.M)
    text = re.sub(r"(?<=^\xa0)[A-Z][a-z]+(?= \d+(?:st|nd|rd|th), \d{4})", month, text, flags=re.M)
    archive = read(text.replace("\xa0Will\xa0", "\xa0Anna de Wit\xa0"))
    before = whole(3).posts
    assert [(post.title, post.body) for post in archive.posts] == [
        (post.title, post.body) for post in before
    ]
    assert {post.author for post in archive.posts} == {"Anna de Wit"}
    assert {f"{post.published:%B}" for post in archive.posts if post.published} == {month}


@pytest.mark.parametrize("file", [1, 2])
def test_any_run_of_days_gives_its_posts(file: int) -> None:
    """A page may be pasted from any day to any other: little is left then to learn habits from."""
    archive, lines = whole(file), text_of(file).split("\n")
    starts = [at for at, kind in enumerate(archive.kinds) if kind == "date"]
    days = ["\n".join(lines[a:b]) for a, b in pairwise([*starts, len(lines)])]
    posts = outline(archive)
    names = sorted({day for day, _, _ in posts if day}, reverse=True)
    for first in range(len(days)):
        for size in (1, 2, 3, 7):
            some = [post for post in posts if post[0] in names[first : first + size]]
            assert outline(read("\n".join(days[first : first + size]))) == some


@pytest.mark.parametrize("file", [1, 2])
def test_the_oldest_post_may_stand_first(file: int) -> None:
    archive, lines = whole(file), text_of(file).split("\n")
    starts = [at for at, kind in enumerate(archive.kinds) if kind == "date"]
    days = ["\n".join(lines[a:b]).rstrip() for a, b in pairwise([*starts, len(lines)])]
    found = outline(read("\n\n".join(reversed(days))))
    assert sorted(found, key=str) == sorted(outline(archive), key=str)
    assert folded(found[-1][2]) == outline(archive)[0][2] or file == 2
