"""The 59 practices of the posts: each one reaches somebody, and managers' own reach managers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.clock.now import SystemClock
from bot.coach import Coach
from bot.library.entry import Entry
from bot.search.ranking import answers, search
from bot.settings import Settings
from bot.tips.rotation import in_turn, unasked
from bot.tips.table import TipsHeard

PRACTICES = [f"P{number:02}" for number in range(1, 60)]


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    """The coach as shipped. No test writes to it."""
    db = tmp_path_factory.mktemp("house") / "coach.db"
    with Coach(Settings(db=db), SystemClock()) as coach:
        yield coach


def _taught(coach: Coach, practice: str) -> list[Entry]:
    entries = coach.library.entries().values()
    return [e for e in entries if e.card and e.lessons and practice in e.card.practices]


def _asked_for(coach: Coach, practice: str) -> list[str]:
    """Plays and debriefs that have an item or a question for a practice."""
    plays = [p.slug for p in coach.plays.values() if practice in {i.practice for i in p.items}]
    forms = [f.slug for f in coach.forms.values() if practice in {q.practice for q in f.questions}]
    return plays + forms


def test_there_are_59_practices_and_no_other_is_named(coach: Coach) -> None:
    named = {p for e in coach.library.entries().values() if e.card for p in e.card.practices}
    named |= {i.practice for play in coach.plays.values() for i in play.items if i.practice}
    named |= {q.practice for form in coach.forms.values() for q in form.questions if q.practice}
    assert sorted(named) == PRACTICES


@pytest.mark.parametrize("practice", PRACTICES)
def test_each_practice_is_asked_for_in_a_call_or_answers_a_question(
    coach: Coach, practice: str
) -> None:
    assert _asked_for(coach, practice) or any(
        hit.post == entry.slug
        for entry in _taught(coach, practice)
        if entry.card
        for ask in entry.card.asks[:3]
        for hit in answers(search(coach.store.read, ask))[:1]
    )


@pytest.mark.parametrize("practice", PRACTICES)
def test_each_practice_comes_to_managers_without_being_asked_for(
    coach: Coach, practice: str
) -> None:
    posts = unasked(coach.library.entries().values(), manager=True)
    heard = {lesson.entry.slug for lesson in in_turn(posts, TipsHeard({}, {}), "U3")}
    assert heard & {entry.slug for entry in _taught(coach, practice)}


def test_what_concerns_only_managers_stays_away_from_reps_unless_asked_for(coach: Coach) -> None:
    posts = unasked(coach.library.entries().values(), manager=False)
    to_reps = {practice for e in posts if e.card for practice in e.card.practices}
    for_managers = set(PRACTICES) - to_reps
    assert len(for_managers) > 10
    for practice in for_managers:
        moments = [e.card.moments for e in _taught(coach, practice) if e.card]
        assert all(set(each) - {"daily"} == {"management"} for each in moments)
