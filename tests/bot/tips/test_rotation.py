"""What comes unasked: whose turn it is, and who may hear it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from bot.coach import ROOT
from bot.library.entry import Entry
from bot.library.post import Post, PostCard, load_cards
from bot.tips.rotation import in_turn, unasked
from bot.tips.table import TipsHeard
from bot.tips.tip import Lesson, next_lesson

CARDS = [Entry(slug, card, None) for slug, card in load_cards(ROOT / "posts")[0].items()]
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Unread(Entry):
    """A post without a card whose lessons nobody should have to work out."""

    @cached_property
    def lessons(self) -> tuple[str, ...]:
        raise AssertionError("this post was read before its turn came")


def _days(posts: list[Entry], count: int, daily: bool = False) -> list[Lesson]:
    """What one place hears in so many days."""
    heard, told = TipsHeard({}, {}), []
    for day in range(count):
        lesson = next_lesson(in_turn(posts, heard, "C1", daily), heard.lessons)
        assert lesson is not None
        at = START + timedelta(days=day)
        heard.lessons[lesson.text] = heard.posts[lesson.entry.slug] = at
        told.append(lesson)
    return told


def _entry(slug: str, author: str, moment: str) -> Entry:
    return Entry(
        slug,
        PostCard(
            *(slug, slug, author, None, None, None, False, False),
            lessons=(f"{slug} one.", f"{slug} two."),
            rests_on=("", ""),
            cues=("one", "two"),
            asks=(),
            keywords=(),
            moments=(moment,),
            practices=(),
            body="",
        ),
        None,
    )


def test_no_lesson_comes_again_before_all_others_came() -> None:
    posts = unasked(CARDS, manager=True)
    lessons = {text for entry in posts for text in entry.lessons}
    told = [lesson.text for lesson in _days(posts, len(lessons) + 1, daily=True)]
    assert set(told[:-1]) == lessons
    assert told[-1] == told[0]


def test_no_post_comes_again_before_all_others_came() -> None:
    posts = unasked(CARDS, manager=True)
    told = _days(posts, len(posts))
    assert {lesson.entry.slug for lesson in told} == {entry.slug for entry in posts}


def test_authors_take_turns() -> None:
    posts = [_entry(f"a{n}", "ann", "before") for n in range(3)]
    posts += [_entry(f"b{n}", "bob", "before") for n in range(3)]
    authors = [lesson.entry.facts.author for lesson in _days(posts, 6)]
    assert all(one != other for one, other in pairwise(authors))


def test_moments_take_turns() -> None:
    posts = [_entry(f"a{n}", "ann", "before") for n in range(3)]
    posts += [_entry(f"b{n}", "ann", "after") for n in range(3)]
    names = [lesson.entry.slug[0] for lesson in _days(posts, 6)]
    assert all(one != other for one, other in pairwise(names))


def test_what_is_meant_for_a_daily_tip_comes_first_where_tips_are_daily() -> None:
    marked = sum("daily" in e.card.moments for e in unasked(CARDS, False) if e.card)
    told = _days(unasked(CARDS, manager=False), marked, daily=True)
    assert all(lesson.entry.card and "daily" in lesson.entry.card.moments for lesson in told)


def test_two_places_hear_another_order() -> None:
    posts, heard = unasked(CARDS, manager=True), TipsHeard({}, {})
    orders = {tuple(each.text for each in in_turn(posts, heard, seed)) for seed in ("C1", "C2")}
    assert len(orders) == 2


def test_a_post_is_read_only_when_its_turn_comes() -> None:
    body = "Count the hives before the summer comes, and write the number down."
    first = Entry("first", None, Post("first", "First", *(None,) * 4, False, False, body))
    rest = [Unread(f"p{n}", None, first.original) for n in range(50)]
    heard = TipsHeard({}, {entry.slug: START for entry in rest})
    lesson = next_lesson(in_turn([*rest, first], heard, "C1"), heard.lessons)
    assert lesson is not None and lesson.entry is first


def test_what_only_concerns_managers_comes_to_managers_alone() -> None:
    managers = {e.slug for e in CARDS if e.card and set(e.card.moments) == {"management"}}
    assert managers
    assert not managers & {entry.slug for entry in unasked(CARDS, manager=False)}
    assert managers <= {entry.slug for entry in unasked(CARDS, manager=True)}


def test_announcements_never_come_unasked() -> None:
    assert all(entry.teaches for entry in unasked(CARDS, manager=True))
