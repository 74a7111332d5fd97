"""Search: what is found, in which order, and when the library says that it has nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.library.library import Library
from bot.library.post import Post
from bot.search._sureness import NEAR, TIP
from bot.search.ranking import answers, search
from bot.storage.store import Store
from bot.text.stems import WORDS, query_words
from tests.eval import FILES, Outcome, auroc, mean, ndcg, read_questions
from tests.support.archives import CARDS
from tests.support.library import index

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Shelf = tuple[Store, Library]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The library as shipped. No test writes to it."""
    yield from _open(tmp_path_factory.mktemp("library"), CARDS)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Shelf]:
    """A library without a card."""
    (tmp_path / "posts").mkdir()
    yield from _open(tmp_path, tmp_path / "posts")


def _open(folder: Path, cards: Path) -> Iterator[Shelf]:
    store = Store(folder / "coach.db")
    library = Library(store, cards)
    index(store, library)
    yield store, library
    store.close()


def _post(title: str, body: str) -> Post:
    slug = f"2012-05-01-{title.casefold().replace(' ', '-')}"
    return Post(slug, title, None, None, date(2012, 5, 1), None, False, False, body)


def _top(library: Shelf, text: str) -> str:
    return search(library[0].read, text)[0].post


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=4_000))
def test_any_text_may_be_typed(library: Shelf, text: str) -> None:
    scores = [hit.score for hit in search(library[0].read, text)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\0", "a\0b", '"', '""" OR "', "'", "don't panic", "what now?", "100%", "c++"),
        *("NOT", "NOT demo", "(", ")", "demo AND (", "title:lost", "NEAR(demo call)", "lost*"),
        *(
            "follow-up call",
            "<@U1>",
            "<@U1> demo",
            "<https://x.y|demo>",
            "😀",
            "😀 demo",
            "a&amp;b",
        ),
        *("ßß demo", "é́", "demo " * 800, "-demo", "^demo", "{body}: demo", "x" * 4_000),
    ],
)
def test_no_text_is_read_as_a_search_command(library: Shelf, text: str) -> None:
    search(library[0].read, text)


def test_a_question_is_searched_for_by_its_telling_words() -> None:
    assert query_words("<@U1> How do I, um, *price* it & the “POC”?") == ["um", "price", "poc"]
    assert query_words("they don’t listen, we're late") == ["listen", "late"]
    assert len(query_words(" ".join(f"word{n}" for n in range(500)))) == WORDS


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("give me a discount before the quarter ends", "undated-negotiating-with-a-clock"),
        ("SE and AE: who leads the call", "2011-03-02-batter-up"),
        ("proof of concept fell over", "2007-07-22-bugs-they-eat-product-sales-for-lunch"),
        ("furious customer", "2011-03-03-keep-your-friends-close"),
        ("forcast accuracy", "2009-01-15-forecasting-sales-in-2009"),
    ],
)
def test_acronyms_synonyms_and_slips_find_their_post(
    library: Shelf, question: str, post: str
) -> None:
    assert _top(library, question) == post


@pytest.mark.parametrize(
    "question",
    [
        *("kubernetes ingress certificates", "HubSpot list price per seat", "zoom is muted"),
        *("visa for a trade fair in Las Vegas", "what is a leap year", "recipe for pancakes"),
    ],
)
def test_what_no_post_is_about_scores_below_an_answer(library: Shelf, question: str) -> None:
    assert not answers(search(library[0].read, question))


def test_an_announcement_is_last_and_never_an_answer(library: Shelf) -> None:
    hits = search(library[0].read, "Whitney Hess")
    told = [library[1].entries()[hit.post].teaches for hit in hits]
    assert told == sorted(told, reverse=True)
    assert False in told
    assert len(answers(hits)) <= told.count(True)


def test_imported_posts_come_in_the_order_of_plain_full_text_search(bare: Shelf) -> None:
    store, library = bare
    often = _post("Often", "A pilot needs a pilot plan. The pilot ends with a decision.")
    once = _post("Once", "A pilot is one of many things that can be tried in a long sale.")
    never = _post("Never", "Lunch is at noon.")
    library.put([once, never, often], NOW)
    index(store, library)
    assert [hit.post for hit in search(store.read, "pilot decision")] == [often.slug, once.slug]


def test_an_imported_post_is_found_beside_the_cards_and_can_be_the_answer(tmp_path: Path) -> None:
    for store, library in _open(tmp_path, CARDS):
        library.put([_post("Bees", "Beekeepers lose a hive in winter if they forget it.")], NOW)
        index(store, library)
        hits = answers(search(store.read, "a hive in winter"))
        assert hits[0].post == "2012-05-01-bees"


@pytest.mark.skipif(not FILES[0].is_file(), reason="../shared/eval/dev_queries.jsonl is not here")
def test_search_is_as_good_as_it_was_on_the_questions_written_before_the_cards(
    library: Shelf,
) -> None:
    questions = read_questions(FILES[0], library[1].entries())
    outcomes = [Outcome(each, search(library[0].read, each.text)) for each in questions]
    answerable = [o for o in outcomes if o.question.grades]
    hopeless = [o.top for o in outcomes if not o.question.grades]
    assert mean(map(ndcg, answerable)) >= 0.75
    assert auroc([o.top for o in answerable], hopeless) >= 0.92
    assert mean(top >= TIP for top in hopeless) <= 0.1
    assert mean(o.top < NEAR for o in answerable) <= 0.15
