"""When two spellings are one account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.account import account_key


@pytest.mark.parametrize(
    "name",
    ["Acme", "ACME", " acme ", "Acme.", "ａｃｍｅ", "acme\u200b", "Acme,", "“Acme"[1:], "acme!"],
)
def test_an_account_in_another_spelling_is_the_same_account(name: str) -> None:
    assert account_key(name) == account_key("acme")


def test_accounts_that_differ_stay_apart() -> None:
    names = ["C", "C++", "C#", "Acme", "Acme 2", "Acme Inc", "3M", "M3", "!!!", "..."]
    assert len({account_key(name) for name in names}) == len(names)
    assert account_key("McDonald’s  Co.") == account_key("mcdonald's co")
    assert account_key("Coca–Cola") == account_key("COCA-COLA")
    assert account_key("STRASSE") == account_key("Straße")


@given(st.text(max_size=30))
def test_the_key_of_an_account_is_a_spelling_of_it(name: str) -> None:
    assert account_key(account_key(name)) == account_key(name)
    assert account_key(name) == account_key(f"  {name}\t")
