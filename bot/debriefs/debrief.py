"""A debrief: what came of a call, measured against its goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.debriefs.form import COMMITTED, DebriefForm, FormQuestion
from bot.errors import WrongField
from bot.people.rep import Rep
from bot.text.phrase_match import fold

# What may be read in the channel after "Share". Forgotten and surprised are not among it.
SHARED = ("goal", "reached", "achieved", "next_step", "by_when", "committed")
ACCOUNT_CHARS = 80
GOAL_CHARS = 300
STEP_CHARS = 300


@dataclass(frozen=True)
class Debrief:
    """One rep's debrief of one call as it stands now; the replies tell how it came to be.

    `reached` is "yes", "partly" or "no"; `committed` is "us", "them", "both" or "nobody"; both
    None if not said. `by_when` is a date in the rep's own calendar. `their_step` is the customer's,
    beside a next step of ours. `shared` says that the words as they stand now can be read at
    `shared_channel_id`; changed since, they are the rep's alone again. `forgot` is never shared.
    `step_done`: on its day the rep said that the next step, as it stands now, is done.
    """

    id: int
    rep: Rep
    call_id: int
    form: str
    goal: str
    reached: str | None
    achieved: str | None
    next_step: str | None
    by_when: date | None
    committed: str | None
    their_step: str | None
    their_by_when: date | None
    forgot: str | None
    shared: bool
    shared_channel_id: str | None
    shared_ts: str | None
    pointed_out: bool
    tip_id: int | None
    saved_at: datetime
    step_done: bool = False

    @property
    def user_id(self) -> str:
        return self.rep.user_id

    @property
    def open_step(self) -> str | None:
        """The next step, until the rep said that it is done."""
        return None if self.step_done else self.next_step

    def readable_by(self, rep: Rep) -> bool:
        """Whether this rep may read it anywhere: it is their own."""
        return self.rep == rep

    def readable_in(self, channel_id: str) -> bool:
        """Whether everybody in the channel may read what `SHARED` lists: it was shared there."""
        return self.shared and self.shared_channel_id == channel_id


# The customer's step is asked for only where it is missing, so it stands in no form file.
THEIR_STEP = FormQuestion(
    "their_step", "What will they do?", "text", (), True, True, "", None, None, None
)
THEIR_BY_WHEN = FormQuestion(
    "their_by_when", "By when?", "date", (), True, True, "", None, None, None
)
GOAL_HINT = "What you wanted from it, in a few words."
GOAL = FormQuestion("goal", "The goal", "text", (), False, True, GOAL_HINT, None, None, None)


def check(
    form: DebriefForm, answers: Mapping[str, str], before: Mapping[str, str], today: date
) -> None:
    """Raise `WrongField` for the first answer that needs another look.

    `before` are the answers kept so far: a day that has passed since it was kept is no mistake.
    """
    for question in form.questions:
        if question.required and not answers.get(question.id):
            raise WrongField(question.id, "Choose an answer here.")
    for question_id in ("by_when", "their_by_when"):
        day = answers.get(question_id, "")
        if day and day != before.get(question_id) and date.fromisoformat(day) < today:
            raise WrongField(question_id, "That day is past. Choose today or a later day.")
    for day_id, step_id in (("by_when", "next_step"), ("their_by_when", "their_step")):
        if answers.get(day_id) and not answers.get(step_id):
            raise WrongField(step_id, "What happens by then? A few words, or take the day out.")


def with_their_step(answers: Mapping[str, str], step: str, day: str) -> dict[str, str]:
    """The answers with the customer's step: it is the next step where there was none."""
    if answers.get("next_step"):
        return {**answers, "their_step": step, "their_by_when": day}
    return {**answers, "next_step": step, "by_when": day, "committed": COMMITTED[1]}


def blank(rep: Rep, call_id: int, now: datetime) -> Debrief:
    """A debrief in which nothing was said yet."""
    return Debrief(
        0, rep, call_id, "", "", None, None, None, None, None, None, None, None, False, None, None,
        False, None, now,
    )  # fmt: skip


# How an answer is put to the library, by question, the most telling first.
SITUATIONS = {
    "forgot": "forgot to ask {}",
    "why_lost": "lost deal {}",
    "why_left": "lost customer {}",
    "real_issue": "complaint {}",
    "surprised": "{}",
}
_NOTHING = frozenset(("", "no", "none", "nothing", "nobody", "na", "n a", "nil"))


def says_something(text: str) -> bool:
    """Whether an answer is more than a word for nothing."""
    return fold(text) not in _NOTHING


def situations(answers: Mapping[str, str]) -> list[str]:
    """The questions to ask the library about these answers; the first that it knows will do."""
    said = {id: text for id in SITUATIONS if says_something(text := answers.get(id, ""))}
    return [SITUATIONS[id].format(text) for id, text in said.items()]


def from_answers(debrief: Debrief, answers: Mapping[str, str]) -> Debrief:
    """The debrief with what the answers say; a change of shared words takes "shared" back."""
    changed = replace(
        debrief,
        goal=answers.get("goal", ""),
        reached=answers.get("reached", "").lower() or None,
        committed=answers.get("committed", "").lower() or None,
        by_when=_day(answers.get("by_when")),
        their_by_when=_day(answers.get("their_by_when")),
        achieved=answers.get("achieved") or None,
        next_step=answers.get("next_step") or None,
        their_step=answers.get("their_step") or None,
        forgot=answers.get("forgot") or None,
    )
    return replace(changed, shared=debrief.shared and _told(changed) == _told(debrief))


def lacks_their_step(debrief: Debrief) -> bool:
    """A call that "went great", yet nothing that the customer does by a day."""
    theirs = debrief.committed in ("them", "both") and debrief.next_step and debrief.by_when
    return debrief.reached == "yes" and not theirs and not debrief.their_step


def lacks_only_the_day(debrief: Debrief) -> bool:
    """They committed to the next step, and not to a day."""
    theirs = debrief.committed in ("them", "both") and debrief.next_step
    return bool(theirs) and not debrief.by_when


def due_day(debrief: Debrief, today: date) -> date | None:
    """The first day, from today on, on which a step of the debrief is due."""
    days = filter(None, (debrief.by_when, debrief.their_by_when))
    return min((day for day in days if day >= today), default=None)


def _told(debrief: Debrief) -> tuple[object, ...]:
    theirs = (debrief.their_step, debrief.their_by_when)
    return (*(getattr(debrief, name) for name in SHARED), *theirs)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
