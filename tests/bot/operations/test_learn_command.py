"""`python -m bot learn`: what use tells, and cards that a person may copy over the library's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock.now import HandClock
from bot.coach import ROOT, Coach
from bot.errors import CoachError
from bot.library.card_asks import NewAsk, with_asks
from bot.library.post import read_card
from bot.operations.learn_command import learn
from bot.people.rep import Rep
from bot.settings import Settings
from tests.support.learning import GAP, NEAR, asks

CARD = "2011-03-22-male-assist-needed.md"
ASK = "contact move department"


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A library of this test's own."""
    return Path(shutil.copytree(ROOT / "posts", tmp_path / "posts"))


def begin(db: Path, clock: HandClock, cards: Path) -> Coach:
    return Coach(Settings(db=db, embed_model="none"), clock, cards, words=ROOT / "prompts")


@pytest.fixture
def coach(db: Path, clock: HandClock, cards: Path) -> Iterator[Coach]:
    with begin(db, clock, cards) as coach:
        yield coach


def test_whoever_keeps_the_library_reads_what_use_tells_and_nobodys_own_words(
    coach: Coach, cards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asks(coach, {**GAP, "U4": "wombat in the procurement zoo"})
    asks(coach, NEAR, opens=0)
    assert learn(coach, None, cards) == 0
    said = capsys.readouterr().out
    assert (
        "No answer in the library: 3 questions of 3 people\n  2 people: liability cap con" in said
    )
    assert f"posts/{CARD}\n    + {ASK}  (2 people asked alike, and this post fitted)" in said
    for own in ("wombat", "Globex", "quokka", "legal", "U1", "U4", *GAP.values(), *NEAR.values()):
        assert own not in said


def test_where_nobody_asked_it_says_so(
    coach: Coach, cards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(coach, None, cards)
    learn(coach, str(tmp_path / "new"), cards)
    nothing, none_written = capsys.readouterr().out.splitlines()
    assert "nothing to learn" in nothing and "nothing was written" in none_written
    assert not (tmp_path / "new").exists()


def test_an_ask_changes_nothing_before_somebody_copies_its_card_and_is_known_then(
    coach: Coach, db: Path, clock: HandClock, cards: Path, tmp_path: Path
) -> None:
    asks(coach, NEAR, opens=0)
    before = {path.name: path.read_bytes() for path in cards.iterdir()}
    new = tmp_path / "new"
    assert learn(coach, str(new), cards) == 0
    assert {path.name: path.read_bytes() for path in cards.iterdir()} == before
    assert [path.name for path in new.iterdir()] == [CARD]
    added = (new / CARD).read_text().splitlines()
    assert len(set(added) - set(before[CARD].decode().splitlines())) == 1
    coach.close()
    shutil.copy(new / CARD, cards / CARD)
    with begin(db, clock, cards) as again:
        assert again.library.faults == []
        assert ASK in again.library.cards[CARD.removesuffix(".md")].asks
        found = again.tips.answer(Rep("T1", "U5"), NEAR["U2"]).tip
        assert found and found.source.post == CARD.removesuffix(".md")
        assert again.learning.learned()[0].asks == []


def test_neither_the_library_nor_an_earlier_proposal_is_written_over(
    coach: Coach, cards: Path, tmp_path: Path
) -> None:
    asks(coach, NEAR, opens=0)
    with pytest.raises(CoachError, match="the library itself"):
        learn(coach, str(cards), cards)
    learn(coach, str(tmp_path / "new"), cards)
    with pytest.raises(CoachError, match="is there already"):
        learn(coach, str(tmp_path / "new"), cards)
    (tmp_path / "file").write_text("")
    with pytest.raises(CoachError, match="can't be written"):
        learn(coach, str(tmp_path / "file" / "new"), cards)


def test_an_ask_can_be_added_to_every_card_and_nothing_else_changes() -> None:
    for path in sorted((ROOT / "posts").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        changed = with_asks(text, path.stem, [NewAsk("one more ask", "3 people")])
        assert read_card(changed, path.stem).asks[-1] == "one more ask"
        assert changed.replace('  "one more ask",  # 3 people\n', "", 1) == text


@pytest.mark.parametrize("asks", ['asks = ["one", "two"]', 'asks = [\n  "one"\n]', ""])
def test_a_list_in_another_form_is_named_and_left_alone(asks: str) -> None:
    text = f'+++\ntitle = "A Day"\n{asks}\n+++\nText.\n'
    with pytest.raises(CoachError, match=r"undated-a-day\.md"):
        with_asks(text, "undated-a-day", [NewAsk("three", "2 people")])


def test_learn_is_typed_like_any_command(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_DB", str(db))
    monkeypatch.setenv("COACH_EMBED_MODEL", "none")
    assert main(["learn"]) == 0
    assert "nothing to learn" in capsys.readouterr().out
