"""Whatever is in the repository is in our own words: of the archives it holds titles, no more."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest

from bot.library.post import load_cards
from bot.text.sentences import words
from tests.support.archives import CARDS, archives
from tests.support.paths import ROOT

LONGEST = 7  # words in a row that may stand in both
TITLE = "|"  # no word: where a title or a slug was cut out no run goes on


def test_no_file_holds_eight_words_in_a_row_of_the_archives() -> None:
    theirs = _of_the_archives()
    found = {path: _runs(_text(path)) & theirs for path in _tracked()}
    assert len(found) > 400
    assert {path: sorted(shared) for path, shared in found.items() if shared} == {}


def test_a_sentence_of_the_archives_would_be_noticed_and_a_title_would_not() -> None:
    theirs = _of_the_archives()
    some = max(theirs)
    assert _runs(f'"note": "It says: {some.upper()}!"') & theirs == {some}
    assert not _runs("See “Don’t fire until you see the whites of their eyes” once.") & theirs


def _tracked() -> list[str]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git can't list the files here")
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def _of_the_archives() -> frozenset[str]:
    return frozenset(run for text in archives() for run in _runs(text))


def _runs(text: str) -> frozenset[str]:
    """Every eight words in a row, without those that a title or a slug is part of."""
    spoken = f" {' '.join(words(text.replace('_', ' ')))} "
    for title in _titles():
        spoken = spoken.replace(f" {title} ", f" {TITLE} ")
    cut = spoken.split()
    rows = (cut[n : n + LONGEST + 1] for n in range(len(cut) - LONGEST))
    return frozenset(" ".join(row) for row in rows if TITLE not in row)


@cache
def _titles() -> list[str]:
    """The titles of the posts and the words of their slugs, the longest first."""
    titles = {
        " ".join(words(said))
        for slug, card in load_cards(CARDS)[0].items()
        for said in (card.title or "", slug.lstrip("0123456789-").removeprefix("undated-"))
    }
    return sorted((title for title in titles if " " in title), key=len, reverse=True)
