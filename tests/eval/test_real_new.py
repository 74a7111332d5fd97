"""Holds the new situations to their form, and their labels to posts that exist."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.support.paths import ROOT, SHARED

SITUATIONS = ROOT / "tests/eval/real_new.jsonl"
POSTS = SHARED / "posts"


def _situations() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SITUATIONS.read_text("utf-8").splitlines()]


def _day(post: dict[str, Any]) -> date:
    return date.fromisoformat(post["date"])


def _told(day: date, archive: str) -> bool:
    """Whether an archive tells a day: `April 9, 2009`, `April 09`, `April 9th` or `09.04.2009`."""
    words = rf"{day:%B} 0?{day.day}(st|nd|rd|th)?, {day.year}"
    return bool(re.search(rf"{words}|{day:%d}\.{day:%m}\.{day.year}", " ".join(archive.split())))


def test_every_situation_is_there_once_and_reads_like_a_message() -> None:
    situations = _situations()
    assert len({one["id"] for one in situations}) == len(situations) >= 70
    assert len({one["query"].casefold() for one in situations}) == len(situations)
    assert all(3 <= len(one["query"].split()) <= 60 for one in situations)


def test_a_situation_counts_as_answerable_exactly_when_a_post_helps() -> None:
    for one in _situations():
        grades = [post["grade"] for post in one["relevant"]]
        assert set(grades) <= {1, 2, 3}, one["id"]
        assert one["answerable"] == any(grade >= 2 for grade in grades), one["id"]


@pytest.mark.skipif(not POSTS.is_dir(), reason="the archives lie beside the repository, not in it")
def test_every_label_names_a_post_of_the_archives() -> None:
    archives = [path.read_text("utf-8") for path in sorted(POSTS.glob("*.txt"))]
    titles = [{line.strip() for line in archive.splitlines()} for archive in archives]
    for one in _situations():
        for post in one["relevant"]:
            assert any(
                post["title"] in lines and (not post["date"] or _told(_day(post), archive))
                for lines, archive in zip(titles, archives, strict=True)
            ), (one["id"], post)
