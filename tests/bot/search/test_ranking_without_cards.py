"""Search over posts without a card, among those that have one, beside plain full text search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.library.post import Post, slug_of
from bot.search.ranking import Hit, answers, search
from bot.storage.store import Store
from tests.eval import Outcome, Question, mean, ndcg, recall
from tests.eval.cardless import measure, plain_index, plain_search
from tests.support.archives import CARDS, FOLDER
from tests.support.library import index

POSTS = {
    "The Reseller's Shelf": (
        "A reseller carries forty brands and remembers three. Visit the branch, bring samples,"
        " and teach the counter staff one sentence about your pump. Pay the margin on time."
    ),
    "Tender Season": (
        "A public tender is decided by the points in its annex. Read the annex first, count the"
        " points, and leave the bid alone when the specification names somebody else's valve."
    ),
    "Badge Scanners": (
        "Two hundred scanned badges from a trade fair are not two hundred leads. Write one line"
        " about each visitor the same evening, and ring the ten who asked for a date."
    ),
    "The Letter in January": (
        "A price increase is announced by a person, not by a letter. Tell the largest accounts"
        " eight weeks before, show what steel and freight cost now, and keep the old price for"
        " orders that are already placed."
    ),
    "References That Answer": (
        "Ask a reference customer each time before you give out the number. Send them what the"
        " prospect wants to know, and never use the same plant manager twice in a month."
    ),
    "Spare Parts First": (
        "The service technician knows which machine will be replaced next year. Ride along once"
        " a quarter, listen for the worn gearbox, and let him introduce you."
    ),
    "Counting Samples": (
        "Free samples are a cost centre until somebody asks what became of them. Ship a sample"
        " only with a test date, and ring on that date."
    ),
    "Handing Over the Territory": (
        "When a territory changes hands, drive the first round together. The new colleague talks,"
        " the old one stays silent, and both write the open promises down before lunch."
    ),
}
QUESTIONS = {
    "reseller forgets our brand": "The Reseller's Shelf",
    "how do I train counter staff at a branch": "The Reseller's Shelf",
    "public tender specification names a competitor": "Tender Season",
    "should we bid on this tender": "Tender Season",
    "what to do with badges scanned at the trade fair": "Badge Scanners",
    "price increase letter to our largest accounts": "The Letter in January",
    "freight and steel cost more, so we raise prices": "The Letter in January",
    "prospect wants to talk to a reference customer": "References That Answer",
    "service technician hears about a worn gearbox": "Spare Parts First",
    "they want free samples": "Counting Samples",
    "taking over a territory from an old colleague": "Handing Over the Territory",
    "open promises when a territory changes hands": "Handing Over the Territory",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Library]]:
    store = Store(tmp_path_factory.mktemp("library") / "coach.db")
    library = Library(store, CARDS)
    library.put([_post(title, body) for title, body in POSTS.items()], datetime.now(UTC))
    index(store, library)
    yield store, library
    store.close()


def _post(title: str, body: str) -> Post:
    day = date(2019, 4, 1)
    return Post(slug_of(title, day, body), title, None, None, day, None, False, False, body)


@pytest.fixture(scope="module")
def plain(library: tuple[Store, Library]) -> Callable[[str], list[Hit]]:
    return partial(plain_search, plain_index(library[1].entries().values()))


def test_imported_posts_are_found_as_well_as_by_plain_full_text_search(
    library: tuple[Store, Library], plain: Callable[[str], list[Hit]]
) -> None:
    ours, theirs, found = [], [], []
    for text, title in QUESTIONS.items():
        slug = slug_of(title, date(2019, 4, 1), "")
        asked = Question(text, "question", text, {slug: 3})
        mine, bare = (Outcome(asked, hits) for hits in (search(library[0].read, text), plain(text)))
        ours.append(ndcg(mine))
        theirs.append(ndcg(bare))
        found.append(recall(mine, 2) >= recall(bare, 2))
    assert all(found)
    assert mean(ours) >= mean(theirs) - 0.05
    assert mean(ours) >= 0.95


@pytest.mark.parametrize(
    "question",
    ["where can I park on Tuesday evening", "what is the points system in basketball"],
)
def test_a_word_of_a_post_without_a_card_does_not_make_it_an_answer(
    library: tuple[Store, Library], question: str
) -> None:
    hits = search(library[0].read, question)
    assert any(hit.sure < hit.score for hit in hits)  # one without a card is among them
    assert not answers(hits)


def test_what_is_imported_changes_no_score_of_a_card(
    library: tuple[Store, Library], tmp_path: Path
) -> None:
    store = Store(tmp_path / "coach.db")
    index(store, Library(store, CARDS))
    for question in ("they went quiet after the demo", "who signs", "the pilot drags on"):
        with_posts = {hit.post: hit.score for hit in search(library[0].read, question, limit=50)}
        without = {hit.post: hit.score for hit in search(store.read, question, limit=50)}
        shared = with_posts.keys() & without.keys()
        assert len(shared) > 5
        assert {p: with_posts[p] for p in shared} == pytest.approx({p: without[p] for p in shared})
    store.close()


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the archives are not here")
def test_where_half_of_the_cards_are_missing_search_is_no_worse_than_plain_full_text() -> None:
    found = measure(draws=1)
    assert found.cardless[0] >= found.cardless[1]
    assert found.all_posts[0] >= 1.5 * found.all_posts[1]
    assert found.wrongly <= 0.15
