"""A line in the middle of a day: the title of a second post, or a line of the first?"""

from __future__ import annotations

import pytest

from bot.archives._plain_text import read_archive

ABOVE = (
    "The harbour master keeps a list of every boat that ever lay at his quay. He told me that the "
    "small ones pay on time, and that the large ones send a lawyer.\n\n"
    "We went over the list together and I asked who had come back for a second summer."
)
BELOW = (
    "Bread teaches patience. My first loaf was a brick, the second one was a better brick, and for "
    "the ninth my sister came back into the kitchen to ask what smelled so good.\n\n"
    "None of those bricks was wasted, since each of them had told me one thing about the oven."
)


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("Nine loaves", True),
        ("Brick by Brick or Not at All.", True),
        ("Is It Done Yet?", True),
        ("Wait For It. Then Wait Again.", True),
        ("The 9 Loaf Rule", True),
        ("Sales 101: Baking For Beginners", True),
        ("Register For The Webinar", False),
        ("Get Your Free Copy Today!", False),
        ("It hardly ever works.", False),
        ("And so it goes on!", False),
        ("Here is what he said:", False),
        ("“Never Twice”", False),
        ("(More On Boats Later)", False),
        ("  • Small Boats", False),
        ("2. Large Boats", False),
        ("Anna: did they come back?", False),
        ("http://example.com/Boats", False),
        ("Small Boats First", False),
        ("and then some", False),
    ],
)
def test_a_line_between_paragraphs_is_a_title_or_not(line: str, is_title: bool) -> None:
    page = f"Friday, March 4, 2016\n\nSmall Boats First\n\n{ABOVE}\n\n{line}\n\n{BELOW}"
    posts = read_archive(page.encode(), "x").posts
    assert [post.title for post in posts] == ["Small Boats First", *([line] if is_title else [])]


def test_a_sub_heading_in_a_text_that_goes_on_is_no_title() -> None:
    page = (
        "Friday, March 4, 2016\n\nBread\n\n"
        + f"{BELOW}\n\n{BELOW}\n\nThe Hard Part\n\n{BELOW}\n\n{BELOW}"
    )
    archive = read_archive(page.encode(), "x")
    assert [post.title for post in archive.posts] == ["Bread"]
    assert archive.doubts == ("line 13: “The Hard Part” reads like a title; it was kept as text.",)


def test_short_parts_below_several_headings_are_one_post() -> None:
    parts = "\n\n".join(f"{head}\n\n{ABOVE[:157]}" for head in ("One Way", "Another", "A Third"))
    page = f"Friday, March 4, 2016\n\nThree Ways\n\n{BELOW}\n\n{parts}"
    assert len(read_archive(page.encode(), "x").posts) == 1


def test_a_missing_title_leaves_its_blank_line() -> None:
    page = (
        "Friday, March 4, 2016\n\n\nIs it done? Not yet.\n\nWe wait.\n\n"
        "Thursday, March 3, 2016\n\nBread\n\nThe oven is warm."
    )
    assert [post.title for post in read_archive(page.encode(), "x").posts] == [None, "Bread"]
