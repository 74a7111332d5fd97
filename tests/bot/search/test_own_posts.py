"""A team's own posts, which have no card: found before ours where they answer, and quoted whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bot.library.library import Library
from bot.library.post import Post
from bot.search.ranking import search
from bot.storage.store import Store
from tests.support.archives import CARDS
from tests.support.library import index

OWN = {
    "the-security-review": "I sat in a cold lobby with a badge that did not open the gate."
    " Send the answers to the"
    " security questionnaire before anybody asks for them. The review took six weeks at the mill.",
    "reference-calls": "A reference call went wrong on a ferry once. Brief your reference"
    " customer before the call,"
    " and tell them which worry the buyer has. Their coffee was good.",
    "handing-over-to-onboarding": "The onboarding team had never heard the promise. Write"
    " down each promise and read"
    " it aloud at the handover to onboarding. Everybody laughed.",
    "der-rahmenvertrag": "Am 3. März saß ich im Zug nach Köln. Legen Sie den Rahmenvertrag"
    " erst vor, wenn der Einkauf"
    " die Laufzeit genannt hat. Das Büro roch nach Farbe.",
}  # fmt: skip
ASKED = {
    "the security review takes weeks": ("the-security-review", "Send the answers"),
    "the buyer wants a reference call": ("reference-calls", "Brief your reference customer"),
    "onboarding did not know what we promised": (
        "handing-over-to-onboarding",
        "Write down each promise",
    ),
    "Rahmenvertrag mit dem Einkauf": ("der-rahmenvertrag", "Legen Sie den Rahmenvertrag"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Library]]:
    store = Store(tmp_path_factory.mktemp("own") / "coach.db")
    library = Library(store, CARDS)
    posts = [
        Post(f"2020-03-04-{name}", name.replace("-", " ").capitalize(), "Ida Rand", "Mill",
             date(2020, 3, 4), None, False, False, body)
        for name, body in OWN.items()
    ]  # fmt: skip
    library.put(posts, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    index(store, library)
    yield store, library
    store.close()


@pytest.mark.parametrize("question", ASKED)
def test_a_post_of_the_team_answers_before_our_cards_with_what_it_advises(
    library: tuple[Store, Library], question: str
) -> None:
    store, shelf = library
    name, said = ASKED[question]
    hits = search(store.read, question)
    assert hits[0].post == f"2020-03-04-{name}"
    entry = shelf.entries()[hits[0].post]
    assert entry.advice[0].startswith(said)
    assert all(lesson in entry.text and lesson[-1] in ".!?" for lesson in entry.lessons)
