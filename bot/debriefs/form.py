"""Debrief forms: the after-call questions in prompts/debriefs, and which form fits a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import CoachError
from bot.files import toml_table
from bot.files.toml_table import HINT, TomlTable
from bot.text.phrase_match import best_hit

MOST_QUESTIONS = 10
KINDS = ("yes_partly_no", "text", "date", "person", "choice")
YES_PARTLY_NO = ("Yes", "Partly", "No")
COMMITTED = ("Us", "Them", "Both", "Nobody")  # what “committed” offers in every form
CORE = {"reached": "yes_partly_no", "next_step": "text", "by_when": "date", "committed": "choice"}
SHAREABLE = ("reached", "achieved", "next_step", "by_when", "committed")  # outcome and next step
DEFAULT = "standard"


@dataclass(frozen=True)
class FormQuestion:
    """One question of a form. Without a post it is our own."""

    id: str
    label: str
    kind: str
    options: tuple[str, ...]  # what can be chosen; empty for text, date and person
    required: bool
    shared: bool  # whether “Share” may put the answer into the channel
    hint: str
    practice: str | None
    post: str | None
    rests_on: str | None  # hash of the sentence in the post's original that it rests on

    @property
    def own(self) -> bool:
        return self.post is None


@dataclass(frozen=True)
class DebriefForm:
    """The questions after one sort of call; those in CORE stand in every form."""

    slug: str
    title: str
    names: tuple[str, ...]
    signs: tuple[str, ...]
    for_plays: tuple[str, ...]  # slugs of the plays that it follows by default
    questions: tuple[FormQuestion, ...]


Forms = Callable[[], Mapping[str, DebriefForm]]  # read at first use, not at start


def load_debrief_forms(folder: Path) -> tuple[dict[str, DebriefForm], list[str]]:
    """The forms in `folder` by slug, and one sentence for each faulty file; the others work."""
    return toml_table.load(folder, _form)


def propose_form(
    forms: Mapping[str, DebriefForm], words: str, play: str | None = None
) -> DebriefForm:
    """The form that `words` speak of, else the one for the call's play, else the standard form.

    The longest phrase that was typed wins. Raises CoachError if there is no form at all.
    """
    heard = [
        (hit, form)
        for form in forms.values()
        if (hit := best_hit((form.slug, form.title, *form.names), form.signs, words))
    ]
    if heard:
        return max(heard, key=lambda each: (each[1].slug != DEFAULT, each[0]))[1]
    fitting = [form for form in forms.values() if play in form.for_plays]
    for form in (*fitting, forms.get(DEFAULT), *forms.values()):
        if form:
            return form
    raise CoachError("There is no debrief form. Add a file to prompts/debriefs.")


def typed_ids(forms: Mapping[str, DebriefForm]) -> set[str]:
    """The ids of the questions that are answered in one's own words."""
    return {q.id for form in forms.values() for q in form.questions if q.kind == "text"}


def _form(slug: str, top: TomlTable) -> DebriefForm:
    top.only("title", "names", "signs", "for_plays", "question")
    questions = tuple(_question(table) for table in top.tables("question", MOST_QUESTIONS))
    _check_ids(top, questions)
    return DebriefForm(
        slug=slug,
        title=top.text("title"),
        names=top.texts("names"),
        signs=top.texts("signs"),
        for_plays=top.texts("for_plays"),
        questions=questions,
    )


def _check_ids(top: TomlTable, questions: tuple[FormQuestion, ...]) -> None:
    ids = [question.id for question in questions]
    for id in ids:
        if ids.count(id) > 1:
            raise top.fault("question", f"two questions have the id “{id}”; rename one.")
    for id, kind in CORE.items():
        if id not in ids:
            raise top.fault("question", f'no question has id = "{id}"; add one of kind “{kind}”.')


def _question(table: TomlTable) -> FormQuestion:
    table.only(
        "id", "label", "kind", "options", "required", "shared", "hint",
        "practice", "post", "own", "rests_on",
    )  # fmt: skip
    id = table.text("id")
    if not id.isidentifier() or not id.islower():
        raise table.fault("id", f"“id” can't be “{id}”; use lower-case letters and underscores.")
    kind = table.one_of("kind", KINDS)
    _check_core(table, id, kind)
    source = toml_table.source(table)
    return FormQuestion(
        id=id,
        label=table.text("label"),
        kind=kind,
        options=_options(table, id, kind),
        required=table.flag("required"),
        shared=table.flag("shared"),
        hint=table.text("hint", HINT, default=""),
        practice=source.practice,
        post=source.post,
        rests_on=source.rests_on,
    )


def _check_core(table: TomlTable, id: str, kind: str) -> None:
    if kind != CORE.get(id, kind):
        raise table.fault("kind", f"“{id}” has the kind “{CORE[id]}” in every form; write that.")
    if table.flag("shared") and id not in SHAREABLE:
        raise table.fault(
            "shared", f"“{id}” is never shared; only {', '.join(SHAREABLE)} can be. Take it out."
        )


def _options(table: TomlTable, id: str, kind: str) -> tuple[str, ...]:
    options = table.texts("options")
    if kind != "choice":
        if options:
            raise table.fault("options", f"“options” belong to a choice, not to “{kind}”.")
        return YES_PARTLY_NO if kind == "yes_partly_no" else ()
    if id == "committed" and options != COMMITTED:
        raise table.fault("options", f"“committed” offers {', '.join(COMMITTED)}; write these.")
    if not 2 <= len(options) <= 10 or len(set(options)) < len(options):
        raise table.fault("options", "a choice has 2 to 10 different “options”; list them.")
    return options
