"""Search with a model that embeds: it knows words that no card has, and nothing waits for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.coach import Coach
from bot.library.library import Library
from bot.operations.health import examine
from bot.people.rep import Rep
from bot.search._sureness import NEAR
from bot.search._vectors import Meant, cosine, from_bytes, to_bytes, unit
from bot.search.index_table import Index
from bot.search.meaning import PART, PARTS, EmbeddingEndpoint, Meaning, parts_of, texts_of
from bot.search.ranking import search
from bot.settings import Settings
from tests.conftest import eventually
from tests.support.archives import CARDS
from tests.support.library import index
from tests.support.model_server import Body, ModelServer, Reply, embeds, fails

SLUG = "2011-03-03-keep-your-friends-close"
REP = Rep("T1", "U1")
Open = Callable[..., Coach]


def _understands(body: Body) -> Reply:
    """A model to which all texts mean the same but those with the word “zorbling”."""
    return embeds([[1.0, 0.1] if "zorbling" in text else [0.1, 1.0] for text in body["input"]])


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(_understands) as server:
        yield server


@pytest.fixture
def open_house(db: Path, model: ModelServer, clock: HandClock) -> Iterator[Open]:
    houses = []

    def open_house(**env: str) -> Coach:
        base = {
            "COACH_DB": str(db),
            "OPENAI_BASE_URL": model.url,
            "COACH_EMBED_MODEL": "e",
            "COACH_MODEL_SECONDS": "60",
        }
        houses.append(Coach(Settings.from_env(base | env), clock))
        return houses[-1]

    yield open_house
    for coach in houses:
        coach.close()


def test_a_question_in_words_that_no_card_has_finds_its_post(
    open_house: Open, model: ModelServer
) -> None:
    coach = open_house()
    tips = coach.tips
    asked = "zorbling at the demo"
    before = {hit.post: hit.score for hit in search(coach.store.read, asked)}
    ours = parts_of(coach.library.entries()[SLUG])
    model.replies = lambda body: embeds(
        [[1.0, 0.1] if text in ours or text == asked else [0.1, 1.0] for text in body["input"]]
    )
    assert coach.meaning.catch_up() == 0
    eventually(lambda: coach.meaning.question("T1", asked))
    after = {hit.post: hit.score for hit in tips.ranked("T1", asked)}
    assert next(iter(after)) == SLUG
    assert after[SLUG] >= before.get(SLUG, 0) + 0.8


def test_each_post_is_embedded_once_and_again_when_its_model_changes(
    open_house: Open, model: ModelServer
) -> None:
    coach = open_house()
    told: list[tuple[int, int]] = []
    coach.meaning.catch_up(lambda done, of: told.append((done, of)))
    texts = texts_of(coach.library, coach.indexing.outside)
    parts = [part for each in texts.values() for part in each]
    assert told[-1] == (len(texts), len(texts))
    sent = [text for body in model.asked for text in body["input"]]
    assert sent[: len(parts)] == parts
    requests = len(model.asked)
    assert requests == len(told)
    coach.meaning.catch_up()
    assert len(model.asked) == requests
    again = open_house(COACH_EMBED_MODEL="f")
    again.meaning.catch_up()
    assert len(model.asked) == 2 * requests
    assert not Index(again.store.read).embedded("e")


def test_doctor_counts_the_posts_that_search_knows_the_meaning_of(
    open_house: Open, model: ModelServer
) -> None:
    coach = open_house()
    posts, late = len(coach.library.entries()), "The others follow while the coach runs."

    def told() -> str:
        [found] = [
            f.sentence for f in examine(coach.settings, coach, {}) if "meaning" in f.sentence
        ]
        return found

    assert told() == f"Search knows the meaning of 0 of {posts} posts (e). {late}"
    assert coach.meaning.catch_up() == 0
    assert told() == f"Search knows the meaning of {posts} of {posts} posts (e)."


def test_a_topic_that_somebody_emptied_keeps_no_other_text_from_being_embedded(
    open_house: Open, model: ModelServer, tmp_path: Path
) -> None:
    coach = open_house()
    (tmp_path / "outside.toml").write_text('[topics]\nvpn = []\nlunch = ["where is lunch"]\n')
    library = Library(coach.store, CARDS)
    indexing = index(coach.store, library, tmp_path)
    model = EmbeddingEndpoint("e", coach.model)
    embedder = Meaning(coach.settings, coach.store, library, indexing, model)
    assert embedder.catch_up() == 0
    assert "outside/lunch" in Index(coach.store.read).embedded("e")
    embedder.close()


def test_a_post_is_cut_into_parts_that_hold_all_of_it(open_house: Open) -> None:
    for entry in open_house().library.entries().values():
        parts = parts_of(entry)
        assert all(len(part) <= PART for part in parts)
        said = " ".join(parts).split()
        assert entry.card and said[: len(entry.name.split())] == entry.name.split()
        assert len(parts) == PARTS or said == " ".join(
            [entry.name, *entry.card.lessons, *entry.card.asks]
        ).split()  # fmt: skip


def test_what_an_endpoint_refused_is_embedded_the_next_time(
    open_house: Open, model: ModelServer
) -> None:
    coach = open_house()
    model.replies = lambda body: _understands(body) if len(model.asked) == 1 else fails(500)
    texts = len(texts_of(coach.library, coach.indexing.outside))
    assert texts > coach.meaning.catch_up() == texts - len(Index(coach.store.read).embedded("e"))
    model.replies = _understands
    assert coach.meaning.catch_up() == 0


@pytest.mark.parametrize(
    "reply",
    [
        fails(500),
        Reply(b"", hangs=True),
        Reply(b"rubbish"),
        embeds([[0.0, 0.0]]),
        embeds([[1.0, 0.0, 0.0]]),
    ],
    ids=["fails", "hangs", "rubbish", "nothing", "another length"],
)
def test_a_question_is_answered_without_the_model(
    open_house: Open, model: ModelServer, reply: Reply
) -> None:
    coach = open_house()
    coach.meaning.catch_up()
    model.replies = lambda body: reply
    asked = "they went quiet after the demo"
    assert coach.tips.ranked("T1", asked) == search(coach.store.read, asked)


def test_posts_without_a_vector_stay_where_they_were(open_house: Open) -> None:
    coach = open_house()
    asked, meant = "they went quiet after the demo", Meant("e", (1.0, 0.0))
    assert search(coach.store.read, asked, meant=meant) == search(coach.store.read, asked)


def test_nothing_is_asked_of_a_model_that_is_not_set(open_house: Open, model: ModelServer) -> None:
    coach = open_house(COACH_EMBED_MODEL="none")
    assert coach.meaning.catch_up() == 0
    assert coach.tips.answer(REP, "they went quiet after the demo").score >= NEAR
    assert model.asked == []


def test_a_question_is_embedded_once(open_house: Open, model: ModelServer) -> None:
    coach = open_house()
    first = eventually(lambda: coach.meaning.question("T1", "who signs?"))
    requests = len(model.asked)
    assert coach.meaning.question("T1", " who signs? ") == first
    assert len(model.asked) == requests
    assert model.asked[0]["input"] == ["who signs?"]


def test_a_vector_is_kept_as_it_is() -> None:
    vector = unit([3.0, 4.0, -12.0])
    assert vector and math.isclose(cosine(vector, vector), 1)
    assert from_bytes(to_bytes(vector)) == pytest.approx(vector)
    assert unit([0.0, 0.0]) is None
    assert unit([math.inf, 1.0]) is None
