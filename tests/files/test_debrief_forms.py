"""The debrief forms as shipped, and how a form is read and proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.debriefs.form import (
    CORE,
    SHAREABLE,
    DebriefForm,
    FormQuestion,
    load_debrief_forms,
    propose_form,
)
from bot.errors import CoachError
from bot.huddles.play import load_plays
from tests.support.archives import card_slugs, sentence_hashes
from tests.support.paths import ROOT

FORMS, FAULTS = load_debrief_forms(ROOT / "prompts" / "debriefs")

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_question = pytest.mark.parametrize(
    "question",
    [pytest.param(q, id=f"{form.slug}-{q.id}") for form in FORMS.values() for q in form.questions],
)


# The forms as shipped


def test_every_shipped_form_is_in_order() -> None:
    assert FAULTS == []
    assert set(FORMS) == {"standard", "lost-deal", "lost-customer", "complaint"}


def test_the_standard_form_asks_seven_things_and_requires_one() -> None:
    asked = {q.id: (q.label, q.kind, q.required) for q in FORMS["standard"].questions}
    assert asked == {
        "reached": ("Did you reach it?", "yes_partly_no", True),
        "next_step": ("Next step", "text", False),
        "by_when": ("By when", "date", False),
        "committed": ("Who committed to it?", "choice", False),
        "achieved": ("What was reached?", "text", False),
        "forgot": ("What did you forget to ask?", "text", False),
        "surprised": ("What surprised you?", "text", False),
    }


@each_form
def test_every_form_asks_for_outcome_and_next_step_first(form: DebriefForm) -> None:
    assert [q.id for q in form.questions][:4] == list(CORE)
    assert len(form.questions) <= 10
    assert [q.id for q in form.questions if q.required] == ["reached"]


@each_form
def test_a_form_follows_plays_that_exist(form: DebriefForm) -> None:
    plays, _ = load_plays(ROOT / "prompts" / "plays")
    assert set(form.for_plays) <= set(plays)


@each_question
def test_share_repeats_outcome_and_next_step_and_nothing_else(question: FormQuestion) -> None:
    assert question.shared == (question.id in SHAREABLE)


@each_question
def test_a_label_fits_a_phone_and_names_its_source(question: FormQuestion) -> None:
    assert len(question.label) <= 75
    assert question.practice
    assert question.own or question.rests_on


@each_question
def test_the_post_of_a_question_has_a_card(question: FormQuestion) -> None:
    assert question.own or question.post in card_slugs()


def test_every_practice_for_a_debrief_is_in_some_form() -> None:
    used = {q.practice for form in FORMS.values() for q in form.questions}
    assert {"P16", "P17", "P19", "P24", "P25", "P26", "P27", "P28", "P29"} <= used


# Beside the archives


@each_question
def test_the_sentence_that_a_question_rests_on_stands_in_the_archives(
    question: FormQuestion,
) -> None:
    assert question.own or question.rests_on in sentence_hashes()


# Proposing a form


@pytest.mark.parametrize(
    ("said", "play", "slug"),
    [
        ("acme", None, "standard"),
        ("acme", "group-demo", "standard"),
        ("acme", "complaint-visit", "complaint"),
        ("acme lost", "negotiation", "lost-deal"),
        ("acme went with the other one", None, "lost-deal"),
        ("acme lost customer", None, "lost-customer"),
        ("acme cancelled", None, "lost-customer"),
        ("acme mistake", None, "complaint"),
        ("Standard Bank lost", None, "lost-deal"),
        ("acme standard", "complaint-visit", "standard"),
        ("Glossy Ltd", None, "standard"),
    ],
)
def test_words_propose_a_form_then_the_play_then_the_standard(
    said: str, play: str | None, slug: str
) -> None:
    assert propose_form(FORMS, said, play).slug == slug


def test_without_the_standard_form_another_is_taken_and_without_any_the_coach_says_so() -> None:
    assert propose_form({"complaint": FORMS["complaint"]}, "acme").slug == "complaint"
    with pytest.raises(CoachError, match="prompts/debriefs"):
        propose_form({}, "acme")


# Reading a form

GOOD = """title = "Short"

[[question]]
id = "reached"
label = "Did you reach it?"
kind = "yes_partly_no"
own = true

[[question]]
id = "next_step"
label = "Next step"
kind = "text"
own = true

[[question]]
id = "by_when"
label = "By when"
kind = "date"
own = true

[[question]]
id = "committed"
label = "Who committed to it?"
kind = "choice"
options = ["Us", "Them", "Both", "Nobody"]
own = true

[[question]]
id = "mood"
label = "How was the mood?"
kind = "choice"
options = ["Warm", "Cool"]
own = true
"""


def test_a_manager_adds_a_form_by_adding_a_file(tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text(GOOD, encoding="utf-8")
    forms, faults = load_debrief_forms(tmp_path)
    assert faults == []
    assert [q.options for q in forms["short"].questions][-2:] == [
        ("Us", "Them", "Both", "Nobody"),
        ("Warm", "Cool"),
    ]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('id = "mood"', 'id = "by_when"', "line 31: “by_when” has the kind “date” in every form"),
        ('id = "mood"', 'id = "Mood 1"', "line 29: “id” can't be “Mood 1”"),
        (
            'id = "by_when"',
            'id = "until"',
            'no question has id = "by_when"; add one of kind “date”',
        ),
        ('"Cool"]', '"Cool"]\nshared = true', "line 33: “mood” is never shared"),
        ('"Both", "Nobody"]', '"Nobody"]', "“committed” offers Us, Them, Both, Nobody"),
        ('"Warm", "Cool"', '"Warm"', "line 32: a choice has 2 to 10 different “options”"),
        ('kind = "date"', 'kind = "date"\noptions = ["Now"]', "“options” belong to a choice"),
        ('kind = "text"', 'kind = "essay"', "line 12: “kind” can't be “essay”"),
        ('label = "By when"\n', "", "line 15: “label” is missing"),
    ],
)
def test_a_faulty_form_is_named_with_line_key_and_what_to_do(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    assert was in GOOD
    (tmp_path / "short.toml").write_text(GOOD.replace(was, now), encoding="utf-8")
    forms, (fault,) = load_debrief_forms(tmp_path)
    assert forms == {}
    assert fault.startswith("short.toml, line ")
    assert said in fault


def test_two_questions_of_one_id_are_a_fault(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.rindex("[[question]]") :]
    (tmp_path / "short.toml").write_text(twice, encoding="utf-8")
    _, (fault,) = load_debrief_forms(tmp_path)
    assert "two questions have the id “mood”" in fault
