"""The cards: true in form, complete, and in our own words throughout."""

from __future__ import annotations

import re

import pytest

from bot.coach import ROOT
from bot.library.post import PostCard, load_cards
from bot.text.sentences import words
from bot.text.stems import stems_of
from tests.support.archives import sentence_hashes

CARDS, FAULTS = load_cards(ROOT / "posts")
EACH = pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.slug)
TEACHING = [card for card in CARDS.values() if not card.announcement]
EACH_TEACHING = pytest.mark.parametrize("card", TEACHING, ids=lambda card: card.slug)

# Section G of the practices: cited beside another post, but too thin to teach more than one thing.
THIN = {
    "2006-12-15-understanding-the-sales-mentality",
    "2006-10-13-making-the-best-out-of-lifes-second-place-finishes",
}


def test_there_is_a_card_for_each_of_the_sixty_posts() -> None:
    assert FAULTS == []
    assert len(CARDS) == 60
    assert sum(card.announcement for card in CARDS.values()) == 3
    assert sum(card.teaser for card in CARDS.values()) == 4


@EACH
def test_each_lesson_rests_on_a_sentence_of_the_archives(card: PostCard) -> None:
    known = sentence_hashes()
    assert all(h in known for h in card.rests_on)
    assert len(card.rests_on) == len(card.lessons)


@EACH_TEACHING
def test_a_card_has_lessons_asks_and_moments(card: PostCard) -> None:
    least = 1 if card.teaser or card.slug in THIN else 2
    assert least <= len(card.lessons) <= 5
    assert len(set(card.asks)) >= 20
    assert card.keywords and card.moments and card.practices


@EACH_TEACHING
def test_a_card_of_several_lessons_says_what_calls_for_each(card: PostCard) -> None:
    """By words that tell: “customers” are in nearly every question."""
    apart = {stems_of(cue) - stems_of(" ".join(set(card.cues) - {cue})) for cue in card.cues}
    assert len(card.lessons) == 1 or all(len(own) >= 4 for own in apart)
    assert card.cues == card.lessons or not stems_of("customers") & stems_of(" ".join(card.cues))


@EACH_TEACHING
def test_a_lesson_is_short_and_calm(card: PostCard) -> None:
    for lesson in card.lessons:
        assert len(lesson) <= 280
        assert "!" not in lesson
        assert not re.search(r"\b(oops|please note|successfully)\b", lesson, re.I)


def test_no_question_leads_to_two_cards() -> None:
    asks = [" ".join(words(ask)) for card in CARDS.values() for ask in card.asks]
    assert len(asks) == len(set(asks))


def test_announcements_teach_nothing() -> None:
    for card in CARDS.values():
        assert bool(card.lessons) != card.announcement
