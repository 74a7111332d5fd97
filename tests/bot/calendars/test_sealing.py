"""Secrets are sealed with the first key, opened with any, and nothing is lost without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.sealing import Seals, Unreadable
from bot.settings import Settings, SettingsWrong

ONE, OTHER = "A" * 42 + "E=", "B" * 42 + "E="
TEXTS = st.text(min_size=1, max_size=80).filter(lambda text: not text.startswith("sealed:"))


@given(TEXTS)
def test_what_was_sealed_is_opened_by_each_of_the_keys(text: str) -> None:
    sealed = Seals((ONE,)).seal(text)
    assert text not in sealed or len(text) < 4
    assert Seals((OTHER, ONE)).open(sealed) == text
    assert Seals(()).open(Seals(()).seal(text)) == text


def test_a_new_key_takes_the_place_of_the_old_one() -> None:
    sealed = Seals((ONE,)).seal("https://x.example/a.ics")
    both = Seals((OTHER, ONE))
    assert Seals((ONE,)).is_current(sealed) and not both.is_current(sealed)
    anew = both.sealed_anew(sealed)
    assert both.is_current(anew) and Seals((OTHER,)).open(anew) == "https://x.example/a.ics"


@pytest.mark.parametrize("keys", [(), (OTHER,)])
def test_what_no_key_opens_says_what_to_do(keys: tuple[str, ...]) -> None:
    sealed = Seals((ONE,)).seal("https://x.example/a.ics")
    with pytest.raises(Unreadable, match="Paste the address again"):
        Seals(keys).open(sealed)
    assert Seals(keys).is_current(sealed)  # nothing can be done about it


@pytest.mark.parametrize("typed", ["secret", "A" * 44, f"{ONE},short"])
def test_a_key_that_is_none_is_named_at_start(typed: str) -> None:
    with pytest.raises(SettingsWrong, match="openssl rand"):
        Settings.from_env({"COACH_SECRET_KEY": typed})
