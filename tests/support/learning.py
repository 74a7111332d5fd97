"""What the stories of learning from use have in common: people who ask, each in their own words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.coach import Coach
from bot.people.rep import Rep
from bot.tips.learning import Learned

GAP = {  # what the library has nothing on, asked alike
    "U1": "legal wants unlimited liability caps in the contract",
    "U2": "they strike our liability cap from the contract, quokka again",
}
NEAR = {  # what it touches, and does not answer
    "U1": "my contact at Globex moved to another department",
    "U2": "contact moved departments",
}


def asks(coach: Coach, words: dict[str, str], opens: int | None = None) -> None:
    """Each asks with `/tip`, and opens this one of the lessons that are offered."""
    for user, said in words.items():
        rep = Rep("T1", user)
        found = coach.tips.answer(rep, said, "C1")
        if opens is not None:
            coach.tips.choose(rep, found.choice_id, opens, "C1")


def shown(learned: Iterable[Learned]) -> set[str]:
    """Every word of a question that is shown anywhere."""
    themes = (
        theme for each in learned for of in (each.gaps.themes, each.passed_over.themes, each.asks)
        for theme in of
    )  # fmt: skip
    return {word for theme in themes for word in theme.words.split()}
