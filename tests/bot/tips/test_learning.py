"""Learning from use: what two people share, and nothing that tells one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.coach import Coach
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.search.likeness import Likeness, own_words
from bot.settings import Settings
from bot.text.stems import stem, stems_of
from bot.tips.learning import Theme
from bot.tips.table import Tips
from bot.tips.use_table import Use
from tests.support.learning import GAP, NEAR, asks, shown

SAM, KIM = Rep("T1", "U1"), Rep("T1", "U2")
# Words of sellers, names, numbers, and words that no card has.
WORDS = (
    *("liability", "cap", "contract", "liabilities", "caps", "escrow", "procurement", "legal"),
    *("wombat", "Globex", "kim", "4711", "Q3", "<@U1>", "we", "don't", "zoo", "the", "angry"),
)
SAID = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
QUESTIONS = st.lists(st.tuples(st.sampled_from(["U1", "U2", "U3"]), SAID), max_size=7)


@pytest.fixture
def coach(db: Path, clock: HandClock) -> Iterator[Coach]:
    with Coach(Settings(db=db, embed_model="none"), clock) as coach:
        now = coach.now()
        coach.store.write(lambda db: People(db).put_profile(KIM, Profile("Kim", "UTC"), now))
        coach.store.write(lambda db: Calls(db).add(SAM, "Escrow Ltd", now, now, "", "", None, now))
        yield coach


@law(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUESTIONS)
def test_each_word_shown_was_used_by_two_and_is_the_librarys_and_no_name(
    coach: Coach, asked: list[tuple[str, str]]
) -> None:
    coach.store.write(lambda db: db.execute("DELETE FROM gaps"))
    for user, words in asked:
        coach.store.write(
            lambda db, u=user, w=words: Tips(db).put_gap(Rep("T1", u), w, coach.now())
        )  # type: ignore[misc]
    own = _of_the_cards(coach)
    for word in shown(coach.learning.learned()):
        users = {user for user, words in asked if stem(word) in stems_of(words)}
        assert len(users) >= 2
        assert word in own and word.isalpha()
        assert word not in ("kim", "escrow", "globex")


@cache
def _of_the_cards(coach: Coach) -> set[str]:
    return set(own_words(coach.library, coach.indexing).values())


def test_the_same_person_asking_again_is_one_person(coach: Coach) -> None:
    for words in GAP.values():
        asks(coach, {"U1": words})
    [learned] = coach.learning.learned()
    assert (learned.gaps.questions, learned.gaps.people, learned.gaps.themes) == (2, 1, [])


def test_two_workspaces_are_told_apart(coach: Coach) -> None:
    asks(coach, {"U1": GAP["U1"]})
    coach.tips.answer(Rep("T2", "U2"), GAP["U2"])
    assert [each.workspace_id for each in coach.learning.learned()] == ["T1", "T2"]
    assert shown(coach.learning.learned()) == set()


def test_what_two_chose_of_three_becomes_an_ask_of_that_card(coach: Coach) -> None:
    asks(coach, NEAR, opens=0)
    [learned] = coach.learning.learned()
    assert learned.asks == [Theme("contact move department", 2, "2011-03-22-male-assist-needed")]
    assert [(each.people, each.times) for each in learned.chosen] == [(2, 2)]
    assert (learned.passed_over.questions, learned.gaps.questions) == (0, 0)


def test_what_was_opened_and_then_turned_down_becomes_none(coach: Coach) -> None:
    asks(coach, NEAR, opens=0)
    coach.tips.vote(KIM, 2, helpful=False)
    [learned] = coach.learning.learned()
    assert learned.asks == []


def test_of_three_that_nobody_opened_two_who_asked_alike_are_told(coach: Coach) -> None:
    asks(coach, NEAR)
    [learned] = coach.learning.learned()
    assert [theme.words for theme in learned.passed_over.themes] == ["contact move department"]
    assert learned.passed_over.questions == 2


def test_a_tip_is_turned_down_by_a_vote_or_by_wanting_another(coach: Coach) -> None:
    first = [coach.tips.answer(rep, "the buyer wants a bigger discount").tip for rep in (SAM, KIM)]
    assert first[0] and first[1]
    coach.tips.vote(SAM, first[0].id, helpful=False)
    assert Use(coach.store.read, "T1").turned_down()[0].people == 1
    assert coach.learning.learned()[0].turned_down == []
    coach.tips.another(KIM, first[1].id)
    [down] = coach.learning.learned()[0].turned_down
    assert (down.lesson, down.people, down.times) == (first[0].advice, 2, 2)
    coach.tips.vote(KIM, first[1].id, helpful=True)
    assert coach.learning.learned()[0].turned_down == []


def test_what_helped_instead_of_another_tip_tells_for_which_post_it_was_asked(coach: Coach) -> None:
    asks(coach, {"U1": NEAR["U1"]}, opens=0)
    coach.tips.vote(SAM, 1, helpful=False)
    assert Use(coach.store.read, "T1").found() == []
    other = coach.tips.another(SAM, 1)
    coach.tips.vote(SAM, other.id, helpful=True)
    [found] = Use(coach.store.read, "T1").found()
    assert (found.words, found.post) == (NEAR["U1"], other.source.post)


def test_questions_ask_alike_by_what_they_tell_and_not_by_what_everybody_says(coach: Coach) -> None:
    bag = Likeness(coach.store.read).bag
    assert bag(GAP["U1"]).is_like(bag(GAP["U2"]))
    assert not bag("the customer wants a demo").is_like(bag("the customer wants a discount"))
    assert not bag("").is_like(bag(""))
