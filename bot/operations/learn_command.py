"""`python -m bot learn`: what use tells about the library, and the asks that it would add."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.coach import ROOT, Coach
from bot.errors import CoachError
from bot.library.card_asks import NewAsk, with_asks
from bot.operations.library_commands import AT_ONCE
from bot.tips.learning import Learned, Unanswered
from bot.tips.use_table import LessonUse

ALONE = "What one person alone asked is counted, and its words are not shown."
NOTHING = "Nobody has asked anything yet, so there is nothing to learn."


def learn(coach: Coach, folder: str | None = None, cards: Path = ROOT / "posts") -> int:
    """Print what use tells; with `folder`, write there the cards as they would be. Nothing of the
    library changes."""
    coach.meaning.catch_up(most=AT_ONCE)
    found = coach.learning.learned()
    asks = _by_card(found)
    if folder is None:
        print("\n".join(_report(found, coach, cards)) or NOTHING)
        return 0
    written = _write(asks, Path(folder), cards)
    print(_written(written, folder, cards))
    return 0


def _report(found: Sequence[Learned], coach: Coach, cards: Path) -> Iterator[str]:
    for each in found:
        if len(found) > 1:
            yield f"Workspace {each.workspace_id}\n"
        yield from _unanswered("No answer in the library", each.gaps)
        yield from _unanswered("None of three was opened", each.passed_over)
        yield from _lessons("Turned down by two people or more", each.turned_down, coach)
        yield from _lessons("Chosen of three by two people or more", each.chosen, coach)
    if asks := _by_card(found):
        yield "Asks to add"
        for slug, new in asks.items():
            yield f"  {cards.name}/{slug}.md"
            yield from (f"    + {ask.text}  ({ask.evidence})" for ask in new)
        yield "`python -m bot learn --write DIR` writes these cards with the asks in them."
    if found:
        yield ALONE


def _unanswered(title: str, asked: Unanswered) -> Iterator[str]:
    if asked.questions:
        people = _count(asked.people, "person", "people")
        yield f"{title}: {_count(asked.questions, 'question', 'questions')} of {people}"
        yield from (f"  {_count(t.people, 'person', 'people')}: {t.words}" for t in asked.themes)
        yield ""


def _lessons(title: str, used: Sequence[LessonUse], coach: Coach) -> Iterator[str]:
    if used:
        entries = coach.library.entries()
        yield title
        for each in used:
            name = entries[each.post].name if each.post in entries else each.post
            times = _count(each.times, "time", "times")
            yield f"  {each.people} people, {times}: {each.lesson} ({name})"
        yield ""


def _by_card(found: Iterable[Learned]) -> dict[str, list[NewAsk]]:
    """The asks to add to each card, each once, whichever workspaces they come from."""
    people: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for theme in (theme for each in found for theme in each.asks):
        people[theme.post][theme.words] = people[theme.post].get(theme.words, 0) + theme.people
    return {
        slug: [
            NewAsk(ask, f"{n} people asked alike, and this post fitted") for ask, n in of.items()
        ]
        for slug, of in sorted(people.items())
    }


def _write(asks: dict[str, list[NewAsk]], folder: Path, cards: Path) -> list[str]:
    """Write the changed cards; returns their names. Raises `CoachError` before any is written."""
    if folder.resolve() == cards.resolve():
        raise CoachError(
            "That is the library itself. Name another folder, then copy what is right."
        )
    changed = {f"{slug}.md": _changed(cards, slug, new) for slug, new in asks.items()}
    if there := [name for name in changed if (folder / name).exists()]:
        raise CoachError(f"{folder / there[0]} is there already. Name an empty folder.")
    try:
        if changed:
            folder.mkdir(parents=True, exist_ok=True)
        for name, text in changed.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CoachError(f"{folder} can't be written: {error.strerror}.") from error
    return list(changed)


def _changed(cards: Path, slug: str, asks: Sequence[NewAsk]) -> str:
    try:
        return with_asks((cards / f"{slug}.md").read_text(encoding="utf-8"), slug, asks)
    except OSError as error:
        raise CoachError(f"{slug}.md can't be read: {error.strerror}.") from error


def _written(names: Sequence[str], folder: str, cards: Path) -> str:
    if not names:
        return "No ask to add, so nothing was written. `python -m bot learn` shows what use tells."
    return (
        f"{_count(len(names), 'card', 'cards')} written to {folder}: {', '.join(names)}\n"
        f"Compare each with the one in {cards.name}/. What you accept, copy over it; the next start"
        " reads it."
    )


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
