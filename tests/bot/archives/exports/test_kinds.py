"""One input of each kind that comes up in public exports, with what is right of it."""

from __future__ import annotations

import pytest

from tests.support import export_cases, page_cases
from tests.support.exports import wrong

CASES = export_cases.CASES | page_cases.CASES


@pytest.mark.parametrize("name", CASES)
def test_an_export_of_each_kind_comes_in_right(name: str) -> None:
    case = CASES[name]
    assert not wrong(case.files, *case.posts, left=case.left)
