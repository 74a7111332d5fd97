"""Which lesson of a post is said: the one that fits, for most of the labelled questions."""

from __future__ import annotations

import pytest

from tests.eval.lessons import SETS, choices, share


@pytest.mark.parametrize("kind", SETS)
def test_most_questions_get_the_lesson_that_fits_best(kind: str) -> None:
    of = [choice for choice in choices() if choice.kind == kind]
    assert len(of) > 100
    assert share(of) >= 0.8
