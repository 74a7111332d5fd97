"""Posts and cards: their names, and what a card may hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CoachError
from bot.library.post import load_cards, read_card, slug_of
from tests.support.paths import ROOT

SHIPPED = ROOT / "posts"
SLUG = "2016-03-04-a-fair-word"
CARD = """+++
title = "A Fair Word"
author = "Ann Lee"
published = 2016-03-04
moments = ["before", "daily"]
practices = ["P01"]
lessons = ["Say it once.", "Mean it."]
rests_on = ["5e1f78bbbbba", ""]
cues = ["too often, repeat", "promise, keep my word"]
asks = ["How often do I say it?"]
keywords = ["promise"]
+++

The author says things once.

Then she does them.
"""


@pytest.mark.parametrize(
    ("title", "day", "body", "slug"),
    [
        ("First and Ten", date(2011, 3, 11), "", "2011-03-11-first-and-ten"),
        ("Don’t Ask. Won't Tell!", None, "", "undated-dont-ask-wont-tell"),
        ("Élan – at his/her Café", None, "", "undated-elan-at-his-her-cafe"),
        ("Straße 9", None, "", "undated-strasse-9"),
        (None, date(2016, 3, 4), "A, b c d e f g.", "2016-03-04-a-b-c-d-e-f"),
        ("…", None, "Only dots above.", "undated-only-dots-above"),
        (None, None, "?", "undated-untitled"),
    ],
)
def test_a_slug_is_the_date_and_the_title_or_the_first_words(
    title: str | None, day: date | None, body: str, slug: str
) -> None:
    assert slug_of(title, day, body) == slug


@given(st.none() | st.text(), st.none() | st.dates(), st.text())
def test_a_slug_never_has_spaces_capitals_or_a_bare_end(
    title: str | None, day: date | None, body: str
) -> None:
    slug = slug_of(title, day, body)
    assert slug == slug.casefold() and len(slug.split()) == 1 and not slug.endswith("-")
    assert "/" not in slug and "\0" not in slug


def test_a_card_holds_its_facts_and_our_words() -> None:
    card = read_card(CARD, SLUG)
    assert (card.title, card.author, card.blog) == ("A Fair Word", "Ann Lee", None)
    assert (card.published, card.url, card.teaser) == (date(2016, 3, 4), None, False)
    assert card.rests_on == ("5e1f78bbbbba", "")
    assert card.moments == ("before", "daily")


def test_what_may_be_quoted_of_a_card_is_its_lessons_and_its_body() -> None:
    assert read_card(CARD, SLUG).text == (
        "Say it once.\n\nMean it.\n\nThe author says things once.\n\nThen she does them."
    )


def test_lessons_without_a_source_rest_on_nothing() -> None:
    text = CARD.replace('rests_on = ["5e1f78bbbbba", ""]\n', "")
    assert read_card(text, SLUG).rests_on == ("", "")


def test_a_lesson_without_cues_is_called_for_by_its_own_words() -> None:
    card = read_card(CARD, SLUG)
    assert card.cues == ("too often, repeat", "promise, keep my word")
    text = CARD.replace('cues = ["too often, repeat", "promise, keep my word"]\n', "")
    assert read_card(text, SLUG).cues == card.lessons


def test_a_card_of_an_untitled_post_is_named_by_its_date_and_any_words() -> None:
    text = CARD.replace('title = "A Fair Word"\n', "")
    assert read_card(text, "2016-03-04-words-of-the-post").title is None
    undated = text.replace("published = 2016-03-04\n", "")
    assert read_card(undated, "undated-words-of-the-post").published is None


FAULTS = {
    "titel": ('title = "A Fair Word"', 'titel = "A Fair Word"', 2),
    "author": ('author = "Ann Lee"', "author = 7", 3),
    "published": ("published = 2016-03-04", 'published = "2016-03-04"', 4),
    "moments": ('"daily"', '"later"', 5),
    "lessons": ('"Mean it."', f'"{"long " * 60}"', 7),
    "rests_on": (', ""]', "]", 8),
    "cues": (', "promise, keep my word"', "", 9),
    "asks": ('["How often do I say it?"]', '"How often do I say it?"', 10),
    "keywords": ('["promise"]', "[1]", 11),
    "title": ("A Fair Word", "An Unfair Word", 2),
}


@pytest.mark.parametrize("key", FAULTS)
def test_a_fault_of_a_card_names_its_file_and_line(key: str) -> None:
    right, wrong, line = FAULTS[key]
    with pytest.raises(CoachError) as error:
        read_card(CARD.replace(right, wrong), SLUG)
    assert str(error.value).startswith(f"{SLUG}.md, line {line}:")
    assert key in str(error.value) or key == "title"


@pytest.mark.parametrize(
    ("text", "line"),
    [("No head at all.", 1), ("---\ntitle: A\n---\nText", 1), ("+++\ntitle = A\n+++\nText", 2)],
)
def test_a_card_without_toml_at_its_head_is_a_fault(text: str, line: int) -> None:
    with pytest.raises(CoachError, match=rf"a-card\.md, line {line}:"):
        read_card(text, "a-card")


def test_a_faulty_card_is_named_and_the_others_work(tmp_path: Path) -> None:
    (tmp_path / f"{SLUG}.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "2016-03-05-a-fair-word.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "undated-latin.md").write_bytes(b"\xe9")
    cards, faults = load_cards(tmp_path)
    assert list(cards) == [SLUG]
    assert [fault.split(".md")[0] for fault in faults] == [
        "2016-03-05-a-fair-word",
        "undated-latin",
    ]


def test_every_card_that_we_ship_can_be_read() -> None:
    cards, faults = load_cards(SHIPPED)
    assert not faults
    assert all(slug == card.slug and card.text for slug, card in cards.items())
