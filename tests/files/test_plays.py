"""The plays as shipped, and how a play is read, found and proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import CoachError
from bot.huddles.play import Play, PlayItem, find, load_plays, propose
from bot.text.phrase_match import fold
from tests.support.archives import card_slugs, sentence_hashes
from tests.support.paths import ROOT

PLAYS, FAULTS = load_plays(ROOT / "prompts" / "plays")

HUDDLE_PRACTICES = {
    *("P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12"),
    *("P14", "P15", "P16", "P17", "P20", "P21", "P23", "P24", "P36"),
}

each_play = pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
each_item = pytest.mark.parametrize(
    "item",
    [
        pytest.param(item, id=f"{play.slug}-{number}")
        for play in PLAYS.values()
        for number, item in enumerate(play.items, 1)
    ],
)


# The plays as shipped


def test_every_shipped_play_is_in_order() -> None:
    assert FAULTS == []
    assert set(PLAYS) == {
        *("first-meeting", "discovery", "technical-demo", "group-demo", "cloud-service"),
        *("evaluation", "negotiation", "account-review", "executive-visit", "complaint-visit"),
        *("walk-away", "forecast-entry"),
    }


@each_play
def test_a_play_leaves_room_for_two_more_items_and_asks_for_an_answer(play: Play) -> None:
    assert 6 <= len(play.items) <= 8
    assert any(item.kind == "answer" for item in play.items)
    assert play.goal_hint


@each_play
def test_a_play_comes_after_plays_that_exist(play: Play) -> None:
    assert set(play.stage_after) <= set(PLAYS)


@each_play
def test_no_item_says_the_same_as_another(play: Play) -> None:
    assert len({fold(item.text) for item in play.items}) == len(play.items)


def test_no_two_plays_answer_to_one_name() -> None:
    named: dict[str, str] = {}
    for play in PLAYS.values():
        for name in {fold(n) for n in (play.slug, play.title, *play.names)}:
            assert named.setdefault(name, play.slug) == play.slug


@each_item
def test_an_item_fits_a_phone_and_is_a_whole_sentence(item: PlayItem) -> None:
    assert len(item.text) <= 75
    assert item.text[0].isupper()
    assert item.text.endswith(("?", "."))
    assert item.kind == "tick" or "?" in item.text
    assert "!" not in item.text


@each_item
def test_an_item_names_its_practice_and_either_its_post_or_itself_as_ours(item: PlayItem) -> None:
    assert item.practice
    assert item.own or item.rests_on


@each_item
def test_the_post_of_an_item_has_a_card(item: PlayItem) -> None:
    assert item.own or item.post in card_slugs()


def test_every_practice_for_a_huddle_is_in_some_play() -> None:
    used = {item.practice for play in PLAYS.values() for item in play.items}
    assert HUDDLE_PRACTICES - used == set()


def test_reviews_carry_their_own_practices() -> None:
    used = {play.slug: {i.practice for i in play.items} for play in PLAYS.values()}
    assert {"P32", "P33"} <= used["walk-away"]
    assert "P34" in used["forecast-entry"]
    assert {s for s, p in PLAYS.items() if p.serves == "review"} == {"walk-away", "forecast-entry"}


def test_parts_are_an_item_of_the_first_meeting_only() -> None:
    assert [s for s, p in PLAYS.items() if any("their part" in i.text for i in p.items)] == [
        "first-meeting"
    ]


# Beside the archives


@each_item
def test_the_sentence_that_an_item_rests_on_stands_in_the_archives(item: PlayItem) -> None:
    assert item.own or item.rests_on in sentence_hashes()


# Finding a play by its name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("group-demo", "group-demo"),
        ("Group demo", "group-demo"),
        ("GROUP DEMOS", "group-demo"),
        ("goup demo", "group-demo"),
        ("demo", "technical-demo"),
        ("negociation", "negotiation"),
        ("renewel", "account-review"),
        ("QBR", "account-review"),
        ("poc", "evaluation"),
        ("first metting", "first-meeting"),
        ("go/no-go", "walk-away"),
        ("forcast", "forecast-entry"),
        ("Cloud or hosted service", "cloud-service"),
    ],
)
def test_a_play_is_found_by_slug_title_or_alias_even_misspelled(name: str, slug: str) -> None:
    found = find(PLAYS, name)
    assert found and found.slug == slug


@pytest.mark.parametrize("name", ["", "?", "trail", "memo", "Acme", "karaoke"])
def test_what_is_no_play_is_not_taken_for_one(name: str) -> None:
    assert find(PLAYS, name) is None


# Proposing a play


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("acme group demo", "group-demo"),
        ("acme tech demo", "technical-demo"),
        ("acme walkthrough for the engineers", "technical-demo"),
        ("Acme Trials", "evaluation"),
        ("agree on the discount", "negotiation"),
        ("acme CFO", "executive-visit"),
        ("acme renewal", "account-review"),
        ("acme renewal, then pricing", "account-review"),
        ("they are unhappy with support", "complaint-visit"),
        ("acme saas", "cloud-service"),
        ("acme forecast review", "forecast-entry"),
        ("acme walk away?", "walk-away"),
    ],
)
def test_the_words_typed_propose_a_play(said: str, slug: str) -> None:
    assert propose(PLAYS, said, []).slug == slug


def test_only_whole_words_propose_a_play() -> None:
    assert propose(PLAYS, "Democorp, the epilot firm", []).slug == "first-meeting"


@pytest.mark.parametrize(
    ("history", "slug"),
    [
        ([], "first-meeting"),
        (["first-meeting"], "discovery"),
        (["first-meeting", "discovery"], "technical-demo"),
        (["discovery", "technical-demo"], "group-demo"),
        (["technical-demo", "discovery"], "group-demo"),
        (["technical-demo", "group-demo"], "evaluation"),
        (["evaluation"], "negotiation"),
        (["negotiation"], "account-review"),
        (["account-review"], "account-review"),
        (["first-meeting", "walk-away"], "discovery"),
        (["a-play-that-was-deleted"], "first-meeting"),
    ],
)
def test_without_a_word_the_history_proposes_what_usually_comes_next(
    history: list[str], slug: str
) -> None:
    assert propose(PLAYS, "acme", history).slug == slug


def test_the_history_decides_between_two_plays_that_were_both_meant() -> None:
    assert propose(PLAYS, "acme demo", []).slug == "technical-demo"
    assert propose(PLAYS, "acme demo", ["technical-demo"]).slug == "group-demo"


def test_without_any_play_the_coach_says_where_to_add_one() -> None:
    with pytest.raises(CoachError, match="prompts/plays"):
        propose({}, "acme", [])


# Reading a play

GOOD = """title = "Site visit"
names = ["site visit"]

[[item]]
text = "Ask for the plant's rules before you go."
own = true

[[item]]
text = "Who shows us round?"
kind = "answer"
post = "2011-03-22-male-assist-needed"
"""


def faults_of(folder: Path, text: str, name: str = "site-visit.toml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return load_plays(folder)[1]


def test_a_manager_adds_a_play_by_adding_a_file(tmp_path: Path) -> None:
    (tmp_path / "site-visit.toml").write_text(GOOD, encoding="utf-8-sig")  # as Notepad saves it
    plays, faults = load_plays(tmp_path)
    assert faults == []
    assert [item.kind for item in plays["site-visit"].items] == ["tick", "answer"]
    assert [item.own for item in plays["site-visit"].items] == [True, False]
    assert propose(plays, "acme", []).slug == "site-visit"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('title = "Site visit"', "", "site-visit.toml, line 1: “title” is missing"),
        (
            'title = "Site',
            'titel = "Site',
            "line 1: “titel” is not a key here; did you mean “title”?",
        ),
        ('names = ["site visit"]', 'names = "site visit"', "line 2: “names” is a list"),
        ('names = ["site visit"]', 'serves = "lunch"', "“serves” can't be “lunch”; use one of"),
        ("before you go.", "before you go" + "!" * 75, "line 5: “text” has 114 characters"),
        ("own = true", 'own = "yes"', "line 6: “own” is yes or no"),
        ("own = true", "", "line 4: name the “post” it rests on, or write own = true"),
        ("own = true", 'own = true\nrests_on = "a1b2c3d4e5f6"', "line 7: “rests_on” is a sentence"),
        ("own = true", 'own = true\npractice = "9"', "line 7: “practice” can't be “9”"),
        ('text = "Who shows us round?"', 'text = ""', "line 9: “text” is empty"),
        ('text = "Who shows us round?"', "text = 7", "line 9: “text” is text; put it in quotes"),
        ('kind = "answer"', 'kind = "maybe"', "line 10: “kind” can't be “maybe”"),
        ('kind = "answer"', 'Kind = "answer"', "line 10: “Kind” is not a key here; did you"),
        ('post = "2011', 'rests_on = "xyz"\npost = "2011', "line 11: “rests_on” can't be “xyz”"),
        ('names = ["site visit"]', 'names = ["site visit"', "this is not TOML"),
        ("[[item]]", "[item]", "not TOML"),
    ],
)
def test_a_faulty_file_is_named_with_line_key_and_what_to_do(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    assert was in GOOD
    (fault,) = faults_of(tmp_path, GOOD.replace(was, now))
    assert fault.startswith("site-visit.toml")
    assert said in fault


def test_a_play_holds_ten_items_and_no_eleventh(tmp_path: Path) -> None:
    item = '[[item]]\ntext = "Ask."\nown = true\n'
    assert faults_of(tmp_path, 'title = "Long"\n' + item * 10) == []
    assert (
        "11 [[item]] parts; have 1 to 10" in faults_of(tmp_path, 'title = "Long"\n' + item * 11)[0]
    )
    assert "0 [[item]] parts" in faults_of(tmp_path, 'title = "Empty"\n')[0]


def test_a_faulty_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes('title = "Café"'.encode("latin-1"))
    faults = faults_of(tmp_path, GOOD, "Site Visit.toml")
    assert list(load_plays(tmp_path)[0]) == ["good"]
    assert "lower-case letters" in faults[0]
    assert "save it as UTF-8" in faults[1]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    assert load_plays(tmp_path / "plays") == (
        {},
        ["The folder “plays” is missing; create it and put the files there."],
    )
