"""The decision apart from the order: a tip, three to choose from, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.library.library import Library
from bot.library.post import load_cards
from bot.search._sureness import (
    ENDPOINT,
    EVERYDAY,
    LOCAL_MODEL,
    NEAR,
    TIP,
    WORDS_ALONE,
    Scores,
    sureness,
)
from bot.search._vectors import cosine, cosines, to_bytes, unit
from bot.search.ranking import CHOICE, Hit, answers, nearest, search, surest
from bot.storage.store import Store
from bot.text.language import is_foreign
from bot.tips.tip import choice
from tests.support.archives import CARDS
from tests.support.library import index

SHARES = st.floats(0, 1)
HITS = st.lists(
    st.builds(Hit, st.text("abcdef", min_size=1), st.floats(0.01, 5), SHARES, st.booleans())
)
SCORES = st.builds(Scores, st.floats(0, 6), st.floats(0, 6))
WEIGHTS = st.sampled_from([WORDS_ALONE, ENDPOINT, LOCAL_MODEL])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Library]]:
    store = Store(tmp_path_factory.mktemp("library") / "coach.db")
    library = Library(store, CARDS)
    index(store, library)
    yield store, library
    store.close()


@given(HITS)
def test_there_is_a_tip_or_a_choice_and_never_both(hits: list[Hit]) -> None:
    assert not (answers(hits) and nearest(hits))
    assert bool(answers(hits)) == (surest(hits) >= TIP and hits[0].stands_out)
    assert len(nearest(hits)) <= CHOICE
    assert bool(nearest(hits)) == (surest(hits) >= NEAR and not answers(hits))


@given(WEIGHTS, SCORES, SCORES, st.floats(0.01, 3))
def test_more_of_the_question_makes_surer_and_a_topic_outside_less_so(
    weights: object, post: Scores, outside: Scores, more: float
) -> None:
    assert isinstance(weights, type(WORDS_ALONE))
    sure = sureness(weights, post, outside)
    assert 0 < sure < 1
    assert sureness(weights, Scores(post.whole + more, post.telling), outside) >= sure
    assert sureness(weights, Scores(post.whole, post.telling + more), outside) >= sure
    assert sureness(weights, post, Scores(outside.whole + more, outside.telling)) <= sure


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_offered_is_of_as_many_posts_as_lessons(
    shelf: tuple[Store, Library], data: st.DataObject
) -> None:
    words = data.draw(st.sampled_from(_asks())).split()
    asked = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=6)))
    hits = search(shelf[0].read, asked)
    lessons = choice(nearest(hits), shelf[1].entries(), asked)
    posts = [lesson.entry.slug for lesson in lessons]
    assert len(set(posts)) == len(posts) <= CHOICE
    assert all(lesson.entry.teaches for lesson in lessons)
    assert not {hit.post for hit in answers(hits)} & set(posts)


@cache
def _asks() -> list[str]:
    return sorted({ask for card in load_cards(CARDS)[0].values() for ask in card.asks})


def test_everyday_words_alone_are_no_answer(shelf: tuple[Store, Library]) -> None:
    for words in ("big week", "dont im ive", "good old time this year", " ".join(EVERYDAY)[:400]):
        assert not answers(search(shelf[0].read, words))


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("the customer wants to cancel", False),
        ("Schadenfreude in the boardroom", False),
        ("RFP de facto lost, no se why", False),
        ("", False),
        ("😀 😀", False),
        ("wie sage ich dem Kunden dass der Preis nicht sinkt", True),
        ("comment faire quand le client ne répond pas", True),
        ("o cliente não quer assinar o contrato por causa do preço", True),
        ("klant wil het contract niet tekenen", True),
        ("顧客が値引きを求めています", True),
    ],
)
def test_another_language_is_told_from_a_foreign_word(text: str, foreign: bool) -> None:
    assert is_foreign(text) is foreign


def test_no_question_of_a_card_is_taken_for_another_language() -> None:
    asks = [ask for card in load_cards(CARDS)[0].values() for ask in card.asks]
    assert [ask for ask in asks if is_foreign(ask)] == []


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=4), max_size=6))
def test_cosines_of_what_is_kept_are_those_of_the_vectors(rows: list[list[float]]) -> None:
    kept = {n: vector for n, row in enumerate(rows) if (vector := unit(row))}
    asked = (0.6, 0.8, 0.0)
    wanted = {n: cosine(vector, asked) for n, vector in kept.items() if len(vector) == 3}
    found = cosines({n: to_bytes(vector) for n, vector in kept.items()}, asked)
    assert found == pytest.approx(wanted, abs=1e-5)


def test_of_two_posts_that_come_as_near_neither_is_said_at_once(
    shelf: tuple[Store, Library],
) -> None:
    store, _ = shelf
    near = search(store.read, "ask about the budget")
    assert near[0].sure >= TIP and near[1].sure >= TIP
    assert not answers(near) and len(nearest(near)) == CHOICE
    alone = search(store.read, "the customer wants to cancel")
    assert [hit.post for hit in answers(alone)][:1] == [alone[0].post]
