"""The local model: search that knows meaning, on this machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.coach import Coach
from bot.model.local_embedding import AT_ONCE, LocalEmbedding
from bot.operations import health
from bot.search._vectors import cosine, unit
from bot.search.index_table import Index
from bot.search.ranking import search
from bot.settings import Settings

DEFECTING = "2009-04-09-lost-opportunity-take-the-time-to-learn-from-defecting-customers"
needs_it = pytest.mark.skipif(
    not LocalEmbedding.installed(),
    reason="the local model is not installed (requirements-local.txt)",
)


@pytest.fixture
def coach(tmp_path: Path, clock: HandClock) -> Iterator[Coach]:
    """A coach with its first ten cards, so that all are embedded in a moment."""
    cards = tmp_path / "posts"
    cards.mkdir()
    for card in sorted(Path("posts").glob("2009*.md"))[:10]:
        (cards / card.name).write_bytes(card.read_bytes())
    settings = Settings(db=tmp_path / "coach.db", embed_model="local")
    with Coach(settings, clock, cards) as coach:
        yield coach


@needs_it
def test_texts_that_mean_the_same_are_near_whatever_their_words() -> None:
    asked = [
        "The customer stopped answering.",
        "The client no longer replies to our emails.",
        "The printer is out of paper.",
    ]
    rows = LocalEmbedding().embed("T1", asked)
    assert rows and [len(row) for row in rows] == [384] * 3
    one, same, other = (vector for vector in map(unit, rows) if vector)
    assert cosine(one, same) > cosine(one, other) + 0.1


@needs_it
def test_a_text_has_the_same_vector_among_others_and_alone() -> None:
    model = LocalEmbedding()
    texts = [f"The {n}th call went {'very ' * n}well." for n in range(AT_ONCE + 3)]
    together = model.embed("T1", texts)
    alone = model.embed("T1", texts[-1:])
    assert together and alone and together[-1] == pytest.approx(alone[0], abs=0.05)


@needs_it
def test_the_local_model_finds_what_words_do_not(coach: Coach) -> None:
    assert coach.meaning.catch_up() == 0
    shelf = Index(coach.store.read)
    assert shelf.embedded(coach.meaning.name).keys() >= coach.library.entries().keys()
    asked = "folks who ditched us"
    assert search(coach.store.read, asked) == []
    assert coach.tips.ranked("T1", asked)[0].post == DEFECTING


@pytest.mark.skipif(LocalEmbedding.installed(), reason="the local model is installed")
def test_without_its_packages_search_goes_on_and_doctor_says_what_to_do(coach: Coach) -> None:
    asked = "they went quiet after the demo"
    assert coach.meaning.catch_up() == len(coach.library.entries())
    assert coach.tips.ranked("T1", asked) == search(coach.store.read, asked)
    told = [f.sentence for f in health.examine(coach.settings, coach, {}) if f.state == "mend"]
    assert any("pip install -r requirements-local.txt" in sentence for sentence in told)
