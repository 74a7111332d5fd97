"""The library: what is imported, what is indexed of it, and what is quoted from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.archives.reader import read_file
from bot.library._shipped_cards import digest, from_text
from bot.library.entry import TIP, Entry
from bot.library.library import Library
from bot.library.post import Post, load_cards
from bot.library.table import PostsTable
from bot.operations.library_commands import as_text
from bot.search._outside_topics import load_outside
from bot.search._synonyms import load_synonyms
from bot.search.ranking import answers, search
from bot.storage.store import Store
from bot.tips.tip import Answer, Tip
from handlers.tips import drawing as tip_drawing
from tests.support.archives import CARDS, archives
from tests.support.library import index

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POST = Post(
    *("2012-05-01-bees", "Bees", None, None, date(2012, 5, 1), None, False, False),
    body="Beekeepers count the hives in spring. Then they plan the summer with care and patience.",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "coach.db")
    yield store
    store.close()


def _found(store: Store, text: str) -> list[str]:
    return [hit.post for hit in search(store.read, text)]


def test_an_import_says_what_was_new_changed_or_known(store: Store) -> None:
    library = Library(store, CARDS)
    assert library.put([POST], NOW) == ["new"]
    assert library.put([POST], NOW) == ["same"]
    assert library.put([replace(POST, body="Other words.")], NOW) == ["changed"]


def test_a_post_that_changed_in_the_same_moment_is_read_and_indexed_again(store: Store) -> None:
    library = Library(store, CARDS)
    library.put([POST], NOW)
    index(store, library)
    assert _found(store, "beekeepers hives")[0] == POST.slug
    library.put([replace(POST, body="Zeppelins need helium.")], NOW)
    index(store, library)
    assert library.entries()[POST.slug].text == "Zeppelins need helium."
    assert _found(store, "helium zeppelins") == [POST.slug]
    assert POST.slug not in _found(store, "beekeepers hives")


def test_an_original_joins_the_card_of_its_slug(store: Store) -> None:
    library = Library(store, CARDS)
    index(store, library)
    slug = "2011-03-11-first-and-ten"
    card = library.entries()[slug]
    original = replace(card.as_post(), body="Zeppelins need helium.")
    library.put([original], NOW)
    index(store, library)
    assert _found(store, "zeppelins helium")[0] == slug
    assert library.entries()[slug].lessons == card.lessons
    assert library.entries()[slug].shelf == "original"


def test_indexing_twice_changes_nothing(store: Store) -> None:
    library = Library(store, CARDS)
    library.put([POST], NOW)
    index(store, library)
    before = search(store.read, "plan the summer")
    index(store, library)
    index(store, Library(store, CARDS))
    assert search(store.read, "plan the summer") == before


def test_a_manager_may_add_a_synonym(store: Store, tmp_path: Path) -> None:
    listed = tmp_path / "synonyms.toml"
    listed.write_text('groups = [["zorb", "demo"]]', encoding="utf-8")
    library = Library(store, CARDS)
    indexing = index(store, library, tmp_path)
    with_word = search(store.read, "zorb for a group")[0].score
    listed.write_text("groups = []", encoding="utf-8")
    index(store, Library(store, CARDS), tmp_path)
    assert search(store.read, "zorb for a group")[0].score < with_word
    assert library.faults == [] and indexing.faults == ()


@pytest.mark.parametrize(
    "text", ["groups = [", 'groups = ["demo"]', 'group = [["a", "b"]]', 'groups = [["a b c d e"]]']
)
def test_a_faulty_synonym_file_is_named_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "synonyms.toml"
    path.write_text(text, encoding="utf-8")
    pairs, faults = load_synonyms(path)
    assert pairs == set()
    assert len(faults) == 1
    assert faults[0].startswith("synonyms.toml")


OUTSIDE = """[topics]
canteen = ["canteen menu", "where is the canteen", "when can I buy lunch in the canteen"]
"""


def test_what_is_written_down_as_outside_is_not_answered(store: Store, tmp_path: Path) -> None:
    """The words are those of a card; that the question is about something else, a manager knows."""
    asked = "buy lunch in the canteen"
    library = Library(store, CARDS)
    indexing = index(store, library, tmp_path)
    before = search(store.read, asked)
    assert answers(before)
    (tmp_path / "outside.toml").write_text(OUTSIDE, encoding="utf-8")
    library = Library(store, CARDS)
    indexing = index(store, library, tmp_path)
    after = search(store.read, asked)
    assert indexing.faults == () and indexing.outside.keys() == {"canteen"}
    assert not answers(after)
    assert after[0].post == before[0].post, "the nearest posts can still be named"
    assert all(hit.post in library.entries() for hit in after)


@pytest.mark.parametrize(
    "text", ["[topics", "topics = 3", "[topic]", '[topics]\nlunch = "canteen"', "[topics]\na = [3]"]
)
def test_a_faulty_list_of_topics_is_named_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "outside.toml"
    path.write_text(text, encoding="utf-8")
    topics, faults = load_outside(path)
    assert topics == {}
    assert len(faults) == 1
    assert faults[0].startswith("outside.toml")


def test_the_shipped_topics_are_sound_and_none_of_our_own() -> None:
    topics, faults = load_outside(CARDS.parent / "prompts" / "outside.toml")
    assert faults == []
    assert len(topics) > 40
    phrases = [phrase.casefold() for each in topics.values() for phrase in each]
    assert len(set(phrases)) == len(phrases)
    asks = {ask.casefold() for card in load_cards(CARDS)[0].values() for ask in card.asks}
    assert asks.isdisjoint(phrases)


def test_the_shipped_synonyms_are_sound() -> None:
    pairs, faults = load_synonyms(CARDS.parent / "prompts" / "synonyms.toml")
    assert faults == []
    assert ("se", "sales engineer") in pairs


def test_a_lesson_with_its_quote_and_source_fits_a_phone(store: Store) -> None:
    library = Library(store, CARDS)
    long = replace(POST, body=f"{'Count every hive, and then again, ' * 40}until it is done.")
    library.put([long], NOW)
    for entry in library.entries().values():
        for lesson in entry.lessons:
            said = as_text(Answer("", _tip(library, entry, lesson), 0, ()))
            assert len(said) <= TIP, said


def test_no_lesson_that_we_ship_shows_half_a_sentence(store: Store) -> None:
    library = Library(store, CARDS)
    originals = [post for data in archives() for post in read_file(data.encode(), "").posts]
    for imported in ([], originals):
        library.put(imported, NOW)
        for entry in library.entries().values():
            for lesson in entry.lessons:
                assert not _tip(library, entry, lesson).source.clipped, (entry.slug, lesson)


def test_words_that_every_sentence_has_do_not_choose_the_quote(store: Store) -> None:
    library = Library(store, CARDS)
    plain = "It is what you do before you do the rest of it."
    library.put([replace(POST, body=f"{plain} A hive is counted twice in each season.")], NOW)
    quote = _quote(library, library.entries()[POST.slug], "Before you do the rest, count a hive.")
    assert quote == "A hive is counted twice in each season."


def test_a_quote_is_cut_at_the_end_of_a_clause_and_stands_in_the_post(store: Store) -> None:
    library = Library(store, CARDS)
    clause = "count every hive in the field before the frost comes"
    library.put([replace(POST, body=f"Always {clause}, {clause}, {clause}, {clause}.")], NOW)
    entry = library.entries()[POST.slug]
    quote = _quote(library, entry, "x" * 280)
    assert quote.endswith("comes")
    assert quote in entry.text
    assert len(quote) < len(entry.text)


def test_a_sentence_that_is_cut_is_told_by_an_ellipsis_beside_the_quote(store: Store) -> None:
    library = Library(store, CARDS)
    clause = "count every hive in the field before the frost comes"
    library.put([replace(POST, body=f"{', '.join([clause] * 12)}. Then rest.")], NOW)
    entry = library.entries()[POST.slug]
    cut = _tip(library, entry, "x" * 280)
    assert cut.source.clipped
    assert f"\n> {cut.source.quote} …\n" in as_text(Answer("", cut, 0, ()))
    whole = _tip(library, entry, "Rest")
    assert whole.source.quote == "Then rest." and not whole.source.clipped


def test_a_lesson_that_is_the_quote_is_said_once(store: Store) -> None:
    library = Library(store, CARDS)
    library.put([POST], NOW)
    entry = library.entries()[POST.slug]
    (lesson,) = entry.lessons
    tip = _tip(library, entry, lesson)
    assert as_text(Answer("", tip, 0, ())) == f"“{lesson}”\nBees · 1 May 2012"
    assert str([block.to_dict() for block in tip_drawing.tip(tip, True).blocks]).count(lesson) == 1


def test_a_post_without_a_card_teaches_its_best_sentences(store: Store) -> None:
    library = Library(store, CARDS)
    library.put([POST], NOW)
    lessons = library.entries()[POST.slug].lessons
    assert lessons
    assert all(lesson in POST.body for lesson in lessons)


def test_an_older_text_stays_only_while_it_is_cited(store: Store) -> None:
    library = Library(store, CARDS)
    library.put([POST], NOW)
    citation = library.entries()[POST.slug].cite("count the hives")
    library.put([replace(POST, body="Other words.")], NOW + timedelta(days=1))
    assert library.source(citation) is None


def _tip(library: Library, entry: Entry, lesson: str) -> Tip:
    source = library.source(entry.cite(lesson))
    assert source is not None
    return Tip(1, "", lesson, source)


def _quote(library: Library, entry: Entry, lesson: str) -> str:
    source = library.source(entry.cite(lesson))
    assert source is not None
    return source.quote


def test_what_the_files_say_is_kept_until_a_file_changes(store: Store, tmp_path: Path) -> None:
    cards, listed = tmp_path / "posts", tmp_path / "synonyms.toml"
    shutil.copytree(CARDS, cards)
    listed.write_text('groups = [["zorb", "demo"]]', encoding="utf-8")
    (cards / "2012-05-01-bees.md").write_text("+++\ntitle = 3\n+++\n", encoding="utf-8")
    first = Library(store, cards)
    index(store, first, tmp_path)
    kept = from_text(PostsTable(store.read).state("shipped"), digest(cards))
    assert kept is not None
    assert list(kept.cards.values()) == [e.card for e in first.entries().values()]
    assert list(kept.faults) == first.faults == Library(store, cards).faults
    path = cards / "2011-03-11-first-and-ten.md"
    path.write_text(f"{path.read_text(encoding='utf-8')}One line more.\n", encoding="utf-8")
    assert from_text(PostsTable(store.read).state("shipped"), digest(cards)) is None
    assert Library(store, cards).entries()[path.stem] != first.entries()[path.stem]


@pytest.mark.parametrize("kept", [None, "", "[", "[]", '["x", [], [[1]]]', "{}", "3"])
def test_what_was_kept_and_cannot_be_read_is_read_from_the_files(kept: str | None) -> None:
    assert from_text(kept, "x") is None
