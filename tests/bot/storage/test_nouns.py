"""What a noun says, its row keeps, and the noun that is made of the row says it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.rep import Rep
from bot.storage.nouns import noun, values_of

State = Literal["planned", "held"]


@dataclass(frozen=True)
class Visit:
    id: int
    rep: Rep
    words: str
    hint: str | None
    state: State
    open: bool
    day: date | None
    at: datetime


def moment(seconds: int, thousandths: int, hours: int) -> datetime:
    """A moment in a zone of so many hours, to the millisecond."""
    at = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    return at + timedelta(milliseconds=thousandths)


MOMENTS = st.builds(moment, st.integers(0, 2**33), st.integers(0, 999), st.integers(-12, 14))
TEXTS = st.text() | st.sampled_from(["null", "None", "true", "1", "2026-11-23", "0"])
VISITS = st.builds(
    Visit, st.integers(0, 2**62), st.builds(Rep, TEXTS, TEXTS), TEXTS, st.none() | TEXTS,
    st.sampled_from(["planned", "held"]), st.booleans(), st.none() | st.dates(), MOMENTS,
)  # fmt: skip
COLUMNS = [field.name for field in fields(Visit) if field.name != "rep"]


@given(VISITS)
def test_a_noun_comes_back_from_its_row_as_it_was(visit: Visit) -> None:
    row = values_of(visit, COLUMNS) | {"a_column_of_others": 1}
    assert {type(value) for value in row.values()} <= {int, str, type(None)}
    back = noun(Visit, row, rep=tuple(visit.rep))
    assert back == visit and back.at.tzinfo == UTC and isinstance(back.rep, Rep)


@given(MOMENTS, MOMENTS)
def test_moments_of_rows_sort_as_they_follow_each_other(one: datetime, other: datetime) -> None:
    texts = [str(values_of(type("Kept", (), {"at": at}), ["at"])["at"]) for at in (one, other)]
    assert (one < other) == (texts[0] < texts[1])


@pytest.mark.parametrize("column", [{"state": "lost"}, {"day": "soon"}, {"open": "perhaps"}])
def test_a_value_that_we_never_kept_is_not_taken_for_another(column: dict[str, str]) -> None:
    visit = Visit(
        1, Rep("T1", "U1"), "", None, "held", True, None, datetime(2026, 1, 1, tzinfo=UTC)
    )
    with pytest.raises(ValueError):
        noun(Visit, values_of(visit, COLUMNS) | column, rep=visit.rep)


def test_a_row_without_a_column_that_a_noun_needs_is_no_noun() -> None:
    with pytest.raises(ValueError, match="words"):
        noun(Visit, {"id": 1}, rep=("T1", "U1"))
