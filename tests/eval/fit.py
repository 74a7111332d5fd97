"""`python -m tests.eval.fit`: the numbers of `bot/search/_sureness.py`, and their worth unseen.

The two weights come from logistic regression on our own fourth and fifth set, the shift from the
real questions: so that of those that no post answers at most `WRONGLY` get a tip. What that is
worth is told by five-fold cross-validation, repeated: each fold is judged by a shift that the
other four set. Nothing else is fitted to the real questions.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from math import exp, log
from pathlib import Path

from bot.model.local_embedding import LocalEmbedding
from bot.search._sureness import TIP, Weights
from bot.search.meaning import Meaning
from bot.settings import LOCAL, NO_MODEL
from tests.eval import FIGURES, FILES, REAL, Outcome, mean
from tests.eval.__main__ import Shelf, ask, open_embedder, open_library

WRONGLY = 0.1  # of the unanswerable that may get a tip, where the shift is set
FOLDS, REPEATS = 5, 20
STEPS, RATE, PENALTY = 4_000, 0.5, 0.01
SET_UPS = {"words alone": NO_MODEL, "an endpoint (MiniLM as it is)": LOCAL, "local model": LOCAL}

Row = tuple[float, float, bool]  # by all words, by the telling ones, whether it is answerable


def main() -> int:
    """Print the weights of each set-up, and the figures by cross-validation."""
    if not REAL[0].exists():
        print(f"{REAL[0].name} is not here, and nothing can be fitted without.")
        return 1
    with open_library(originals=False) as shelf:
        for title, name in SET_UPS.items():
            if name == LOCAL and not LocalEmbedding.installed():
                continue
            with open_embedder(name, *shelf, adapted=title == "local model") as embedder:
                _fit(title, shelf, embedder)
    return 0


def _fit(title: str, shelf: Shelf, embedder: Meaning) -> None:
    own = [row for path in FILES[3:] for row in _rows(shelf, embedder, path)]
    fitted = regression(own)
    outcomes = ask(*shelf, embedder, REAL[0], fitted)
    weights = shifted(fitted, outcomes)
    print(f"{title}: Weights({weights.whole:.2f}, {weights.telling:.2f}, {weights.shift:.2f})")
    runs = [list(_unseen(outcomes, random.Random(n))) for n in range(REPEATS)]
    for name, figure in FIGURES.items():
        print(f"  {name:15}{mean(map(figure, runs)):6.3f}")


def _rows(shelf: Shelf, embedder: Meaning, path: Path) -> Iterator[Row]:
    whole = ask(*shelf, embedder, path, Weights(1, 0, 0))
    telling = ask(*shelf, embedder, path, Weights(0, 1, 0))
    for one, other in zip(whole, telling, strict=True):
        yield _logit(one.top), _logit(other.top), one.question.answerable


def _logit(share: float) -> float:
    return log(share / (1 - share)) if 0 < share < 1 else 0.0


def regression(rows: Sequence[Row]) -> Weights:
    """By gradient descent on the cross-entropy with a little penalty on the weights."""
    whole = telling = shift = 0.0
    for _ in range(STEPS):
        slopes = [0.0, 0.0, 0.0]
        for a, b, answerable in rows:
            error = 1 / (1 + exp(-(whole * a + telling * b + shift))) - answerable
            slopes = [slopes[0] + error * a, slopes[1] + error * b, slopes[2] + error]
        whole -= RATE * (slopes[0] / len(rows) + PENALTY * whole)
        telling -= RATE * (slopes[1] / len(rows) + PENALTY * telling)
        shift -= RATE * slopes[2] / len(rows)
    return Weights(whole, telling, shift)


def shifted(weights: Weights, outcomes: Sequence[Outcome]) -> Weights:
    """The same with `TIP` where at most `WRONGLY` of the unanswerable are surer."""
    hopeless = sorted((_logit(o.top) for o in outcomes if not o.question.answerable), reverse=True)
    allowed = int(WRONGLY * len(hopeless))
    edge = (hopeless[allowed] + hopeless[allowed - 1]) / 2 if allowed else hopeless[0] + 0.1
    return weights._replace(shift=weights.shift + _logit(TIP) - edge)


def _unseen(outcomes: Sequence[Outcome], chance: random.Random) -> Iterator[Outcome]:
    """Each outcome with its sureness shifted as the other folds say."""
    mixed = chance.sample(outcomes, len(outcomes))
    for fold in range(FOLDS):
        rest = [o for n, o in enumerate(mixed) if n % FOLDS != fold]
        moved = shifted(Weights(0, 0, 0), rest).shift
        for outcome in mixed[fold::FOLDS]:
            yield Outcome(
                outcome.question,
                [hit._replace(sure=_moved(hit.sure, moved)) for hit in outcome.hits],
            )


def _moved(sure: float, by: float) -> float:
    return 1 / (1 + exp(-_logit(sure) - by)) if sure else 0.0


if __name__ == "__main__":
    sys.exit(main())
